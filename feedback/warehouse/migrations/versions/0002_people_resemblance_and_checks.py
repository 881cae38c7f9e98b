"""People that can be merged, consent, near-duplicates, results of checks, payloads that end.

Revision 0002, after 0001. What was inferred of duplicates is worked out again by the next run.
"""

import sqlalchemy as sa
from alembic import op

from feedback.warehouse.tables import Moment, serial

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("raw_item") as raw_item:
        raw_item.alter_column("payload", existing_type=sa.LargeBinary(), nullable=True)
    with op.batch_alter_table("feedback_item") as item:
        item.add_column(sa.Column("cleaning", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("feedback_item") as item:
        item.alter_column("cleaning", existing_type=sa.JSON(), server_default=None)
    op.create_index(
        op.f("feedback_item_person_id_ix"), "feedback_item", ["person_id"], unique=False
    )
    with op.batch_alter_table("inference") as inference:
        inference.drop_column("duplicate_of")
    _people()
    op.create_table(
        "set_aside_log",
        sa.Column("id", serial, nullable=False),
        sa.Column("set_aside_id", serial, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("set_aside_log_pk")),
    )
    op.create_table(
        "resemblance",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("particulars", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("answer_of", sa.Text(), nullable=True),
        sa.Column("flag", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("resemblance_pk")),
    )
    for name in ("method", "group_id", "duplicate_of", "answer_of"):
        op.create_index(op.f(f"resemblance_{name}_ix"), "resemblance", [name], unique=False)
    op.create_table(
        "check_result",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("suite", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("expectation", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("observed", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "run_id", "suite", "source", "expectation", name=op.f("check_result_pk")
        ),
    )
    op.create_index(
        op.f("check_result_suite_source_at_ix"),
        "check_result",
        ["suite", "source", "at"],
        unique=False,
    )


def _people() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("root_id", sa.Text(), nullable=False, server_default=""))
        person.add_column(
            sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE person SET root_id = person_id")
    with op.batch_alter_table("person") as person:
        person.alter_column("root_id", existing_type=sa.Text(), server_default=None)
        person.alter_column("shared", existing_type=sa.Boolean(), server_default=None)
    op.create_index(op.f("person_root_id_ix"), "person", ["root_id"], unique=False)
    with op.batch_alter_table("person_identity") as identity:
        identity.drop_constraint("person_identity_pk", type_="primary")
        identity.create_primary_key("person_identity_pk", ["kind", "value_hash", "person_id"])
    op.create_table(
        "person_merge",
        sa.Column("person_a", sa.Text(), nullable=False),
        sa.Column("person_b", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("merged_at", Moment(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_a", "person_b", "kind", "value_hash", name=op.f("person_merge_pk")
        ),
    )
    op.create_index(op.f("person_merge_person_b_ix"), "person_merge", ["person_b"], unique=False)
    op.create_table(
        "consent",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_id", "purpose", "said_at", "source", "ref", name=op.f("consent_pk")
        ),
    )


def downgrade() -> None:
    for table in ("consent", "person_merge", "check_result", "resemblance", "set_aside_log"):
        op.drop_table(table)
    # An identity belonged to one person then: whoever has the smallest id keeps it.
    op.execute(
        "DELETE FROM person_identity WHERE EXISTS (SELECT 1 FROM person_identity AS other "
        "WHERE other.kind = person_identity.kind AND other.value_hash = person_identity.value_hash "
        "AND other.person_id < person_identity.person_id)"
    )
    with op.batch_alter_table("person_identity") as identity:
        identity.drop_constraint("person_identity_pk", type_="primary")
        identity.create_primary_key("person_identity_pk", ["kind", "value_hash"])
    op.drop_index(op.f("person_root_id_ix"), table_name="person")
    with op.batch_alter_table("person") as person:
        person.drop_column("root_id")
        person.drop_column("shared")
    with op.batch_alter_table("inference") as inference:
        inference.add_column(sa.Column("duplicate_of", sa.Text(), nullable=True))
    op.drop_index(op.f("feedback_item_person_id_ix"), table_name="feedback_item")
    with op.batch_alter_table("feedback_item") as item:
        item.drop_column("cleaning")
    # A payload whose days are over cannot come back; what was made of it stays.
    op.execute("DELETE FROM raw_item WHERE payload IS NULL")
    with op.batch_alter_table("raw_item") as raw_item:
        raw_item.alter_column("payload", existing_type=sa.LargeBinary(), nullable=False)
