import numpy as np
import pytest

from feedback.errors import Refused
from feedback.sentiment.labels import gathered, meanings

WHERE = "engines.big.labels"


@pytest.mark.parametrize(
    ("names", "meaning"),
    [
        (["Negative", "NEU", "pos"], ["negative", "neutral", "positive"]),
        (["POSITIVE", "NEGATIVE"], ["positive", "negative"]),
        (
            ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
            ["negative", "negative", "neutral", "positive", "positive"],
        ),
    ],
)
def test_names_that_say_it_are_read(names: list[str], meaning: list[str]) -> None:
    assert meanings(names, {}, WHERE) == meaning


def test_names_that_say_nothing_have_to_be_told() -> None:
    with pytest.raises(Refused, match=r"label 'LABEL_0'.*Set engines\.big\.labels"):
        meanings(["LABEL_0", "LABEL_1"], {}, WHERE)
    told = {"LABEL_0": "positive", "LABEL_1": "negative"}
    assert meanings(["LABEL_0", "LABEL_1"], told, WHERE) == ["positive", "negative"]


def test_what_is_told_wins_over_a_name_that_can_be_read() -> None:
    told = {"neutral": "negative"}
    assert meanings(["negative", "neutral", "positive"], told, WHERE)[1] == "negative"


def test_a_label_that_the_model_does_not_have_is_refused() -> None:
    with pytest.raises(Refused, match="names the label 'BAD', but the model has neg, pos"):
        meanings(["neg", "pos"], {"BAD": "negative"}, WHERE)


def test_a_model_without_a_polarity_is_no_model_of_sentiment() -> None:
    with pytest.raises(Refused, match="no negative or no positive"):
        meanings(["neutral", "positive"], {}, WHERE)


def test_stars_are_summed_and_two_labels_leave_neutral_at_zero() -> None:
    stars = meanings([f"{n} stars" for n in range(1, 6)], {}, WHERE)
    found = gathered(np.array([[0.1, 0.2, 0.3, 0.1, 0.3]]), stars)
    np.testing.assert_allclose(found, [[0.3, 0.3, 0.4]])
    np.testing.assert_allclose(
        gathered(np.array([[0.8, 0.2]]), ["positive", "negative"]), [[0.2, 0, 0.8]]
    )
