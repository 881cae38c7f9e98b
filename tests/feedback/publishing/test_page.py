"""What the page says, read as text: no browser needed.

Its text is the whole page, both languages one after the other.
"""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from string import Formatter

import pytest

from feedback.metrics.catalogue import METRICS
from feedback.publishing.exports import export
from feedback.publishing.formats import NBSP
from feedback.publishing.page import render
from feedback.publishing.snapshot import PROBLEMS, Judged, Snapshot, SourceState, rows
from feedback.publishing.words import WORDS
from tests.feedback.publishing.samples import (
    AS_OF,
    FORMULA,
    SCRIPT,
    START,
    make_row,
    make_snapshot,
    make_values,
)


def test_every_text_of_the_page_exists_in_both_languages_with_the_same_places() -> None:
    for key, (russian, english) in WORDS.items():
        assert russian, key
        assert english, key
        assert _places(russian) == _places(english), key


def test_the_page_loads_nothing_from_anywhere() -> None:
    page = html()
    assert not re.search(r"""(?:src|href|url|@import)\s*[=(]?\s*["']?(?:https?:)?//""", page)
    assert "default-src 'none'" in page


def test_names_from_outside_are_escaped_wherever_they_stand() -> None:
    page = html()
    assert SCRIPT not in page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert FORMULA in unescape(page)


@pytest.mark.parametrize("field", ["title", "model"])
def test_every_text_of_the_snapshot_is_escaped(field: str) -> None:
    assert "<b>x" not in html(make_snapshot(**{field: '"><b>x'}))


def test_source_names_are_escaped_and_made_readable() -> None:
    source = SourceState("<i>s\x00\udcff", "<i>c", AS_OF, AS_OF, 1, 0, "")
    page = html(make_snapshot(sources=[source]))
    assert "<i>" not in page
    page.encode()


def test_a_small_group_is_shown_as_few_and_never_as_a_number() -> None:
    tiny = {"product": "tiny", "value": 0.87654, "n": 3, "low": 0.81, "high": 0.91}
    few = [
        make_row(grain=grain, period=period, status="few", **tiny)
        for grain, period in (("period", START), ("week", START - timedelta(days=1)))
    ]
    page = text(html(make_snapshot(values=make_values(few))))
    assert "87.7" not in page
    assert "87,7" not in page
    assert "tiny: n < 5" in page


def test_beside_each_headline_stand_interval_n_and_time_in_both_languages() -> None:
    page = text(html())
    assert re.search(r"Negative share 24\.5% .{0,40}95%: 23\.4–25\.5% · n = 6,432", page)
    assert re.search(r"Доля негативных 24,5 % .{0,40}95 %: 23,4–25,5 % · n = 6432", page)
    assert page.count("as of 31 Oct 2026, 06:00") > 8
    assert page.count("на 31 окт 2026, 06:00") > 8


def test_a_change_is_shown_only_when_the_previous_period_was_given() -> None:
    values = make_values()
    alone = values[~((values["grain"] == "period") & (values["period"] < START))]
    assert "against the previous 60 days" in text(html())
    assert "against the previous" not in text(html(make_snapshot(values=alone)))


def test_sources_that_failed_are_named_with_their_last_success() -> None:
    page = text(html())
    assert "Not every source was collected in the last run" in page
    assert "survey (Forms): last success 28 Oct 2026, 01:00. Its answer has another shape" in page
    assert "survey (Формы): последний успех 28 окт 2026, 01:00. Ответ пришёл в другом" in page


@pytest.mark.parametrize("kind", [kind for kind in PROBLEMS if kind])
def test_every_kind_of_problem_is_said_in_words_and_looks_failed(kind: str) -> None:
    page = html(make_snapshot(sources=[make_source(kind)]))
    assert page.count('<tr class="failed">') == 2
    assert f"not collected {WORDS[f'problem_{kind}'][1]}" in text(page)
    assert f"не собран {WORDS[f'problem_{kind}'][0]}" in text(page)


def test_a_source_whose_last_collection_was_cut_off_is_named_as_failed() -> None:
    page = text(html(make_snapshot(sources=[make_source("running")])))
    assert "Not every source was collected in the last run" in page
    assert "inbox (Mail): last success 31 Oct 2026, 06:00. The collection was cut off" in page


def test_no_sentence_of_an_error_comes_to_the_page_or_into_a_file() -> None:
    snapshot = make_snapshot(sources=[make_source("login anna at host.example: refused")])
    assert '"problem": "failed"' in export("json", snapshot, rows(snapshot)).decode()
    page = text(html(snapshot))
    assert "anna" not in page
    assert "06:00. The collection failed" in page


def test_a_source_silent_for_days_looks_stale_though_nobody_reported_a_failure() -> None:
    assert "#brand (Social): last success 25 Oct 2026, 06:00" in text(html())
    fine = [SourceState("inbox", "mail", AS_OF - timedelta(hours=47), AS_OF, 1, 0, "")]
    page = text(html(make_snapshot(sources=fine)))
    assert "not answered for long" not in page
    assert "Not every source was collected" not in page


def test_a_source_that_never_answered_is_stale() -> None:
    never = [SourceState("inbox", "mail", None, None, 0, 0, "")]
    assert "inbox (Mail): last success never" in text(html(make_snapshot(sources=never)))


def test_the_page_says_what_the_model_judged_and_how_often_it_was_not_sure() -> None:
    page = text(html(make_snapshot(judged=Judged(texts=200, unsure=30))))
    assert "sentiment-linear 1.0.0. Texts: 200. Not sure: 15.0% (95%: 10.7–20.6%, n = 200)" in page
    assert "was not given for this page" in text(html(make_snapshot(judged=None)))


def test_missing_days_are_named_and_break_the_line() -> None:
    page = html()
    assert "No data: 12–16 Sep, 2 Oct." in text(page)
    day = page[page.index('id="en-volume-day-t"') :]
    line = re.search(r'class="curve" d="([^"]*)"', day)
    assert line is not None
    assert line[1].count("M") == 3  # two gaps, three pieces


def test_a_day_of_zero_is_drawn_as_zero_and_not_as_a_gap() -> None:
    zero = make_row(metric="volume", period=START + timedelta(days=31), value=0, n=0, low=0, high=4)
    page = text(html(make_snapshot(values=make_values([zero]))))
    assert "No data: 12–16 Sep." in page
    assert "2 Oct: 0 (95%: 0–4), n = 0" in page


def test_a_cut_week_is_open_and_never_the_headline_of_its_chart() -> None:
    page = html()
    assert "Last whole week (19–25 Oct)" in text(page)
    assert "31 Aug (incomplete week)" in text(page)
    assert "26 Oct (incomplete week)" in text(page)
    assert 'class="open"' in page


def test_days_of_few_answers_are_not_joined_into_a_line() -> None:
    page = html()
    nps = page[page.index('id="en-nps-day-t"') :]
    assert "points are not joined" in text(nps[: nps.index("</figure>")])
    assert 'class="curve"' not in nps[: nps.index("</svg>")]
    csat_week = page[page.index('id="en-csat-week-t"') :]
    assert 'class="curve"' in csat_week[: csat_week.index("</svg>")]


def test_a_product_with_too_few_weeks_is_named_and_not_drawn() -> None:
    rare = make_row(grain="period", period=START, product="rare")
    page = text(html(make_snapshot(values=make_values([rare]))))
    assert re.search(r"Not drawn, [^:]*: [^.]*rare\b", page)


def test_each_chart_has_a_title_a_description_and_a_table() -> None:
    page = html()
    charts = re.findall(r'<svg role="img"[^>]*aria-labelledby="(\S+) (\S+)"', page)
    assert len(charts) > 40
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all({title, desc} <= set(ids) for title, desc in charts)
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert all("<table>" in figure for figure in figures)


def test_a_snapshot_without_any_number_still_makes_a_page_that_says_so() -> None:
    page = text(html(make_snapshot(values=make_values().iloc[:0], sources=())))
    assert "No data in this period" in page
    assert "Нет данных за период" in page


def test_a_number_without_an_interval_says_so() -> None:
    bare = make_values()
    bare.loc[bare["metric"] == "volume", ["low", "high"]] = float("nan")
    assert re.search(
        r"Voices 6,069 no interval · n = 6,069", text(html(make_snapshot(values=bare)))
    )


def test_a_metric_nobody_foresaw_gets_its_section_from_its_declaration() -> None:
    texts = {"title": {"en": "Effort"}, "question": {"en": "How hard was it?"}, "caveat": {}}
    metric = replace(METRICS[0], name="effort", unit="share", **texts)
    values = make_values([make_row(metric="effort", grain="period")])
    page = text(html(make_snapshot(values=values, metrics=[metric])))
    assert "Effort How hard was it? 50.0% (95%: 35.0–65.0%), n = 40" in page


def test_the_page_says_what_the_catalogue_declares() -> None:
    page = text(html())
    assert all(metric.title["ru"] in page for metric in METRICS)
    assert all(metric.caveat["en"] in page for metric in METRICS)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("as_of", AS_OF.replace(tzinfo=None), "time zone"),
        ("values", make_values().drop(columns=["n", "low"]), r"lack \['n', 'low'\]"),
        ("values", make_values([make_row(metric="x"), make_row(metric="x")]), "1 rows whose key"),
    ],
)
def test_a_snapshot_that_cannot_be_true_is_refused_at_once(
    field: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_snapshot(**{field: value})


def make_source(problem: str) -> SourceState:
    return SourceState("inbox", "mail", AS_OF, AS_OF, 1, 0, problem)


def html(snapshot: Snapshot | None = None) -> str:
    snapshot = snapshot or make_snapshot()
    return render(snapshot, rows(snapshot), "20261031T030000Z-0123456789", ("metrics.csv",))


def text(page: str) -> str:
    """The page as it is read: without markup, with plain spaces."""
    body = re.sub(r"<(script|style)>.*?</\1>", " ", page, flags=re.DOTALL)
    bare = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:bdi|b|span)\b[^>]*>", "", body)))
    return " ".join(bare.replace(NBSP, " ").split())


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
