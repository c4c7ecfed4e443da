"""Find what a person at the desk has booked by the key of the request."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX, TABLE = "bookings_desk_key_idx", "bookings"


def upgrade() -> None:
    op.create_index(INDEX, TABLE, ["booked_by_person_id", "idempotency_key"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
