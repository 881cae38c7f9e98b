"""The Mastodon reader on answers that a real server gave to the test suite of Mastodon.py.

Needs the folder `shared` beside the checkout, or FEEDBACK_SHARED; skipped without it.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from connectors.social.mastodon import MastodonSource
from feedback.records import Utterance
from tests.connectors.social.fake_mastodon import FakeMastodon

SHARED = Path(os.environ.get("FEEDBACK_SHARED", Path(__file__).parents[2].parent / "shared"))
CASSETTES = SHARED / "data" / "fixtures" / "mastodon" / "mastodon.py-cassettes"
pytestmark = pytest.mark.skipif(
    not CASSETTES.is_dir(), reason=f"there are no recorded answers at {CASSETTES}"
)


def test_every_recorded_status_is_read_or_skipped_for_a_reason() -> None:
    source = a_source()
    outcomes: Counter[str] = Counter()
    for status in statuses():
        said = source.read(json.dumps(status).encode())
        if isinstance(said, Utterance):
            assert said.author.handle.endswith("@localhost")
            assert said.url
            outcomes[f"{said.extra['visibility']}, {'text' if said.text else 'no text'}"] += 1
        else:
            outcomes[said.reason] += 1
    assert outcomes == OUTCOMES


@pytest.mark.parametrize("recording", ["test_fetch_remaining", "test_pagination_iterator"])
def test_our_stand_in_pages_as_the_recorded_server_did(recording: str) -> None:
    recorded = [(url, body) for url, body in answers(f"{recording}.yaml") if "/tag/" in url]
    assert len(recorded) >= 4
    stand_in = FakeMastodon()
    stand_in.url, stand_in.headers = "http://localhost:3000", [{}]
    every = {status["id"]: status for _, page in recorded for status in page}
    stand_in.has(*every.values(), tag=urlsplit(recorded[0][0]).path.rpartition("/")[2])
    for url, page in recorded:
        says = stand_in.answer(f"GET {url.removeprefix('http://localhost:3000')}")
        assert [status["id"] for status in says.body] == [status["id"] for status in page], url


def test_the_recorded_server_answers_min_id_with_what_is_immediately_newer() -> None:
    for name in ("", "_after_persist", "_from_pagination_info"):
        pages = [body for url, body in answers(f"test_fetch_next_previous{name}.yaml")
                 if "limit=5" in url]  # fmt: skip
        newest, older, newer_again = ([status["id"] for status in page] for page in pages)
        assert newest > older
        assert newer_again == newest


OUTCOMES = {
    "public, text": 208,
    "unlisted, text": 129,
    "private, text": 6,
    "direct, text": 4,
    "a boost of somebody's status": 5,
}


def a_source() -> MastodonSource:
    given: dict[str, Any] = {"kind": "mastodon", "channel": "social", "hashtags": ["x"]}
    return MastodonSource(
        "recorded", MastodonSource.Settings(base_url="http://localhost:3000", **given)
    )


def answers(pattern: str) -> Iterator[tuple[str, Any]]:
    """(URL, parsed body) of every answer with JSON."""
    for path in sorted(CASSETTES.glob(pattern)):
        for exchange in yaml.load(path.read_bytes(), yaml.CSafeLoader)["interactions"]:
            try:
                yield exchange["request"]["uri"], json.loads(exchange["response"]["body"]["string"])
            except ValueError:
                continue


def statuses() -> Iterator[dict[str, Any]]:
    for _, body in answers("*.yaml"):
        for entry in body if isinstance(body, list) else [body]:
            status = entry.get("status", entry) if isinstance(entry, dict) else None
            if isinstance(status, dict) and {"content", "account", "uri"} <= set(status):
                yield status
