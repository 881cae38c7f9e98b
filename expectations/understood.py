"""What must be true of the rows a model inferred, before they are stored beside what was said.

Nothing here is a customer's doing: whatever fails is a fault of ours, and stops its batch.
"""

import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations import rules
from feedback.sentiment.model import UNSURE
from feedback.sentiment.sources import LABELS
from feedback.text.language import UNKNOWN

KEY = ["item_id", "version"]
INFERRED = (
    *("model", "model_version", "language", "language_confidence"),
    *("sentiment", "score", "confidence"),
    *("p_negative", "p_neutral", "p_positive"),
)
DERIVED = ("p_sum", "score_gap", "label_gap")
COLUMNS = (*KEY, "source", *INFERRED, *DERIVED)
CLOSE = 1e-3  # what three rounded numbers may miss
_CHANCES = ("p_negative", "p_neutral", "p_positive")
# What fastText's language identification can answer (lid.176), and what its absence is called.
_LANGUAGES = """
af als am an ar arz as ast av az azb ba bar bcl be bg bh bn bo bpy br bs bxr ca cbk ce ceb ckb co cs
cv cy da de diq dsb dty dv el eml en eo es et eu fa fi fr frr fy ga gd gl gn gom gu gv he hi hif hr
hsb ht hu hy ia id ie ilo io is it ja jbo jv ka kk km kn ko krc ku kv kw ky la lb lez li lmo lo lrc
lt lv mai mg mhr min mk ml mn mr mrj ms mt mwl my myv mzn nah nap nds ne new nl nn no oc or os pa
pam pfl pl pms pnb ps pt qu rm ro ru rue sa sah sc scn sco sd sh si sk sl so sq sr su sv sw ta te
tg th tk tl tr tt tyv ug uk ur uz vec vep vi vls vo wa war wuu xal xmf yi yo yue zh
"""


def frame(batch: pd.DataFrame, inferred: pd.DataFrame) -> pd.DataFrame:
    """Both side by side, so that an item without an inference and one of no item are seen.

    `batch` has KEY and source, `inferred` has KEY and INFERRED; the frame has COLUMNS.
    """
    joined = batch[[*KEY, "source"]].merge(inferred[[*KEY, *INFERRED]], on=KEY, how="outer")
    numbers = ["language_confidence", "score", "confidence", *_CHANCES]
    return derived(joined.astype(dict.fromkeys(numbers, "float64")))


def derived(frame: pd.DataFrame) -> pd.DataFrame:
    """With DERIVED beside: what the probabilities sum to, and how far score and label are off.

    NaN where there are none. `label_gap` is what the label lacks to the likeliest.
    """
    chances = frame[list(_CHANCES)]
    own = [
        row.get(f"p_{label}", float("nan"))
        for label, row in zip(frame["sentiment"], chances.to_dict("records"), strict=True)
    ]
    return frame.assign(
        p_sum=chances.sum(axis=1, min_count=1),
        score_gap=(frame["p_positive"] - frame["p_negative"] - frame["score"]).abs(),
        label_gap=chances.max(axis=1) - pd.Series(own, index=frame.index, dtype="float64"),
    )


def suite() -> ExpectationSuite:
    """The suite for what `frame` makes; judge it by KEY."""
    return ExpectationSuite(
        name="understood",
        expectations=[
            *(*rules.table(COLUMNS), *_whole(), *_known()),
            *(*_in_range(), *_probable(), *_coherent()),
        ],
    )


def _whole() -> list[Expectation]:
    of_one = [*KEY, "model", "model_version"]
    return [
        ExpectColumnValuesToNotBeNull(column="model", **rules.must("an item has no inference")),
        ExpectColumnValuesToNotBeNull(
            column="source", **rules.must("an inference is of no item that was asked for")
        ),
        ExpectCompoundColumnsToBeUnique(
            column_list=of_one, **rules.must("an item has two inferences of one model")
        ),
        *(
            ExpectColumnValuesToNotBeNull(
                column=name,
                row_condition=Column("model").is_not_null(),
                **rules.must(f"it has no {name.replace('_', ' ')}"),
            )
            for name in ("model_version", "language", "language_confidence", "sentiment")
        ),
    ]


def _known() -> list[Expectation]:
    return [
        ExpectColumnValuesToBeInSet(
            column="language",
            value_set=[*_LANGUAGES.split(), UNKNOWN],
            **rules.must("its language is neither known nor unknown"),
        ),
        ExpectColumnValuesToBeInSet(
            column="sentiment",
            value_set=[*LABELS, UNSURE],
            **rules.must("its label is none of the model's"),
        ),
    ]


def _in_range() -> list[Expectation]:
    ranges = {"language_confidence": (0, 1), "score": (-1, 1), "confidence": (0, 1)}
    ranges |= dict.fromkeys(_CHANCES, (0, 1))
    return [
        ExpectColumnValuesToBeBetween(
            column=name,
            min_value=low,
            max_value=high,
            **rules.must(f"its {name.replace('_', ' ')} is outside {low}..{high}"),
        )
        for name, (low, high) in ranges.items()
    ]


def _probable() -> list[Expectation]:
    """Old inferences have no probabilities; where there are some, they go together."""
    return [
        ExpectColumnValuesToBeBetween(
            column=name, min_value=low, max_value=high, **rules.must(reason)
        )
        for name, low, high, reason in (
            ("p_sum", 1 - CLOSE, 1 + CLOSE, "its probabilities do not sum to 1"),
            ("score_gap", 0, CLOSE, "its score is not what its probabilities say"),
            ("label_gap", 0, CLOSE, "its label is not the likeliest"),
        )
    ]


def _coherent() -> list[Expectation]:
    stated = Column("sentiment").is_in(list(LABELS))
    against = rules.must("its label and its score contradict each other")
    return [
        *(
            ExpectColumnValuesToNotBeNull(
                column=name,
                row_condition=stated,
                **rules.must(f"its label is stated without a {name}"),
            )
            for name in ("score", "confidence")
        ),
        ExpectColumnValuesToBeBetween(
            column="score", min_value=0, row_condition=Column("sentiment") == "positive", **against
        ),
        ExpectColumnValuesToBeBetween(
            column="score", max_value=0, row_condition=Column("sentiment") == "negative", **against
        ),
    ]
