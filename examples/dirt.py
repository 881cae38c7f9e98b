"""Every kind of dirt in the samples, what must become of it, and the count kept while writing.

The fates are those of the run ledger, so new + changed + duplicate + set_aside + skipped = records.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fate:
    """What the pipeline must do with one record, and the word for why."""

    ledger: str
    reason: str = ""


STORED = Fate("new")
FATES = {
    # Not stored as feedback: kept in set_aside with a reason, to be replayed or dropped.
    "bad_date": Fate("set_aside", "date"),
    "missing_date": Fate("set_aside", "date"),
    "future_date": Fate("set_aside", "date"),
    "rating_word": Fate("set_aside", "rating"),
    "rating_off_scale": Fate("set_aside", "rating"),
    "empty_answer": Fate("set_aside", "empty"),
    "broken_record": Fate("set_aside", "broken"),
    # Seen before under the same id.
    "same_id_same_content": Fate("duplicate"),
    "same_id_changed_content": Fate("changed"),
    # Not written by a customer.
    "auto_reply": Fate("skipped", "auto-reply"),
    "bounce": Fate("skipped", "bounce"),
    # Stored: strange, but what somebody said.
    "rating_only": STORED,
    "text_only": STORED,
    "repeated_text": STORED,
    "formula_cell": STORED,
    "html_in_text": STORED,
    "ids_in_text": STORED,
    "personal_data": STORED,
    "unknown_charset": STORED,
    "windows_1251": STORED,
    "koi8_r": STORED,
    "html_only": STORED,
    "quoted_thread": STORED,
    "no_message_id": STORED,
    "attachment": STORED,
}


@dataclass
class Tally:
    """What was written into one file: counts per fate, references per kind, texts to look for."""

    path: str
    fates: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    dirt: dict[str, list[str]] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list)

    def count(self, ref: str, *kinds: str) -> None:
        """Count one record; of its kinds at most one may decide its fate."""
        fates = {FATES[kind] for kind in kinds} - {STORED} or {STORED}
        if len(fates) > 1:
            raise ValueError(f"record {ref} of {self.path} has two fates: {sorted(kinds)}")
        fate = fates.pop()
        self.fates[fate.ledger] += 1
        if fate.reason:
            (self.skipped if fate.ledger == "skipped" else self.set_aside)[fate.reason] += 1
        for kind in kinds:
            self.dirt.setdefault(kind, []).append(ref)

    def look_for(self, ref: str, contains: list[str], never: list[str]) -> None:
        """Note what the stored text of one record must and must not contain."""
        self.texts.append({"ref": ref, "contains": contains, "never": never})

    def as_dict(self) -> dict[str, Any]:
        """This file's part of expected.json."""
        ledger = {name: self.fates[name] for name in LEDGER}
        return {
            "records": self.fates.total(),
            **ledger,
            "set_aside_by_reason": dict(sorted(self.set_aside.items())),
            "skipped_by_reason": dict(sorted(self.skipped.items())),
            "dirt": {
                kind: {
                    "count": len(refs),
                    "expect": FATES[kind].ledger,
                    "reason": FATES[kind].reason,
                    "refs": refs,
                }
                for kind, refs in sorted(self.dirt.items())
            },
            "texts": self.texts,
        }


LEDGER = ("new", "changed", "duplicate", "set_aside", "skipped")
