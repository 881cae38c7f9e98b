"""The page on data quality, read as text, and `quality.json`."""

import json
import re
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from feedback.publishing.formats import NBSP
from feedback.publishing.page import render, render_quality
from feedback.publishing.publish import make
from feedback.publishing.quality import JOINED, MOST_REASONS
from feedback.publishing.quality_facts import FIELDS, quality_json
from feedback.publishing.snapshot import rows, snapshot_id
from feedback.publishing.words import WORDS
from feedback.quality import COLLECT, REFINE, Books, Cleaned, Quality, SourceQuality, news
from feedback.text import redact
from tests.feedback.publishing.samples import (
    AS_OF,
    SCRIPT,
    make_check,
    make_quality,
    make_snapshot,
    make_source_quality,
    make_waiting,
)

BLOCKS = (
    *("sources", "ledgers", "waiting", "cleaning", "texts", "alike"),
    *("people", "checks", "reading"),
)
MARKUP = '"><b onload=x>'


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("block", BLOCKS)
def test_each_block_stands_on_the_page_in_both_languages(code: str, block: str) -> None:
    page = html()
    assert f'id="{code}-{block}"' in page
    assert f'href="#{code}-{block}"' in page
    assert WORDS[block][0 if code == "ru" else 1] in text(page)


def test_each_page_leads_to_the_other_in_both_languages() -> None:
    snapshot = make_snapshot()
    numbers = render(snapshot, rows(snapshot), "id", ())
    assert numbers.count('<a href="quality.html">') == 2
    assert "Качество данных →" in numbers
    assert html().count('<a href="index.html">') == 2
    assert "quality.html" not in render(make_snapshot(quality=None), [], "id", ())


def test_the_page_says_as_of_when_it_is_true() -> None:
    page = text(html())
    assert "As of 31 October 2026, 06:00 (Europe/Moscow)" in page
    assert "По состоянию на 31 октября 2026, 06:00" in page


def test_a_source_is_shown_with_its_state_its_times_and_its_share_set_aside() -> None:
    page = text(html())
    mailbox = "support mailbox Mail 31 Oct 2026, 05:00 31 Oct 2026, 06:00 4,210"
    assert f"{mailbox} 0.3% (95%: 0.2–0.5%), n = 4,210 answers" in page
    assert "not collected Its answer has another shape than expected." in page
    assert "support mailbox Owner: support team" in page
    assert "survey Owner: nobody named" in page


def test_the_books_show_where_every_record_went_in_that_run_and_in_all() -> None:
    page = text(html())
    assert "Last run with news: 31 Oct 2026, 05:00" in page
    assert (
        "Fetched 130 110 9,000 4,210 = new 100 95 4,000 3,980 + changed 10 10 210 200 "
        "+ duplicate 20 0 4,790 0 + set aside 0 3 0 12 + skipped 0 2 0 18 Adds up yes yes yes yes"
    ) in page


def test_books_that_add_up_are_said_to_and_those_that_do_not_are_not() -> None:
    assert "Books of records balanced Every record fetched" in text(html())
    books = {COLLECT: Books(fetched=10, new=7), REFINE: Books(fetched=7, new=9)}
    page = text(html(sources=[make_source_quality(ever=books)]))
    assert "Books of records not balanced" in page
    assert "Счёт записей не сходится" in page
    assert "Adds up yes yes no: +3 no: −2" in page


def test_what_waits_is_shown_by_reason_with_the_age_of_the_oldest() -> None:
    page = text(html())
    assert "it has no readable date 8 22 Oct 2026 (9 d)" in page
    assert "нет читаемой даты 8 22 окт 2026 (9 дн.)" in page


def test_of_many_reasons_the_first_are_shown_and_the_rest_counted() -> None:
    waiting = [make_waiting(reason=f"reason {n:02}", records=50 - n) for n in range(23)]
    page = text(html(sources=[make_source_quality(waiting=waiting)]))
    assert f"reason {MOST_REASONS - 1} " in page
    assert f"reason {MOST_REASONS} " not in page
    assert "and 3 more" in page
    assert "и ещё 3" in page


def test_where_nothing_waits_the_page_says_so() -> None:
    page = text(html(sources=[make_source_quality()]))
    assert "Nothing is set aside." in page
    assert "Ничего не отложено." in page


def test_cleaning_texts_repeats_and_people_are_counted_with_their_n() -> None:
    page = text(html())
    assert "e-mail addresses 310: 4.8% (95%: 4.3–5.4%), n = 6,432" in page
    assert "адреса почты 310: 4,8 % (95 %: 4,3–5,4 %), n = 6432" in page
    assert "Without a text 512: 8.0% (95%: 7.3–8.6%), n = 6,432" in page
    assert "Language unknown 88: 1.5% (95%: 1.2–1.8%), n = 5,920" in page
    assert "Messages compared 6,432 Voices among them 6,301" in page
    assert "In campaigns 40 In floods 3" in page
    assert "Pairs merged 108 Merges undone 2" in page


def test_a_kind_of_cleaning_nobody_foresaw_is_shown_by_its_name() -> None:
    assert "odd_kind".replace("_", " ") in text(html(cleaned=[Cleaned("odd_kind", 1, 1)]))


def test_every_kind_of_personal_data_that_is_taken_out_has_a_word() -> None:
    marks = set(re.findall(r"\[(\w+)\]", str(redact.__doc__))) | set(getattr(redact, "KINDS", ()))
    assert {"email", "phone"} <= marks
    assert {f"cleaned_{kind}" for kind in marks} <= set(WORDS)


def test_failed_checks_come_first_and_critical_ones_before_warnings() -> None:
    checks = [
        make_check(expectation="a holds", failed=0),
        make_check(expectation="b warns", severity="warning", failed=90),
        make_check(expectation="c stops", failed=1),
    ]
    english = text(html(checks=checks).split('lang="en">')[-1])
    listed = english[english.index("All checks by suite and source") :]
    places = [listed.index(words) for words in ("c stops", "b warns", "a holds")]
    assert places == sorted(places)
    assert "critical c stops 1 110" in listed
    assert "warning b warns 90 110" in listed
    assert "holds (critical) a holds 0 110" in listed
    assert "as collected: support mailbox. 2 of 3 failed; 31 Oct 2026, 05:00" in listed


def test_severities_differ_in_word_and_shape_and_not_only_in_colour() -> None:
    page = html()
    assert '<span class="verdict critical">critical</span>' in page
    assert '<span class="verdict warning">внимание</span>' in page
    shapes = re.findall(r'\.verdict\.(\w+)::before \{ content: "(.)"', page)
    assert len({shape for _, shape in shapes}) == len(shapes) == 3


def test_without_checks_or_sources_the_page_still_stands_and_says_so() -> None:
    page = text(html(checks=[], sources=[], cleaned=[]))
    assert "Nothing was checked yet." in page
    assert "No sources yet." in page
    assert "Cleaning found nothing." in page
    assert "Set aside now 0 no data" in page


def test_all_text_from_outside_is_escaped() -> None:
    quality = make_quality(
        sources=[
            make_source_quality(source=SCRIPT, owner=MARKUP, waiting=[make_waiting(reason=MARKUP)])
        ],
        cleaned=[Cleaned(MARKUP, 1, 1)],
        checks=[
            make_check(suite=MARKUP, source=SCRIPT, expectation=MARKUP, observed=MARKUP),
            make_check(severity=MARKUP),
        ],
    )
    page = render_quality(make_snapshot(title=SCRIPT, runs=[MARKUP]), quality, MARKUP, [MARKUP])
    assert "<b onload" not in page
    assert SCRIPT not in page
    assert page.count("<script>") == 1
    assert MARKUP in unescape(page)


def test_control_characters_and_lone_surrogates_do_not_come_to_the_page() -> None:
    source = make_source_quality(source="s\x00\udcff", waiting=[make_waiting(reason="r\x07\udcff")])
    page = html(sources=[source])
    page.encode()
    assert "\x07" not in page


def test_the_policy_lets_nothing_in_but_our_own_style_and_script() -> None:
    page = html()
    assert "default-src 'none'; style-src 'sha256-" in page
    assert not re.search(r"""(?:src|href|url|@import)\s*[=(]?\s*["']?(?:https?:)?//""", page)
    assert not re.search(r"<[^>]+\sstyle=", page)


def test_ids_are_unique_and_every_table_names_its_columns() -> None:
    page = html()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for table in re.findall(r"<table class=\"(?:sources|ledger).*?</table>", page, re.DOTALL):
        assert 'scope="col"' in table
        assert 'scope="row"' in table


def test_the_same_facts_stand_in_a_file_for_programs() -> None:
    facts = as_json()
    assert facts["schema"] == "feedback-quality/1"
    assert facts["as_of"] == AS_OF.isoformat()
    mailbox = facts["sources"][0]
    assert (mailbox["source"], mailbox["owner"]) == ("support mailbox", "support team")
    assert mailbox["ever"]["refine"]["set_aside"] == 12
    assert mailbox["set_aside"] == 12
    assert mailbox["set_aside_low"] < mailbox["set_aside_share"] < mailbox["set_aside_high"]
    assert facts["sources"][2]["set_aside_share"] is None
    assert facts["checks"][1]["failed"] == 8
    assert facts["people"]["undone"] == 2


def test_every_field_of_the_file_is_declared_and_every_declared_field_is_there() -> None:
    facts = as_json()
    declared = facts.pop("fields")
    assert declared == FIELDS
    inside = {f"sources.{name}" for source in facts["sources"] for name in source}
    head = {"schema", "title", "as_of", "timezone"}
    assert set(declared) == (set(facts) - head) | inside


def test_every_fact_comes_to_the_file() -> None:
    written = quality_json(make_snapshot(), make_quality()).decode()
    for one in _parts(make_quality()):
        assert all(f'"{field.name}"' in written for field in fields(one)), type(one)


def test_the_file_and_the_page_are_in_the_publication_and_its_manifest() -> None:
    contents = make(make_snapshot()).contents
    listed = {file["name"] for file in json.loads(contents["manifest.json"])["files"]}
    assert {"quality.html", "quality.json"} <= listed
    without = make(make_snapshot(quality=None)).contents
    assert "quality.html" not in without


def test_any_changed_fact_gives_another_snapshot() -> None:
    usual = snapshot_id(make_snapshot())
    changed = make_quality(checks=[make_check(at=AS_OF)])
    assert snapshot_id(make_snapshot(quality=changed)) != usual


@pytest.mark.parametrize(
    "changes",
    [
        {"last_run": AS_OF},
        {
            "ever": {
                COLLECT: Books(9100, 4000, 210, 4890),
                REFINE: make_source_quality().ever[REFINE],
            }
        },
    ],
)
def test_a_run_that_only_looked_again_is_no_news(changes: dict[str, Any]) -> None:
    before, after = make_source_quality(), make_source_quality(**changes)
    assert news(make_quality(sources=[before])) == news(make_quality(sources=[after]))


def test_checks_made_again_with_the_same_outcome_are_no_news() -> None:
    once, again = make_check(), make_check(at=AS_OF, checked=7, observed="7")
    assert news(make_quality(checks=[once])) == news(make_quality(checks=[again]))
    of_a_run = make_check(suite="batch")
    assert news(make_quality(checks=[of_a_run])) == news(make_quality(checks=[]))


@pytest.mark.parametrize(
    "changed",
    [
        {"sources": [make_source_quality(waiting=[make_waiting(records=9)])]},
        {"sources": [make_source_quality(owner="another")]},
        {"cleaned": [Cleaned("email", 311, 402)]},
        {"texts": replace(make_quality().texts, empty=1)},
        {"alike": replace(make_quality().alike, flood=4)},
        {"people": replace(make_quality().people, undone=3)},
        {"checks": [make_check(failed=2)]},
    ],
)
def test_whatever_else_changes_is_news(changed: dict[str, Any]) -> None:
    usual = make_quality(
        sources=[make_source_quality(waiting=[make_waiting()])], checks=[make_check()]
    )
    assert news(replace(usual, **changed)) != news(usual)


def test_a_record_set_aside_in_the_future_by_a_wrong_clock_is_no_days_old() -> None:
    late = make_waiting(oldest=AS_OF + timedelta(days=2))
    assert "2 Nov 2026 (0 d)" in text(html(sources=[make_source_quality(waiting=[late])]))


def html(**changes: Any) -> str:
    quality = make_quality(**changes)
    return render_quality(
        make_snapshot(), quality, "20261031T030000Z-0123456789", ("quality.json",)
    )


def text(page: str) -> str:
    """The page as it is read: without markup, with plain spaces."""
    body = re.sub(r"<(script|style)>.*?</\1>", " ", page, flags=re.DOTALL)
    bare = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:bdi|b)\b[^>]*>", "", body)))
    return " ".join(bare.replace(NBSP, " ").replace(JOINED, "").split())


def as_json() -> dict[str, Any]:
    return json.loads(quality_json(make_snapshot(), make_quality()))


def _parts(quality: Quality) -> list[Any]:
    sources: list[SourceQuality] = list(quality.sources)
    found = [quality.texts, quality.alike, quality.people, *sources]
    found += [*quality.cleaned, *quality.checks, *sources[0].waiting, sources[0].ever[COLLECT]]
    assert all(is_dataclass(one) and asdict(one) for one in found)
    return found
