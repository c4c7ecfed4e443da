"""Let a later version end a rule: before a row is written its computed audience is not there to be compared."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

GUARD = """
CREATE OR REPLACE FUNCTION refuse_subsidy_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND lower(NEW.during) = lower(OLD.during) AND NEW.during <@ OLD.during
        AND to_jsonb(NEW) - ARRAY[{left_out}] = to_jsonb(OLD) - ARRAY[{left_out}]
    THEN
        RETURN NEW;  -- a later version ends it
    END IF;
    RAISE EXCEPTION 'the rule is approved'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'subsidy_rules_locked';
END $$
"""


def upgrade() -> None:
    op.execute(GUARD.format(left_out="'during', 'version', 'audience'"))


def downgrade() -> None:
    op.execute(GUARD.format(left_out="'during', 'version'"))
