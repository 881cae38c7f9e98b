"""Any labelled table to the columns that an evaluation reads: text, label, lang, channel.

Labels are taken in the usual spellings; a row with another one is left out, and counted.
"""

from pathlib import Path

import pandas as pd

from feedback.errors import Changed, Refused
from feedback.sentiment.sources import LABELS
from feedback.text.language import detect

COLUMNS = ("text", "label", "lang", "channel")
_SPELLINGS = {
    "negative": "negative neg negativ -1 негатив негативный негативная отрицательный отрицательная",
    "neutral": "neutral neu 0 нейтральный нейтральная нейтрально",
    "positive": "positive pos positiv 1 +1 позитив позитивный позитивная положительный "
    "положительная",
}
_LABEL = {one: label for label, spelt in _SPELLINGS.items() for one in spelt.split()}


def read(path: Path, text: str = "text", label: str = "label") -> tuple[pd.DataFrame, int]:
    """The rows that have a text and a label, with COLUMNS, and how many have not.

    CSV, TSV, XLSX, JSONL or Parquet; `text` and `label` name its columns. `lang` is its column of
    that name, else detected; `channel` its column, else "". Raises `Changed` where a column is
    missing or no row can be used, `Refused` where the file cannot be read.
    """
    table = _table(path)
    missing = [name for name in (text, label) if name not in table]
    if missing:
        found = ", ".join(map(str, table.columns))
        raise Changed(
            f"{path} has the columns {found} but not {', '.join(missing)}; nothing was measured. "
            "Name them with --text and --label."
        )
    said = table[text].astype("string").fillna("").str.strip()
    rows = pd.DataFrame({"text": said, "label": spelt(table[label]), "channel": ""})
    if "channel" in table:
        rows["channel"] = table["channel"].astype("string").fillna("")
    rows["lang"] = _codes(table["lang"]) if "lang" in table else pd.NA
    usable = rows["label"].notna() & (said != "")
    if not usable.any():
        raise Changed(
            f"No row of {path} has a text and a label; nothing was measured. Labels are "
            f"{', '.join(LABELS)}, or neg, neu, pos, or -1, 0, 1."
        )
    rows = rows[usable].reset_index(drop=True)
    unknown = rows["lang"].isna()
    rows.loc[unknown, "lang"] = [code for code, _ in detect(rows["text"][unknown].tolist())]
    return rows[list(COLUMNS)], int((~usable).sum())


def spelt(labels: pd.Series) -> pd.Series:
    """Labels in any of the usual spellings, Russian or English, as in LABELS; NA for others."""
    return labels.astype("string").str.strip().str.lower().str.removesuffix(".0").map(_LABEL)


def _csv(path: Path) -> pd.DataFrame:
    """With commas, or with semicolons or tabs and in Windows' Cyrillic, as Excel saves it."""
    data = path.read_bytes()
    try:
        encoding, text = "utf-8-sig", data.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding, text = "cp1251", data.decode("cp1251")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    table = pd.read_csv(path, dtype="string", sep=mark, encoding=encoding)
    return table.rename(columns=str.strip)


def _table(path: Path) -> pd.DataFrame:
    readers = {
        ".csv": lambda: _csv(path),
        ".tsv": lambda: pd.read_csv(path, dtype="string", sep="\t", quoting=3),
        ".xlsx": lambda: pd.read_excel(path, dtype="string"),
        ".jsonl": lambda: pd.read_json(path, lines=True),
        ".parquet": lambda: pd.read_parquet(path),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Refused(
            f"{path} is none of {', '.join(readers)}. Nothing was measured. Save it as one."
        )
    try:
        return reader()
    except (OSError, ValueError) as error:
        raise Refused(
            f"{path} cannot be read as {path.suffix} ({type(error).__name__}). "
            "Nothing was measured. Save it anew as CSV in UTF-8 or as XLSX."
        ) from None


def _codes(languages: "pd.Series[str]") -> "pd.Series[str]":
    """RU and en-US as ru and en."""
    return languages.astype("string").str.lower().str.split("-").str[0]
