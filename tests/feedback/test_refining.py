from datetime import UTC, datetime

from feedback.records import Utterance
from feedback.refining import Stored, refine
from feedback.vault import Vault

WHEN = datetime(2026, 9, 1, tzinfo=UTC)


def test_what_cleaning_did_counts_the_text_and_the_subject() -> None:
    misread = "Деньги не вернули, жду".encode().decode("latin-1")
    row = refined(text=f"{misread} a@b.example", subject="от a@b.example и c@d.example")
    assert row["text"] == "Деньги не вернули, жду [email]"
    assert row["cleaning"] == {"mojibake": 1, "email": 3}


def test_nothing_done_is_said_as_nothing() -> None:
    assert refined(text="Деньги не вернули", subject="Деньги")["cleaning"] == {}


def refined(text: str, subject: str) -> dict[str, object]:
    said = Utterance(said_at=WHEN, text=text, subject=subject)
    stored = Stored(source="reviews", ref="1", version=1, payload=b"", fetched_at=WHEN)
    row, _ = refine(stored, said, "form", Vault(b"k" * 32), ["RU"])
    return row
