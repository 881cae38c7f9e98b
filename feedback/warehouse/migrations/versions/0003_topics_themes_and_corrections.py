"""Probabilities beside labels; topics, intents, themes; human corrections; answers of engines.

Revision 0003, after 0002. Rows inferred before keep no probabilities: they were not stored then.
"""

import sqlalchemy as sa
from alembic import op

from feedback.warehouse.tables import Moment, serial

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANCES = ("p_negative", "p_neutral", "p_positive")


def upgrade() -> None:
    with op.batch_alter_table("inference") as inference:
        for name in CHANCES:
            inference.add_column(sa.Column(name, sa.Float(), nullable=True))
    op.create_table(
        "topic_inference",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("intents", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("key_phrases", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "version", "method", name=op.f("topic_inference_pk")),
    )
    op.create_table(
        "correction",
        sa.Column("id", serial, nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("model_label", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("correction_pk")),
    )
    op.create_index(op.f("correction_item_id_version_ix"), "correction", ["item_id", "version"])
    op.create_table(
        "engine_answer",
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in CHANCES),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "engine", "engine_version", "text_hash", name=op.f("engine_answer_pk")
        ),
    )
    _themes()


def _themes() -> None:
    op.create_table(
        "theme",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("size_before", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("centroid", sa.LargeBinary(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "theme_id", name=op.f("theme_pk")),
    )
    op.create_table(
        "theme_member",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("theme_member_pk")),
    )
    op.create_index(op.f("theme_member_theme_id_ix"), "theme_member", ["theme_id"])


def downgrade() -> None:
    for table in ("theme_member", "theme", "engine_answer", "correction", "topic_inference"):
        op.drop_table(table)
    with op.batch_alter_table("inference") as inference:
        for name in CHANCES:
            inference.drop_column(name)
