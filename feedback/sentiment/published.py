"""Sets that come as files of their own kind, to the columns text, label, lang and set.

A file lies in the folder that is trained from, as it was published; its name tells the set.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from feedback.errors import Changed

RUREVIEWS = "women-clothing-accessories.3-class.balanced.csv"  # github.com/sismetanin/rureviews
YANDEX = "geo-reviews-dataset-2023.tskv"  # github.com/yandex/geo-reviews-dataset-2023
_SPELT = {"neautral": "neutral"}  # as it is written in RuReviews
_STARS = {1: "negative", 2: "negative", 3: "neutral", 4: "positive", 5: "positive"}


def read(folder: Path) -> list[pd.DataFrame]:
    """The published sets that lie in `folder`. Raises Changed if one is not as it was."""
    known = {RUREVIEWS: _rureviews, YANDEX: _yandex}
    return [reads(folder / name) for name, reads in known.items() if (folder / name).exists()]


def _rureviews(path: Path) -> pd.DataFrame:
    """Tab-separated columns review and sentiment."""
    rows = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    if not {"review", "sentiment"} <= set(rows):
        raise Changed(f"{path.name} has no columns review and sentiment; nothing was trained.")
    label = rows["sentiment"].replace(_SPELT)
    return pd.DataFrame({"text": rows["review"], "label": label, "lang": "ru", "set": "rureviews"})


def _yandex(path: Path) -> pd.DataFrame:
    """Lines of name=value, tabs between; 4 and 5 stars are positive, 3 neutral, 0 none at all."""
    rows = pd.DataFrame(_named(path), columns=["text", "label"])
    if rows.empty:
        raise Changed(f"{path.name} has no lines with text= and rating=; nothing was trained.")
    return rows.assign(lang="ru", set="yandex_geo")


def _named(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            fields = dict(part.partition("=")[::2] for part in line.rstrip("\n").split("\t"))
            stars = fields.get("rating", "").rstrip(".")
            if "text" in fields and stars.isdigit() and int(stars) in _STARS:
                yield fields["text"].replace("\\n", "\n"), _STARS[int(stars)]
