"""Keep old ledgers and indicators beside rosters: one table for all that is imported from spreadsheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLD, NEW = "roster_imports", "spreadsheet_imports"
KINDS = ("roster", "ledger", "indicators")
RENAME = """
DO $$
DECLARE called text;
BEGIN
    ALTER TABLE {old} RENAME TO {new};
    FOR called IN SELECT conname FROM pg_constraint
        WHERE conrelid = '{new}'::regclass AND conname LIKE '{old}\\_%'
    LOOP
        EXECUTE format('ALTER TABLE {new} RENAME CONSTRAINT %I TO %I', called, replace(called, '{old}', '{new}'));
    END LOOP;
    FOR called IN SELECT indexname FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename = '{new}' AND indexname LIKE '{old}\\_%'
    LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', called, replace(called, '{old}', '{new}'));
    END LOOP;
END $$;
"""


def upgrade() -> None:
    op.execute(RENAME.format(old=OLD, new=NEW))
    op.add_column(NEW, sa.Column("kind", sa.String(32), server_default="roster", nullable=False))
    op.alter_column(NEW, "kind", server_default=None)
    op.create_check_constraint(op.f(f"{NEW}_importkind_check"), NEW, sa.column("kind").in_(KINDS))


def downgrade() -> None:
    op.execute(f"UPDATE activity_records SET import_id = NULL WHERE import_id IN (SELECT id FROM {NEW})")
    op.execute(f"DELETE FROM {NEW} WHERE kind <> 'roster'")
    op.drop_column(NEW, "kind")
    op.execute(RENAME.format(old=NEW, new=OLD))
