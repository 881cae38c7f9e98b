"""The topic table as rows that may be shown, in one settled order.

In a `Row` a topic or intent stands in the place of the product, so that all that says numbers can
say these.
"""

from feedback.metrics.topics import TOPIC_METRICS
from feedback.publishing.snapshot import GRAINS, Row, read
from feedback.publishing.topic_facts import Topics


def topic_rows(topics: Topics) -> list[Row]:
    """All numbers: metric as declared, grain, period, topic."""
    if topics.values.empty:
        return []
    places = {metric.name: place for place, metric in enumerate(TOPIC_METRICS)}
    return sorted(
        read(topics.values.assign(product=topics.values["topic"], channel="")),
        key=lambda row: (places[row.metric], GRAINS.index(row.grain), row.period, row.product),
    )
