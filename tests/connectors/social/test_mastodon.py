"""Mastodon's timelines, against a server on loopback that pages and fails like one."""

import json
import textwrap
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import catalogue
from connectors.contract import Cursor, Page
from connectors.social.mastodon import MastodonSource
from feedback.errors import Changed, FeedbackError, Refused, Unavailable, Unreadable
from feedback.records import RawItem, Skipped, Utterance
from tests.connectors.social.fake_mastodon import FakeMastodon, a_status
from tests.connectors.source_contract import HttpSourceContract, contents, refs, through_json
from tests.connectors.told_server import CUT, TOKEN, Says, running


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with running(FakeMastodon()) as started:
        assert isinstance(started, FakeMastodon)
        yield started


class TestMastodonAsASource(HttpSourceContract):
    @pytest.fixture
    def place(self, server: FakeMastodon) -> "Timelines":
        return Timelines(server)


def test_nothing_is_lost_when_the_second_page_fails(server: FakeMastodon) -> None:
    server.has(*map(a_status, range(300)))
    server.trouble = lambda number: Says(503, {}) if number >= 3 else None
    stored, cursor = pulled_until_it_fails(server, None)
    assert len(stored) == 40
    server.trouble = lambda number: None
    stored += refs(server.source().pull(cursor))
    assert sorted(stored) == uris(server)


@pytest.mark.parametrize("status", [CUT, 503])
def test_a_failure_in_any_request_loses_and_doubles_nothing(
    server: FakeMastodon, status: int
) -> None:
    server.has(*map(a_status, range(7)))
    server.hears(*(a_status(number, visibility="direct") for number in range(100, 105)))
    asked = requests_of_a_pull(server)
    assert asked > 9
    for broken in range(1, asked + 1):
        first = len(server.asked)
        server.trouble = lambda number, at=first + broken: (  # type: ignore[misc]
            Says(status, [1]) if number >= at else None
        )
        stored, cursor = pulled_until_it_fails(server, None, page_size=2, mentions=True)
        server.trouble = lambda number: None
        stored += refs(server.source(page_size=2, mentions=True).pull(cursor))
        assert sorted(stored) == uris(server), f"request {broken}"


def test_a_status_that_reached_the_server_late_is_found(server: FakeMastodon) -> None:
    server.has(*map(a_status, range(0, 60, 10)))
    cursor = last(server.source(page_size=2).pull(None))
    late = a_status(25)
    server.has(late)
    pages = list(server.source(page_size=2).pull(cursor))
    assert refs(pages) == [late["uri"]]
    assert refs(server.source(page_size=2).pull(last(pages))) == []


def test_a_status_that_comes_later_than_the_look_back_is_not_found(server: FakeMastodon) -> None:
    server.has(a_status(0), a_status(200))
    cursor = last(server.source(look_back_hours=1).pull(None))
    server.has(a_status(100))
    assert refs(server.source(look_back_hours=1).pull(cursor)) == []


def test_an_edit_is_another_version_and_a_counter_is_not(server: FakeMastodon) -> None:
    server.has(a_status(1), a_status(2))
    pages = list(server.source().pull(None))
    server.tags["brand"][0]["favourites_count"] = 99
    assert refs(server.source().pull(last(pages))) == []
    assert contents(server.source().pull(None)) == contents(pages)
    server.tags["brand"][0] |= {"edited_at": "2026-09-11T00:00:00.000Z", "content": "<p>Плохо</p>"}
    again = contents(server.source().pull(last(pages)))
    assert [ref for ref, _ in again] == [a_status(1)["uri"]]
    assert again[0] not in contents(pages)


def test_one_status_under_two_hashtags_and_in_a_mention_is_one_record(
    server: FakeMastodon,
) -> None:
    server.has(a_status(1))
    server.has(a_status(1), tag="other")
    server.hears(a_status(1))
    source = server.source(hashtags=["brand", "other"], mentions=True)
    found = [record for page in source.pull(None) for record in page.records]
    assert len(found) == 3
    assert len(set(map(str, found))) == 1


def test_a_server_that_pages_from_the_newest_is_noticed(server: FakeMastodon) -> None:
    server.has(*map(a_status, range(10)))
    server.upwards = False
    with pytest.raises(Changed, match="does not page upwards"):
        next(server.source(page_size=2).pull(None))


def test_the_first_reading_may_start_at_a_day(server: FakeMastodon) -> None:
    server.has(a_status(0), a_status(60 * 24 * 30))
    got = list(server.source(since="2026-10-01").pull(None))
    assert refs(got) == [a_status(60 * 24 * 30)["uri"]]


def test_another_server_is_read_from_its_beginning(server: FakeMastodon) -> None:
    server.has(a_status(1))
    cursor = last(server.source().pull(None))
    assert refs(server.source().pull(dict(cursor) | {"host": "elsewhere.example"})) == uris(server)


def test_a_hashtag_that_is_added_later_is_read_from_its_beginning(server: FakeMastodon) -> None:
    server.has(a_status(9))
    server.has(a_status(1), tag="%D0%BA%D0%BE%D1%84%D0%B5")
    cursor = last(server.source().pull(None))
    pages = list(server.source(hashtags=["brand", "Кофе"]).pull(cursor))
    assert refs(pages) == [a_status(1)["uri"]]


def test_a_hashtag_with_odd_signs_stays_inside_its_path(server: FakeMastodon) -> None:
    server.source(hashtags=["a/b?limit=1"]).check()
    assert server.asked == ["GET /api/v1/timelines/tag/a%2Fb%3Flimit%3D1?limit=1"]


def test_public_hashtags_are_read_without_a_token(server: FakeMastodon) -> None:
    server.has(a_status(1))
    assert refs(server.source(token=None).pull(None)) == uris(server)


def test_mentions_are_read_on_from_the_last_one(server: FakeMastodon) -> None:
    server.hears(*map(a_status, range(3)))
    source = server.source(hashtags=[], mentions=True)
    assert refs(source.pull(last(source.pull(None)))) == []
    assert server.asked[-1].endswith("min_id=3")


def test_a_mention_without_its_status_is_set_aside_with_what_came(server: FakeMastodon) -> None:
    server.hears(a_status(1), a_status(2), a_status(3))
    server.mentions[1]["status"] = None
    source = server.source(hashtags=[], mentions=True, page_size=2)
    found = [record for page in source.pull(None) for record in page.records]
    assert [type(record) for record in found] == [RawItem, Unreadable, RawItem]
    assert isinstance(found[1], Unreadable)
    assert json.loads(found[1].payload)["id"] == "2"
    assert found[1].ref


@pytest.mark.parametrize("body", [{"error": "no"}, [{"uri": "x"}], [1], None, "words"])
def test_another_shape_says_so_and_quotes_nothing(server: FakeMastodon, body: Any) -> None:
    server.trouble = lambda number: Says(200, body)
    with pytest.raises(Changed, match="not a list of entries with ids") as caught:
        list(server.source().pull(None))
    assert "words" not in str(caught.value)


def test_an_account_out_of_calls_says_when_to_come_back(server: FakeMastodon) -> None:
    server.has(*map(a_status, range(9)))
    reset = datetime.fromtimestamp(server.time.now + 200, UTC).isoformat()
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    server.trouble = lambda number: Says(429, {}, spent) if number == 3 else None
    stored = []
    with pytest.raises(Unavailable) as caught:
        for page in server.source(page_size=2).pull(None):
            stored += refs([page])
    assert caught.value.retry_after == pytest.approx(200, abs=1)
    assert len(stored) == 2


def test_a_status_is_read_with_its_author_and_its_words_as_html() -> None:
    said = read(a_status(3, spoiler_text="Осторожно", in_reply_to_id="12"))
    assert isinstance(said, Utterance)
    assert (said.text, said.html) == ("<p>Всё хорошо, 3 #brand</p>", True)
    assert (said.subject, said.in_reply_to) == ("Осторожно", "12")
    assert said.said_at == datetime(2026, 9, 10, 10, tzinfo=UTC)
    assert said.author.handle == "@anna@far.example"
    assert said.author.external_id == "https://far.example/users/anna"
    assert said.product == "App"
    assert said.extra["visibility"] == "public"


def test_an_author_on_our_own_server_gets_the_server_in_the_handle() -> None:
    said = read(a_status(1, account={"acct": "ivan", "display_name": ""}))
    assert isinstance(said, Utterance)
    assert said.author.handle == "@ivan@here.example"


@pytest.mark.parametrize(
    ("acct", "own"),
    [("Brand", "@brand"), ("brand", "brand@here.example"), ("us@far.example", "@us@far.example")],
)
def test_what_we_wrote_ourselves_is_skipped(acct: str, own: str) -> None:
    said = read(a_status(1, account={"acct": acct}), own_accounts=[own])
    assert said == Skipped("written by ourselves")


def test_somebody_with_our_name_on_another_server_is_not_us() -> None:
    said = read(a_status(1, account={"acct": "brand@far.example"}), own_accounts=["brand"])
    assert isinstance(said, Utterance)


def test_a_boost_is_skipped() -> None:
    assert read(a_status(1, reblog=a_status(2))) == Skipped("a boost of somebody's status")


def test_a_private_mention_is_feedback_and_says_that_it_is_private() -> None:
    said = read(a_status(1, visibility="direct"))
    assert isinstance(said, Utterance)
    assert said.extra["visibility"] == "direct"


def test_half_an_emoji_does_not_make_a_status_unreadable(server: FakeMastodon) -> None:
    server.has(a_status(1, content="<p>Спасибо \ud83d</p>"))
    (page,) = server.source().pull(None)
    said = server.source().read(page.records[0].payload)
    assert isinstance(said, Utterance)
    assert said.text.encode().decode().startswith("<p>Спасибо ")


@pytest.mark.parametrize(
    "changed",
    [{"content": None}, {"account": None}, {"account": {}}, {"created_at": "soon"}],
)
def test_a_status_of_another_shape_is_unreadable(changed: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(a_status(1, **changed))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hashtags": []}, "name hashtags"),
        ({"hashtags": ["#"]}, "an empty name"),
        ({"mentions": True, "token": None}, "needs a token"),
        ({"page_size": 41}, "less than or equal to 40"),
        ({"hashtag": ["x"]}, "Extra inputs"),
    ],
)
def test_settings_that_cannot_work_say_why(
    server: FakeMastodon, wrong: dict[str, Any], said: str
) -> None:
    given = {"kind": "mastodon", "channel": "social", "base_url": "x", "hashtags": ["x"]}
    with pytest.raises(ValidationError, match=said):
        MastodonSource.Settings(**given | wrong)


def test_a_wrong_token_is_named_by_its_setting(server: FakeMastodon) -> None:
    with pytest.raises(Refused, match=r"sources\.brand\.token"):
        server.source(token="old").check()


def test_the_settings_of_the_how_to_page_are_accepted() -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "collect-mastodon.md"
    block = textwrap.dedent(page.read_text("utf-8").split("```toml")[1].split("```")[0])
    table = tomllib.loads(block)["sources"]["brand"]
    assert isinstance(catalogue.source("brand", table | {"token": "x"}), MastodonSource)


# What the tests above are made of


class Timelines:
    """Five statuses under a hashtag and three mentions; see `HttpPlace`."""

    secret = TOKEN
    broken_words = "сломано"

    def __init__(self, server: FakeMastodon) -> None:
        self._server = server
        self.waited = server.time.slept
        server.has(*map(a_status, range(5)))
        server.hears(*map(a_status, range(100, 103)))
        self.refs = uris(server)

    def source(self, page_size: int) -> MastodonSource:
        return self._server.source(page_size, mentions=True)

    def add_one(self) -> str:
        self._server.has(a_status(50))
        return str(a_status(50)["uri"])

    def break_one(self) -> None:
        self._server.tags["brand"][2] |= {"content": None, "spoiler_text": self.broken_words}

    def refuse(self) -> None:
        self._server.trouble = lambda number: Says(401, {"error": f"revoked {TOKEN}"})

    def go_away(self) -> None:
        self._server.trouble = lambda number: Says(503, {})

    def ask_patience(self, seconds: int) -> None:
        at = len(self._server.asked) + 1
        wait = Says(429, {}, {"Retry-After": str(seconds)})
        self._server.trouble = lambda number: wait if number == at else None

    def loop(self) -> None:
        self._server.loops = True


def read(status: dict[str, Any], **changed: Any) -> Utterance | Skipped:
    server = FakeMastodon()
    server.url = "https://here.example"
    return server.source(product="App", **changed).read(json.dumps(status).encode())


def uris(server: FakeMastodon) -> list[str]:
    tagged = [status for statuses in server.tags.values() for status in statuses]
    return sorted(s["uri"] for s in [*tagged, *(m["status"] for m in server.mentions)])


def requests_of_a_pull(server: FakeMastodon) -> int:
    before = len(server.asked)
    list(server.source(page_size=2, mentions=True).pull(None))
    return len(server.asked) - before


def pulled_until_it_fails(
    server: FakeMastodon, cursor: Cursor | None, **how: Any
) -> tuple[list[str], Cursor | None]:
    stored: list[str] = []
    with pytest.raises(FeedbackError):
        for page in server.source(**how).pull(cursor):
            stored += refs([page])
            cursor = through_json(page.cursor)
    return stored, cursor


def last(pages: Any) -> Cursor:
    *_, page = pages
    assert isinstance(page, Page)
    return through_json(page.cursor)
