"""Items with defaults, so a test names only what it is about."""

import pandas as pd

DEFAULTS = {
    "said_at": "2026-03-02T12:00Z",  # a Monday
    "channel": "mail",
    "product": None,
    "survey": None,
    "rating": None,
    "scale_low": None,
    "scale_high": None,
    "sentiment": None,
    "language": None,
    "model_label": None,
    "drawn_label": None,
    "duplicate_of": None,
    "answer_of": None,
}
NUMBERS = {"rating": float, "scale_low": float, "scale_high": float}
WORDS = dict.fromkeys(
    [
        *("channel", "product", "survey", "sentiment", "language", "model_label", "drawn_label"),
        *("duplicate_of", "answer_of"),
    ],
    "str",
)


def items(*given: dict[str, object]) -> pd.DataFrame:
    """One item for each dict, in order, as `compute` reads them."""
    rows = [{"item_id": f"item-{i}"} | DEFAULTS | row for i, row in enumerate(given)]
    frame = pd.DataFrame(rows, columns=["item_id", *DEFAULTS])
    frame["said_at"] = pd.to_datetime(frame["said_at"], utc=True, format="ISO8601")
    return frame.astype(NUMBERS | WORDS)
