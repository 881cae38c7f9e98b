"""Campaigns, many people who copy one text, and floods, one person who sends too much at once.

Neither is thrown away: such items are marked and counted, and whoever reads the numbers decides.
"""

from collections import Counter, deque
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.linking import Numbers, by_key, coded, in_order, moments, units
from feedback.sketch import Keys, mixed

Marks = NDArray[np.bool_]
CAMPAIGN = 5  # people: the page shows no smaller group either
CAMPAIGN_LENGTH = 100  # characters: five customers may well say one friendly sentence by chance
CAMPAIGN_SPAN = timedelta(days=7)
FLOOD_EQUAL, FLOOD_ANY = 10, 30  # messages in an hour: nobody writes one in two minutes for long
FLOOD_SPAN = timedelta(hours=1)


def campaigns(members: pd.DataFrame) -> Marks:
    """Which rows are of a campaign: many people who say nearly the same long text in a few days.

    `members` are all of some groups: item_id, group_id, person_id (NA: unknown, each voice a
    person of its own), duplicate_of, said_at, and length. Many are `CAMPAIGN`, a few
    days `CAMPAIGN_SPAN`; texts shorter than `CAMPAIGN_LENGTH` neither count nor are marked.
    """
    found = np.zeros(len(members), bool)
    long = np.flatnonzero(members["length"] >= CAMPAIGN_LENGTH)
    some = members.iloc[long[in_order(members.iloc[long])]]
    places = pd.Series(np.arange(len(members)), index=members.index)[some.index].to_numpy()
    voices = some["duplicate_of"].fillna(some["item_id"])
    people, when = coded(some["person_id"].fillna(voices)), moments(some)
    for rows in some.groupby("group_id", sort=False).indices.values():
        if len(rows) >= CAMPAIGN:
            found[places[rows]] = _by_many(people[rows], when[rows])
    return found


def floods(items: pd.DataFrame, sketches: Keys) -> Marks:
    """Which rows are of a flood: many messages of one known person within `FLOOD_SPAN`.

    Many are `FLOOD_ANY`, or `FLOOD_EQUAL` that say the same or nearly the same. `items` has
    item_id, said_at, person_id (NA: unknown) and fingerprint; an hour before and after each row
    must be among them.
    """
    order = in_order(items)
    when, person = moments(items)[order], coded(items["person_id"])[order]
    busy = np.flatnonzero(_crowded(person, when, FLOOD_EQUAL))
    order, when, person = order[busy], when[busy], person[busy]
    marks = _crowded(person, when, FLOOD_ANY)
    for keys in (coded(items["fingerprint"])[order], *sketches[order].T):
        own = np.where(keys > 0, mixed(keys + person), np.uint64(0))
        marks |= _crowded(own, when, FLOOD_EQUAL)
    found = np.zeros(len(items), bool)
    found[order[marks]] = True
    return found


def _by_many(people: Keys, when: Numbers) -> Marks:
    """Which rows of one group, by time, stand in a span with `CAMPAIGN` people or more."""
    found, span, marked = np.zeros(len(people), bool), units(CAMPAIGN_SPAN), 0
    inside: deque[tuple[int, int, int]] = deque()
    count: Counter[int] = Counter()
    for row, (who, moment) in enumerate(zip(people.tolist(), when.tolist(), strict=True)):
        inside.append((row, who, moment))
        count[who] += 1
        while moment - inside[0][2] > span:
            _, gone, _ = inside.popleft()
            count[gone] -= 1
            if not count[gone]:
                del count[gone]
        if len(count) >= CAMPAIGN:
            found[max(marked, inside[0][0]) : row + 1] = True
            marked = row + 1
    return found


def _crowded(keys: Keys, when: Numbers, least: int) -> Marks:
    """Which rows, by time, are among `least` or more of one number within `FLOOD_SPAN`."""
    order, found = by_key(keys), np.zeros(len(keys), bool)
    if len(order) < least:
        return found
    a, b = order[: 1 - least], order[least - 1 :]
    starts = np.flatnonzero((keys[a] == keys[b]) & (when[b] - when[a] <= units(FLOOD_SPAN)))
    change = np.zeros(len(order) + 1, np.int64)
    change[starts] += 1
    change[starts + least] -= 1
    found[order[np.cumsum(change)[:-1] > 0]] = True
    return found
