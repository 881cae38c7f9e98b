import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.text.html import html_to_text, read_html


def test_paragraphs_and_line_breaks_are_kept() -> None:
    assert html_to_text("<p>One</p><p>Two<br>and a half</p>") == "One\n\nTwo\nand a half"


def test_lines_of_one_editor_paragraph_per_div_stay_lines() -> None:
    assert html_to_text("<div>Один<div><br></div><div>Два</div></div>") == "Один\n\nДва"


def test_lists_keep_their_bullets_numbers_and_nesting_order() -> None:
    html = "<ul><li>a<ul><li>b</ul><li>c</ul><ol><li>x<li>y</ol>"
    assert html_to_text(html) == "- a\n- b\n- c\n\n1. x\n2. y"


def test_cells_of_a_table_do_not_run_together() -> None:
    assert html_to_text("<table><tr><td>a<td>b<tr><td>c</table>") == "a b\nc"


def test_preformatted_text_keeps_its_lines() -> None:
    assert html_to_text("<pre>a\n  b</pre>") == "a\n  b"


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>alert('x')</script>",
        "<style>p { color: red }</style>",
        "<template>x</template>",
        "<!-- x -->",
        "<!--[if mso]><p>x</p><![endif]-->",
        '<div style="display: none">x</div>',
        '<span style="font-size:0px">x</span>',
        '<div style="max-height:0;overflow:hidden">x</div>',
        '<p style="VISIBILITY:hidden">x</p>',
        "<div hidden>x</div>",
        '<img src="https://track.example/x.gif" width="1" height="1" alt="x">',
        '<div class="gmail_signature">x</div>',
        '<div class="preheader">x</div>',
        '<span aria-hidden="true">x</span>',
        '<div style="width:0;height:0;overflow:hidden">x</div>',
        '<span style="font-size:1px;line-height:1px">x</span>',
        '<span style="opacity:0.0">x</span>',
        '<p style="text-indent:-9999px">x</p>',
        '<p style="position:absolute;left:-10000px">x</p>',
        '<span style="color:#fff;background-color:white">x</span>',
        '<table bgcolor="#FFFFFF" style="color: rgb(255, 255, 255)"><td>x</table>',
        '<span style="color:transparent">x</span>',
        "<style>.u, p.v{display:none!important}</style><p class='w u'>x</p><p class=v>x</p>",
    ],
)
def test_what_no_reader_sees_is_dropped(unseen: str) -> None:
    html = f"<html><head><title>x</title></head><body>a{unseen}b</body></html>"
    assert html_to_text(html).split() in (["ab"], ["a", "b"])


def test_a_font_size_that_only_begins_with_zero_is_seen() -> None:
    assert html_to_text('<span style="font-size:0.9em">seen</span>') == "seen"


@pytest.mark.parametrize(
    "seen",
    [
        '<table><td style="font-size:0px"><div style="font-size:13px">x</div></table>',
        '<a style="mso-hide:all">x</a>',
        '<p style="line-height:0">x</p>',
        '<p style="min-height:0">x</p>',
        '<img height="0"><p style="height:0">x</p>',
        '<p style="color:#fff">x</p>',
        '<p style="color:#fff;background:#000">x</p>',
        '<p style="color:#fff;background:#fff;background-image:url(dark.png)">x</p>',
        '<td style="color:#fff;background:#fff"><b style="color:#000">x</b></td>',
        '<td style="color:#fff;background:#fff"><b style="background:#000">x</b></td>',
        "<style>@media print{.a{color:red}.u{display:none}}</style><p class=u>x</p>",
        "<style>.u{display:none} .u{display:block}</style><p class=u>x</p>",
        "<style>.u p{display:none}</style><p class=u>x</p>",
        '<p aria-hidden="false">x</p>',
    ],
)
def test_what_some_reader_sees_stays(seen: str) -> None:
    assert html_to_text(seen) == "x"


def test_an_emoji_hidden_from_screen_readers_only_stays() -> None:
    assert html_to_text('good <span aria-hidden="true">👍</span>') == "good 👍"


def test_a_less_than_sign_makes_no_page() -> None:
    assert html_to_text("I <3 it\nprice < 5 &amp; falling") == "I <3 it\nprice < 5 & falling"


def test_links_keep_their_text_and_pictures_only_an_emoji() -> None:
    html = '<a href="https://x.example">here</a> <img alt="🎉"> <img alt="Логотип">'
    assert html_to_text(html) == "here 🎉"


def test_entities_are_decoded_once() -> None:
    assert html_to_text("<p>&laquo;&amp;lt;&raquo;&nbsp;&#8212; &euro;</p>") == "«&lt;» — €"


def test_a_text_without_tags_keeps_its_lines() -> None:
    assert html_to_text("one\ntwo &amp; three\n") == "one\ntwo & three"


def test_a_quotation_becomes_marked_lines() -> None:
    html = "Answer<blockquote><p>Question</p><blockquote>Older</blockquote></blockquote>Rest"
    lines = html_to_text(html).split("\n")
    assert lines[0] == "Answer"
    assert "> Question" in lines
    assert "> > Older" in lines
    assert lines[-1] == "Rest"


def test_the_header_of_a_gmail_reply_is_part_of_the_quotation() -> None:
    html = (
        '<div>Answer</div><div class="gmail_quote"><div class="gmail_attr">ср, 30 сент. 2026 г.'
        " в 10:05, S &lt;s@shop.example&gt;:<br></div><blockquote>Question</blockquote></div>"
    )
    own = [line for line in html_to_text(html).split("\n") if line and line[0] != ">"]
    assert own == ["Answer"]


@pytest.mark.parametrize(
    "divider",
    [
        '<div id="divRplyFwdMsg">',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">',
    ],
)
def test_the_line_outlook_draws_above_a_reply_can_be_found(divider: str) -> None:
    html = f"<p>Answer</p>{divider}<b>Von:</b> S<br><b>Gesendet:</b> gestern</div><p>Old</p>"
    assert html_to_text(html).startswith("Answer\n\n-----Original Message-----\nVon: S")


def test_elements_nested_thousands_deep_are_read() -> None:
    assert html_to_text("<blockquote>" * 4000 + "deep").endswith("> deep")


def test_a_bomb_of_tags_is_read_without_parsing_it() -> None:
    assert read_html("<div>" * 300_000 + "words") == ("words", True)


def test_a_page_too_deep_keeps_its_lines_and_joins_a_word_broken_by_tags() -> None:
    page = "<div>" * 20_000 + "<p>One &amp; <b>an</b>na</p>Two<br>Three<td>Four<script>x</script>"
    assert read_html(page) == ("One & anna\nTwo\nThree Four", True)


def test_a_long_page_is_parsed_like_a_short_one() -> None:
    own = "<p>Own<br>words</p>" * 15_000
    page = f"{own}<div hidden>unseen</div><blockquote>quoted</blockquote>"
    text, too_deep = read_html(page)
    assert text == "Own\nwords\n\n" * 15_000 + "> quoted"
    assert not too_deep


@pytest.mark.parametrize("piece", ["<p>x", "<ul><li>x</ul>", "<table><tr><td>x<td>y</table>"])
def test_tags_that_need_no_end_make_no_page_deep(piece: str) -> None:
    assert not read_html(piece * 20_000)[1]


@pytest.mark.parametrize(
    "page",
    [
        "".join(f"<b class={number}><p>x" for number in range(4_000)),
        "<span>" * 5_000 + "</b>" * 50_000,
        "<svg>" + "<td>" * 50_000 + "</b>" * 50_000,
        "<div class=yahoo_quoted>x" * 10_000,
    ],
)
def test_no_nesting_takes_longer_than_its_length(page: str) -> None:
    began = time.process_time()
    html_to_text(page)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "plain",
    [
        "Press <Save> then <Cancel>,\nnothing </happens>",
        "if a<b then c>d it crashes",
        "write to <anna@mail.example> or <https://shop.example/a/b>",
        "the field <order-id>",
        "if a<b or a<c> and <x",
    ],
)
def test_what_names_no_element_is_words(plain: str) -> None:
    assert html_to_text(plain) == plain
    assert html_to_text(f"<pre>{plain}</pre>") == plain


@pytest.mark.parametrize(
    "tag",
    [
        "<o:p></o:p>",
        '<v:shape id="x">',
        "<st1:place>",
        "<font color=red>",
        "<center>",
        "<B>",
        '<b class="x">',
        "<p hidden>x</p>",
        "<wbr/>",
        "<!-- <x> -->",
        "<?xml:namespace prefix = o />",
        '<grammarly-extension data-x="1"></grammarly-extension>',
    ],
)
def test_tags_in_use_and_obsolete_are_no_words(tag: str) -> None:
    assert html_to_text(f"<!doctype html>a{tag}b").split() in (["ab"], ["a", "b"])


PIECES = (
    "<p>",
    "</p>",
    "<ul>",
    "</ul>",
    "<li>",
    "<pre>",
    "</pre>",
    "<blockquote>",
    "<td>",
    "<",
    "x",
)


@settings(max_examples=50, deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_makes_it_raise(text: str) -> None:
    assert isinstance(html_to_text(text), str)


UNREAD = st.sampled_from(["script", "style", "template", "title", "SCRIPT", "Style"])
AROUND = st.lists(st.sampled_from([*PIECES, "<div>", "</div>", "words "]), max_size=8).map("".join)


@settings(max_examples=100, deadline=None)
@given(AROUND, UNREAD, st.text("ab{}:;\n ", max_size=20), AROUND, st.sampled_from([1, 20_000]))
def test_scripts_and_styles_never_leak(
    before: str, tag: str, inside: str, after: str, depth: int
) -> None:
    page = f"{before}><{tag}>SECRET{inside}SECRET</{tag}>{after}" + "<div>" * depth
    assert "SECRET" not in html_to_text(page)


@pytest.mark.parametrize(
    "piece", ["<a", "<!--", "<style", "@m{", "@", "<script>", "{", "<p style='"]
)
def test_no_repetition_takes_longer_than_its_length(piece: str) -> None:
    began = time.perf_counter()
    html_to_text(piece * 100_000)
    html_to_text("<style>" + piece * 100_000)
    assert time.perf_counter() - began < 3


def test_a_lone_surrogate_does_not_make_it_raise() -> None:
    assert html_to_text("<p>a\ud800b</p>") == "ab"
