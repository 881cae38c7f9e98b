"""Two models on the same items: what changes in labels and in the published shares."""

import pandas as pd
import pytest

from feedback.metrics import versions

BEFORE = ["negative", "negative", "positive", "unsure", "neutral", "negative"]
AFTER = ["negative", "positive", "positive", "negative", "unsure", "positive"]


def test_who_judged_and_how_often_both_agree_is_counted() -> None:
    found = versions.summary(pd.Series(BEFORE), pd.Series(AFTER)).set_index("what")
    assert found[["texts", "of"]].to_numpy().tolist() == [[5, 6], [5, 6], [2, 6], [2, 4]]
    assert found.loc["same label", "share"] == pytest.approx(1 / 3)
    assert found.loc["same label", "low"] < 1 / 3 < found.loc["same label", "high"]


def test_only_labels_that_change_are_listed_the_frequent_first() -> None:
    found = versions.changes(pd.Series(BEFORE), pd.Series(AFTER))
    assert found.to_numpy().tolist() == [
        ["negative", "positive", 2],
        ["neutral", "unsure", 1],
        ["unsure", "negative", 1],
    ]


def test_each_published_share_stands_beside_what_it_would_have_been() -> None:
    items = some_items(40)
    after = pd.Series(["positive"] * 10 + ["negative"] * 30)
    found = versions.numbers(items, after, "UTC")
    assert set(found["grain"]) == {"period", "week"}
    whole = found[(found["grain"] == "period") & (found["channel"] == "")].set_index("metric")
    assert whole.loc["negative_share", ["value_before", "value_after"]].tolist() == [0.5, 0.75]
    assert whole.loc["negative_share", ["n_before", "n_after"]].tolist() == [40, 40]
    assert (found["low_after"] <= found["value_after"]).dropna().all()
    assert {"", "form", "mail"} == set(found["channel"])


def test_a_share_of_too_few_is_not_shown_nor_counted() -> None:
    found = versions.numbers(some_items(4), pd.Series(["positive"] * 4), "UTC")
    assert found["value_before"].isna().all()
    assert found["n_after"].isna().all()
    assert set(found["status_after"]) == {"few"}


def some_items(n: int) -> pd.DataFrame:
    """Every other one negative and in the form; two weeks."""
    odd = [k % 2 == 1 for k in range(n)]
    none = pd.Series([None] * n, dtype="string")
    return pd.DataFrame(
        {
            "item_id": [f"i{k}" for k in range(n)],
            "said_at": pd.date_range("2026-09-01", periods=n, freq="6h", tz="UTC"),
            "channel": ["form" if one else "mail" for one in odd],
            "product": none,
            "survey": none,
            "rating": [float("nan")] * n,
            "scale_low": [float("nan")] * n,
            "scale_high": [float("nan")] * n,
            "sentiment": ["negative" if one else "neutral" for one in odd],
            "duplicate_of": none,
            "answer_of": none,
        }
    )
