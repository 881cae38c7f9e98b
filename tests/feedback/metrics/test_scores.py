"""What one voice adds to each metric."""

import math

import numpy as np
import pandas as pd
import pytest

from feedback.metrics import satisfaction, sentiment
from feedback.scales import NamedScale, bounds
from feedback.values import parse_named_rating
from tests.feedback.metrics.factories import items

OUT = math.nan


@pytest.mark.parametrize(
    ("rating", "low", "high", "score"),
    [
        (5, 1, 5, 1),
        (4, 1, 5, 1),
        (3, 1, 5, 0),
        (4, 0, 4, 1),
        (6, 1, 7, 1),
        (5, 1, 7, 0),
        (9, 0, 10, 1),
        (8, 0, 10, 0),
        (3, 1, 3, 1),
        (2, 1, 3, 0),
        (1, 0, 1, 1),
        (0, 0, 1, 0),
        (100, 0, 100, OUT),
        (1, 1, 1, OUT),
        (6, 1, 5, OUT),
        (0, 1, 5, OUT),
        (5, OUT, OUT, OUT),
        (OUT, 1, 5, OUT),
    ],
)
def test_satisfied_means_the_top_of_the_answers_own_scale(
    rating: float, low: float, high: float, score: float
) -> None:
    frame = items({"survey": "csat", "rating": rating, "scale_low": low, "scale_high": high})
    np.testing.assert_equal(satisfaction.csat(frame), [score])


@pytest.mark.parametrize(
    ("scale", "satisfied"),
    [
        ("thumbs", {"👍": 1, "👎": 0}),
        ("smileys", {"😡": 0, "🙁": 0, "😐": 0, "🙂": 1, "😀": 1}),
        ("words", {"ужасно": 0, "плохо": 0, "нормально": 0, "хорошо": 1, "отлично": 1}),
    ],
)
def test_thumbs_faces_and_words_satisfy_as_their_own_scales_say(
    scale: NamedScale, satisfied: dict[str, float]
) -> None:
    low, high = bounds(scale)
    on = {"survey": "csat", "scale_low": low, "scale_high": high}
    frame = items(*(on | {"rating": parse_named_rating(answer, scale)} for answer in satisfied))
    np.testing.assert_equal(satisfaction.csat(frame), list(satisfied.values()))


@pytest.mark.parametrize(
    ("rating", "score"),
    [(0, -1), (6, -1), (7, 0), (8, 0), (9, 1), (10, 1), (11, OUT), (-1, OUT), (OUT, OUT)],
)
def test_promoters_give_nine_or_ten_and_detractors_up_to_six(rating: float, score: float) -> None:
    frame = items({"survey": "nps", "rating": rating, "scale_low": 0, "scale_high": 10})
    np.testing.assert_equal(satisfaction.net_promoter(frame), [score])


def test_an_nps_answer_on_another_scale_takes_no_part() -> None:
    frame = items({"survey": "nps", "rating": 5, "scale_low": 1, "scale_high": 5})
    assert np.isnan(satisfaction.net_promoter(frame)).all()


def test_each_survey_counts_only_its_own_answers() -> None:
    frame = items(*({"survey": s, "rating": 5, "scale_low": 0, "scale_high": 10} for s in SURVEYS))
    assert [*~np.isnan(satisfaction.csat(frame))] == [s == "csat" for s in SURVEYS]
    assert [*~np.isnan(satisfaction.net_promoter(frame))] == [s == "nps" for s in SURVEYS]


def test_unsure_and_unjudged_texts_are_in_no_denominator() -> None:
    frame = items(*({"sentiment": s} for s in ("negative", "neutral", "positive", "unsure", None)))
    np.testing.assert_equal(sentiment.negative(frame), [1, 0, 0, OUT, OUT])
    np.testing.assert_equal(sentiment.positive(frame), [0, 0, 1, OUT, OUT])


@pytest.mark.parametrize("score", [satisfaction.csat, satisfaction.net_promoter])
def test_ratings_in_a_nullable_column_are_read_alike(score: object) -> None:
    frame = items({"survey": "nps", "rating": 9, "scale_low": 0, "scale_high": 10}, {})
    nullable = frame.convert_dtypes()
    assert nullable["rating"].dtype == pd.Int64Dtype()
    np.testing.assert_equal(score(nullable), score(frame))  # type: ignore[operator]


SURVEYS = ["nps", "csat", "ces", "goal", None]


def test_a_text_is_judged_or_unsure_and_no_text_takes_no_part() -> None:
    frame = items(*({"sentiment": one} for one in ("negative", "neutral", "unsure", None)))
    np.testing.assert_equal(sentiment.judged(frame), [1, 1, 0, OUT])


@pytest.mark.parametrize(
    ("rating", "low", "high", "label", "score"),
    [
        (2, 1, 5, "positive", 1),
        (3, 1, 5, "positive", 0),
        (4, 1, 5, "negative", 1),
        (2, 1, 5, "negative", 0),
        (3, 0, 10, "positive", 1),
        (4, 0, 10, "positive", 0),
        (0, 0, 1, "positive", 1),
        (1, 0, 1, "negative", 1),
        (80, 0, 100, "negative", 1),
        (5, 1, 5, "neutral", OUT),
        (5, 1, 5, "unsure", OUT),
        (6, 1, 5, "negative", OUT),
        (1, 1, 1, "positive", OUT),
        (OUT, 1, 5, "positive", OUT),
        (5, OUT, OUT, "negative", OUT),
        (5, 1, 5, None, OUT),
    ],
)
def test_a_rating_contradicts_its_text_only_from_the_other_end_of_its_scale(
    rating: float, low: float, high: float, label: str | None, score: float
) -> None:
    frame = items({"rating": rating, "scale_low": low, "scale_high": high, "sentiment": label})
    np.testing.assert_equal(satisfaction.disagreement(frame), [score])
