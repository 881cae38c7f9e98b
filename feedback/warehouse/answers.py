"""What engines that cost something answered: kept by the keyed hash of the text, and counted.

What an unusable answer cost is a row of its own, under a hash that no text has.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from feedback.sentiment.engine import Chances
from feedback.vault import Vault
from feedback.warehouse import bulk
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import engine_answer

KIND = "engine text"


class Answers:
    """The `Memory` of engines in the warehouse."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine, self._vault = engine, vault

    def recall(self, who: tuple[str, str], texts: Sequence[str]) -> dict[str, Chances]:
        """{text: probabilities} of the texts that this version answered before."""
        hashes = {self._hash(text): text for text in texts}
        own = engine_answer.c
        query = select(own.text_hash, own.p_negative, own.p_neutral, own.p_positive)
        query = query.where(own.engine == who[0], own.engine_version == who[1])
        with self._engine.connect() as connection:
            found = bulk.fetch(connection, query, own.text_hash, hashes)
        return {hashes[row[0]]: (row[1], row[2], row[3]) for row in found}

    def keep(self, who: tuple[str, str], answers: Mapping[str, Chances], tokens: int) -> None:
        """Keep answers with their shares of what they cost, at once and whole."""
        told = {self._hash(text): chances for text, chances in answers.items()}
        told = told or {f"unusable {secrets.token_hex(16)}": (0.0, 0.0, 0.0)}
        shares = [tokens // len(told) + (n < tokens % len(told)) for n in range(len(told))]
        now = datetime.now(UTC)
        rows = [
            {
                "engine": who[0],
                "engine_version": who[1],
                "text_hash": text_hash,
                "p_negative": chances[0],
                "p_neutral": chances[1],
                "p_positive": chances[2],
                "tokens": share,
                "made_at": now,
            }
            for (text_hash, chances), share in zip(told.items(), shares, strict=True)
        ]
        with writing(self._engine) as connection:
            bulk.insert(connection, engine_answer, rows)

    def spent_today(self, engine: str) -> int:
        """Tokens that an engine, whatever its version, cost since midnight UTC."""
        own = engine_answer.c
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        query = select(func.coalesce(func.sum(own.tokens), 0))
        with self._engine.connect() as connection:
            return int(
                connection.scalar(query.where(own.engine == engine, own.made_at >= midnight)) or 0
            )

    def _hash(self, text: str) -> str:
        return self._vault.hash(KIND, text.encode(errors="replace").decode())
