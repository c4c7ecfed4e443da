"""Find clinics soonest first without sorting all that are to come."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("clinics_held_on_starts_at_id_idx"), "clinics", ["held_on", "starts_at", "id"])


def downgrade() -> None:
    op.drop_index(op.f("clinics_held_on_starts_at_id_idx"), table_name="clinics")
