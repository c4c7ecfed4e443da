"""Let a refused claim void its lines: what they took back counts again, and may be taken back again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

GUARD = """
CREATE OR REPLACE FUNCTION refuse_subsidy_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM subsidy_claims WHERE id = OLD.claim_id AND status = 'draft') THEN
            RETURN OLD;  -- a receipt came or went before the claim was handed in
        END IF;
    ELSIF {only_its_force} THEN
        RETURN NEW;  -- taken back, or its claim was refused{or_counts_again}
    END IF;
    RAISE EXCEPTION 'the line is frozen'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'subsidy_lines_frozen';
END $$;
"""
BEFORE = GUARD.format(
    only_its_force="OLD.in_force AND NOT NEW.in_force AND to_jsonb(NEW) - 'in_force' = to_jsonb(OLD) - 'in_force'",
    or_counts_again="",
)
AFTER = GUARD.format(
    only_its_force="""to_jsonb(NEW) - ARRAY['in_force', 'voided'] = to_jsonb(OLD) - ARRAY['in_force', 'voided']
        AND NEW.voided >= OLD.voided
        AND (NEW.in_force <= OLD.in_force
            OR EXISTS (SELECT FROM subsidy_lines taking WHERE taking.reverses_id = OLD.id AND taking.voided))""",
    or_counts_again="; or what took it back was",
)


def upgrade() -> None:
    op.add_column("subsidy_lines", sa.Column("voided", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_check_constraint(op.f("subsidy_lines_voided_check"), "subsidy_lines", "NOT (in_force AND voided)")
    op.drop_constraint(op.f("subsidy_lines_reverses_id_key"), "subsidy_lines", type_="unique")
    op.create_index(
        "subsidy_lines_reverses_id_key",
        "subsidy_lines",
        ["reverses_id"],
        unique=True,
        postgresql_where=sa.text("NOT voided"),
    )
    op.execute(AFTER)


def downgrade() -> None:
    op.execute(BEFORE)
    op.drop_index("subsidy_lines_reverses_id_key", table_name="subsidy_lines")
    op.create_unique_constraint(op.f("subsidy_lines_reverses_id_key"), "subsidy_lines", ["reverses_id"])
    op.drop_constraint(op.f("subsidy_lines_voided_check"), "subsidy_lines", type_="check")
    op.drop_column("subsidy_lines", "voided")
