"""Published numbers of topics and intents, kept with their snapshot.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from feedback.warehouse.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = ("snapshot", "metric", "topic", "grain", "period")


def upgrade() -> None:
    op.create_table(
        "topic_value",
        *(sa.Column(name, sa.Text(), nullable=False) for name in KEY[:-1]),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("as_of", Moment(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("topic_value_pk")),
    )


def downgrade() -> None:
    op.drop_table("topic_value")
