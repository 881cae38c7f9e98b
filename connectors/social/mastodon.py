"""Statuses on Mastodon under our hashtags, and those that mention us.

Read from the oldest up (`min_id`), so that a page that fails loses nothing before or after it.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from connectors.contract import Cursor, Page, SourceSettings
from connectors.http import Session
from connectors.paging import follow
from connectors.social.lookback import Place, snowflake
from feedback.errors import Changed, Unreadable
from feedback.records import Author, Channel, RawItem, Skipped, Utterance
from feedback.values import parse_moment

MENTIONS = "@mentions"


class MastodonSource:
    """Cursor: {"host", "timelines": {"#tag": {"last": id, "seen": {id: edited}}}}."""

    class Settings(SourceSettings):
        kind: Literal["mastodon"] = "mastodon"
        channel: Channel = "social"
        base_url: str = Field(description="The server, such as https://mastodon.social.")
        token: SecretStr | None = Field(None, description="Needed for mentions.")
        hashtags: tuple[str, ...] = Field((), description="With or without the #.")
        mentions: bool = Field(False, description="What mentions the token's account.")
        own_accounts: tuple[str, ...] = Field((), description="Whose statuses are skipped.")
        since: date | None = Field(None, description="First day of a hashtag's first reading.")
        look_back_hours: float = Field(24, ge=0, description="How late a status may arrive.")
        page_size: int = Field(40, ge=1, le=40, description="Statuses asked for at once.")
        calls_per_minute: float = Field(60, gt=0, description="For all sources on this server.")

        @field_validator("hashtags", "own_accounts")
        @classmethod
        def _bare(cls, names: tuple[str, ...]) -> tuple[str, ...]:
            bare = tuple(dict.fromkeys(name.strip().lstrip("#@").casefold() for name in names))
            if not all(bare):
                raise ValueError("an empty name")
            return bare

        @model_validator(mode="after")
        def _something_to_read(self) -> Self:
            if not (self.hashtags or self.mentions):
                raise ValueError("name hashtags, or set mentions = true")
            if self.mentions and self.token is None:
                raise ValueError("mentions = true needs a token")
            return self

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.channel, self.settings = name, settings.channel, settings
        self._host = urlsplit(settings.base_url).netloc
        self._session = partial(
            Session,
            settings.base_url,
            name=name,
            account=self._host,
            setting=f"sources.{name}.token",
            token=settings.token,
            per_minute=settings.calls_per_minute,
            clock=clock,
            sleep=sleep,
        )

    def check(self) -> str:
        with self._session() as session:
            for timeline in self._timelines():
                path, params = _where(timeline)
                _entries(session.get(path, params | {"limit": 1}).body, timeline, self.name)
        return f"{self._host} lets us read {', '.join(self._timelines())}."

    def pull(self, since: Cursor | None) -> Iterator[Page]:
        """Yields no page for a timeline with nothing new."""
        timelines = dict(since["timelines"]) if since and since["host"] == self._host else {}
        with self._session() as session:
            for timeline in self._timelines():
                known = Place(**timelines[timeline]) if timeline in timelines else None
                for records, place in self._walk(session, timeline, known):
                    timelines[timeline] = place.as_json()
                    yield Page(records, {"host": self._host, "timelines": dict(timelines)})

    def read(self, payload: bytes) -> Utterance | Skipped:
        return read_status(payload, self.settings)

    def _timelines(self) -> list[str]:
        tags = [f"#{tag}" for tag in self.settings.hashtags]
        return [*tags, MENTIONS] if self.settings.mentions else tags

    def _walk(
        self, session: Session, timeline: str, place: Place | None
    ) -> Iterator[tuple[list[RawItem | Unreadable], Place]]:
        path, params = _where(timeline)
        hours = 0 if timeline == MENTIONS else self.settings.look_back_hours
        start = place.start(hours) if place else self._first(timeline)
        params |= {"limit": self.settings.page_size, "min_id": start}
        ids = partial(_ids, timeline=timeline, source=self.name)
        for answer in follow(session, path, params, rel="prev", ids=ids):
            entries = _entries(answer.body, timeline, self.name)
            if place is None and entries:
                self._prove_upward(session, timeline, entries[-1]["id"], start)
            place = place or Place()
            fresh = [entry for entry in reversed(entries) if place.is_new(*_version(entry))]
            if fresh:
                place = place.after(map(_version, fresh), hours)
                yield [_record(entry, self._host) for entry in fresh], place

    def _first(self, timeline: str) -> str:
        day = self.settings.since
        if day is None or timeline == MENTIONS:
            return "0"
        return str(snowflake(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))

    def _prove_upward(self, session: Session, timeline: str, oldest: str, start: str) -> None:
        """Some servers take `min_id` for `since_id` and would hide all but the newest page."""
        path, params = _where(timeline)
        below = params | {"limit": 1, "max_id": oldest, "since_id": start}
        if _entries(session.get(path, below).body, timeline, self.name):
            raise Changed(
                f"{self.name}: {self._host} does not page upwards from min_id, so {timeline} "
                "would lose statuses. Nothing was read from it. Use a server that runs Mastodon."
            )


def read_status(payload: bytes, settings: MastodonSource.Settings) -> Utterance | Skipped:
    """One status as the API gives it (entity Status), its text still HTML."""
    try:
        status = json.loads(payload.decode("utf-8", "replace"))
        account, acct = status["account"], status["account"]["acct"]
        handle = acct if "@" in acct else f"{acct}@{urlsplit(settings.base_url).hostname}"
        if status.get("reblog"):
            return Skipped("a boost of somebody's status")
        if {handle.casefold(), acct.casefold()} & set(settings.own_accounts):
            return Skipped("written by ourselves")
        return Utterance(
            said_at=parse_moment(status["created_at"]),
            text=str.strip(status["content"]),  # a TypeError for what is no text
            subject=str(status.get("spoiler_text") or ""),
            html=True,
            author=Author(
                external_id=str(account.get("uri") or account.get("url") or ""),
                handle=f"@{handle}",
                name=str(account.get("display_name") or ""),
            ),
            product=settings.product,
            region=settings.region,
            segment=settings.segment,
            url=str(status.get("url") or status["uri"]),
            in_reply_to=str(status.get("in_reply_to_id") or ""),
            extra={key: str(status[key]) for key in _EXTRA if status.get(key)},
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise Unreadable("this is not a status as Mastodon's API describes it") from None


_EXTRA = ("id", "language", "visibility", "edited_at")


def _record(entry: dict[str, Any], host: str) -> RawItem | Unreadable:
    status = _status(entry)
    if not isinstance(status, dict) or not isinstance(status.get("uri"), str):
        reason = "an entry of the timeline holds no status with a uri"
        digest = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:16]
        return Unreadable(reason, ref=f"{host} {entry['id']} {digest}", payload=_bytes(entry))
    words = [status.get(key) for key in ("content", "spoiler_text", "edited_at")]
    return RawItem(status["uri"], _bytes(status), content=json.dumps(words))


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")


def _where(timeline: str) -> tuple[str, dict[str, Any]]:
    if timeline == MENTIONS:
        return "api/v1/notifications", {"types[]": "mention"}
    return f"api/v1/timelines/tag/{quote(timeline[1:], safe='')}", {}


def _entries(body: Any, timeline: str, source: str) -> list[dict[str, Any]]:
    """Newest first, as they come."""
    good = isinstance(body, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]
        for entry in body
    )
    if not good:
        raise Changed(
            f"{source}: {timeline} is not a list of entries with ids. Nothing was read from this "
            "page. Check base_url: it must be a server that runs Mastodon."
        )
    return list(body)


def _ids(body: Any, timeline: str, source: str) -> tuple[str, ...]:
    return tuple(entry["id"] for entry in _entries(body, timeline, source))


def _status(entry: dict[str, Any]) -> Any:
    """An entry is a status, or a notification that holds one."""
    return entry.get("status") if "type" in entry else entry


def _version(entry: dict[str, Any]) -> tuple[str, str]:
    """The entry's id, and when its status was edited."""
    status = _status(entry)
    return entry["id"], str(status.get("edited_at") or "") if isinstance(status, dict) else ""
