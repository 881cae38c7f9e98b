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
)
COLUMNS = (*KEY, "source", *INFERRED)
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
    numbers = ["language_confidence", "score", "confidence"]
    return joined.astype(dict.fromkeys(numbers, "float64"))


def suite() -> ExpectationSuite:
    """The suite for what `frame` makes; judge it by KEY."""
    return ExpectationSuite(
        name="understood",
        expectations=[*rules.table(COLUMNS), *_whole(), *_known(), *_in_range(), *_coherent()],
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
    return [
        ExpectColumnValuesToBeBetween(
            column=name,
            min_value=low,
            max_value=high,
            **rules.must(f"its {name.replace('_', ' ')} is outside {low}..{high}"),
        )
        for name, (low, high) in ranges.items()
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
