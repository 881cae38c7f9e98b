"""Every reason that a suite may give is said in Russian, too."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any, get_args

import pytest

import expectations
from connectors.forms import answers
from feedback import values, written_dates
from feedback.publishing import reasons
from feedback.publishing.formats import NBSP
from feedback.records import Channel

NOW = datetime(2026, 10, 31, tzinfo=UTC)


def test_every_reason_of_every_suite_has_a_russian_sentence() -> None:
    english = set(reasons_of_suites())
    assert len(english) > 40
    assert [reason for reason in sorted(english) if not reasons.in_russian(reason)] == []


@pytest.mark.parametrize("module", [values, written_dates, answers])
def test_every_reason_of_the_readers_of_cells_has_a_russian_sentence(module: ModuleType) -> None:
    english = set(reasons_raised(module))
    assert english
    assert [reason for reason in sorted(english) if not reasons.in_russian(reason)] == []


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("its date is before the year 2000", "дата раньше 2000 года"),
        ("the text is longer than 100,000 characters", f"текст длиннее 100{NBSP}000 знаков"),
        ("its value is outside -100..100", "value вне -100…100"),
        ("it has no ref; its survey is not known", "нет значения: ref; вид опроса неизвестен"),
        ("a check could not be made (KeyError): it has no n",
         "проверку не удалось провести (KeyError): нет значения: n"),
        ("5% of 1,200", f"5% из 1{NBSP}200"),
        ("a row has 10 cells, the header 7", "строка файла: ячеек 10, а в заголовке 7"),
    ],
)  # fmt: skip
def test_numbers_and_names_in_a_reason_stay(english: str, russian: str) -> None:
    assert reasons.of("ru", english) == russian
    assert reasons.of("en", english) == english


@pytest.mark.parametrize(
    "unknown", ["a new rule", "most of them are odd", "it has", "", "%s {} {0}"]
)
def test_a_reason_without_a_russian_sentence_stays_as_it_is(unknown: str) -> None:
    assert reasons.of("ru", unknown) == unknown


def test_of_several_reasons_those_that_are_known_are_said_in_russian() -> None:
    assert reasons.of("ru", "a new rule; its n is negative") == "a new rule; n отрицательно"


def test_each_sentence_has_a_place_for_whatever_the_english_one_says() -> None:
    for english, russian in reasons.RUSSIAN.items():
        assert english.count("{}") + english.count("#") == russian.count("{}"), english


def reasons_raised(module: ModuleType) -> Iterator[str]:
    """What `Unreadable` says in a module, 7 in place of what is filled in."""
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Unreadable":
            said = call.args[0]
            parts = said.values if isinstance(said, ast.JoinedStr) else [said]
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts
            )


def reasons_of_suites() -> Iterator[str]:
    """Of every module of `expectations` with a `suite`, called with all it may be called with."""
    for found in pkgutil.iter_modules(expectations.__path__):
        module = importlib.import_module(f"expectations.{found.name}")
        if hasattr(module, "suite"):
            for arguments in _calls(module.suite):
                for expectation in module.suite(**arguments).expectations:
                    yield expectation.meta["reason"]


def _calls(suite: Any) -> list[dict[str, Any]]:
    known: dict[str, list[Any]] = {
        "now": [NOW],
        "today": [date(2026, 10, 31)],
        "channel": list(get_args(Channel)),
    }
    if "told" in inspect.signature(suite).parameters:
        thresholds = importlib.import_module("expectations.thresholds")
        known["told"] = [{"survey": thresholds.thresholds("survey")}]
    needed = [
        name
        for name, parameter in inspect.signature(suite).parameters.items()
        if parameter.default is parameter.empty
    ]
    longest = max(len(known[name]) for name in needed) if needed else 1
    return [{name: known[name][k % len(known[name])] for name in needed} for k in range(longest)]
