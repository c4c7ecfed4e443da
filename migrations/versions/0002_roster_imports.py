"""Keep the files of roster imports, where they stand and what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "staff",
                "director",
                "desk",
                "duty",
                "medical_affairs",
                "education",
                "personnel",
                "finance",
                "dean",
                "bureau",
                "village_doctor",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "checking",
                "checked",
                "refused",
                "applying",
                "completed",
                "failed",
                "expired",
                name="importstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="uploaded",
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("roster_imports_progress_check")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_person_id"], ["people.id"], name=op.f("roster_imports_confirmed_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("roster_imports_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_person_id"], ["people.id"], name=op.f("roster_imports_uploaded_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("roster_imports_pkey")),
    )
    op.create_index(
        "roster_imports_open_idx",
        "roster_imports",
        ["beat_at"],
        postgresql_where=sa.text("status IN ('uploaded', 'checking', 'checked', 'applying')"),
    )
    op.create_index(
        op.f("roster_imports_organisation_id_uploaded_at_idx"), "roster_imports", ["organisation_id", "uploaded_at"]
    )


def downgrade() -> None:
    op.drop_table("roster_imports")
