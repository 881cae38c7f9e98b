"""Walking a list by its Link headers, and refusing to walk in a circle."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.paging import follow
from feedback.errors import Changed, Unavailable
from tests.connectors.told_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running(Server()) as started:
        yield started


def test_it_walks_to_the_page_that_names_no_other(server: Server) -> None:
    a_page(server, [1, 2], following="/list?page=2")
    a_page(server, [3], following="/list?page=3")
    a_page(server, [])
    assert walked(server) == [[1, 2], [3], []]
    assert server.asked == ["GET /list?limit=2", "GET /list?page=2", "GET /list?page=3"]


def test_it_can_walk_the_other_way(server: Server) -> None:
    a_page(server, [1, 2], following="/list?min_id=2", rel="prev")
    a_page(server, [])
    assert walked(server, rel="prev") == [[1, 2], []]


def test_a_page_that_names_itself_is_a_loop(server: Server) -> None:
    for entry in (1, 2, 3):
        a_page(server, [entry], following="/list?page=2")
    assert pages_before_a_loop(server) == [[1]]


def test_a_page_that_names_an_earlier_one_is_a_loop(server: Server) -> None:
    a_page(server, [1], following="/list?page=2")
    a_page(server, [2], following="/list?page=3")
    a_page(server, [3], following="/list?page=2")
    assert pages_before_a_loop(server) == [[1], [2]]


def test_the_same_entries_under_ever_new_names_are_a_loop(server: Server) -> None:
    for number in range(9):
        a_page(server, [1, 2], following=f"/list?token={number}")
    assert pages_before_a_loop(server) == [[1, 2]]


def test_empty_pages_with_further_links_are_no_loop(server: Server) -> None:
    a_page(server, [], following="/list?page=2")
    a_page(server, [], following="/list?page=3")
    a_page(server, [3])
    assert walked(server) == [[], [], [3]]


def test_what_came_before_a_failure_was_handed_out(server: Server) -> None:
    a_page(server, [1], following="/list?page=2")
    server.always.status = 503
    walk = follow(server.session(), "list", {}, ids=ids)
    assert next(walk).body == [1]
    with pytest.raises(Unavailable):
        next(walk)


def a_page(server: Server, entries: list[int], following: str = "", rel: str = "next") -> None:
    link = {"Link": f'<{server.url}{following}>; rel="{rel}"'} if following else {}
    server.says(200, entries, link)


def walked(server: Server, **how: Any) -> list[Any]:
    return [a.body for a in follow(server.session(), "list", {"limit": 2}, ids=ids, **how)]


def pages_before_a_loop(server: Server) -> list[Any]:
    got = []
    with pytest.raises(Changed, match="names one page twice"):
        for answer in follow(server.session(), "list", {"limit": 2}, ids=ids):
            got.append(answer.body)
    return got


def ids(body: Any) -> tuple[str, ...]:
    return tuple(map(str, body))
