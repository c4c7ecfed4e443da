"""Find the few lines that another posting's pay withheld: each round of drafting asks whether it was taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEX, TABLE = "subsidy_lines_paid_elsewhere_idx", "subsidy_lines"


def upgrade() -> None:
    held = sa.text("withheld = 'already_paid' AND NOT voided")
    op.create_index(INDEX, TABLE, ["timesheet_id"], postgresql_where=held)


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
