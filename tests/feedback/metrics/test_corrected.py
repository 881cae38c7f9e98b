"""The shares corrected by labels: true about as often as they say, and silent without labels."""

import numpy as np
import pandas as pd
import pytest

from feedback.metrics import corrected
from feedback.metrics.intervals import wilson
from tests.feedback.metrics.factories import items

SAID = ("negative", "neutral", "positive", "unsure")
TRUE = ("negative", "neutral", "positive")
WEIGHT = {"ru": 0.7, "en": 0.3}
SAYS = {  # of what is true, in the order of TRUE, what the model says, in the order of SAID
    "ru": [[0.55, 0.05, 0.10, 0.30], [0.05, 0.55, 0.15, 0.25], [0.02, 0.10, 0.63, 0.25]],
    "en": [[0.40, 0.20, 0.10, 0.30], [0.05, 0.60, 0.15, 0.20], [0.02, 0.08, 0.70, 0.20]],
}
MOODS = {
    "as many complaints as praise": {"ru": [0.35, 0.35, 0.30], "en": [0.2, 0.3, 0.5]},
    "hardly a complaint": {"ru": [0.05, 0.55, 0.40], "en": [0.03, 0.57, 0.40]},
}


@pytest.mark.parametrize("unsure", [0, 150], ids=["by chance", "the unsure more often"])
@pytest.mark.parametrize("mood", MOODS)
def test_the_corrected_interval_holds_the_truth_where_the_plain_one_does_not(
    mood: str, unsure: int
) -> None:
    told = pd.DataFrame(
        [
            outcome
            for seed in range(200)
            if (counted := world(seed, MOODS[mood], labelled=250, unsure=unsure)) is not None
            for outcome in outcomes(counted, MOODS[mood])
        ]
    )
    assert len(told) > 200
    assert told.groupby("label")["corrected"].mean().between(0.9, 0.995).all()
    assert told.groupby("label")["plain"].mean().max() < 0.2
    assert told.groupby("label")["error"].mean().abs().max() < 0.006


def test_reading_more_of_one_stratum_does_not_bend_the_share() -> None:
    few = strata(("ru", "negative", 500, 20, 10, 0), ("ru", "neutral", 500, 100, 10, 0))
    many = strata(("ru", "negative", 500, 400, 200, 0), ("ru", "neutral", 500, 100, 10, 0))
    assert corrected.share(few, "negative")[0] == corrected.share(many, "negative")[0] == 0.3
    narrow, wide = (np.ptp(corrected.share(one, "negative")[1:]) for one in (many, few))
    assert narrow < wide


def test_a_stratum_that_agrees_is_not_taken_for_certain() -> None:
    agreed = strata(("ru", "negative", 900, 5, 5, 0), ("ru", "neutral", 100, 60, 0, 0))
    value, low, high = corrected.share(agreed, "negative")
    assert value == pytest.approx(0.9)
    assert low < 0.75
    assert high < 1


@pytest.mark.parametrize(
    ("labelled", "missing"),
    [((60, 5), 0), ((44, 5), 1), ((60, 3), 2), ((10, 0), 40), ((0, 0), 50)],
)
def test_the_labels_that_lack_are_counted(labelled: tuple[int, int], missing: int) -> None:
    counted = strata(
        ("ru", "negative", 900, labelled[0], 0, 0), ("en", "neutral", 100, labelled[1], 0, 0)
    )
    assert corrected.missing(counted) == missing


def test_where_labels_lack_most_is_named_and_of_equals_the_larger() -> None:
    read, unread = ("ru", "negative", 500, 60, 0, 0), ("en", "neutral", 80, 1, 0, 0)
    assert corrected.most(strata(read, unread, ("en", "unsure", 90, 2, 0, 0))) == ("en", "neutral")
    assert corrected.most(strata(read, unread, ("en", "unsure", 90, 1, 0, 0))) == ("en", "unsure")
    assert corrected.most(strata(read, ("en", "neutral", 5, 0, 0, 0))) is None


def test_a_small_stratum_needs_no_labels_and_is_read_with_its_like() -> None:
    counted = strata(
        ("ru", "negative", 500, 50, 40, 0),
        ("ru", "neutral", 490, 50, 0, 0),
        ("en", "negative", 10, 0, 0, 0),
    )
    assert corrected.missing(counted) == 0
    assert corrected.share(counted, "negative")[0] == pytest.approx(0.51 * 0.8)


def test_texts_are_sorted_by_language_and_by_what_the_model_said() -> None:
    frame = items(
        {"language": "ru", "model_label": "unsure", "drawn_label": "negative"},
        {"language": "ru", "model_label": "unsure"},
        {"language": "de", "model_label": "unsure"},
        {"language": "unknown", "model_label": "unsure", "drawn_label": "positive"},
    )
    assert corrected.strata(frame).to_numpy().tolist() == [
        ["other", "unsure", 2, 1, 0, 1],
        ["ru", "unsure", 2, 1, 1, 0],
    ]


def test_repeats_and_items_without_words_are_not_among_the_texts() -> None:
    said = {"language": "ru", "model_label": "negative"}
    frame = items(said, said | {"duplicate_of": "item-0"}, {"rating": 5})
    table, labels = corrected.measure(frame, timezone="UTC")
    assert labels == corrected.Labels(texts=1, labelled=0, missing=50, most=("ru", "negative"))
    assert list(table["status"]) == ["few", "few"]
    assert table["value"].isna().all()
    assert list(table["n"]) == [0, 0]


def test_a_week_has_a_number_once_its_own_labels_are_enough() -> None:
    said = {"language": "ru", "model_label": "negative", "drawn_label": "negative"}
    read = [said | {"said_at": "2026-03-04T12:00Z"}] * 50
    late = [said | {"said_at": "2026-03-11T12:00Z"}] * 10
    table, labels = corrected.measure(items(*read, *late), timezone="UTC")
    weeks = table[(table["grain"] == "week") & (table["metric"] == "negative_share_corrected")]
    assert [(str(row.period), row.n, row.value) for row in weeks.itertuples()] == [
        ("2026-03-02", 50, 1.0)
    ]
    whole = table[table["grain"] == "period"]
    assert set(whole["n"]) == {60}
    assert (labels.texts, labels.labelled, labels.missing) == (60, 60, 0)


def test_nothing_said_is_nothing_to_correct() -> None:
    table, labels = corrected.measure(items().iloc[:0], timezone="UTC")
    assert table.empty
    assert labels.texts == 0


def world(
    seed: int, mood: dict[str, list[float]], *, labelled: int, unsure: int
) -> pd.DataFrame | None:
    """3,000 texts, `labelled` of them by chance and `unsure` more; None where labels lack."""
    chance = np.random.default_rng(seed)
    cells = [
        (language, said, true, WEIGHT[language] * mood[language][t] * SAYS[language][t][s])
        for language in WEIGHT
        for s, said in enumerate(SAID)
        for t, true in enumerate(TRUE)
    ]
    frame = pd.DataFrame(cells, columns=["language", "said", "true", "p"])
    texts = chance.multinomial(3000, frame["p"])
    read = chance.multivariate_hypergeometric(texts, labelled)
    left = np.where(frame["said"] == "unsure", texts - read, 0)
    read = read + chance.multivariate_hypergeometric(left, min(unsure, left.sum()))
    frame = frame.assign(texts=texts, labelled=read)
    for label in ("negative", "positive"):
        frame[label] = read * (frame["true"] == label)
    columns = ["texts", "labelled", "negative", "positive"]
    counted = frame.groupby(["language", "said"], as_index=False)[columns].sum()
    return None if corrected.missing(counted) else counted


def outcomes(counted: pd.DataFrame, mood: dict[str, list[float]]) -> list[dict[str, object]]:
    """For each label: whether the corrected and the plain interval hold the truth."""
    found = []
    sure = counted[counted["said"] != "unsure"]
    for place, label in ((0, "negative"), (2, "positive")):
        truth = sum(WEIGHT[language] * mood[language][place] for language in WEIGHT)
        value, *ends = corrected.share(counted, label)
        plain = wilson(sure.loc[sure["said"] == label, "texts"].sum(), sure["texts"].sum())
        found.append(
            {
                "label": label,
                "corrected": ends[0] <= truth <= ends[1],
                "plain": plain[0] <= truth <= plain[1],
                "error": value - truth,
            }
        )
    return found


def strata(*rows: tuple[str, str, int, int, int, int]) -> pd.DataFrame:
    columns = ["language", "said", "texts", "labelled", "negative", "positive"]
    return pd.DataFrame(rows, columns=columns)
