"""A CRM in memory whose calls go wrong when they are told to; it remembers all it was asked."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import BaseModel

from connectors.contract import Activity, CrmObject, Outcome
from feedback.errors import Unavailable


class FlakyCrm:
    """`trouble` maps a text to what happens when an activity with that text is written."""

    batch = 2
    stored: ClassVar[dict[str, CrmObject]] = {}
    trouble: ClassVar[dict[str, str]] = {}
    asked: ClassVar[list[str]] = []

    class Settings(BaseModel):
        kind: Literal["flaky"]

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name

    @classmethod
    def forget(cls) -> None:
        cls.stored.clear()
        cls.trouble.clear()
        cls.asked.clear()

    def check(self) -> str:
        return "It is there."

    def find(self, objects: Sequence[CrmObject]) -> dict[str, str]:
        self.asked.extend(f"find {o.key}" for o in objects)
        return {o.key: f"r-{o.key}" for o in objects if o.key in self.stored}

    def write(self, objects: Sequence[CrmObject]) -> Iterator[Outcome]:
        for one in objects:
            yield self._write(one)

    def _write(self, one: CrmObject) -> Outcome:
        happens = self.trouble.get(one.text, "") if isinstance(one, Activity) else ""
        if happens == "away":
            raise Unavailable("The CRM is away. Wait.")
        if happens == "refused":
            return Outcome(one.key, "rejected", error="no such product")
        assert one.remote_id or one.key not in self.stored, "written twice"
        self.asked.append(f"write {one.key}")
        self.stored[one.key] = one
        if happens == "answer lost":
            return Outcome(one.key, "unknown", error="no answer")
        if happens == "killed":
            raise KeyboardInterrupt
        return Outcome(one.key, "done", remote_id=f"r-{one.key}")
