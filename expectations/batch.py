"""What must be true of all that a source brought since its checks last held, as a whole.

The frame has a row for each source and, for each gate, a value beside the most it may be; a value
that cannot be known for certain, as with too few items, is missing and holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.expectations import ExpectColumnPairValuesAToBeGreaterThanB
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations import rules
from expectations.thresholds import GATES, THRESHOLDS, Thresholds, stability, thresholds
from expectations.verdict import Verdict, judge
from expectations.volumes import VOLUMES, plausible
from feedback.text.language import UNKNOWN
from feedback.warehouse.arrivals import NAMED, NONE, SUITE, Arrivals
from feedback.warehouse.checked import Checked

SPREAD = ("length", "rating", "language", "sentiment")
FLOOR = "volume_least"


@dataclass(frozen=True, slots=True)
class _Measured:
    value: float | None
    observed: str


def gate(
    arrivals: Mapping[str, Arrivals],
    fetched: Mapping[str, int],
    *,
    limits: Path = THRESHOLDS,
    volumes: Path = VOLUMES,
) -> Verdict:
    """Whether what each source brought may go on: what stops is refused under the source's name.

    `fetched` has the count of records of each source whose collection ended well.
    """
    told = {source: thresholds(source, limits) for source in arrivals}
    found = {s: _measured(arrivals[s], fetched.get(s), told[s]) for s in arrivals}
    verdict = judge(_frame(found, told, volumes), suite(told), "source")
    return replace(verdict, results=[_told(one, found, told) for one in verdict.results])


def suite(told: Mapping[str, Thresholds]) -> ExpectationSuite:
    """The suite for the sources of `told`: a gate is critical for those that it stops."""
    return ExpectationSuite(
        name=SUITE, expectations=[one for name in GATES for one in _expectations(name, told)]
    )


def _expectations(name: str, told: Mapping[str, Thresholds]) -> list[Expectation]:
    bounds = [(f"{name}_most", name), *([(name, FLOOR)] if name == "volume" else [])]
    made = []
    for how, stops in ((rules.should, False), (rules.must, True)):
        if own := [source for source, limits in told.items() if (name in limits.stop) == stops]:
            made += [
                ExpectColumnPairValuesAToBeGreaterThanB(
                    column_A=above,
                    column_B=below,
                    or_equal=True,
                    ignore_row_if="either_value_is_missing",
                    row_condition=Column("source").is_in(own),
                    **how(GATES[name]),
                )
                for above, below in bounds
            ]
    return made


def _frame(
    found: Mapping[str, Mapping[str, _Measured]], told: Mapping[str, Thresholds], volumes: Path
) -> pd.DataFrame:
    rows = []
    for source, gates in found.items():
        range_ = plausible(source, volumes)
        bounds = {f"{name}_most": told[source].most(name) for name in GATES if name != "volume"}
        bounds |= {"volume_most": range_.most, FLOOR: range_.least}
        rows.append({"source": source, **{name: gates[name].value for name in GATES}, **bounds})
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(frame.columns.drop("source"), "float64"))


def _measured(arrived: Arrivals, fetched: int | None, limits: Thresholds) -> dict[str, _Measured]:
    lengths, languages = arrived.now.get("length", {}), arrived.now.get("language", {})
    n = sum(lengths.values())
    spoken = sum(languages.values()) - languages.get(NONE, 0)
    known = fetched is not None
    return {
        "volume": _Measured(fetched, f"{fetched} records" if known else "not collected"),
        "empty": _share(lengths.get(NONE, 0), n, limits.fewest),
        "unknown": _share(languages.get(UNKNOWN, 0), spoken, limits.fewest),
        "unrated": _share(arrived.unrated, arrived.asked, limits.fewest),
        **{f"new_{name}": _unseen(arrived, name, n) for name in NAMED},
        **{f"drift_{name}": _drift(arrived, name, limits.fewest) for name in SPREAD},
    }


def _share(part: int, n: int, fewest: int) -> _Measured:
    if n < max(fewest, 1):
        return _Measured(None, f"{n} are too few to tell" if n else "nothing new")
    return _Measured(part / n, f"{part / n:.0%} of {n}")


def _unseen(arrived: Arrivals, name: str, n: int) -> _Measured:
    count = arrived.unseen.get(name, 0)
    return _Measured(count, f"{count} new") if n else _Measured(None, "nothing new")


def _drift(arrived: Arrivals, name: str, fewest: int) -> _Measured:
    """Ratings are compared with their absence, the others among items with a text alone."""
    sides = [dict(side.get(name, {})) for side in (arrived.before, arrived.now)]
    if name in ("language", "sentiment"):
        sides = [{k: n for k, n in side.items() if k != NONE} for side in sides]
    before, now = (sum(side.values()) for side in sides)
    if not now:
        return _Measured(None, "nothing new")
    if min(before, now) < fewest:
        return _Measured(None, f"{now} beside {before} are too few to tell")
    value = stability(*sides)
    return _Measured(value, f"PSI {value:.2f}, {now} beside {before}")


def _told(
    result: Checked,
    found: Mapping[str, Mapping[str, _Measured]],
    told: Mapping[str, Thresholds],
) -> Checked:
    """With the severity it has for this source, and what was seen."""
    name = next(name for name, words in GATES.items() if words == result.expectation)
    seen = found[result.source][name]
    return replace(
        result,
        severity="critical" if name in told[result.source].stop else "warning",
        checked=int(seen.value is not None),
        observed=seen.observed,
    )
