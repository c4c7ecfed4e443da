"""Keep what dispatched people do: records edition by edition, their files, indicators of organisations."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROLES = (
    *("staff", "director", "delegate", "desk", "duty", "medical_affairs", "education", "personnel", "finance", "dean"),
    *("bureau", "village_doctor", "admin"),
)
TABLE, CHECK = "inbox_items", "inbox_items_noticekind_check"
NEW_NOTICES = (
    "activity_returned",
    "activity_countersigned",
    "activity_submitted",
    "activity_incomplete",
    "picture_refused",
)
LOCK = """
CREATE FUNCTION refuse_countersigned_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'countersigned' AND NEW.status = 'superseded'
        AND to_jsonb(NEW) - ARRAY['status', 'version', 'changed_at']
            = to_jsonb(OLD) - ARRAY['status', 'version', 'changed_at']
    THEN
        RETURN NEW;  -- a later edition was countersigned
    END IF;
    RAISE EXCEPTION 'the record is countersigned'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'activity_records_locked';
END $$;
CREATE TRIGGER activity_records_locked BEFORE UPDATE OR DELETE ON activity_records
    FOR EACH ROW WHEN (OLD.status IN ('countersigned', 'superseded')) EXECUTE FUNCTION refuse_countersigned_record();
"""


def notices_so_far() -> tuple[str, ...]:
    """Return the kinds of notices that the check allows now."""
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name").bindparams(name=CHECK)
    )
    return tuple(re.findall(r"'(\w+)'", definition))


def allow(notices: tuple[str, ...]) -> None:
    """Let notices be of these kinds, and only these."""
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.create_check_constraint(op.f(CHECK), TABLE, sa.column("kind").in_(notices))


def upgrade() -> None:
    op.create_table(
        "institution_indicators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "indicator",
            sa.Enum(
                "outpatients",
                "inpatients",
                "income",
                name="indicator",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("at_least", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("about", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("institution_indicators_source_check")),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("institution_indicators_month_check")),
        sa.CheckConstraint("value >= 0", name=op.f("institution_indicators_value_check")),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["people.id"], name=op.f("institution_indicators_entered_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("institution_indicators_organisation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("institution_indicators_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "month",
            "indicator",
            name=op.f("institution_indicators_organisation_id_month_indicator_key"),
        ),
    )
    op.create_table(
        "activity_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("dispatch_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("quantity_at_least", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("quantity_about", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("person_times", sa.Integer(), nullable=True),
        sa.Column("person_times_at_least", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("person_times_about", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("clinical", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "countersigned",
                "superseded",
                "discarded",
                "imported",
                "withdrawn",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("held_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("is_late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("return_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("countersigned_by_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "countersigned_as",
            sa.Enum(*ROLES, name="countersigned_as", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("source_hash", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(status IN ('countersigned', 'superseded')) = (countersigned_at IS NOT NULL)",
            name=op.f("activity_records_countersigned_check"),
        ),
        sa.CheckConstraint(
            "(status IN ('imported', 'withdrawn')) = (source_hash IS NOT NULL)",
            name=op.f("activity_records_source_check"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'countersigned') OR submitted_at IS NOT NULL",
            name=op.f("activity_records_submitted_check"),
        ),
        sa.CheckConstraint(
            "countersigned_by_person_id <> person_id", name=op.f("activity_records_not_by_oneself_check")
        ),
        sa.CheckConstraint(
            "dispatch_id IS NOT NULL OR source_hash IS NOT NULL", name=op.f("activity_records_within_dispatch_check")
        ),
        sa.CheckConstraint("quantity >= 0 AND person_times >= 0", name=op.f("activity_records_amounts_check")),
        sa.CheckConstraint("supporting_id <> recipient_id", name=op.f("activity_records_two_hospitals_check")),
        sa.ForeignKeyConstraint(
            ["countersigned_by_person_id"], ["people.id"], name=op.f("activity_records_countersigned_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("activity_records_department_id_fkey")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("activity_records_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["import_id"], ["roster_imports.id"], name=op.f("activity_records_import_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("activity_records_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["organisations.id"], name=op.f("activity_records_recipient_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by_person_id"], ["people.id"], name=op.f("activity_records_returned_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["supporting_id"], ["organisations.id"], name=op.f("activity_records_supporting_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("activity_records_pkey")),
        sa.UniqueConstraint(
            "person_id", "idempotency_key", name=op.f("activity_records_person_id_idempotency_key_key")
        ),
        sa.UniqueConstraint("series_id", "edition", name=op.f("activity_records_series_id_edition_key")),
    )
    op.create_index(
        "activity_records_countersigned_key",
        "activity_records",
        ["series_id"],
        unique=True,
        postgresql_where=sa.text("status = 'countersigned'"),
    )
    op.create_index(op.f("activity_records_dispatch_id_idx"), "activity_records", ["dispatch_id"], unique=False)
    op.create_index(op.f("activity_records_import_id_idx"), "activity_records", ["import_id"], unique=False)
    op.create_index(
        "activity_records_open_key",
        "activity_records",
        ["series_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'returned')"),
    )
    op.create_index(
        op.f("activity_records_person_id_occurred_on_idx"),
        "activity_records",
        ["person_id", "occurred_on"],
        unique=False,
    )
    op.create_index(
        op.f("activity_records_recipient_id_occurred_on_idx"),
        "activity_records",
        ["recipient_id", "occurred_on"],
        unique=False,
    )
    op.create_index(
        "activity_records_source_key",
        "activity_records",
        ["source_hash"],
        unique=True,
        postgresql_where=sa.text("status = 'imported'"),
    )
    op.create_index(
        op.f("activity_records_supporting_id_occurred_on_idx"),
        "activity_records",
        ["supporting_id", "occurred_on"],
        unique=False,
    )
    op.create_index(
        "activity_records_waiting_idx",
        "activity_records",
        ["recipient_id"],
        unique=False,
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.create_table(
        "activity_files",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proof",
            sa.Enum(
                "photo",
                "sign_in_sheet",
                "material",
                "other",
                name="proof",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("activity_files_attachment_id_fkey")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["activity_records.id"], name=op.f("activity_files_record_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "attachment_id", name=op.f("activity_files_pkey")),
    )
    op.create_index(op.f("activity_files_attachment_id_idx"), "activity_files", ["attachment_id"], unique=False)
    op.execute(LOCK)
    allow((*notices_so_far(), *NEW_NOTICES))


def downgrade() -> None:
    new = {"new": list(NEW_NOTICES)}
    items = "SELECT id FROM inbox_items WHERE kind = ANY(:new)"
    op.execute(sa.text(f"DELETE FROM outbox_messages WHERE inbox_item_id IN ({items})").bindparams(**new))
    op.execute(sa.text("DELETE FROM inbox_items WHERE kind = ANY(:new)").bindparams(**new))
    allow(tuple(kind for kind in notices_so_far() if kind not in NEW_NOTICES))
    op.drop_table("activity_files")
    op.drop_table("activity_records")
    op.drop_table("institution_indicators")
    op.execute("DROP FUNCTION refuse_countersigned_record()")
