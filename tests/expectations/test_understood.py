"""What a model inferred: each expectation has a row that breaks it, and real inferences pass."""

from typing import Any

import pandas as pd

from expectations import understood as suites
from expectations.verdict import Verdict, judge
from feedback.sentiment import model
from feedback.text.language import detect
from tests.expectations import factories
from tests.expectations.guard import idle

NONE = dict.fromkeys(factories.CHANCES)
UNSURE = {"sentiment": "unsure"}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"source": None}, "an inference is of no item that was asked for"),
    ({"model_version": None}, "it has no model version"),
    ({"language": None}, "it has no language"),
    ({"language": "russian"}, "its language is neither known nor unknown"),
    ({"language": ""}, "its language is neither known nor unknown"),
    ({"language_confidence": None}, "it has no language confidence"),
    ({"language_confidence": 1.01}, "its language confidence is outside 0..1"),
    ({"language_confidence": -0.1}, "its language confidence is outside 0..1"),
    ({"sentiment": None}, "it has no sentiment"),
    ({"sentiment": "angry"}, "its label is none of the model's"),
    (NONE | {"score": -1.1}, "its score is outside -1..1"),
    ({"confidence": 1.1}, "its confidence is outside 0..1"),
    ({"score": None}, "its label is stated without a score"),
    ({"confidence": None}, "its label is stated without a confidence"),
    (NONE | {"score": 0.4}, "its label and its score contradict each other"),
    (NONE | {"sentiment": "positive"}, "its label and its score contradict each other"),
    ({"score": -0.7}, "its score is not what its probabilities say"),
    ({"p_neutral": 0.1}, "its probabilities do not sum to 1"),
    ({"p_neutral": None, "p_positive": 0.1, "p_negative": None, "score": None, **UNSURE},
     "its probabilities do not sum to 1"),
    ({"sentiment": "neutral"}, "its label is not the likeliest"),
    ({"p_negative": 1.1, "p_neutral": -0.2, "p_positive": 0.1, "score": -1.0}, ""),
    ({"p_negative": 0.55, "p_neutral": 0.75, "p_positive": -0.3, "score": -0.85, **UNSURE},
     "its p positive is outside 0..1"),
]  # fmt: skip
SEVERAL = ["its p negative is outside 0..1", "its p neutral is outside 0..1"]
SOUND: list[dict[str, Any]] = [
    {"language": "unknown", "language_confidence": 0},
    {**UNSURE, **NONE, "score": None, "confidence": None},
    NONE | {"sentiment": "neutral", "score": 0.1},
    {**UNSURE, "p_negative": 0.4, "p_neutral": 0.2, "p_positive": 0.4, "score": 0.0},
    {"p_negative": 0.9004, "p_neutral": 0.0004},  # rounded
    {"item_id": "sound", "version": 2},
]
BATCH = pd.DataFrame({"item_id": ["a", "b"], "version": [1, 1], "source": ["s", "s"]})


def test_each_broken_row_is_refused_for_its_own_reason() -> None:
    found = verdict(factories.understood(*(row for row, _ in REFUSED)))
    assert {key: sorted(said) for key, said in found.refused.items()} == {
        f"broken-{i}/1": [reason] if reason else SEVERAL for i, (_, reason) in enumerate(REFUSED)
    }


def test_sound_rows_pass_without_a_word() -> None:
    assert verdict(factories.understood(*SOUND)) == Verdict()


def test_no_expectation_is_without_a_row_that_breaks_it() -> None:
    broken = factories.understood(
        *(row for row, _ in REFUSED), {"item_id": "sound"}, {"model": None}
    )
    assert idle(suites.suite(), suites.KEY, broken) == []


def test_an_item_without_an_inference_and_one_of_no_item_are_found() -> None:
    inferred = factories.understood().assign(item_id="b")
    stray = factories.understood().assign(item_id="c")
    found = verdict(suites.frame(BATCH, pd.concat([inferred, stray])))
    assert found.refused == {
        "a/1": ["an item has no inference"],
        "c/1": ["an inference is of no item that was asked for"],
    }


def test_two_inferences_of_one_item_are_refused() -> None:
    twice = pd.concat([factories.understood().assign(item_id="a")] * 2)
    assert (
        "an item has two inferences of one model"
        in verdict(suites.frame(BATCH, twice)).refused["a/1"]
    )


def test_the_shipped_model_passes_on_texts_of_all_kinds() -> None:
    texts = [
        "Ужасно, всё сломалось!",
        "Great service, thank you",
        "ок",
        "",
        "🙂",
        "Danke schön für alles",
    ]
    spoken = detect(texts)
    judged = model.load().judge(texts, [language for language, _ in spoken])
    rows = [
        {
            "item_id": f"i{i}",
            "language": language,
            "language_confidence": confidence,
            "sentiment": judged["label"][i],
            "score": judged["score"][i],
            **{name: judged[name][i] for name in ("confidence", *factories.CHANCES)},
        }
        for i, (language, confidence) in enumerate(spoken)
    ]
    assert verdict(factories.understood(*rows)) == Verdict()


def verdict(frame: pd.DataFrame) -> Verdict:
    return judge(frame, suites.suite(), suites.KEY)
