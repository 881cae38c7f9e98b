"""The gates on a whole batch: each has a batch that breaks it, and small samples alarm nobody."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from expectations.batch import gate
from expectations.thresholds import GATES, stability, thresholds
from expectations.verdict import Verdict
from feedback.errors import Refused
from feedback.warehouse.arrivals import Arrivals

CALM = {
    "length": {"to 80": 600, "to 320": 400},
    "rating": {"fifth 1": 300, "fifth 5": 700},
    "language": {"ru": 900, "unknown": 100},
    "sentiment": {"negative": 300, "positive": 500, "unsure": 200},
}
SOUND = Arrivals(now=CALM, before=CALM, unseen={}, unrated=10, asked=500)
BROKEN: dict[str, dict[str, Any]] = {
    "empty": {"now": {"length": {"none": 990, "to 80": 10}}},
    "unknown": {"now": {"language": {"unknown": 600, "ru": 400}}},
    "unrated": {"unrated": 490},
    "new_product": {"unseen": {"product": 1}},
    "new_region": {"unseen": {"region": 1}},
    "new_survey": {"unseen": {"survey": 1}},
    "new_channel": {"unseen": {"channel": 1}},
    "drift_length": {"now": {"length": {"to 80": 200, "to 320": 800}}},
    "drift_rating": {"now": {"rating": {"fifth 1": 700, "fifth 5": 300}}},
    "drift_language": {"now": {"language": {"en": 600, "ru": 400}}},
    "drift_sentiment": {"now": {"sentiment": {"negative": 800, "positive": 200}}},
}


def test_every_gate_has_a_batch_here_that_breaks_it() -> None:
    assert {*BROKEN, "volume"} == set(GATES)


def test_a_batch_like_its_past_passes_every_gate(tmp_path: Path) -> None:
    verdict = judged(tmp_path, SOUND, 1000)
    assert verdict == Verdict()
    assert [r.expectation for r in verdict.results] == list(GATES.values())
    assert {(r.checked, r.failed, r.severity) for r in verdict.results} == {(1, 0, "warning")}


@pytest.mark.parametrize("name", BROKEN)
def test_a_batch_that_is_unlike_its_past_is_doubted(name: str, tmp_path: Path) -> None:
    assert GATES[name] in failed(judged(tmp_path, changed(BROKEN[name]), 1000))


@pytest.mark.parametrize(
    ("count", "doubted"), [(9, True), (10, False), (5000, False), (5001, True)]
)
def test_a_count_that_is_not_plausible_is_doubted(
    count: int, doubted: bool, tmp_path: Path
) -> None:
    found = failed(judged(tmp_path, SOUND, count))
    assert (GATES["volume"] in found) == doubted


@pytest.mark.parametrize("name", BROKEN)
def test_a_gate_can_be_made_to_stop_its_source(name: str, tmp_path: Path) -> None:
    verdict = judged(tmp_path, changed(BROKEN[name]), 1000, f"stop = ['{name}']")
    assert GATES[name] in verdict.refused["survey"]
    assert "critical" in {r.severity for r in verdict.results if r.failed}


def test_a_source_that_is_allowed_more_does_not_stop_others(tmp_path: Path) -> None:
    odd = changed(BROKEN["unknown"])
    verdict = gate(
        {"survey": odd, "other": odd},
        {},
        limits=limits(tmp_path, "unknown = 0.9\ndrift = 9\nstop = ['unknown']"),
    )
    assert [(r.source, r.observed) for r in verdict.results if r.failed] == [
        ("other", "60% of 1000"),
        ("other", "PSI 1.30, 1000 beside 1000"),
    ]
    assert verdict.ok


def test_small_samples_alarm_nobody(tmp_path: Path) -> None:
    few = {name: {"none": 0, "else": 299} for name in CALM}
    verdict = judged(tmp_path, Arrivals(few, CALM, {}, 200, 200), None)
    assert failed(verdict) == []
    assert {r.checked for r in verdict.results if r.expectation == GATES["drift_language"]} == {0}
    assert {r.observed for r in verdict.results if r.expectation == GATES["unrated"]} == {
        "200 are too few to tell"
    }


def test_nothing_new_is_judged_by_nothing(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Arrivals({}, {}), None)
    assert {(r.checked, r.failed) for r in verdict.results} == {(0, 0)}


def test_chance_alone_stays_below_the_threshold() -> None:
    rng, told = random.Random(7), thresholds("any")
    weights = [1 / (1 + i) for i in range(6)]
    worst = max(
        stability(drawn(rng, weights, told.fewest), drawn(rng, weights, told.fewest))
        for _ in range(500)
    )
    assert worst < told.drift


def test_the_index_is_that_of_the_textbook() -> None:
    before, now = {"a": 5000, "b": 5000}, {"a": 7500, "b": 2500}
    # (0.75 - 0.5) ln(0.75 / 0.5) + (0.25 - 0.5) ln(0.25 / 0.5)
    assert stability(before, now) == pytest.approx(0.2747, abs=1e-3)
    assert stability(before, before) == 0


def test_rare_bins_are_counted_together() -> None:
    before = {"ru": 980, **{f"l{i}": 1 for i in range(20)}}
    now = {"ru": 980, **{f"m{i}": 1 for i in range(20)}}
    assert stability(before, now) == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("stop = ['luck']", "survey stops luck, which is none of volume, empty"),
        ("stop = 'drift_rating'", "survey has stop = 'drift_rating', which is not a list of names"),
        ("stop = [1]", "survey has stop = [1], which is not a list of names"),
        ("unknwon = 0.9", "survey has 'unknwon', which is none of days, fewest, unseen, empty"),
        ("drift = '0.3'", "survey has drift = '0.3', which is not a number"),
        ("days = 2.5", "survey has days = 2.5, which is not a whole number"),
        ("empty = true", "survey has empty = True, which is not a number"),
        ("empty = ", "the file cannot be read"),
    ],
)
def test_a_slip_in_the_file_is_named_as_one_to_mend(more: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        thresholds("survey", limits(tmp_path, more))
    assert str(told.value).startswith(f"gates.toml: {words}")


def test_the_default_has_every_limit(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text("[default]\ndays = 28\n")
    with pytest.raises(Refused, match=r"gates.toml: default lacks drift, empty"):
        thresholds("survey", path)


def drawn(rng: random.Random, weights: list[float], count: int) -> Counter[str]:
    return Counter(map(str, rng.choices(range(len(weights)), weights, k=count)))


def changed(change: dict[str, Any]) -> Arrivals:
    return replace(SOUND, **{k: CALM | v if k == "now" else v for k, v in change.items()})


def judged(folder: Path, arrived: Arrivals, fetched: int | None, more: str = "") -> Verdict:
    volumes = folder / "volumes.toml"
    volumes.write_text("[default]\nleast = 10\nmost = 5000\n")
    counts = {} if fetched is None else {"survey": fetched}
    return gate({"survey": arrived}, counts, limits=limits(folder, more), volumes=volumes)


def limits(folder: Path, more: str) -> Path:
    path = folder / "gates.toml"
    shipped = Path("expectations/gates.toml").read_text(encoding="utf-8")
    path.write_text(f"{shipped}\n[sources.survey]\n{more}\n", encoding="utf-8")
    return path


def failed(verdict: Verdict) -> list[str]:
    return [r.expectation for r in verdict.results if r.failed]
