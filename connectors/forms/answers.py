"""What one row says: the mapping from the columns of a table to an utterance.

Nothing is guessed: a date or rating that cannot be read for certain sets its row aside.
"""

import json
from collections.abc import Mapping
from datetime import date
from math import inf
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.contract import SourceSettings
from connectors.forms.rows import blank
from feedback.errors import Unreadable
from feedback.records import Author, Channel, Consent, Purpose, Survey, Utterance
from feedback.scales import NamedScale, bounds
from feedback.values import parse_consent, parse_moment, parse_named_rating, parse_rating
from feedback.written_dates import DateOrder


class Columns(BaseModel):
    """Which column holds what; in JSONL and Parquet a dotted name reaches into an object."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str = Field("", description="The answer's own stable id; without one, all its cells.")
    said_at: str = ""
    text: str = ""
    rating: str = ""
    subject: str = ""
    email: str = ""
    phone: str = ""
    author: str = ""
    handle: str = ""
    external_id: str = ""
    product: str = ""
    region: str = ""
    segment: str = ""
    url: str = ""
    thread: str = ""
    reply_to: str = ""
    consent: str = Field("", description="Yes or no; blank where nobody was asked.")

    def mapped(self) -> dict[str, str]:
        """{field: column} of those that are given."""
        return {field: column for field, column in self.model_dump().items() if column}


class TableSettings(SourceSettings):
    """`[sources.<name>]` of kind "table"."""

    kind: Literal["table"] = "table"
    channel: Channel = "form"
    path: str = Field(description="A file, or a pattern such as forms/nps*.csv.")
    columns: Columns = Field(description="Which column holds what.")
    said_on: date | None = Field(None, description="The day of every row, if there is no date.")
    timezone: str = Field("UTC", description="Of times that name no zone.")
    date_order: DateOrder | None = Field(None, description="Of dates such as 01/09/2026.")
    two_digit_years: bool = Field(False, description="01.09.26 is 2026.")
    survey: Survey | None = Field(None, description="What the rating measures.")
    scale: tuple[float, float] | NamedScale | None = Field(
        None, description="Of columns.rating: [lowest, highest], or the name of a scale."
    )
    consent_for: tuple[Purpose, ...] = Field(
        ("crm",), min_length=1, description="What columns.consent allows or refuses."
    )
    html: bool = Field(False, description="The text column holds HTML.")
    sheet: str | None = Field(None, description="Of a workbook; the first one by default.")
    encoding: str | None = Field(None, description="Of text files; found out by default.")
    page_size: int = Field(1000, ge=1, le=100_000, description="Rows stored at once.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not a time zone; write it like Europe/Moscow") from None
        return name

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str | None) -> str | None:
        try:
            "".encode(name or "utf-8")
        except LookupError:
            raise ValueError("not an encoding; write it like windows-1251") from None
        return name

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not (self.columns.text or self.columns.rating):
            raise ValueError("columns needs text, rating or both")
        if bool(self.columns.said_at) == bool(self.said_on):
            raise ValueError("give columns.said_at, or said_on where the file has no dates")
        if self.columns.rating and self.scale is None:
            raise ValueError("columns.rating needs scale = [lowest, highest] or a name")
        if isinstance(self.scale, tuple) and self.scale[0] >= self.scale[1]:
            raise ValueError("scale is [lowest, highest]")
        return self


def read_answer(payload: bytes, settings: TableSettings) -> Utterance:
    """One stored row as an utterance. Raises `Unreadable`: a bad cell, or no answer at all."""
    row = _row(payload)
    cells = {field: cell(row, column) for field, column in settings.columns.mapped().items()}
    said = {field: as_text(value) for field, value in cells.items()}
    rating, scale = _rated(cells.get("rating"), settings.scale)
    if not said.get("text") and rating is None:
        raise Unreadable("neither text nor rating")
    return Utterance(
        said_at=parse_moment(
            cells.get("said_at", settings.said_on),
            timezone=settings.timezone,
            date_order=settings.date_order,
            two_digit_years=settings.two_digit_years,
        ),
        text=said.get("text", ""),
        subject=said.get("subject", ""),
        html=settings.html,
        author=Author(
            email=said.get("email", ""),
            phone=said.get("phone", ""),
            external_id=said.get("external_id", ""),
            handle=said.get("handle", ""),
            name=said.get("author", ""),
        ),
        rating=rating,
        scale=scale,
        survey=settings.survey if rating is not None else None,
        product=said.get("product") or settings.product,
        region=said.get("region") or settings.region,
        segment=said.get("segment") or settings.segment,
        url=said.get("url", ""),
        thread_ref=said.get("thread", ""),
        in_reply_to=said.get("reply_to", ""),
        consents=_consents(cells.get("consent"), settings.consent_for),
    )


def _rated(
    value: object, scale: tuple[float, float] | NamedScale | None
) -> tuple[float | None, tuple[float, float] | None]:
    """The rating and the ends of its scale; neither where nothing was answered."""
    if scale is None:
        return None, None
    if isinstance(scale, str):
        rating, scale = parse_named_rating(value, scale), bounds(scale)
    else:
        rating = parse_rating(value, *scale)
    return rating, None if rating is None else scale


def _consents(value: object, purposes: tuple[Purpose, ...]) -> tuple[Consent, ...]:
    given = parse_consent(value)
    return () if given is None else tuple(Consent(purpose, given) for purpose in purposes)


def cell(row: Mapping[str, Any], column: str) -> Any:
    """The cell of a column; of a dotted one, the value inside an object. None: empty."""
    if column in row:
        return row[column]
    first, dot, rest = column.partition(".")
    inner = row.get(first)
    return cell(inner, rest) if dot and isinstance(inner, dict) else None


def as_text(value: Any) -> str:
    """Spreadsheets know one kind of number: 1234.0 is 1234. A list is its entries."""
    if isinstance(value, dict):
        raise Unreadable("has an object in a mapped column: name one of its fields with a dot")
    if isinstance(value, list):
        return ", ".join(filter(None, map(as_text, value)))
    if blank(value):
        return ""
    if value in (inf, -inf):
        raise Unreadable("has a number in a mapped column that is too large to be read")
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()


def _row(payload: bytes) -> dict[str, Any]:
    try:
        row = json.loads(payload)
    except (ValueError, RecursionError):
        raise Unreadable("this is not a row as this source stores it") from None
    if not isinstance(row, dict):
        raise Unreadable("this is not a row as this source stores it")
    return row
