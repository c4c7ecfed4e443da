"""Let what an import of a ledger brought be taken back, with a reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE, CHECK = "spreadsheet_imports", "spreadsheet_imports_importstatus_check"
STATUSES = ("uploaded", "checking", "checked", "refused", "applying", "completed", "failed", "expired")


def allow(statuses: tuple[str, ...]) -> None:
    """Let an import stand so, and only so."""
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.create_check_constraint(op.f(CHECK), TABLE, sa.column("status").in_(statuses))


def upgrade() -> None:
    allow((*STATUSES, "withdrawn"))
    op.add_column(TABLE, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("withdrawn_by_person_id", sa.Uuid(), nullable=True))
    op.add_column(TABLE, sa.Column("withdrawal_reason", sa.Text(), server_default="", nullable=False))
    op.create_foreign_key(
        op.f(f"{TABLE}_withdrawn_by_person_id_fkey"), TABLE, "people", ["withdrawn_by_person_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f(f"{TABLE}_withdrawn_by_person_id_fkey"), TABLE, type_="foreignkey")
    for column in ("withdrawal_reason", "withdrawn_by_person_id", "withdrawn_at"):
        op.drop_column(TABLE, column)
    op.execute(f"UPDATE {TABLE} SET status = 'completed' WHERE status = 'withdrawn'")
    allow(STATUSES)
