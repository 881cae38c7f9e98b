"""A Mastodon server as far as its two timelines go: ids, min_id, max_id, since_id, Link, limits.

Like the real one it answers newest first even where `min_id` makes it page upwards.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from connectors.social.lookback import snowflake
from connectors.social.mastodon import MastodonSource
from tests.connectors.told_server import TOKEN, Says, Server

START = 1_789_000_000  # seconds since the epoch, of the first status


class FakeMastodon(Server):
    """`trouble` looks at the number of a request, from 1, and may answer in the server's place."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, list[dict[str, Any]]] = {}
        self.mentions: list[dict[str, Any]] = []
        self.trouble: Callable[[int], Says | None] = lambda number: None
        self.upwards = True
        self.loops = False

    def answer(self, asked: str) -> Says:
        trouble = self.trouble(len(self.asked))
        if trouble is not None:
            return trouble
        if self.headers[-1].get("Authorization") not in (None, f"Bearer {TOKEN}"):
            return Says(401, {"error": "The access token is invalid"})
        url = urlsplit(asked.removeprefix("GET "))
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if url.path == "/api/v1/notifications":
            return self._page(self.mentions, url.path, query)
        return self._page(self.tags.get(url.path.rpartition("/")[2], []), url.path, query)

    def _page(self, entries: list[dict[str, Any]], path: str, query: dict[str, str]) -> Says:
        low = int(query.get("min_id") or query.get("since_id") or 0)
        high, limit = int(query.get("max_id") or 2**63), int(query.get("limit") or 20)
        found = sorted(
            (e for e in entries if low < int(e["id"]) < high), key=lambda e: int(e["id"])
        )
        upwards = "min_id" in query and self.upwards
        page = list(reversed(found[:limit] if upwards else found[-limit:]))
        return Says(200, page, self._links(page, path, query) if page else {})

    def _links(
        self, page: list[dict[str, Any]], path: str, query: dict[str, str]
    ) -> dict[str, str]:
        kept = {name: value for name, value in query.items() if name in ("limit", "types[]")}
        older = urlencode(kept | {"max_id": page[-1]["id"]})
        newer = urlencode(query if self.loops else kept | {"min_id": page[0]["id"]})
        base = f"{self.url}{path}"
        return {"Link": f'<{base}?{older}>; rel="next", <{base}?{newer}>; rel="prev"'}

    def source(self, page_size: int = 40, **changed: Any) -> MastodonSource:
        given: dict[str, Any] = {
            "kind": "mastodon",
            "channel": "social",
            "base_url": self.url,
            "token": TOKEN,
            "hashtags": ["#Brand"],
            "page_size": min(page_size, 40),
            "calls_per_minute": 60_000,
        }
        settings = MastodonSource.Settings(**given | changed)
        return MastodonSource("brand", settings, clock=self.time.clock, sleep=self.time.sleep)

    def has(self, *statuses: dict[str, Any], tag: str = "brand") -> None:
        self.tags.setdefault(tag, []).extend(statuses)

    def hears(self, *statuses: dict[str, Any]) -> None:
        """Mentions: their ids are a plain count, not the statuses' own."""
        for status in statuses:
            number = str(len(self.mentions) + 1)
            self.mentions.append({"id": number, "type": "mention", "status": status})


def a_status(minute: float, **changed: Any) -> dict[str, Any]:
    """A status written so many minutes after `START`; the id holds that time, as on a server."""
    number = str(snowflake(START + 60 * minute) + 7)
    account = {
        "acct": "anna@far.example",
        "display_name": "Анна",
        "uri": "https://far.example/users/anna",
    }
    return {
        "id": number,
        "uri": f"https://far.example/statuses/{number}",
        "url": f"https://far.example/@anna/{number}",
        "created_at": "2026-09-10T10:00:00.000Z",
        "edited_at": None,
        "content": f"<p>Всё хорошо, {minute} #brand</p>",
        "spoiler_text": "",
        "visibility": "public",
        "language": "ru",
        "in_reply_to_id": None,
        "reblog": None,
        "favourites_count": 0,
        "account": account,
    } | changed
