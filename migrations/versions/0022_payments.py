"""Settle what is paid once: which claims a payment was for, the bank's answers, and locks on what is decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LOCKS = """
CREATE FUNCTION refuse_approved_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = 'paid' AND to_jsonb(NEW) - 'version' = to_jsonb(OLD) - 'version' THEN
            RETURN NEW;
        ELSIF OLD.status <> 'paid' AND (NEW.total_fen, NEW.person_id, NEW.supporting_id)
            = (OLD.total_fen, OLD.person_id, OLD.supporting_id)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the claim is paid, or its sum approved'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'subsidy_claims_paid_once';
END $$;
CREATE TRIGGER subsidy_claims_paid_once BEFORE UPDATE OR DELETE ON subsidy_claims
    FOR EACH ROW WHEN (OLD.status IN ('approved', 'paying', 'paid')) EXECUTE FUNCTION refuse_approved_claim();
CREATE FUNCTION refuse_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    settling CONSTANT text[] := ARRAY[
        'status', 'paid_on', 'bank_reference', 'failure_reason', 'settled_at', 'settled_by_person_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'waiting' AND to_jsonb(NEW) - settling = to_jsonb(OLD) - settling THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the payment is settled once, and pays what was prepared'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_settled_once';
END $$;
CREATE TRIGGER payments_settled_once BEFORE UPDATE OR DELETE ON payments
    FOR EACH ROW EXECUTE FUNCTION refuse_payment();
CREATE TRIGGER payment_claims_kept BEFORE UPDATE OR DELETE ON payment_claims
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER bank_answers_kept BEFORE UPDATE OR DELETE ON bank_answers
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
"""


def upgrade() -> None:
    op.add_column("payment_runs", sa.Column("workbook_hash", sa.Text(), server_default="", nullable=False))
    for column in ("payee", "staff_number"):
        op.add_column("payments", sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.create_table(
        "payment_claims",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["subsidy_claims.id"], name=op.f("payment_claims_claim_id_fkey")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("payment_claims_payment_id_fkey")),
        sa.PrimaryKeyConstraint("payment_id", "claim_id", name=op.f("payment_claims_pkey")),
    )
    op.create_index(op.f("payment_claims_claim_id_idx"), "payment_claims", ["claim_id"], unique=False)
    op.create_table(
        "bank_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("paid_count", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["payment_runs.id"], name=op.f("bank_answers_run_id_fkey")),
        sa.ForeignKeyConstraint(
            ["taken_by_person_id"], ["people.id"], name=op.f("bank_answers_taken_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("bank_answers_pkey")),
        sa.UniqueConstraint("run_id", "fingerprint", name=op.f("bank_answers_run_id_fingerprint_key")),
    )
    op.execute(LOCKS)


def downgrade() -> None:
    op.execute("DROP TRIGGER subsidy_claims_paid_once ON subsidy_claims")
    op.execute("DROP TRIGGER payments_settled_once ON payments")
    op.drop_table("bank_answers")
    op.drop_table("payment_claims")
    for column in ("payee", "staff_number"):
        op.drop_column("payments", column)
    op.drop_column("payment_runs", "workbook_hash")
    op.execute("DROP FUNCTION refuse_approved_claim()")
    op.execute("DROP FUNCTION refuse_payment()")
