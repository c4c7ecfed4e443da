"""Tell of pictures when and where they were taken and how they look, and have them checked before others see them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "attachments"
PAPERS = ("image/jpeg", "image/png", "application/pdf")
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENTS = tuple(
    OFFICE + kind for kind in ("presentationml.presentation", "wordprocessingml.document", "spreadsheetml.sheet")
)
CHECKS = ("exempt", "unasked", "waiting", "passed", "refused")


def allow(kinds: tuple[str, ...]) -> None:
    """Let attachments be of these kinds, and only these."""
    op.drop_constraint(op.f("attachments_contenttype_check"), TABLE, type_="check")
    op.create_check_constraint(op.f("attachments_contenttype_check"), TABLE, sa.column("content_type").in_(kinds))


def upgrade() -> None:
    op.alter_column(TABLE, "content_type", type_=sa.String(73), existing_type=sa.String(32))
    allow(PAPERS + DOCUMENTS)
    op.add_column(TABLE, sa.Column("content_hash", sa.LargeBinary))
    op.add_column(TABLE, sa.Column("likeness", postgresql.BIT(512)))
    op.add_column(TABLE, sa.Column("taken_on", sa.Date))
    op.add_column(TABLE, sa.Column("place", sa.LargeBinary))
    op.add_column(TABLE, sa.Column("picture_check", sa.String(32), server_default="exempt", nullable=False))
    op.add_column(TABLE, sa.Column("check_due_at", sa.DateTime(timezone=True)))
    op.create_check_constraint(op.f("attachments_picturecheck_check"), TABLE, sa.column("picture_check").in_(CHECKS))
    op.create_index(
        op.f("attachments_check_due_idx"), TABLE, ["check_due_at"], postgresql_where=sa.text("check_due_at IS NOT NULL")
    )
    op.create_index(op.f("attachments_content_hash_idx"), TABLE, ["content_hash"])
    op.create_table(
        "picture_verdicts",
        sa.Column("trace_id", sa.Text, nullable=False),
        sa.Column("attachment_id", sa.Uuid),
        sa.Column("suggest", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("trace_id", name=op.f("picture_verdicts_pkey")),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name=op.f("picture_verdicts_attachment_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("picture_verdicts_attachment_id_idx"), "picture_verdicts", ["attachment_id"])


def downgrade() -> None:
    op.drop_table("picture_verdicts")
    op.drop_index(op.f("attachments_content_hash_idx"), table_name=TABLE)
    op.drop_index(op.f("attachments_check_due_idx"), table_name=TABLE)
    op.drop_constraint(op.f("attachments_picturecheck_check"), TABLE, type_="check")
    for column in ("check_due_at", "picture_check", "place", "taken_on", "likeness", "content_hash"):
        op.drop_column(TABLE, column)
    allow(PAPERS)
    op.alter_column(TABLE, "content_type", type_=sa.String(32), existing_type=sa.String(73))
