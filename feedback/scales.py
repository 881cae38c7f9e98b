"""Scales with a name: the thumbs, faces and words that are answers, each with its number.

What is not listed is not read: 😊 is a four to one form and a five to another.
"""

from typing import Literal

NamedScale = Literal["thumbs", "smileys", "words"]

_NO = "no, нет, false, ложь, 0, 0.0"
_YES = "yes, да, true, истина, 1, 1.0"  # tables write whole numbers in both ways
_ANSWERS: dict[NamedScale, tuple[str, ...]] = {  # from the lowest to the highest
    "thumbs": (
        f"👎, thumbs down, down, dislike, дизлайк, не нравится, bad, плохо, {_NO}",
        f"👍, thumbs up, up, like, лайк, нравится, good, хорошо, {_YES}",
    ),
    "smileys": (
        "😡, 😠",
        "🙁, ☹, :(, :-(",
        "😐, 😑, :|, :-|",
        "🙂, :), :-)",
        "😀, 😃, 😄, :d, :-d",
    ),
    "words": (
        "terrible, ужасно",
        "poor, bad, плохо",
        "fair, average, нормально",
        "good, хорошо",
        "excellent, отлично",
    ),
}
_LOWEST: dict[NamedScale, int] = {"thumbs": 0, "smileys": 1, "words": 1}

POINTS: dict[NamedScale, dict[str, float]] = {
    name: {
        answer: float(point)
        for point, answers in enumerate(steps, start=_LOWEST[name])
        for answer in answers.split(", ")
    }
    for name, steps in _ANSWERS.items()
}
"""{scale: {answer, in small letters and without skin tones: its number}}."""

YES_NO = dict.fromkeys(_YES.split(", "), True) | dict.fromkeys(_NO.split(", "), False)


def bounds(name: NamedScale) -> tuple[float, float]:
    """The lowest and the highest number of the scale."""
    points = POINTS[name].values()
    return min(points), max(points)
