"""The corrected shares in words: the number with its interval and n, or how many labels it lacks.

They have no charts: a number that rests on some hundred labels has no course by day.
"""

from feedback.publishing.formats import number
from feedback.publishing.lookup import Lookup
from feedback.publishing.phrasing import Phrasing


def corrected(phrasing: Phrasing, metric: str, look: Lookup) -> str:
    """What stands beside a plain share; "" where no such number was made for this page."""
    row, labels = look.whole(f"{metric}_corrected"), look.labels
    if row is None or labels is None or labels.texts == 0:
        return ""
    known = {
        "labelled": number(phrasing.language, labels.labelled),
        "texts": number(phrasing.language, labels.texts),
    }
    if row.value is None:
        missing = number(phrasing.language, labels.missing)
        return phrasing.say("uncorrected", missing=missing, **known)
    return phrasing.say("corrected", number=phrasing.full("share", row), **known)
