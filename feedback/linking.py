"""Sets of rows held together by links of two, whatever the order in which the rows are known.

Rows with one number are linked with the next of them in time only: what is near enough is held
together as if every two were linked, and a hundred thousand equal rows are no more work.
"""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from feedback.sketch import Keys

Numbers = NDArray[np.int64]
EVER = timedelta(days=1000 * 365)


def earliest(items: pd.DataFrame, links: Iterable[tuple[Keys, timedelta]]) -> pd.Series:
    """For each row the item_id of the earliest, by said_at and item_id, that it is held with.

    `links` are numbers, one for each row (0: none), with the span of time within which two rows
    with one number are linked. The index of `items` is kept.
    """
    order = in_order(items)
    when, label = moments(items)[order], np.arange(len(items))
    for keys, within in links:
        label = _joined(label, keys[order], when, units(within))
    found = np.empty(len(items), object)
    found[order] = items["item_id"].to_numpy(object)[order][label]
    return pd.Series(found, index=items.index, dtype="str")


def in_order(items: pd.DataFrame) -> Numbers:
    """The places of the rows by said_at and item_id."""
    ranks, _ = pd.factorize(items["item_id"].to_numpy(object), sort=True)
    order: Numbers = np.lexsort((ranks, moments(items)))
    return order


def moments(items: pd.DataFrame) -> Numbers:
    """said_at in microseconds."""
    when: Numbers = items["said_at"].dt.as_unit("us").astype("int64").to_numpy(np.int64)
    return when


def units(span: timedelta) -> int:
    """A span in microseconds."""
    return span // timedelta(microseconds=1)


def by_key(keys: Keys) -> Numbers:
    """The places of the numbers that are not 0, equal ones together and in their order."""
    known = np.flatnonzero(keys)
    order: Numbers = known[np.argsort(keys[known], kind="stable")]
    return order


def coded(values: pd.Series) -> Keys:
    """A number for each text, the same for the same text; 0 for NA."""
    known = values.notna().to_numpy()
    found = np.zeros(len(values), np.uint64)
    texts = values[known].to_numpy(object)
    found[known] = np.maximum(pd.util.hash_array(texts, categorize=False), np.uint64(1))
    return found


def _joined(label: Numbers, keys: Keys, when: Numbers, within: int) -> Numbers:
    """Labels (the place of the first of a set) after joining the sets that one number links."""
    order = by_key(keys)
    a, b = order[:-1], order[1:]
    linked = (keys[a] == keys[b]) & (when[b] - when[a] <= within) & (label[a] != label[b])
    if not linked.any():
        return label
    size = len(label)
    pairs = (label[a[linked]], label[b[linked]])
    graph = coo_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(size, size))
    count, part = connected_components(graph, directed=False)
    first = np.empty(count, np.int64)
    first[part[::-1]] = np.arange(size)[::-1]  # what is written last stays: the lowest place
    joined: Numbers = first[part[label]]
    return joined
