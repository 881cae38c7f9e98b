"""A server that speaks chat completions over loopback, and a model behind it that misbehaves.

It knows what a text says by its words; `obeys` makes it do what a text tells it, as models do.
"""

import json
from collections.abc import Callable
from typing import Any

from connectors.engines.openai_compatible import OpenAiEngine
from feedback.sentiment.engine import Around, Chances, Memory
from tests.connectors.told_server import Says, Server, a_session

KEY = "sk-very-secret"
TOKENS = 100  # of one answer
CHANCES = {
    "negative": (0.9, 0.05, 0.05),
    "neutral": (0.1, 0.8, 0.1),
    "positive": (0.05, 0.05, 0.9),
}

Entry = dict[str, Any]
Spoil = Callable[[list[Entry], list[Entry]], Any]
"""From (what was asked, the right entries) to the content of the answer."""


class FakeModel(Server):
    """Answers rightly, unless it is told to `spoil` the content of so many answers."""

    def __init__(self) -> None:
        super().__init__()
        self.usage: Any = {"total_tokens": TOKENS}
        self.obeys = False
        self._spoils: list[Spoil] = []
        self.spoilt_always: Spoil | None = None

    def spoil(self, spoil: Spoil, times: int = 1) -> None:
        self._spoils += [spoil] * times

    def answer(self, asked: str) -> Says:
        if self._queue:
            return self._queue.pop(0)
        texts = self.texts(-1)
        right = [self._entry(one, texts) for one in texts]
        spoil = self._spoils.pop(0) if self._spoils else self.spoilt_always
        content = spoil(texts, right) if spoil else {"answers": right}
        if not isinstance(content, str):
            content = json.dumps(content)
        body = {"choices": [{"message": {"role": "assistant", "content": content}}]}
        return Says(200, body | ({"usage": self.usage} if self.usage else {}))

    def texts(self, number: int) -> list[Entry]:
        """What a request asked about: dicts with id and text."""
        system, user = self.bodies[number]["messages"]
        assert (system["role"], user["role"]) == ("system", "user")
        return json.loads(user["content"])

    def asked_about(self) -> list[list[str]]:
        """The texts of each request."""
        return [[one["text"] for one in self.texts(n)] for n in range(len(self.bodies))]

    def _entry(self, one: Entry, texts: list[Entry]) -> Entry:
        label = label_of(one["text"])
        if self.obeys and any("IGNORE" in other["text"] for other in texts):
            label = "positive"
        return an_entry(one["id"], label)


def label_of(text: str) -> str:
    return "negative" if "bad" in text else "positive" if "good" in text else "neutral"


def an_entry(one: str, label: str, **changed: Any) -> Entry:
    negative, neutral, positive = CHANCES[label]
    told = {"id": one, "label": label, "negative": negative, "neutral": neutral}
    return told | {"positive": positive} | changed


class Kept:
    """A memory in a dict, as the warehouse's is in a table."""

    def __init__(self, spent: int = 0) -> None:
        self.answers: dict[tuple[tuple[str, str], str], Chances] = {}
        self.spent = spent

    def recall(self, who: tuple[str, str], texts: Any) -> dict[str, Chances]:
        return {text: self.answers[who, text] for text in texts if (who, text) in self.answers}

    def keep(self, who: tuple[str, str], answers: Any, tokens: int) -> None:
        self.answers |= {(who, text): chances for text, chances in answers.items()}
        self.spent += tokens

    def spent_today(self, engine: str) -> int:
        return self.spent


def an_engine(server: FakeModel, memory: Memory | None = None, **settings: Any) -> OpenAiEngine:
    told = {"kind": "openai", "base_url": f"{server.url}/v1", "model": "tiny-1", "api_key": KEY}
    told |= {"requests_per_minute": 60_000}

    def session(url: str, **given: Any) -> Any:
        given.pop("account")
        made = a_session(url, server.time, **given)
        server.sessions.append(made)
        return made

    around = Around(memory or Kept(), lambda name: (_ for _ in ()).throw(KeyError(name)))
    return OpenAiEngine("big", OpenAiEngine.Settings(**told | settings), around, session)
