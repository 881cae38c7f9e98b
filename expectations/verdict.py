"""One suite and one frame in, a plain verdict out: which rows, under our own key, and why.

Great Expectations answers in row positions; asking it for our key columns costs 60 times as much.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import great_expectations as gx
import numpy as np
import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

from feedback.warehouse.checked import Checked

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # it may quote a record
POSITIONS = {"result_format": "COMPLETE", "return_unexpected_index_query": False}
QUIET = DataContextConfig(
    store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
    progress_bars=ProgressBarsConfig(globally=False),
    analytics_enabled=False,
)
CAUSE = re.compile(r"^(?:\w+\.)*(\w+(?:Error|Exception))\b", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """`refused`: reasons by key; `stopped`: why the whole table may not go on; `warnings`: counts.

    `results` has every expectation, also those that held, once per source where the frame has
    sources. No reason quotes a record.
    """

    refused: dict[str, list[str]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    results: list[Checked] = field(default_factory=list, compare=False)

    @property
    def ok(self) -> bool:
        """Nothing is refused and nothing stops; there may be warnings."""
        return not self.refused and not self.stopped


def judge(frame: pd.DataFrame, suite: gx.ExpectationSuite, key: str | Sequence[str]) -> Verdict:
    """Hold `frame` against `suite`; rows are named by column `key` (several are joined by "/").

    Critical expectations about rows refuse those rows, critical ones about the table stop it, and
    so does an expectation that could not be evaluated. All others warn. Rows that share a key are
    refused together, and rows without a key stop the table, for nobody could find them again.
    """
    frame = frame.reset_index(drop=True)  # so that labels are positions
    names = _names(frame, [key] if isinstance(key, str) else list(key))
    verdict = Verdict()
    blank = int(pd.isna(names).sum())
    if blank:
        verdict.stopped.append(f"{blank} of {len(frame)} rows have no key, so none can be named")
    judged = _validate(frame, suite).results
    verdict.results.extend(_results(frame, suite.name, judged))
    failures = [result for result in judged if not result.success]
    for failure in failures:
        _add(verdict, failure, names)
    if not verdict.stopped:  # else they follow from what stopped it
        verdict.stopped.extend(_not_evaluated(f) for f in failures if raised(f))
    return verdict


def _add(verdict: Verdict, failure: ExpectationValidationResult, names: "np.ndarray") -> None:
    if raised(failure):
        return
    rows = failure.result.get("unexpected_index_list")
    critical = _severity(failure) == "critical"
    if rows is None:
        (verdict.stopped if critical else verdict.warnings).append(_table_words(failure))
    elif critical:
        for name in names[rows]:
            if not pd.isna(name):
                _once(verdict.refused.setdefault(name, []), _reason(failure))
    else:
        verdict.warnings.append(f"{len(rows)} of {len(names)} rows: {_reason(failure)}")


def _results(
    frame: pd.DataFrame, suite: str, judged: Sequence[ExpectationValidationResult]
) -> Iterator[Checked]:
    """Expectations that share a reason are one rule: it fails a row that any of them fails."""
    sourced = "source" in frame.columns
    sources = frame["source"].fillna("").astype(str) if sourced else pd.Series("", frame.index)
    rows = sources.value_counts()
    rules: dict[str, list[ExpectationValidationResult]] = {}
    for result in judged:
        rules.setdefault(_reason(result), []).append(result)
    for reason, results in rules.items():
        severity = _severity(results[0])
        positions = [result.result.get("unexpected_index_list") for result in results]
        if all(found is None for found in positions):  # about the table, or it was not evaluated
            failed = int(not all(result.success for result in results))
            for source in rows.index:
                yield Checked(suite, source, reason, severity, 1, failed)
            continue
        failing = sources[sorted({row for found in positions for row in found or ()})]
        counts = failing.value_counts() if len(failing) else {}
        for source, count in rows.items():
            yield Checked(suite, str(source), reason, severity, count, int(counts.get(source, 0)))


def _validate(frame: pd.DataFrame, suite: gx.ExpectationSuite) -> ExpectationSuiteValidationResult:
    context = gx.get_context(mode="ephemeral", project_config=QUIET)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("frame")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    return batch.validate(suite, result_format=POSITIONS)


def _names(frame: pd.DataFrame, key: list[str]) -> "np.ndarray":
    """Each row's key as a string; None where a part of it is missing."""
    if not set(key) <= set(frame.columns):
        return np.full(len(frame), "", dtype=object)  # the missing column itself stops the table
    joined = ["/".join(map(str, row)) for row in zip(*(frame[name] for name in key), strict=True)]
    return np.where(frame[key].notna().all(axis=1), np.array(joined, dtype=object), None)


def _table_words(failure: ExpectationValidationResult) -> str:
    """The reason; for missing columns also which one was wanted and which were found."""
    mismatched = (failure.result.get("details") or {}).get("mismatched", {})
    if not mismatched.get("missing"):
        return _reason(failure)
    found = ", ".join(map(str, failure.result["observed_value"]))
    return f"{_reason(failure)}: wanted {', '.join(mismatched['missing'])}, found {found}"


def raised(failure: ExpectationValidationResult) -> list[dict[str, Any]]:
    """What was raised, if anything: flat when the expectation raised, nested when a metric did."""
    info = failure.exception_info or {}
    return [i for i in (info, *info.values()) if isinstance(i, dict) and i.get("raised_exception")]


def _not_evaluated(failure: ExpectationValidationResult) -> str:
    """Names the exception's type only: its message may quote a record."""
    first = CAUSE.search(str(raised(failure)[0].get("exception_traceback")))
    kind = first[1] if first else "an error"
    return f"a check could not be made ({kind}): {_reason(failure)}"


def _reason(failure: ExpectationValidationResult) -> str:
    config = failure.expectation_config
    return str((config.meta or {}).get("reason", config.type))


def _severity(failure: ExpectationValidationResult) -> str:
    severity = failure.expectation_config.severity
    return str(getattr(severity, "value", severity))


def _once(reasons: list[str], reason: str) -> None:
    if reason not in reasons:
        reasons.append(reason)
