"""Writes social/posts.jsonl: an export of Mastodon statuses that mention the company.

The content is HTML as Mastodon makes it: mentions and hashtags are links inside spans.
"""

import html
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.dirt import Tally
from examples.story import Utterance
from examples.voice import Voice

SITE = "https://social.example"
MENTION = (
    f'<span class="h-card" translate="no"><a href="{SITE}/@myatlik" class="u-url mention">'
    "@<span>myatlik</span></a></span>"
)
TAGS = {
    "app": ("приложение", "app"),
    "shop": ("покупки", "shopping"),
    "delivery": ("доставка", "delivery"),
    "club": ("баллы", "loyalty"),
    "payments": ("оплата", "payments"),
    "support": ("поддержка", "support"),
}
# How many of each kind in every thousand rows.
AMOUNTS = {
    "bad_date": 1,
    "missing_date": 1,
    "future_date": 1,
    "empty_answer": 2,
    "broken_record": 1,
    "same_id_same_content": 4,
    "same_id_changed_content": 3,
    "repeated_text": 2,
    "ids_in_text": 3,
    "personal_data": 4,
}


@dataclass(frozen=True)
class Post:
    """One status, before it becomes JSON."""

    ref: str
    said: Utterance
    text: str
    when: datetime | str | None
    tags: tuple[str, ...] = ()
    mention_first: bool = True
    reply_to: str | None = None
    visibility: str = "public"
    edited: bool = False
    broken: bool = False


def posts(
    rng: random.Random, voice: Voice, tally: Tally, plan: list[Utterance], dirt: dict[str, int]
) -> list[Post]:
    """Turn utterances into posts, spoil as many as `dirt` says, and count them."""
    order = [kind for kind, number in dirt.items() for _ in range(number)]
    spots = dict(zip(rng.sample(range(len(plan)), len(order)), order, strict=True))
    written: list[Post] = []
    for number, said in enumerate(plan):
        post = _post(rng, voice, said, written)
        kind = spots.get(number, "")
        written += _spoil(rng, voice, tally, kind, post) if kind else [post]
        if not kind:
            tally.count(post.ref)
    return written


def _post(rng: random.Random, voice: Voice, said: Utterance, before: list[Post]) -> Post:
    russian = said.person.language not in ("en", "de")
    tags: tuple[str, ...] = ()
    if rng.random() < 0.4:
        own = TAGS[said.topic][0 if russian else 1]
        tags = rng.choice(((own,), ("мятлик" if russian else "myatlik",), ("myatlik", own)))
    talk = [it for it in before[-25:] if it.said.topic == said.topic == "payments"]
    answered = rng.choice(talk).ref if talk and rng.random() < 0.25 else None
    return Post(
        ref=_snowflake(rng, said.when),
        said=said,
        text=voice.post(said),
        when=said.when,
        tags=tags,
        mention_first=rng.random() < 0.6,
        reply_to=answered,
        visibility=rng.choices(("public", "unlisted", "direct"), (0.88, 0.09, 0.03))[0],
    )


def _snowflake(rng: random.Random, when: datetime) -> str:
    """An id as Mastodon makes it: milliseconds since 1970, shifted by 16 bits."""
    return str((int(when.timestamp() * 1000) << 16) + rng.randrange(1 << 16))


def _spoil(rng: random.Random, voice: Voice, tally: Tally, kind: str, post: Post) -> list[Post]:
    make: dict[str, Callable[[], list[Post]]] = {
        "bad_date": lambda: [replace(post, when="2026-09-31T25:61:00Z")],
        "missing_date": lambda: [replace(post, when=None)],
        "future_date": lambda: [replace(post, when=post.said.when.replace(year=2036))],
        "empty_answer": lambda: [replace(post, text="", tags=())],
        "broken_record": lambda: [replace(post, broken=True)],
        "same_id_same_content": lambda: [post, post],
        "same_id_changed_content": lambda: [
            post,
            replace(post, text=f"{post.text} UPD 👌", edited=True),
        ],
        "repeated_text": lambda: [post, _again(rng, post)],
        "ids_in_text": lambda: [_with_line(voice, tally, "ids any", post)],
        "personal_data": lambda: [_with_line(voice, tally, "pii any", post)],
    }
    made = make[kind]()
    for extra in made[:-1]:
        tally.count(extra.ref)
    tally.count(made[-1].ref, kind)
    return made


def _again(rng: random.Random, post: Post) -> Post:
    when = post.said.when + timedelta(minutes=7)
    return replace(post, ref=_snowflake(rng, when), when=when)


def _with_line(voice: Voice, tally: Tally, section: str, post: Post) -> Post:
    slots = voice.slots(post.said)
    language = "en" if post.said.person.language in ("en", "de") else "ru"
    line = voice.book.expand(voice.book.deal(f"{language} {section}"), slots, False)
    private = [slots[name] for name in ("phone", "email", "card") if slots[name] in line]
    tally.look_for(post.ref, [slots["num15"]] if slots["num15"] in line else [], private)
    return replace(post, text=f"{post.text} {line}")


def posts_jsonl(written: list[Post]) -> bytes:
    """One status a line, newest last; a broken record is a line cut in the middle."""
    lines = []
    for post in written:
        line = json.dumps(_status(post), ensure_ascii=False)
        lines.append(line[: len(line) // 3] if post.broken else line)
    return ("\n".join(lines) + "\n").encode()


def _status(post: Post) -> dict[str, Any]:
    when = post.when
    if isinstance(when, datetime):
        when = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    person = post.said.person
    return {
        "id": post.ref,
        "created_at": when,
        "edited_at": when if post.edited else None,
        "content": _content(post),
        "account": {
            "id": person.external_id.removeprefix("u"),
            "acct": f"{person.handle}@social.example",
            "display_name": person.name,
            "bot": False,
        },
        "url": f"{SITE}/@{person.handle}/{post.ref}",
        "language": person.language,
        "in_reply_to_id": post.reply_to,
        "visibility": post.visibility,
        "tags": [{"name": tag} for tag in post.tags],
    }


def _content(post: Post) -> str:
    if not post.text:
        return ""
    tags = " ".join(
        f'<a href="{SITE}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        for tag in post.tags
    )
    words = html.escape(post.text, quote=False)
    said = f"{MENTION} {words}" if post.mention_first else f"{words} {MENTION}"
    return f"<p>{said}</p>" + (f"<p>{tags}</p>" if tags else "")
