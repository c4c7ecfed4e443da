"""Keep every export in one table, and its file in pieces, whatever it is of.

Files of months that are made already go: they are derived, are kept for a week only, and can be asked for again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROLES = (
    *("staff", "director", "delegate", "desk", "duty", "medical_affairs", "education", "personnel", "finance"),
    *("dean", "bureau", "village_doctor", "admin"),
)
STATUSES = ("requested", "completed", "failed")
MOVED = "id, requested_by_person_id, role, organisation_id, requested_at"


def words(name: str, values: tuple[str, ...]) -> sa.Enum:
    """Return the type of a column that holds one of these words."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def common(table: str) -> list[sa.schema.SchemaItem]:
    """Return what both tables have: who asked for a file, when, and where it stands."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("role", words("role", ROLES), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("status", words("exportstatus", STATUSES), server_default="requested", nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f(f"{table}_organisation_id_fkey")),
        sa.ForeignKeyConstraint(
            ["requested_by_person_id"], ["people.id"], name=op.f(f"{table}_requested_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_pkey")),
    ]


def upgrade() -> None:
    op.create_table(
        "exports",
        *common("exports"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.CheckConstraint("(status = 'completed') = (pieces IS NOT NULL)", name=op.f("exports_pieces_check")),
    )
    op.create_index(op.f("exports_requested_by_person_id_idx"), "exports", ["requested_by_person_id"])
    op.create_index(
        "exports_waiting_idx", "exports", ["requested_at"], postgresql_where=sa.text("status = 'requested'")
    )
    op.create_table(
        "export_pieces",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.id"], name=op.f("export_pieces_export_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("export_id", "position", name=op.f("export_pieces_pkey")),
    )
    op.execute(
        f"INSERT INTO exports ({MOVED}, kind, parameters, name) "
        f"SELECT {MOVED}, 'timesheet', jsonb_build_object('month', month), '考勤表-' || to_char(month, 'YYYY-MM') "
        "FROM timesheet_exports WHERE status = 'requested'"
    )
    op.drop_table("timesheet_exports")


def downgrade() -> None:
    op.create_table(
        "timesheet_exports",
        *common("timesheet_exports"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
    )
    op.execute(
        f"INSERT INTO timesheet_exports ({MOVED}, month) SELECT {MOVED}, (parameters ->> 'month')::date "
        "FROM exports WHERE status = 'requested' AND kind = 'timesheet'"
    )
    op.drop_table("export_pieces")
    op.drop_table("exports")
