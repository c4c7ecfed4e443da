"""Let a message fail for what is wrong on our side of WeChat, and find what an event tells of by its recipient."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE, CHECK, INDEX = "outbox_messages", "outbox_messages_failure_check", "outbox_messages_told_idx"
FAILURES = (
    *("no_account", "no_grant", "refused", "banned", "bad_account", "bad_template", "bad_page", "bad_fields"),
    *("sensitive", "undelivered", "too_often"),
)


def allow(failures: tuple[str, ...]) -> None:
    """Let a message fail for these reasons, and only these."""
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.create_check_constraint(op.f(CHECK), TABLE, sa.column("failure").in_(failures))


def upgrade() -> None:
    allow((*FAILURES, "misconfigured"))
    told = sa.text("status IN ('sending', 'unknown', 'failed')")
    op.create_index(INDEX, TABLE, ["recipient_id"], postgresql_where=told)


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.execute("UPDATE outbox_messages SET failure = 'refused' WHERE failure = 'misconfigured'")
    allow(FAILURES)
