"""Let attendance be trusted: evidence, requests, spot checks, and the countersigned month that nothing can change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What a month holds is settled once it is countersigned. One check a statement: the day of 20,000 people is one INSERT.
LOCKED_MONTHS = """
CREATE FUNCTION refuse_locked_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM touched JOIN timesheets t ON t.dispatch_id = touched.dispatch_id
            AND t.month = CAST(date_trunc('month', touched.duty_on) AS date)
        WHERE t.status = 'countersigned'
    ) THEN
        RAISE EXCEPTION 'the month is countersigned'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'duty_shifts_locked';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER duty_shifts_locked_insert AFTER INSERT ON duty_shifts
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_shift();
CREATE TRIGGER duty_shifts_locked_update AFTER UPDATE ON duty_shifts
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_shift();
CREATE TRIGGER duty_shifts_locked_move AFTER UPDATE ON duty_shifts
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_shift();
CREATE TRIGGER duty_shifts_locked_delete AFTER DELETE ON duty_shifts
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_shift();

CREATE FUNCTION refuse_countersigned_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'scan_id' = to_jsonb(OLD) - 'scan_id' THEN
        RETURN NEW;  -- the signed paper is scanned after it was signed
    END IF;
    RAISE EXCEPTION 'the timesheet is countersigned'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'timesheets_locked';
END $$;
CREATE TRIGGER timesheets_locked BEFORE UPDATE OR DELETE ON timesheets
    FOR EACH ROW WHEN (OLD.status = 'countersigned') EXECUTE FUNCTION refuse_countersigned_change();
CREATE TRIGGER timesheet_amendments_locked BEFORE UPDATE OR DELETE ON timesheet_amendments
    FOR EACH ROW WHEN (OLD.status <> 'requested') EXECUTE FUNCTION refuse_countersigned_change();
"""

ROLES = (
    *("staff", "director", "delegate", "desk", "duty", "medical_affairs", "education", "personnel", "finance", "dean"),
    *("bureau", "village_doctor", "admin"),
)
NOTICES = (
    *("dispatch_assigned", "dispatch_changed", "dispatch_ended"),
    *("binding_requested", "binding_accepted", "binding_rejected"),
)
NEW_NOTICES = (
    *("tap_questioned", "tap_judged", "correction_requested", "correction_decided", "leave_requested"),
    *("leave_decided", "substitute_needed", "spot_check_sent", "spot_check_reviewed", "timesheet_submitted"),
    *("timesheet_returned", "timesheet_countersigned", "timesheet_unsigned", "amendment_requested"),
    *("amendment_decided", "delegation_given"),
)


def allow(table: str, column: str, constraint: str, values: tuple[str, ...]) -> None:
    """Let a column of named values hold these, and only these."""
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, sa.column(column).in_(values))


def upgrade() -> None:
    op.create_table(
        "watermarks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("watermarks_pkey")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("free_days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("worked_days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("entered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("calendar_years_organisation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("calendar_years_pkey")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("calendar_years_organisation_id_year_key")),
    )
    op.create_table(
        "day_closings",
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_dispatch_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["supporting_id"], ["organisations.id"], name=op.f("day_closings_supporting_id_fkey")),
        sa.PrimaryKeyConstraint("supporting_id", "day", name=op.f("day_closings_pkey")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column(
            "content_type",
            sa.Enum(
                "image/jpeg",
                "image/png",
                "application/pdf",
                name="contenttype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("attachments_not_empty_check")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_person_id"], ["people.id"], name=op.f("attachments_uploaded_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("attachments_pkey")),
    )
    op.create_index(
        op.f("attachments_uploaded_by_person_id_idx"), "attachments", ["uploaded_by_person_id"], unique=False
    )
    op.create_table(
        "site_tablets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_hash", sa.LargeBinary(), nullable=False),
        sa.Column("registered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registered_by_person_id"], ["people.id"], name=op.f("site_tablets_registered_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("site_tablets_site_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("site_tablets_pkey")),
        sa.UniqueConstraint("credential_hash", name=op.f("site_tablets_credential_hash_key")),
    )
    op.create_index(op.f("site_tablets_site_id_idx"), "site_tablets", ["site_id"], unique=False)
    op.create_table(
        "timesheet_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "staff",
                "director",
                "delegate",
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
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "completed",
                "failed",
                name="exportstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="requested",
            nullable=False,
        ),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("timesheet_exports_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_person_id"], ["people.id"], name=op.f("timesheet_exports_requested_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("timesheet_exports_pkey")),
    )
    op.create_table(
        "absence_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("duty_on", sa.Date(), nullable=False),
        sa.Column(
            "shift",
            sa.Enum(
                "morning", "afternoon", "night", name="shift", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("absence_decisions_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("absence_decisions_dispatch_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("absence_decisions_pkey")),
    )
    op.create_index(
        "absence_decisions_live_key",
        "absence_decisions",
        ["dispatch_id", "duty_on", "shift"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "correction_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("duty_on", sa.Date(), nullable=False),
        sa.Column(
            "shift",
            sa.Enum(
                "morning", "afternoon", "night", name="shift", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("in", "out", name="checkinkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "accepted",
                "rejected",
                "cancelled",
                name="requeststatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="requested",
            nullable=False,
        ),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(status IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)",
            name=op.f("correction_requests_decided_check"),
        ),
        sa.CheckConstraint("decided_by_person_id <> person_id", name=op.f("correction_requests_not_by_oneself_check")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("correction_requests_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("correction_requests_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("correction_requests_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("correction_requests_pkey")),
    )
    op.create_index(
        "correction_requests_live_key",
        "correction_requests",
        ["dispatch_id", "duty_on", "shift", "kind"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'accepted')"),
    )
    op.create_index(
        op.f("correction_requests_person_id_duty_on_idx"), "correction_requests", ["person_id", "duty_on"], unique=False
    )
    op.create_table(
        "duty_shifts",
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("duty_on", sa.Date(), nullable=False),
        sa.Column(
            "shift",
            sa.Enum(
                "morning", "afternoon", "night", name="shift", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "standing",
            sa.Enum(
                "present",
                "corrected",
                "in_doubt",
                "not_counted",
                "leave",
                "night_rest",
                "not_checked_in",
                "absent",
                "open",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("working", sa.Boolean(), nullable=True),
        sa.Column(
            "leave_kind",
            sa.Enum(
                "personal",
                "sick",
                "annual",
                "maternity",
                "marriage",
                "bereavement",
                "official",
                "rest",
                name="leavekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.Column("correction_id", sa.Uuid(), nullable=True),
        sa.Column("leave_id", sa.Uuid(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("duty_shifts_dispatch_id_fkey")),
        sa.PrimaryKeyConstraint("dispatch_id", "duty_on", "shift", name=op.f("duty_shifts_pkey")),
    )
    op.create_table(
        "leave_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "personal",
                "sick",
                "annual",
                "maternity",
                "marriage",
                "bereavement",
                "official",
                "rest",
                name="leavekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column(
            "starts_with",
            sa.Enum(
                "morning",
                "afternoon",
                "night",
                name="starts_with",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "ends_with",
            sa.Enum(
                "morning", "afternoon", "night", name="ends_with", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("halves", postgresql.INT4RANGE(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("needs_supporting", sa.Boolean(), nullable=False),
        sa.Column("is_long", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "accepted",
                "rejected",
                "cancelled",
                name="requeststatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="requested",
            nullable=False,
        ),
        sa.Column("recipient_decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supporting_decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("supporting_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("dispatch_id"), "="),
            (sa.column("halves"), "&&"),
            where=sa.text("status IN ('requested', 'accepted')"),
            using="gist",
            name="leave_requests_one_excl",
        ),
        sa.CheckConstraint("NOT isempty(halves)", name=op.f("leave_requests_span_check")),
        sa.CheckConstraint(
            "recipient_decided_by_id <> person_id AND supporting_decided_by_id <> person_id",
            name=op.f("leave_requests_not_by_oneself_check"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("leave_requests_period_check")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("leave_requests_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("leave_requests_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["recipient_decided_by_id"], ["people.id"], name=op.f("leave_requests_recipient_decided_by_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["supporting_decided_by_id"], ["people.id"], name=op.f("leave_requests_supporting_decided_by_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("leave_requests_pkey")),
    )
    op.create_index(
        op.f("leave_requests_person_id_starts_on_idx"), "leave_requests", ["person_id", "starts_on"], unique=False
    )
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "presence", "residence", name="spotcheckkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum("random", "ordered", name="spotcheckorigin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("ordered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "sent",
                "delivered",
                "answered",
                "missed",
                "exempt",
                "undelivered",
                name="spotcheckstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer_means",
            sa.Enum(
                "location",
                "code",
                "landline",
                "surgery",
                "clinic",
                name="answermeans",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "inside", "uncertain", "outside", name="verdict", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("location", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "review",
            sa.Enum("excused", "upheld", name="spotcheckreview", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("review_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reviewed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "status <> 'missed' OR delivered_at IS NOT NULL", name=op.f("spot_checks_missed_was_delivered_check")
        ),
        sa.CheckConstraint("(review IS NULL) = (reviewed_at IS NULL)", name=op.f("spot_checks_reviewed_check")),
        sa.CheckConstraint("reviewed_by_person_id <> person_id", name=op.f("spot_checks_not_by_oneself_check")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("spot_checks_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(
            ["ordered_by_person_id"], ["people.id"], name=op.f("spot_checks_ordered_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("spot_checks_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["recorded_by_person_id"], ["people.id"], name=op.f("spot_checks_recorded_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_person_id"], ["people.id"], name=op.f("spot_checks_reviewed_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("spot_checks_pkey")),
    )
    op.create_index(
        op.f("spot_checks_dispatch_id_planned_at_idx"), "spot_checks", ["dispatch_id", "planned_at"], unique=False
    )
    op.create_index(
        "spot_checks_open_key",
        "spot_checks",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('sent', 'delivered')"),
    )
    op.create_index(
        "spot_checks_planned_idx",
        "spot_checks",
        ["planned_at"],
        unique=False,
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("dispatch_id"), "="), (sa.column("during"), "&&"), using="gist", name="suspensions_one_excl"
        ),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("suspensions_days_check")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("suspensions_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["substitute_id"], ["dispatches.id"], name=op.f("suspensions_substitute_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("suspensions_pkey")),
    )
    op.create_table(
        "timesheets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "countersigned",
                name="timesheetstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("return_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("countersigned_by_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "countersigned_as",
            sa.Enum(
                "staff",
                "director",
                "delegate",
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
            nullable=True,
        ),
        sa.Column("verification_code", sa.Text(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(status = 'countersigned') = (countersigned_at IS NOT NULL) "
            "AND (countersigned_at IS NULL) = (countersigned_by_person_id IS NULL) "
            "AND (countersigned_at IS NULL) = (verification_code IS NULL)",
            name=op.f("timesheets_countersigned_check"),
        ),
        sa.CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name=op.f("timesheets_submitted_check")),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("timesheets_month_check")),
        sa.ForeignKeyConstraint(
            ["countersigned_by_person_id"], ["people.id"], name=op.f("timesheets_countersigned_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("timesheets_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(
            ["returned_by_person_id"], ["people.id"], name=op.f("timesheets_returned_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["attachments.id"], name=op.f("timesheets_scan_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("timesheets_pkey")),
        sa.UniqueConstraint("dispatch_id", "month", name=op.f("timesheets_dispatch_id_month_key")),
        sa.UniqueConstraint("scan_id", name=op.f("timesheets_scan_id_key")),
        sa.UniqueConstraint("verification_code", name=op.f("timesheets_verification_code_key")),
    )
    op.create_index(op.f("timesheets_month_dispatch_id_idx"), "timesheets", ["month", "dispatch_id"], unique=False)
    op.create_index(
        "timesheets_waiting_idx",
        "timesheets",
        ["submitted_at"],
        unique=False,
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.create_table(
        "check_in_reviews",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmation",
            sa.Enum("present", "absent", name="confirmation", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("confirmed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "judgement",
            sa.Enum("accepted", "rejected", name="judgement", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("judgement_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("judged_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(explanation = '') = (explained_at IS NULL)", name=op.f("check_in_reviews_explained_check")
        ),
        sa.CheckConstraint(
            "(confirmation IS NULL) = (confirmed_at IS NULL) "
            "AND (confirmation IS NULL) = (confirmed_by_person_id IS NULL)",
            name=op.f("check_in_reviews_confirmed_check"),
        ),
        sa.CheckConstraint(
            "(judgement IS NULL) = (judged_at IS NULL) AND (judgement IS NULL) = (judged_by_person_id IS NULL)",
            name=op.f("check_in_reviews_judged_check"),
        ),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("check_in_reviews_check_in_id_fkey")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_person_id"], ["people.id"], name=op.f("check_in_reviews_confirmed_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_person_id"], ["people.id"], name=op.f("check_in_reviews_judged_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("check_in_id", name=op.f("check_in_reviews_pkey")),
    )
    op.create_table(
        "leave_attachments",
        sa.Column("leave_request_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("leave_attachments_attachment_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["leave_request_id"], ["leave_requests.id"], name=op.f("leave_attachments_leave_request_id_fkey")
        ),
        sa.PrimaryKeyConstraint("leave_request_id", "attachment_id", name=op.f("leave_attachments_pkey")),
        sa.UniqueConstraint("attachment_id", name=op.f("leave_attachments_attachment_id_key")),
    )
    op.create_table(
        "timesheet_amendments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("timesheet_id", sa.Uuid(), nullable=False),
        sa.Column("duty_on", sa.Date(), nullable=False),
        sa.Column(
            "shift",
            sa.Enum(
                "morning", "afternoon", "night", name="shift", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "before",
            sa.Enum(
                "present",
                "corrected",
                "in_doubt",
                "not_counted",
                "leave",
                "night_rest",
                "not_checked_in",
                "absent",
                "open",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "present",
                "corrected",
                "in_doubt",
                "not_counted",
                "leave",
                "night_rest",
                "not_checked_in",
                "absent",
                "open",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "leave_kind",
            sa.Enum(
                "personal",
                "sick",
                "annual",
                "maternity",
                "marriage",
                "bereavement",
                "official",
                "rest",
                name="leavekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "accepted",
                "rejected",
                "cancelled",
                name="requeststatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="requested",
            nullable=False,
        ),
        sa.Column("requested_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(status IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)",
            name=op.f("timesheet_amendments_decided_check"),
        ),
        sa.CheckConstraint(
            "decided_by_person_id <> requested_by_person_id", name=op.f("timesheet_amendments_not_by_oneself_check")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("timesheet_amendments_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_person_id"], ["people.id"], name=op.f("timesheet_amendments_requested_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["timesheet_id"], ["timesheets.id"], name=op.f("timesheet_amendments_timesheet_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("timesheet_amendments_pkey")),
    )
    op.create_index(
        "timesheet_amendments_open_key",
        "timesheet_amendments",
        ["timesheet_id", "duty_on", "shift"],
        unique=True,
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.add_column(
        "check_ins",
        sa.Column(
            "outcome",
            sa.Enum(
                "verified", "uncertain", "suspect", name="outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
    )
    op.execute(
        "UPDATE check_ins SET outcome = "
        "CASE verdict WHEN 'inside' THEN 'verified' WHEN 'outside' THEN 'suspect' ELSE verdict END"
    )
    op.alter_column("check_ins", "outcome", nullable=False)
    op.add_column("check_ins", sa.Column("installation_hash", sa.LargeBinary(), nullable=True))
    op.add_column("check_ins", sa.Column("site_tablet_id", sa.Uuid(), nullable=True))
    op.create_index(
        "check_ins_code_key",
        "check_ins",
        ["dispatch_id", "duty_on", "shift", "kind"],
        unique=True,
        postgresql_where=sa.text("site_tablet_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("check_ins_site_tablet_id_fkey"), "check_ins", "site_tablets", ["site_tablet_id"], ["id"]
    )
    op.add_column("role_holdings", sa.Column("during", postgresql.DATERANGE(), nullable=True))
    op.add_column("role_holdings", sa.Column("given_by_person_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("role_holdings_given_by_person_id_fkey"), "role_holdings", "people", ["given_by_person_id"], ["id"]
    )
    for table in ("role_holdings", "sessions", "roster_imports"):
        allow(table, "role", f"{table}_role_check", ROLES)
    op.create_check_constraint("dated", "role_holdings", "(role = 'delegate') = (during IS NOT NULL)")
    op.create_check_constraint("days", "role_holdings", "NOT isempty(during)")
    allow("inbox_items", "kind", "inbox_items_noticekind_check", NOTICES + NEW_NOTICES)
    op.execute(LOCKED_MONTHS)


def downgrade() -> None:
    op.execute(
        """
        DROP TRIGGER timesheet_amendments_locked ON timesheet_amendments;
        DROP TRIGGER timesheets_locked ON timesheets;
        DROP TRIGGER duty_shifts_locked_insert ON duty_shifts;
        DROP TRIGGER duty_shifts_locked_update ON duty_shifts;
        DROP TRIGGER duty_shifts_locked_move ON duty_shifts;
        DROP TRIGGER duty_shifts_locked_delete ON duty_shifts;
        DROP FUNCTION refuse_locked_shift();
        DROP FUNCTION refuse_countersigned_change();
        """
    )
    op.execute(
        sa.text(
            "DELETE FROM outbox_messages WHERE inbox_item_id IN (SELECT id FROM inbox_items WHERE kind = ANY(:new))"
        ).bindparams(new=list(NEW_NOTICES))
    )
    op.execute(sa.text("DELETE FROM inbox_items WHERE kind = ANY(:new)").bindparams(new=list(NEW_NOTICES)))
    allow("inbox_items", "kind", "inbox_items_noticekind_check", NOTICES)
    op.drop_constraint(op.f("role_holdings_dated_check"), "role_holdings", type_="check")
    op.drop_constraint(op.f("role_holdings_days_check"), "role_holdings", type_="check")
    op.execute("DELETE FROM role_holdings WHERE role = 'delegate'")
    op.execute("UPDATE sessions SET role = NULL, organisation_id = NULL WHERE role = 'delegate'")
    op.execute("DELETE FROM roster_imports WHERE role = 'delegate'")
    for table in ("role_holdings", "sessions", "roster_imports"):
        allow(table, "role", f"{table}_role_check", tuple(role for role in ROLES if role != "delegate"))
    op.drop_constraint(op.f("role_holdings_given_by_person_id_fkey"), "role_holdings", type_="foreignkey")
    op.drop_column("role_holdings", "given_by_person_id")
    op.drop_column("role_holdings", "during")
    op.drop_constraint(op.f("check_ins_site_tablet_id_fkey"), "check_ins", type_="foreignkey")
    op.drop_index("check_ins_code_key", table_name="check_ins", postgresql_where=sa.text("site_tablet_id IS NOT NULL"))
    op.drop_column("check_ins", "site_tablet_id")
    op.drop_column("check_ins", "installation_hash")
    op.drop_column("check_ins", "outcome")
    op.drop_index(
        "timesheet_amendments_open_key",
        table_name="timesheet_amendments",
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.drop_table("timesheet_amendments")
    op.drop_table("leave_attachments")
    op.drop_table("check_in_reviews")
    op.drop_index("timesheets_waiting_idx", table_name="timesheets", postgresql_where=sa.text("status = 'submitted'"))
    op.drop_index(op.f("timesheets_month_dispatch_id_idx"), table_name="timesheets")
    op.drop_table("timesheets")
    op.drop_table("suspensions")
    op.drop_index("spot_checks_planned_idx", table_name="spot_checks", postgresql_where=sa.text("status = 'planned'"))
    op.drop_index(
        "spot_checks_open_key", table_name="spot_checks", postgresql_where=sa.text("status IN ('sent', 'delivered')")
    )
    op.drop_index(op.f("spot_checks_dispatch_id_planned_at_idx"), table_name="spot_checks")
    op.drop_table("spot_checks")
    op.drop_index(op.f("leave_requests_person_id_starts_on_idx"), table_name="leave_requests")
    op.drop_table("leave_requests")
    op.drop_table("duty_shifts")
    op.drop_index(op.f("correction_requests_person_id_duty_on_idx"), table_name="correction_requests")
    op.drop_index(
        "correction_requests_live_key",
        table_name="correction_requests",
        postgresql_where=sa.text("status IN ('requested', 'accepted')"),
    )
    op.drop_table("correction_requests")
    op.drop_index(
        "absence_decisions_live_key", table_name="absence_decisions", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_table("absence_decisions")
    op.drop_table("timesheet_exports")
    op.drop_index(op.f("site_tablets_site_id_idx"), table_name="site_tablets")
    op.drop_table("site_tablets")
    op.drop_index(op.f("attachments_uploaded_by_person_id_idx"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_table("day_closings")
    op.drop_table("calendar_years")
    op.drop_table("watermarks")
