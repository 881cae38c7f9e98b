"""A figure of the page: a chart, what to read off it, its notes and its table of data.

Nothing is drawn that the table below the chart does not say in words.
"""

from dataclasses import dataclass, field

from feedback.publishing.charts.bars import BarChart, StackChart
from feedback.publishing.charts.lines import LineChart

TONES = {"negative_share": "negative", "positive_share": "positive"}  # others are "plain"


@dataclass(frozen=True)
class Panel:
    """One figure, ready to be written; `kind` names the template macro that draws `chart`."""

    id: str
    kind: str  # "lines" | "bars" | "stacks" | "small"
    title: str
    lead: str
    desc: str  # for screen readers
    notes: list[str]
    header: list[str]
    body: list[list[str]]
    chart: LineChart | BarChart | StackChart | None = None
    small: list[tuple[str, str, LineChart]] = field(default_factory=list)  # name, lead, chart


def tone(metric: str) -> str:
    """The style class of a metric's lines and bars."""
    return TONES.get(metric, "plain")
