"""Tell who proposed a rule what was decided."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE, CHECK, NEW = "inbox_items", "inbox_items_noticekind_check", "rule_decided"


def notices_so_far() -> tuple[str, ...]:
    """Return the kinds of notices that the check allows now."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name").bindparams(name=CHECK)
    )
    return tuple(re.findall(r"'(\w+)'", definition))


def allow(notices: tuple[str, ...]) -> None:
    """Let notices be of these kinds, and only these."""
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.create_check_constraint(op.f(CHECK), TABLE, sa.column("kind").in_(notices))


def upgrade() -> None:
    allow((*notices_so_far(), NEW))


def downgrade() -> None:
    items = "SELECT id FROM inbox_items WHERE kind = :new"
    op.execute(sa.text(f"DELETE FROM outbox_messages WHERE inbox_item_id IN ({items})").bindparams(new=NEW))
    op.execute(sa.text("DELETE FROM inbox_items WHERE kind = :new").bindparams(new=NEW))
    allow(tuple(kind for kind in notices_so_far() if kind != NEW))
