"""The corrected shares in words: the number with its interval and n, or how many labels it lacks.

They have no charts: a number that rests on some hundred labels has no course by day.
"""

from feedback.metrics.corrected import LANGUAGES
from feedback.publishing.formats import number
from feedback.publishing.lookup import Lookup
from feedback.publishing.phrasing import Phrasing

COMMAND = "feedback label"


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
        lacks = phrasing.say("uncorrected", missing=missing, **known)
        return f"{lacks} {_most(phrasing, labels.most)}"
    return phrasing.say("corrected", number=phrasing.full("share", row), **known)


def _most(phrasing: Phrasing, most: tuple[str, str] | None) -> str:
    """Where labels lack most, and the command that asks for them."""
    if most is None:
        return phrasing.say("lacking_any", command=COMMAND)
    language, said = most
    command = COMMAND + (" --unsure" if said == "unsure" else "")
    command += f" --language {language}" if language in LANGUAGES else ""
    where, kind = phrasing.say(f"lacking_in_{language}"), phrasing.say(f"lacking_called_{said}")
    return phrasing.say("lacking_most", where=where, kind=kind, command=command)
