"""Keep money due for days away from home: programmes, rules, claims with frozen lines, approvals, payments."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROLES = (
    *("staff", "director", "delegate", "desk", "duty", "medical_affairs", "education", "personnel", "finance", "dean"),
    *("bureau", "village_doctor", "admin"),
)
TABLE, CHECK = "inbox_items", "inbox_items_noticekind_check"
NEW_NOTICES = (
    "subsidy_drafted",
    "subsidy_submitted",
    "subsidy_decided",
    "subsidy_paid",
    "subsidy_mismatch",
    "run_prepared",
    "run_decided",
    "rule_proposed",
)
LOCKS = """
CREATE FUNCTION refuse_subsidy_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM subsidy_claims WHERE id = OLD.claim_id AND status = 'draft') THEN
            RETURN OLD;  -- a receipt came or went before the claim was handed in
        END IF;
    ELSIF OLD.in_force AND NOT NEW.in_force AND to_jsonb(NEW) - 'in_force' = to_jsonb(OLD) - 'in_force' THEN
        RETURN NEW;  -- taken back, or its claim was refused
    END IF;
    RAISE EXCEPTION 'the line is frozen'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'subsidy_lines_frozen';
END $$;
CREATE TRIGGER subsidy_lines_frozen BEFORE UPDATE OR DELETE ON subsidy_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_subsidy_line();
CREATE FUNCTION refuse_subsidy_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND lower(NEW.during) = lower(OLD.during) AND NEW.during <@ OLD.during
        AND to_jsonb(NEW) - ARRAY['during', 'version'] = to_jsonb(OLD) - ARRAY['during', 'version']
    THEN
        RETURN NEW;  -- a later version ends it
    END IF;
    RAISE EXCEPTION 'the rule is approved'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'subsidy_rules_locked';
END $$;
CREATE TRIGGER subsidy_rules_locked BEFORE UPDATE OR DELETE ON subsidy_rules
    FOR EACH ROW WHEN (OLD.status = 'approved') EXECUTE FUNCTION refuse_subsidy_rule();
CREATE FUNCTION refuse_change_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was decided stays as it was'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER subsidy_decisions_kept BEFORE UPDATE OR DELETE ON subsidy_decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER approval_chains_kept BEFORE UPDATE OR DELETE ON approval_chains
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER approval_steps_kept BEFORE UPDATE OR DELETE ON approval_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
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
        "subsidy_programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("subsidy_programmes_name_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("subsidy_programmes_organisation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_programmes_pkey")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("subsidy_programmes_organisation_id_name_key")),
    )
    op.create_table(
        "subsidy_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "per_day",
                "per_month",
                "return_fare",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("exclusion", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("subsidy_items_name_check")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["subsidy_programmes.id"], name=op.f("subsidy_items_programme_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_items_pkey")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("subsidy_items_programme_id_name_key")),
    )
    op.create_table(
        "approval_chains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("set_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "document_title <> '' AND document_number <> ''", name=op.f("approval_chains_document_check")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("approval_chains_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_person_id"], ["people.id"], name=op.f("approval_chains_set_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("approval_chains_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "effective_on", name=op.f("approval_chains_organisation_id_effective_on_key")
        ),
    )
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_masked", sa.Text(), nullable=False),
        sa.Column("changed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_person_id"], ["people.id"], name=op.f("bank_accounts_changed_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("bank_accounts_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("bank_accounts_pkey")),
        sa.UniqueConstraint("person_id", name=op.f("bank_accounts_person_id_key")),
    )
    op.create_table(
        "payment_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "prepared",
                "released",
                "refused",
                "settled",
                name="runstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="prepared",
            nullable=False,
        ),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("payments_count", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("prepared_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(status = 'prepared') = (decided_at IS NULL)", name=op.f("payment_runs_decided_check")),
        sa.CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name=op.f("payment_runs_settled_check")),
        sa.CheckConstraint(
            "decided_by_person_id <> prepared_by_person_id", name=op.f("payment_runs_not_by_oneself_check")
        ),
        sa.CheckConstraint("total_fen > 0 AND payments_count > 0", name=op.f("payment_runs_amounts_check")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("payment_runs_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("payment_runs_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_person_id"], ["people.id"], name=op.f("payment_runs_prepared_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_runs_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("payment_runs_organisation_id_year_number_key")
        ),
    )
    op.create_table(
        "subsidy_budgets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("set_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "document_title <> '' AND document_number <> ''", name=op.f("subsidy_budgets_document_check")
        ),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("subsidy_budgets_amount_check")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["subsidy_programmes.id"], name=op.f("subsidy_budgets_programme_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_person_id"], ["people.id"], name=op.f("subsidy_budgets_set_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_budgets_pkey")),
        sa.UniqueConstraint("programme_id", "year", name=op.f("subsidy_budgets_programme_id_year_key")),
    )
    op.create_table(
        "subsidy_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), server_default="", nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column(
            "audience", sa.Text(), sa.Computed("coalesce(recipient_id::text, level)", persisted=True), nullable=False
        ),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("interval_months", sa.Integer(), nullable=True),
        sa.Column("cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("cap_days", sa.Integer(), nullable=True),
        sa.Column("minimum_days", sa.Integer(), nullable=True),
        sa.Column("days_a_week", sa.Integer(), nullable=True),
        sa.Column("needs_evaluation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("document_title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "withdrawn",
                name="rulestatus",
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
            (sa.column("item_id"), "="),
            (sa.column("audience"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("status = 'approved'"),
            using="gist",
            name="subsidy_rules_one_at_a_time_excl",
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name=op.f("subsidy_rules_decided_check")
        ),
        sa.CheckConstraint("document_title <> '' AND document_number <> ''", name=op.f("subsidy_rules_document_check")),
        sa.CheckConstraint("level = '' OR recipient_id IS NULL", name=op.f("subsidy_rules_one_audience_check")),
        sa.CheckConstraint(
            "amount_fen > 0 AND cap_fen > 0 AND cap_days > 0 AND minimum_days > 0",
            name=op.f("subsidy_rules_amounts_check"),
        ),
        sa.CheckConstraint("days_a_week BETWEEN 1 AND 7", name=op.f("subsidy_rules_days_a_week_check")),
        sa.CheckConstraint(
            "decided_by_person_id <> proposed_by_person_id", name=op.f("subsidy_rules_not_by_oneself_check")
        ),
        sa.CheckConstraint(
            "extract(day FROM lower(during)) = 1 AND (upper_inf(during) OR extract(day FROM upper(during)) = 1) "
            "AND NOT isempty(during)",
            name=op.f("subsidy_rules_whole_months_check"),
        ),
        sa.CheckConstraint("interval_months BETWEEN 1 AND 12", name=op.f("subsidy_rules_interval_check")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("subsidy_rules_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["subsidy_items.id"], name=op.f("subsidy_rules_item_id_fkey")),
        sa.ForeignKeyConstraint(
            ["proposed_by_person_id"], ["people.id"], name=op.f("subsidy_rules_proposed_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["organisations.id"], name=op.f("subsidy_rules_recipient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_rules_pkey")),
    )
    op.create_table(
        "approval_steps",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("minimum_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("position > 0 AND minimum_fen >= 0 AND label <> ''", name=op.f("approval_steps_step_check")),
        sa.ForeignKeyConstraint(["chain_id"], ["approval_chains.id"], name=op.f("approval_steps_chain_id_fkey")),
        sa.PrimaryKeyConstraint("chain_id", "position", name=op.f("approval_steps_pkey")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("account_masked", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "paid",
                "failed",
                "cancelled",
                name="paymentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("bank_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("failure_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name=op.f("payments_paid_check")),
        sa.CheckConstraint(
            "(status IN ('paid', 'failed')) = (settled_at IS NOT NULL)", name=op.f("payments_settled_check")
        ),
        sa.CheckConstraint("status <> 'failed' OR failure_reason <> ''", name=op.f("payments_failed_check")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("payments_amount_check")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("payments_person_id_fkey")),
        sa.ForeignKeyConstraint(["run_id"], ["payment_runs.id"], name=op.f("payments_run_id_fkey")),
        sa.ForeignKeyConstraint(
            ["settled_by_person_id"], ["people.id"], name=op.f("payments_settled_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("payments_pkey")),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("payments_run_id_person_id_key")),
        sa.UniqueConstraint("run_id", "position", name=op.f("payments_run_id_position_key")),
    )
    op.create_table(
        "subsidy_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("month", "adjustment", name="claimkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("timesheet_id", sa.Uuid(), nullable=True),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "rejected",
                "approved",
                "paying",
                "paid",
                name="claimstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'month') = (timesheet_id IS NOT NULL)", name=op.f("subsidy_claims_timesheet_check")
        ),
        sa.CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("subsidy_claims_paid_check")),
        sa.CheckConstraint("(status = 'submitted') = (step IS NOT NULL)", name=op.f("subsidy_claims_step_check")),
        sa.CheckConstraint(
            "(status IN ('paying', 'paid')) = (payment_id IS NOT NULL)", name=op.f("subsidy_claims_payment_check")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paying', 'paid') OR approved_at IS NOT NULL",
            name=op.f("subsidy_claims_approved_check"),
        ),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("subsidy_claims_month_check")),
        sa.ForeignKeyConstraint(["chain_id"], ["approval_chains.id"], name=op.f("subsidy_claims_chain_id_fkey")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("subsidy_claims_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("subsidy_claims_payment_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("subsidy_claims_person_id_fkey")),
        sa.ForeignKeyConstraint(["recipient_id"], ["organisations.id"], name=op.f("subsidy_claims_recipient_id_fkey")),
        sa.ForeignKeyConstraint(
            ["supporting_id"], ["organisations.id"], name=op.f("subsidy_claims_supporting_id_fkey")
        ),
        sa.ForeignKeyConstraint(["timesheet_id"], ["timesheets.id"], name=op.f("subsidy_claims_timesheet_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_claims_pkey")),
    )
    op.create_index(op.f("subsidy_claims_dispatch_id_idx"), "subsidy_claims", ["dispatch_id"], unique=False)
    op.create_index(
        "subsidy_claims_payable_idx",
        "subsidy_claims",
        ["supporting_id"],
        unique=False,
        postgresql_where=sa.text("status = 'approved'"),
    )
    op.create_index(op.f("subsidy_claims_payment_id_idx"), "subsidy_claims", ["payment_id"], unique=False)
    op.create_index(op.f("subsidy_claims_person_id_month_idx"), "subsidy_claims", ["person_id", "month"], unique=False)
    op.create_index(
        op.f("subsidy_claims_supporting_id_month_idx"), "subsidy_claims", ["supporting_id", "month"], unique=False
    )
    op.create_index(
        "subsidy_claims_timesheet_key",
        "subsidy_claims",
        ["timesheet_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'rejected'"),
    )
    op.create_index(
        "subsidy_claims_waiting_idx",
        "subsidy_claims",
        ["supporting_id", "step"],
        unique=False,
        postgresql_where=sa.text("status = 'submitted'"),
    )
    op.create_table(
        "subsidy_adjustments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("timesheet_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "amendment", "evaluation", name="adjustmentcause", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["subsidy_claims.id"], name=op.f("subsidy_adjustments_claim_id_fkey")),
        sa.ForeignKeyConstraint(
            ["timesheet_id"], ["timesheets.id"], name=op.f("subsidy_adjustments_timesheet_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_adjustments_pkey")),
        sa.UniqueConstraint("timesheet_id", "source_id", name=op.f("subsidy_adjustments_timesheet_id_source_id_key")),
    )
    op.create_index(
        "subsidy_adjustments_waiting_idx",
        "subsidy_adjustments",
        ["timesheet_id"],
        unique=False,
        postgresql_where=sa.text("claim_id IS NULL"),
    )
    op.create_table(
        "subsidy_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("claimant_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_label", sa.Text(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "approved",
                "returned",
                "rejected",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "decided_as",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("decision = 'approved' OR reason <> ''", name=op.f("subsidy_decisions_reason_check")),
        sa.CheckConstraint("decided_by_person_id <> claimant_id", name=op.f("subsidy_decisions_not_by_oneself_check")),
        sa.ForeignKeyConstraint(["claim_id"], ["subsidy_claims.id"], name=op.f("subsidy_decisions_claim_id_fkey")),
        sa.ForeignKeyConstraint(["claimant_id"], ["people.id"], name=op.f("subsidy_decisions_claimant_id_fkey")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("subsidy_decisions_decided_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_decisions_pkey")),
        sa.UniqueConstraint(
            "claim_id",
            "round",
            "decided_by_person_id",
            name=op.f("subsidy_decisions_claim_id_round_decided_by_person_id_key"),
        ),
        sa.UniqueConstraint("claim_id", "round", "step", name=op.f("subsidy_decisions_claim_id_round_step_key")),
    )
    op.create_table(
        "subsidy_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("timesheet_id", sa.Uuid(), nullable=False),
        sa.Column(
            "sort",
            sa.Enum("grant", "reversal", name="linesort", native_enum=False, create_constraint=True, length=32),
            server_default="grant",
            nullable=False,
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("withheld", sa.Text(), server_default="", nullable=False),
        sa.Column("exclusion", sa.Text(), nullable=False),
        sa.Column("halves", postgresql.INT4MULTIRANGE(), nullable=True),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("exclusion"), "="),
            (sa.column("halves"), "&&"),
            where=sa.text("in_force"),
            using="gist",
            name="subsidy_lines_paid_once_excl",
        ),
        sa.CheckConstraint(
            "(sort = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("subsidy_lines_reversal_check")
        ),
        sa.CheckConstraint(
            "CASE sort WHEN 'grant' THEN amount_fen >= 0 ELSE amount_fen < 0 END",
            name=op.f("subsidy_lines_amount_check"),
        ),
        sa.CheckConstraint(
            "sort = 'reversal' OR (amount_fen = 0) = (withheld <> '')", name=op.f("subsidy_lines_withheld_check")
        ),
        sa.CheckConstraint(
            "NOT in_force OR amount_fen > 0 AND halves IS NOT NULL", name=op.f("subsidy_lines_in_force_check")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["subsidy_claims.id"], name=op.f("subsidy_lines_claim_id_fkey")),
        sa.ForeignKeyConstraint(["item_id"], ["subsidy_items.id"], name=op.f("subsidy_lines_item_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("subsidy_lines_person_id_fkey")),
        sa.ForeignKeyConstraint(["reverses_id"], ["subsidy_lines.id"], name=op.f("subsidy_lines_reverses_id_fkey")),
        sa.ForeignKeyConstraint(["rule_id"], ["subsidy_rules.id"], name=op.f("subsidy_lines_rule_id_fkey")),
        sa.ForeignKeyConstraint(["timesheet_id"], ["timesheets.id"], name=op.f("subsidy_lines_timesheet_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_lines_pkey")),
        sa.UniqueConstraint("claim_id", "position", name=op.f("subsidy_lines_claim_id_position_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("subsidy_lines_reverses_id_key")),
    )
    op.create_index(op.f("subsidy_lines_rule_id_idx"), "subsidy_lines", ["rule_id"], unique=False)
    op.create_index(op.f("subsidy_lines_timesheet_id_idx"), "subsidy_lines", ["timesheet_id"], unique=False)
    op.create_table(
        "subsidy_receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("journey", sa.Text(), server_default="", nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number <> ''", name=op.f("subsidy_receipts_number_check")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("subsidy_receipts_amount_check")),
        sa.CheckConstraint("withdrawn_at IS NULL OR line_id IS NULL", name=op.f("subsidy_receipts_withdrawn_check")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("subsidy_receipts_attachment_id_fkey")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("subsidy_receipts_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["line_id"], ["subsidy_lines.id"], name=op.f("subsidy_receipts_line_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("subsidy_receipts_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["supporting_id"], ["organisations.id"], name=op.f("subsidy_receipts_supporting_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subsidy_receipts_pkey")),
        sa.UniqueConstraint("attachment_id", name=op.f("subsidy_receipts_attachment_id_key")),
    )
    op.create_index(op.f("subsidy_receipts_dispatch_id_idx"), "subsidy_receipts", ["dispatch_id"], unique=False)
    op.create_index(op.f("subsidy_receipts_line_id_idx"), "subsidy_receipts", ["line_id"], unique=False)
    op.create_index(
        "subsidy_receipts_number_key",
        "subsidy_receipts",
        ["supporting_id", "number"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.execute(LOCKS)
    allow((*notices_so_far(), *NEW_NOTICES))


def downgrade() -> None:
    new = {"new": list(NEW_NOTICES)}
    items = "SELECT id FROM inbox_items WHERE kind = ANY(:new)"
    op.execute(sa.text(f"DELETE FROM outbox_messages WHERE inbox_item_id IN ({items})").bindparams(**new))
    op.execute(sa.text("DELETE FROM inbox_items WHERE kind = ANY(:new)").bindparams(**new))
    allow(tuple(kind for kind in notices_so_far() if kind not in NEW_NOTICES))
    op.drop_table("subsidy_receipts")
    op.drop_table("subsidy_lines")
    op.drop_table("subsidy_decisions")
    op.drop_table("subsidy_adjustments")
    op.drop_table("subsidy_claims")
    op.drop_table("payments")
    op.drop_table("approval_steps")
    op.drop_table("subsidy_rules")
    op.drop_table("subsidy_budgets")
    op.drop_table("payment_runs")
    op.drop_table("bank_accounts")
    op.drop_table("approval_chains")
    op.drop_table("subsidy_items")
    op.drop_table("subsidy_programmes")
    for function in ("refuse_subsidy_line", "refuse_subsidy_rule", "refuse_change_of_record"):
        op.execute(f"DROP FUNCTION {function}()")
