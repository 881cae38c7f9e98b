"""Any server that speaks OpenAI's chat completions: `POST /chat/completions`.

A text is data to it, several go in one request, and an answer that breaks any rule is no answer.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from connectors.engines.asking import (
    PROMPT,
    SCHEMA,
    cost,
    ids_of,
    messages,
    read_answer,
    speaks_to_a_model,
)
from connectors.http import Rejected, Session
from feedback.errors import Changed, Refused
from feedback.sentiment.engine import Around, Chances, digest, stated
from feedback.sentiment.model import LONGEST

TRIES = 2  # of one request whose answer as a whole cannot be read
CHARACTERS = 20_000  # of texts in one request
PROBE = "Thank you, everything is fine."
SPLIT = (400, 413, 422)  # perhaps one of the texts is the reason

log = logging.getLogger("feedback")  # what is put off belongs into the log of the run


class OpenAiEngine:
    """Any server that speaks OpenAI's chat completions. Redacted texts are sent there."""

    sends_out = True

    class Settings(BaseModel):
        model_config = ConfigDict(extra="forbid", frozen=True)

        kind: str
        base_url: str = Field(description="Up to the version, as in https://host/v1")
        model: str = Field(min_length=1, description="The name of the model there.")
        api_key: SecretStr = Field(SecretStr(""), description="By environment variable, please.")
        parameters: dict[str, Any] = Field(
            {"temperature": 0}, description="Sent along as they are; not every server takes all."
        )
        json_schema: bool = Field(
            False, description="Demand our JSON schema of the answer, where the server knows how."
        )
        threshold: float = Field(
            0.5,
            ge=0.5,
            le=1,
            description="A polarity is stated from this share of negative + positive on.",
        )
        texts_per_request: int = Field(
            20, ge=1, le=100, description="1: no text can touch the label of another."
        )
        requests_per_minute: float = Field(60, gt=0, description="The server's limit, or yours.")
        tokens_per_day: int | None = Field(
            None, ge=1, description="What is over waits for the next UTC day."
        )
        cost_per_day: float | None = Field(
            None, gt=0, description="The same as money, in the currency of the price."
        )
        price_per_million_tokens: float | None = Field(
            None, gt=0, description="The dearer of the two prices, in and out."
        )
        timeout: float = Field(60, gt=0, description="Seconds to wait for an answer.")

        @model_validator(mode="after")
        def _priced(self) -> Self:
            if self.cost_per_day and not self.price_per_million_tokens:
                raise ValueError("cost_per_day needs price_per_million_tokens")
            return self

        @property
        def most_tokens(self) -> float:
            """Tokens that may be spent on one day; infinite when nothing is set."""
            limits = [float(self.tokens_per_day)] if self.tokens_per_day else []
            if self.cost_per_day and self.price_per_million_tokens:
                limits.append(self.cost_per_day / self.price_per_million_tokens * 1e6)
            return min(limits, default=float("inf"))

        def raised(self, tokens: int) -> str:
            """Which limits are below so many tokens of a day, and what would do."""
            told = []
            if self.tokens_per_day and self.tokens_per_day < tokens:
                told.append(f"tokens_per_day to at least {tokens}")
            price = (self.price_per_million_tokens or 0) / 1e6
            if self.cost_per_day and self.cost_per_day < tokens * price:
                told.append(f"cost_per_day to at least {(tokens + 1) * price:.6g}")
            return " and ".join(told)

    def __init__(
        self,
        name: str,
        settings: Settings,
        around: Around,
        session: Callable[..., Session] = Session,
    ) -> None:
        self.table, self.settings, self._memory = name, settings, around.memory
        self.name = settings.model
        asked = digest(
            PROMPT, settings.base_url, settings.model, settings.parameters, settings.json_schema
        )
        self.version = digest(asked, settings.threshold)
        self._who = (self.name, asked)  # the threshold changes no answer
        self._make_session = session
        self._spent = 0
        self._sound = False  # whether an answer was good since something went wrong

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        plain = [text[:LONGEST] for text, _ in zip(texts, languages, strict=True)]
        wanted = [text for text in dict.fromkeys(plain) if text.strip()]
        found: dict[str, Chances | None] = dict(self._memory.recall(self._who, wanted))
        left = [text for text in wanted if text not in found]
        if left:
            found |= self._asked(left)
        none = (np.nan, np.nan, np.nan)
        chances = np.array([found.get(text) or none for text in plain]).reshape(-1, 3)
        put_off = [row for row, text in enumerate(plain) if text.strip() and text not in found]
        return stated(chances, self.settings.threshold, put_off)

    def _asked(self, texts: Sequence[str]) -> dict[str, Chances | None]:
        """What the server says of each text; None: nothing usable. Missing is what was put off."""
        found: dict[str, Chances | None] = {}
        self._spent = self._memory.spent_today(self.name)
        with self._session() as session:
            for some in self._portions(texts):
                found |= self._portion(session, some)
        self._say_put_off([text for text in texts if text not in found])
        return found

    def _say_put_off(self, texts: Sequence[str]) -> None:
        """What waits for another day, apart from what no day can pay for."""
        needed = [self._expected([text]) for text in texts]
        never = [tokens for tokens in needed if tokens > self.settings.most_tokens]
        if waiting := len(needed) - len(never):
            log.warning(
                "understand  %-16s %d texts wait for another day: %d tokens of %.0f are spent",
                *(self.table, waiting, self._spent, self.settings.most_tokens),
            )
        if never:
            log.warning(
                "understand  %-16s %d texts are too long for the budget of any day, they wait "
                "until you raise %s",
                *(self.table, len(never), self.settings.raised(max(never))),
            )

    def _portion(self, session: Session, texts: Sequence[str]) -> dict[str, Chances | None]:
        """A text without a good answer among others is asked about once more, alone."""
        found: dict[str, Chances | None] = dict(self._answered(session, texts))
        for text in [text for text in texts if text not in found]:
            if not self._affordable([text]):
                continue
            again = self._answered(session, [text])
            found[text] = again.get(text)
            if not again:
                self._doubt(session)
        return found

    def _answered(self, session: Session, texts: Sequence[str]) -> dict[str, Chances]:
        """The good answers about some texts, kept; none when the answer as a whole is not one."""
        for _ in range(TRIES):
            ids = ids_of(texts)
            request = self._request(ids)
            try:
                body = session.ask("chat/completions", request).body
            except Rejected as error:
                if error.status in SPLIT:
                    return {}
                raise self._refused(error.status) from None
            except Changed:  # no JSON
                continue
            answers, tokens = read_answer(body, ids), cost(body, request)
            self._spent += tokens
            self._memory.keep(self._who, answers, tokens)
            if answers:
                self._sound = True
                return answers
        return {}

    def _doubt(self, session: Session) -> None:
        """Is it the text or the server? At the second failure in a row, ask about words of ours.

        Raises `Refused` or `Changed` when it is the server: nothing is unsure because of that.
        """
        if self._sound:
            self._sound = False
            return
        ids = ids_of([PROBE])
        request = self._request(ids)
        body = session.ask("chat/completions", request).body  # `Rejected` may quote: it is ours
        answers, tokens = read_answer(body, ids), cost(body, request)
        self._spent += tokens
        self._memory.keep(self._who, {}, tokens)  # an answer is kept, and counted, only once
        if not answers:
            raise Changed(
                f"[engines.{self.table}]: the model {self.name} does not answer as it is asked to. "
                "What it answered before is kept, no other text was judged. Name another model, or "
                "set parameters or json_schema as its server needs them, then `feedback check`."
            )
        self._sound = True

    def _request(self, ids: dict[str, str]) -> dict[str, Any]:
        shape = {"response_format": SCHEMA} if self.settings.json_schema else {}
        told = {"model": self.settings.model, "messages": messages(ids)}
        return told | shape | self.settings.parameters

    def _expected(self, texts: Sequence[str]) -> int:
        """Tokens that a request will cost, rather too many than too few."""
        return cost(None, self._request(ids_of(texts))) + 60 * len(texts)

    def _affordable(self, texts: Sequence[str]) -> bool:
        return self._spent + self._expected(texts) <= self.settings.most_tokens

    def _portions(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """What today's budget reaches; each portion is made when the one before is paid for.

        What looks like words to a model goes alone: it shall not touch the others.
        """
        alone = {text for text in texts if speaks_to_a_model(text)}
        some: list[str] = []
        for text in [text for text in texts if text not in alone]:
            if some and self._affordable([text]) and not self._together([*some, text]):
                yield some
                some = []
            if self._affordable([*some, text]):
                some.append(text)
        if some:
            yield some
        yield from ([text] for text in texts if text in alone and self._affordable([text]))

    def _together(self, texts: Sequence[str]) -> bool:
        """Whether texts may share a request."""
        few = len(texts) <= self.settings.texts_per_request
        return few and sum(map(len, texts)) <= CHARACTERS and self._affordable(texts)

    def _session(self) -> Session:
        host = urlsplit(self.settings.base_url).netloc
        return self._make_session(
            self.settings.base_url,
            name=f"engines.{self.table}",
            account=f"{host} {self.settings.model}",
            setting=f"engines.{self.table}.api_key",
            token=self.settings.api_key,
            per_minute=self.settings.requests_per_minute,
            read=self.settings.timeout,
        )

    def _refused(self, status: int) -> Refused:
        return Refused(
            f"[engines.{self.table}]: the server answered {status} to POST /chat/completions. What "
            "it answered before is kept, no other text was judged. Check base_url, model and the "
            "account, then `feedback check`."
        )
