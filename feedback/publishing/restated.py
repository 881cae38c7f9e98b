"""What changed in published numbers because another model judges now: was and is, of the same days.

The numbers of the model before stay in `metric_value`; nothing that was published is rewritten.
"""

from collections.abc import Iterator

import pandas as pd

from feedback.publishing.panel import TONES
from feedback.publishing.snapshot import Row, read


def changed(was: pd.DataFrame, now: pd.DataFrame) -> tuple[tuple[Row, Row], ...]:
    """Pairs of the whole-period shares of sentiment that may be shown and are not the same.

    Both have the columns of `feedback.metrics.compute`; of the periods of each the latest counts.
    """
    before, after = dict(_shares(was)), dict(_shares(now))
    pairs = [(before[name], after[name]) for name in TONES if name in before and name in after]
    return tuple((a, b) for a, b in pairs if (a.value, a.n) != (b.value, b.n))


def _shares(values: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    whole = values[(values["grain"] == "period") & values["metric"].isin(list(TONES))]
    whole = whole[(whole["channel"] == "") & (whole["product"] == "")]
    for row in read(whole.sort_values("period")):
        if row.value is not None:
            yield row.metric, row
