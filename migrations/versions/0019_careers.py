"""Keep what a dispatch does for a career: evaluations, rules of promotion, certificates, and leave that it earned."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROLES = (
    *("staff", "director", "delegate", "desk", "duty", "medical_affairs", "education", "personnel", "finance", "dean"),
    *("bureau", "village_doctor", "admin"),
)
TABLE, CHECK = "inbox_items", "inbox_items_noticekind_check"
NEW_NOTICES = (
    "evaluation_waiting",
    "evaluation_completed",
    "certificate_issued",
    "leave_earned",
)
LEAVE_KINDS = ("personal", "sick", "annual", "maternity", "marriage", "bereavement", "official", "rest")
LEAVE_COLUMNS = (("leave_requests", "kind"), ("duty_shifts", "leave_kind"), ("timesheet_amendments", "leave_kind"))
LOCKS = """
CREATE FUNCTION refuse_completed_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the evaluation is completed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evaluations_locked';
END $$;
CREATE TRIGGER evaluations_locked BEFORE UPDATE OR DELETE ON evaluations
    FOR EACH ROW WHEN (OLD.status = 'completed') EXECUTE FUNCTION refuse_completed_evaluation();
CREATE FUNCTION refuse_promotion_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND lower(NEW.during) = lower(OLD.during) AND NEW.during <@ OLD.during
        AND to_jsonb(NEW) - ARRAY['during', 'version'] = to_jsonb(OLD) - ARRAY['during', 'version']
    THEN
        RETURN NEW;  -- a later version ends it
    END IF;
    RAISE EXCEPTION 'the rule is approved'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'promotion_rules_locked';
END $$;
CREATE TRIGGER promotion_rules_locked BEFORE UPDATE OR DELETE ON promotion_rules
    FOR EACH ROW WHEN (OLD.status = 'approved') EXECUTE FUNCTION refuse_promotion_rule();
CREATE FUNCTION refuse_service_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL
        AND to_jsonb(NEW) - ARRAY['revoked_at', 'revoke_reason']
            = to_jsonb(OLD) - ARRAY['revoked_at', 'revoke_reason']
    THEN
        RETURN NEW;  -- revoked
    END IF;
    RAISE EXCEPTION 'the certificate is issued'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'service_certificates_kept';
END $$;
CREATE TRIGGER service_certificates_kept BEFORE UPDATE OR DELETE ON service_certificates
    FOR EACH ROW EXECUTE FUNCTION refuse_service_certificate();
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


def allow_leave(kinds: tuple[str, ...]) -> None:
    """Let leave be of these kinds, and only these."""
    for table, column in LEAVE_COLUMNS:
        name = f"{table}_leavekind_check"
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, sa.column(column).in_(kinds))


def upgrade() -> None:
    op.create_table(
        "promotion_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "calendar_days",
                "served_days",
                name="servicemeasure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("required_days", sa.Integer(), nullable=False),
        sa.Column("minimum_dispatch_days", sa.Integer(), nullable=True),
        sa.Column("days_a_week", sa.Integer(), nullable=True),
        sa.Column("needs_evaluation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("refusal_blocks_months", sa.Integer(), nullable=True),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "withdrawn",
                name="promotionrulestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="proposed",
            nullable=False,
        ),
        sa.Column("proposed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organisation_id"), "="),
            (sa.column("title"), "="),
            (sa.column("name"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("status = 'approved'"),
            using="gist",
            name="promotion_rules_one_at_a_time_excl",
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'rejected')) = (decided_at IS NOT NULL)",
            name=op.f("promotion_rules_decided_check"),
        ),
        sa.CheckConstraint(
            "document_title <> '' AND document_number <> ''", name=op.f("promotion_rules_document_check")
        ),
        sa.CheckConstraint("name <> '' AND title <> ''", name=op.f("promotion_rules_name_check")),
        sa.CheckConstraint("NOT isempty(during) AND NOT lower_inf(during)", name=op.f("promotion_rules_during_check")),
        sa.CheckConstraint(
            "decided_by_person_id <> proposed_by_person_id", name=op.f("promotion_rules_not_by_oneself_check")
        ),
        sa.CheckConstraint("required_days > 0 AND minimum_dispatch_days > 0", name=op.f("promotion_rules_days_check")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("promotion_rules_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("promotion_rules_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_person_id"], ["people.id"], name=op.f("promotion_rules_proposed_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("promotion_rules_pkey")),
    )
    op.create_table(
        "service_certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("verification_code", sa.Text(), nullable=False),
        sa.Column("issued_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason = '')", name=op.f("service_certificates_revoked_check")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_person_id"], ["people.id"], name=op.f("service_certificates_issued_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("service_certificates_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("service_certificates_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_certificates_pkey")),
        sa.UniqueConstraint("verification_code", name=op.f("service_certificates_verification_code_key")),
    )
    op.create_index(op.f("service_certificates_person_id_idx"), "service_certificates", ["person_id"], unique=False)
    op.create_table(
        "service_refusals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("service_refusals_reason_check")),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["people.id"], name=op.f("service_refusals_entered_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("service_refusals_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_refusals_pkey")),
    )
    op.create_index(op.f("service_refusals_person_id_idx"), "service_refusals", ["person_id"], unique=False)
    op.create_table(
        "earlier_services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("served_days", sa.Integer(), nullable=False),
        sa.Column("evaluation_passed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), server_default="", nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("withdrawn_at IS NULL"),
            using="gist",
            name="earlier_services_once_excl",
        ),
        sa.CheckConstraint(
            "organisation_name <> '' AND document_title <> ''", name=op.f("earlier_services_source_check")
        ),
        sa.CheckConstraint(
            "served_days BETWEEN 1 AND ends_on - starts_on + 1", name=op.f("earlier_services_days_check")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("earlier_services_period_check")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("earlier_services_attachment_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["people.id"], name=op.f("earlier_services_entered_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("earlier_services_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("earlier_services_pkey")),
        sa.UniqueConstraint("attachment_id", name=op.f("earlier_services_attachment_id_key")),
    )
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "self",
                "department",
                "recipient",
                "supporting",
                "bureau",
                "signature",
                "objected",
                "completed",
                name="evaluationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="self",
            nullable=False,
        ),
        sa.Column("education", sa.Text(), server_default="", nullable=False),
        sa.Column("specialty", sa.Text(), server_default="", nullable=False),
        sa.Column("title_applied", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "qualified",
                "barely",
                "failed",
                name="grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("return_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("objection", sa.Text(), server_default="", nullable=False),
        sa.Column("objection_answer", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verification_code", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL) "
            "AND (completed_at IS NULL) = (verification_code IS NULL) "
            "AND (status <> 'completed' OR grade IS NOT NULL)",
            name=op.f("evaluations_completed_check"),
        ),
        sa.CheckConstraint("status <> 'objected' OR objection <> ''", name=op.f("evaluations_objected_check")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("evaluations_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("evaluations_person_id_fkey")),
        sa.ForeignKeyConstraint(["recipient_id"], ["organisations.id"], name=op.f("evaluations_recipient_id_fkey")),
        sa.ForeignKeyConstraint(["supporting_id"], ["organisations.id"], name=op.f("evaluations_supporting_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("evaluations_pkey")),
        sa.UniqueConstraint("dispatch_id", name=op.f("evaluations_dispatch_id_key")),
        sa.UniqueConstraint("verification_code", name=op.f("evaluations_verification_code_key")),
    )
    op.create_index(op.f("evaluations_person_id_idx"), "evaluations", ["person_id"], unique=False)
    op.create_index(op.f("evaluations_recipient_id_idx"), "evaluations", ["recipient_id"], unique=False)
    op.create_index(op.f("evaluations_supporting_id_idx"), "evaluations", ["supporting_id"], unique=False)
    op.create_table(
        "leave_credits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("leave_credits_days_check")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("leave_credits_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("leave_credits_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("leave_credits_pkey")),
        sa.UniqueConstraint("dispatch_id", name=op.f("leave_credits_dispatch_id_key")),
    )
    op.create_index(op.f("leave_credits_person_id_idx"), "leave_credits", ["person_id"], unique=False)
    op.create_table(
        "evaluation_parts",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "self",
                "department",
                "recipient",
                "supporting",
                "bureau",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "qualified",
                "barely",
                "failed",
                name="grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("signed_by_person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "signed_as",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opinion <> ''", name=op.f("evaluation_parts_opinion_check")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("evaluation_parts_evaluation_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_person_id"], ["people.id"], name=op.f("evaluation_parts_signed_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "part", name=op.f("evaluation_parts_pkey")),
    )
    op.execute(LOCKS)
    allow_leave((*LEAVE_KINDS, "earned"))
    allow((*notices_so_far(), *NEW_NOTICES))


def downgrade() -> None:
    new = {"new": list(NEW_NOTICES)}
    items = "SELECT id FROM inbox_items WHERE kind = ANY(:new)"
    op.execute(sa.text(f"DELETE FROM outbox_messages WHERE inbox_item_id IN ({items})").bindparams(**new))
    op.execute(sa.text("DELETE FROM inbox_items WHERE kind = ANY(:new)").bindparams(**new))
    allow(tuple(kind for kind in notices_so_far() if kind not in NEW_NOTICES))
    allow_leave(LEAVE_KINDS)
    op.drop_table("evaluation_parts")
    op.drop_table("leave_credits")
    op.drop_table("evaluations")
    op.drop_table("earlier_services")
    op.drop_table("service_refusals")
    op.drop_table("service_certificates")
    op.drop_table("promotion_rules")
    for function in ("refuse_completed_evaluation", "refuse_promotion_rule", "refuse_service_certificate"):
        op.execute(f"DROP FUNCTION {function}()")
