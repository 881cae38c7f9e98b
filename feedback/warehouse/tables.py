"""The tables of the warehouse, on SQLite and PostgreSQL alike: what is kept, under which key.

Times go in and come out as aware UTC; SQLite, which knows no zones, stores them without one.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    }
)
serial = BigInteger().with_variant(Integer, "sqlite")


def _key(name: str, type_: Any = Text) -> Column[Any]:
    return Column(name, type_, primary_key=True)


def _must(name: str, type_: Any = Text) -> Column[Any]:
    return Column(name, type_, nullable=False)


source_cursor = Table(
    "source_cursor",
    metadata,
    _key("source"),
    _must("cursor", JSON),
    _must("stored_at", Moment),
)

raw_item = Table(
    "raw_item",
    metadata,
    _key("source"),
    _key("ref"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _must("content_hash"),
    Column("payload", LargeBinary),  # sealed; none once its days are over
    _must("fetched_at", Moment),
    _must("run_id"),
)

run_ledger = Table(
    "run_ledger",
    metadata,
    _key("run_id"),
    _key("source"),
    _key("stage"),
    *(
        _must(count, Integer)
        for count in ("fetched", "new", "changed", "duplicate", "set_aside", "skipped", "written")
    ),
    _must("reasons", JSON),  # {reason: count} of what was skipped
    _must("status"),  # running | done | the kind of error
    _must("problem"),  # in words, "" when all went well
    _must("started_at", Moment),
    Column("ended_at", Moment),
)

SET_ASIDE_KEY = ("source", "ref", "version", "stage", "content_hash")
set_aside = Table(
    "set_aside",
    metadata,
    Column("id", serial, primary_key=True),
    _must("stage"),
    _must("source"),
    _must("ref"),
    _must("version", Integer),  # of the raw item; 0 when there is none
    _must("content_hash"),
    _must("reason"),
    Column("payload", LargeBinary),  # sealed; none when the raw item has it
    _must("status"),  # open | skipped | replayed | dropped
    _must("first_seen", Moment),
    _must("last_seen", Moment),
    _must("run_id"),
    UniqueConstraint(*SET_ASIDE_KEY),
)

set_aside_log = Table(
    "set_aside_log",
    metadata,
    Column("id", serial, primary_key=True),
    _must("set_aside_id", serial),
    _must("at", Moment),
    _must("action"),  # fix | replay | drop
    _must("why"),  # in words, as the person at the command line said
)

person = Table(
    "person",
    metadata,
    _key("person_id"),  # follows from the strongest identity alone
    Column("root_id", Text, nullable=False, index=True),  # who they are after all merges
    _must("shared", Boolean),  # an address of many, such as info@: never one voice
    _must("name", LargeBinary),  # sealed
    _must("first_seen", Moment),
)

person_identity = Table(
    "person_identity",
    metadata,
    _key("kind"),  # email | phone | external_id | handle
    _key("value_hash"),
    _key("person_id"),  # two people with one identity are merged, unless it is shared
    _must("value", LargeBinary),  # sealed
    Index(None, "person_id", "kind", "value_hash"),
)

person_merge = Table(
    "person_merge",
    metadata,
    _key("person_a"),  # the smaller id
    Column("person_b", Text, primary_key=True, index=True),
    _key("kind"),
    _key("value_hash"),
    _must("reason"),
    _must("status"),  # active | shared | undone
    _must("merged_at", Moment),
    Column("undone_at", Moment),
    _must("undone_why"),
)

consent = Table(
    "consent",
    metadata,
    _key("person_id"),
    _key("purpose"),  # analysis | crm
    Column("said_at", Moment, primary_key=True),
    _key("source"),  # "" when somebody said so at the command line
    _key("ref"),
    _must("given", Boolean),
    _must("recorded_at", Moment),
)

feedback_item = Table(
    "feedback_item",
    metadata,
    _key("item_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _must("source"),
    _must("ref"),
    _must("channel"),
    Column("thread_ref", Text),
    Column("in_reply_to", Text),
    Column("person_id", Text, index=True),
    Column("said_at", Moment, nullable=False, index=True),
    _must("received_at", Moment),
    _must("subject"),
    _must("text"),
    _must("fingerprint"),
    Column("rating", Float),
    Column("scale_low", Float),
    Column("scale_high", Float),
    Column("survey", Text),
    Column("product", Text),
    Column("region", Text),
    Column("segment", Text),
    Column("url", Text),
    _must("cleaning", JSON),  # {what cleaning did: how often}
    _must("extra", JSON),
    _must("run_id"),
    UniqueConstraint("source", "ref", "version"),
    Index(None, "fingerprint"),
)

inference = Table(
    "inference",
    metadata,
    _key("item_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _key("model"),
    _key("model_version"),
    _must("language"),
    _must("language_confidence", Float),
    _must("sentiment"),
    Column("score", Float),
    Column("confidence", Float),
    Column("p_negative", Float),
    Column("p_neutral", Float),
    Column("p_positive", Float),
    _must("run_id"),
)

topic_inference = Table(
    "topic_inference",
    metadata,
    _key("item_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _key("method"),  # of the taxonomy and the rules, with its version
    # Places are [start, end) in the text: words are never copied out of it.
    _must("topics", JSON),  # {topic: {"sentiment", "score", "places"}}
    _must("intents", JSON),  # {intent: places of the words that led to it}
    _must("urgency"),  # high | normal
    _must("key_phrases", JSON),  # places
    _must("run_id"),
)

correction = Table(
    "correction",
    metadata,
    Column("id", serial, primary_key=True),  # of two about one version the later holds
    _must("item_id"),
    _must("version", Integer),
    _must("sentiment"),  # "" takes back the one before
    _must("drawn"),  # sampled | unsure | chosen (of one source): how the item came to be read
    _must("model"),  # whose label was read beside it,
    _must("model_version"),
    _must("model_label"),  # and which
    _must("made_at", Moment),
    Index(None, "item_id", "version"),
)

engine_answer = Table(
    "engine_answer",
    metadata,
    _key("engine"),
    _key("engine_version"),
    _key("text_hash"),  # keyed: the text can't be found by guessing
    _must("p_negative", Float),
    _must("p_neutral", Float),
    _must("p_positive", Float),
    _must("tokens", Integer),  # its share of what the answer cost
    _must("made_at", Moment),
)

theme = Table(
    "theme",
    metadata,
    _key("day", Date),  # the last day of the window it was found in
    _key("theme_id"),  # the same from day to day
    _must("method"),
    _must("language"),
    _must("terms", JSON),  # the words that tell it from the others, best first
    _must("size", Integer),  # items in the later half of the window,
    _must("size_before", Integer),  # and in the half before
    _must("first_day", Date),  # when it was first found
    _must("quoted"),  # item_id of the utterance nearest to its middle
    _must("centroid", LargeBinary),
    _must("run_id"),
)

theme_member = Table(
    "theme_member",
    metadata,
    _key("item_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("theme_id", Text, nullable=False, index=True),
)

resemblance = Table(
    "resemblance",
    metadata,
    _key("item_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("method", Text, nullable=False, index=True),  # of the sketch, with its version
    Column("sketch", LargeBinary),  # none for texts too short to compare
    Column("particulars", Text),  # of its digits and negations: what near-equal texts must share
    Column(
        "group_id", Text, index=True
    ),  # item_id of the earliest of those who say nearly the same
    Column("duplicate_of", Text, index=True),  # the earlier item of one person that this repeats
    Column("answer_of", Text, index=True),  # the earlier twin that gives the same rating
    Column("flag", Text),  # campaign | flood
)

check_result = Table(
    "check_result",
    metadata,
    _key("run_id"),
    _key("suite"),  # raw | clean | understood | metrics | batch
    _key("source"),  # "" = all
    _key("expectation"),  # its reason in words: one for each rule of a suite
    _must("severity"),  # critical | warning
    _must("checked", Integer),  # rows, or 1 for a rule about the whole
    _must("failed", Integer),
    _must("observed"),  # what was seen, in numbers; nobody's words
    _must("at", Moment),
    Index(None, "suite", "source", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    _key("target"),
    _key("kind"),  # contact | activity
    _key("item_id"),  # of the person or of the feedback item
    _must("fingerprint"),  # of what should be there
    _must("idempotency_key"),
    _must("status"),  # pending | intended | done | rejected | unknown
    Column("intent_at", Moment),
    _must("attempts", Integer),
    _must("remote_id"),
    _must("error"),
)

sync_log = Table(
    "sync_log",
    metadata,
    Column("id", serial, primary_key=True),
    _must("target"),
    _must("kind"),
    _must("item_id"),
    _must("run_id"),
    _must("at", Moment),
    _must("outcome"),
    _must("error"),
)

metric_value = Table(
    "metric_value",
    metadata,
    _key("snapshot"),
    _key("metric"),
    _key("grain"),  # day | week | period
    _key("period", Date),  # its first day
    _key("channel"),  # "" = all
    _key("product"),  # "" = all
    Column("value", Float),
    _must("n", Integer),
    Column("low", Float),
    Column("high", Float),
    _must("status"),  # ok | few
    _must("as_of", Moment),
    _must("model_version"),
)

topic_value = Table(
    "topic_value",
    metadata,
    _key("snapshot"),
    _key("metric"),
    _key("topic"),  # or the intent
    _key("grain"),  # week | period
    _key("period", Date),  # its first day
    Column("value", Float),
    _must("n", Integer),
    Column("low", Float),
    Column("high", Float),
    _must("status"),  # ok | few
    _must("as_of", Moment),
    _must("method"),
)

publication = Table(
    "publication",
    metadata,
    _key("snapshot"),
    _must("folder"),
    _must("published_at", Moment),
    _must("as_of", Moment),
    _must("content_hash"),  # of the numbers and what is said beside them
    _must("verdict", JSON),
    _must("runs", JSON),
    _must("files", JSON),  # {name: sha256}
)
