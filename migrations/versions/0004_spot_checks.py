"""Say until when a spot check may be delivered, and hold its instants together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHECKS = {
    "sent": "(sent_at IS NULL) = (deliver_by IS NULL)",
    "delivered": "(delivered_at IS NULL) = (answer_by IS NULL)",
    "answered": "(answered_at IS NULL) = (answer_means IS NULL)",
}


def upgrade() -> None:
    op.add_column("spot_checks", sa.Column("deliver_by", sa.DateTime(timezone=True), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"spot_checks_{name}_check"), "spot_checks", condition)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"spot_checks_{name}_check"), "spot_checks", type_="check")
    op.drop_column("spot_checks", "deliver_by")
