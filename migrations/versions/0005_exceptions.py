"""Let the taps that need a person's eye be found among all others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "check_ins_exceptions_idx",
        "check_ins",
        ["duty_on", "dispatch_id"],
        postgresql_where=sa.text("effective AND outcome <> 'verified'"),
    )


def downgrade() -> None:
    op.drop_index("check_ins_exceptions_idx", table_name="check_ins")
