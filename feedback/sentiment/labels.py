"""Reading other models' labels: which of negative, neutral and positive each of them means.

LABEL_0 and the like mean whatever their makers wanted, so those have to be told.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from feedback.errors import Refused
from feedback.sentiment.model import Floats
from feedback.sentiment.sources import LABELS

_NAMES = {"neg": "negative", "neu": "neutral", "pos": "positive", **{name: name for name in LABELS}}
_STARS = re.compile(r"([1-5])[ _]?stars?")
_OF_STARS = ("negative", "negative", "neutral", "positive", "positive")


def meanings(names: Sequence[str], told: Mapping[str, str], setting: str) -> list[str]:
    """What each output of a model means: one of LABELS, in the order of `names`.

    What is `told` wins; else a name is read (negative, NEG, "4 stars"). A model of two outputs has
    no neutral. Raises `Refused` naming `setting` and the label that means nothing to us.
    """
    if unknown := sorted(set(told) - set(names)):
        raise Refused(
            f"{setting} names the label {unknown[0]!r}, but the model has {', '.join(names)}. "
            "Nothing was judged."
        )
    found = [told.get(name) or _meaning(name) for name in names]
    if "" in found:
        raise Refused(
            f"The model has a label {names[found.index('')]!r}, and nothing says what it means. "
            f"Nothing was judged. Set {setting}, as in "
            '{ LABEL_0 = "negative", LABEL_1 = "positive" }, from the card of the model.'
        )
    if not {"negative", "positive"} <= set(found):
        raise Refused(
            f"The labels {', '.join(names)} of the model give no negative or no positive. Nothing "
            f"was judged. Set {setting}, or name a model of sentiment."
        )
    return found


def gathered(outputs: Floats, meaning: Sequence[str]) -> Floats:
    """N x K probabilities of a model's outputs to N x 3 in the order of LABELS."""
    which = np.array([[one == label for label in LABELS] for one in meaning], dtype=np.float64)
    return np.asarray(outputs @ which, np.float64)


def _meaning(name: str) -> str:
    plain = name.strip().lower()
    if stars := _STARS.fullmatch(plain):
        return _OF_STARS[int(stars.group(1)) - 1]
    return _NAMES.get(plain, "")
