"""What the page says of topics, intents and themes, read as text in both languages."""

import json
import re
from html import unescape
from typing import Any

import pytest

from feedback.publishing.formats import ENGLISH, NBSP, RUSSIAN, Language
from feedback.publishing.page import render
from feedback.publishing.publish import make
from feedback.publishing.snapshot import rows
from feedback.publishing.topic_facts import Themes
from feedback.publishing.topic_sections import TopicPart, topic_part
from tests.feedback.publishing.samples import DAYS, START, make_snapshot
from tests.feedback.publishing.topic_samples import (
    FORMULA,
    SCRIPT,
    make_theme,
    make_topics,
    make_voices,
    measured,
)

FEW = f"n{NBSP}<{NBSP}5"


def test_topics_are_named_in_the_language_of_the_page_the_most_spoken_of_first() -> None:
    assert names("en") == ["Delivery", "Price", SCRIPT, "Parking"]
    assert names("ru")[:2] == ["Доставка", "Цена"]


def test_every_share_has_its_interval_and_n() -> None:
    [line] = [line for line in table("en", "topics", "share") if line[0] == "Price"]
    assert line == ["Price", "20.0%", "17.5–22.7%", "900"]
    [line] = [line for line in table("ru", "topics", "share") if line[0] == "Цена"]
    assert line == ["Цена", f"20,0{NBSP}%", f"17,5–22,7{NBSP}%", "900"]


def test_the_negative_share_of_a_topic_stands_beside_it_with_the_judged_as_n() -> None:
    [line] = [line for line in table("en", "topics", "negative") if line[0] == "Delivery"]
    assert int(line[-1]) < 450, "those not judged are in the denominator"


def test_a_change_is_stated_only_where_the_interval_of_the_difference_leaves_out_zero() -> None:
    changes = {line[0]: line for line in table("en", "topics", "change")}
    assert changes["Delivery"][1] == "+25.0 pp"
    assert changes["Delivery"][3] == "up"
    assert changes["Price"][3] == "within chance"
    chart = panel("en", "topics", "change").chart
    assert [bar.name for bar in chart.bars if bar.x is not None] == ["Delivery"]
    assert "+20.6 to +29.2" in chart.bars[0].text


def test_without_a_whole_period_before_nothing_is_compared() -> None:
    topics = make_topics(START, DAYS)
    values = topics.values[topics.values["period"] >= START]
    shown = panel("en", "topics", "change", make_topics(START, DAYS, values=values))
    assert shown.body == []
    assert shown.notes == ["The period before is not whole, so there is no comparison."]


def test_topics_of_few_voices_are_named_without_a_number() -> None:
    few = make_topics(START, DAYS, values=measured(make_voices(START, DAYS, parking=300), START))
    lines = {line[0]: line[1:] for line in table("en", "topics", "share", few)}
    assert lines["Parking"] == [FEW, "", ""]
    negative = {line[0]: line[1:] for line in table("en", "topics", "negative", few)}
    assert negative["Parking"] == [FEW, "", ""]


def test_alerts_are_counted_and_say_how_to_read_them() -> None:
    assert [(name, number.replace(NBSP, " ")) for name, number in part("en").alerts] == [
        ("risk", "fewer than 5"),
        ("churn", "9 · 1.0% (95%: 0.5–1.9%), n = 900"),
        ("urgent", "23 · 2.6% (95%: 1.7–3.8%), n = 900"),
    ]
    assert html().count("feedback topics alerts") == 2


def test_an_alert_that_was_not_found_says_so() -> None:
    none = make_voices(START, DAYS).assign(intents=[{}] * 900)
    quiet = make_topics(START, DAYS, values=measured(none, START))
    assert dict(part("en", quiet).alerts)["churn"] == f"none found, n{NBSP}={NBSP}900"


def test_high_urgency_is_an_alert_and_no_wish() -> None:
    assert "urgent" not in {line[0] for line in table("en", "intents", "share")}


@pytest.mark.parametrize(
    ("voices", "why"),
    [(12, "no voice of this period is tagged"), (0, "Nobody used words in this period")],
)
def test_without_topics_the_section_says_why(voices: int, why: str) -> None:
    nothing = make_topics(START, DAYS).values.iloc[:0]
    absent = make_topics(START, DAYS, values=nothing, voices=voices, tagged=0, themes=None)
    page = html(absent)
    assert page.count(why) == 2  # topics and intents
    assert "Themes were not looked for yet" in page
    assert part("en", absent).alerts == []
    assert "topics.csv" not in page


def test_voices_that_are_not_tagged_yet_are_told() -> None:
    assert "880 of 900 voices with words are tagged" in html(make_topics(START, DAYS, tagged=880))


def test_a_snapshot_that_does_not_speak_of_topics_has_no_such_section() -> None:
    snapshot = make_snapshot(topics=None)
    page = render(snapshot, rows(snapshot), "id", ())
    assert 'id="en-topics"' not in page
    assert 'id="en-themes"' not in page


def test_hostile_words_of_themes_and_names_of_topics_are_text_on_the_page() -> None:
    page = html()
    assert SCRIPT not in page
    assert page.count("<script>") == 1
    assert page.count("&lt;script&gt;alert(2)&lt;/script&gt;") >= 2
    assert FORMULA in unescape(page)


def test_words_of_themes_are_never_links() -> None:
    link = make_theme(terms=("https://evil.example/a", "javascript:alert(1)"))
    page = html(themed(link))
    assert "https://evil.example/a, javascript:alert(1)" in page
    assert not re.search(r'(?:href|src)="[^"#]*(?:evil|javascript)', page)


def test_a_half_of_fewer_than_five_voices_is_not_counted_out() -> None:
    [line] = part("en").themes.lines
    assert (line.late, line.early, line.trend) == ("40", FEW, "growing")
    assert line.growth == "×13.3 (4.2–42.0)"


def test_a_theme_that_nobody_spoke_of_before_grew_without_bound() -> None:
    endless = float("inf")
    new = make_theme(ratio=endless, low=5.1, high=endless, size_before=0)
    [line] = part("ru", themed(new)).themes.lines
    assert (line.early, line.growth, line.trend) == ("0", "×∞ (5,1–∞)", "растёт")


def test_a_theme_with_too_few_texts_to_compare_has_no_growth() -> None:
    young = make_theme(ratio=None, low=None, high=None, trend="unknown")
    [line] = part("en", themed(young)).themes.lines
    assert (line.growth, line.trend) == ("", "too few texts")


def test_a_quote_is_shown_escaped_where_it_was_given_and_has_no_column_where_not() -> None:
    assert "A voice" not in part("en").themes.header
    page = html(themed(make_theme(quote="<img src=x> nowhere to park")))
    assert "&lt;img src=x&gt; nowhere to park" in page


def test_quotes_go_into_no_file() -> None:
    made = make(make_snapshot(topics=themed(make_theme(quote="nowhere to park"))))
    holding = {name for name, content in made.contents.items() if b"nowhere to park" in content}
    assert holding == {"index.html"}


def test_a_changed_number_theme_or_name_gives_another_snapshot() -> None:
    topics = make_topics(START, DAYS)
    moved = topics.values.assign(value=topics.values["value"] / 2)
    made = [
        topics,
        themed(make_theme(size=41)),
        make_topics(START, DAYS, values=moved),
        make_topics(START, DAYS, topics={**topics.topics, "price": {"ru": "Цены", "en": "Cost"}}),
        make_topics(START, DAYS, method="feedback-topics.4567"),
    ]
    ids = [make(make_snapshot(topics=one)).id for one in made]
    assert len(set(ids)) == len(ids)
    turned = make_topics(START, DAYS, values=topics.values.iloc[::-1])
    assert make(make_snapshot(topics=turned)).id == ids[0]
    assert json.loads(make(make_snapshot(topics=turned)).contents["manifest.json"])["id"] == ids[0]


def themed(*themes: Any) -> Any:
    return make_topics(START, DAYS, themes=Themes(START, 28, themes))


def part(code: str, topics: Any = None) -> TopicPart:
    language: Language = {"ru": RUSSIAN, "en": ENGLISH}[code]
    found = topic_part(language, make_snapshot(topics=topics or make_topics(START, DAYS)))
    assert found is not None
    return found


def panel(code: str, section: str, name: str, topics: Any = None) -> Any:
    [own] = [one for one in part(code, topics).sections if one.id == section]
    [found] = [one for column in own.columns for one in column if one.id == name]
    return found


def table(code: str, section: str, name: str, topics: Any = None) -> list[list[str]]:
    return list(panel(code, section, name, topics).body)


def names(code: str) -> list[str]:
    return [line[0] for line in table(code, "topics", "share")]


def html(topics: Any = None) -> str:
    snapshot = make_snapshot(topics=topics or make_topics(START, DAYS))
    return make(snapshot).contents["index.html"].decode()
