"""Deliver what is owed to people: the outbox says to whom, in which template, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOTICES = (
    *("dispatch_assigned", "dispatch_changed", "dispatch_ended", "binding_requested", "binding_accepted"),
    *("binding_rejected", "tap_questioned", "tap_judged", "correction_requested", "correction_decided"),
    *("leave_requested", "leave_decided", "substitute_needed", "spot_check_sent", "spot_check_reviewed"),
    *("timesheet_submitted", "timesheet_returned", "timesheet_countersigned", "timesheet_unsigned"),
    *("amendment_requested", "amendment_decided", "delegation_given"),
)
NEW_NOTICES = (
    *("clinic_planned", "clinic_conflict", "clinic_closed", "closure_reported", "closure_reviewed", "calls_waiting"),
    *("expert_replaced", "booking_made", "booking_cancelled", "place_offered", "offer_lapsed", "visit_tomorrow"),
    *("visit_soon", "no_show_marked", "appeal_received", "appeal_decided"),
)
STATUSES = ("owed", "sending", "sent", "delivered", "failed", "unknown", "lapsed")
TEMPLATES = ("booking_made", "clinic_changed", "place_offered", "visit_reminder", "work_notice", "spot_check")
FAILURES = (
    *("no_account", "no_grant", "refused", "banned", "bad_account", "bad_template", "bad_page", "bad_fields"),
    *("sensitive", "undelivered", "too_often"),
)
SOMEBODY = "num_nonnulls(person_id, account_id) = 1"
CHECKS = {
    "outbox_messages_somebody_check": SOMEBODY,
    "outbox_messages_claimed_check": "(status = 'sending') = (claimed_until IS NOT NULL)",
    "outbox_messages_failed_check": "(status = 'failed') = (failure IS NOT NULL)",
}


def allow(table: str, column: str, constraint: str, values: tuple[str, ...]) -> None:
    """Let a column of named values hold these, and only these."""
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, sa.column(column).in_(values))


def upgrade() -> None:
    op.create_table(
        "pushed_events",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pushed_events_pkey")),
    )
    op.create_index(op.f("pushed_events_received_at_idx"), "pushed_events", ["received_at"], unique=False)
    op.create_table(
        "subscription_grants",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "template",
            sa.Enum(
                "booking_made",
                "clinic_changed",
                "place_offered",
                "visit_reminder",
                "work_notice",
                "spot_check",
                name="templatekey",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("standing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("granted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("used BETWEEN 0 AND granted", name=op.f("subscription_grants_spent_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("subscription_grants_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "template", name=op.f("subscription_grants_pkey")),
    )

    op.alter_column("inbox_items", "person_id", nullable=True)
    op.add_column("inbox_items", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("inbox_items_account_id_fkey"), "inbox_items", "accounts", ["account_id"], ["id"])
    op.create_index(op.f("inbox_items_account_id_created_at_idx"), "inbox_items", ["account_id", "created_at"])
    op.create_check_constraint(op.f("inbox_items_somebody_check"), "inbox_items", SOMEBODY)
    allow("inbox_items", "kind", "inbox_items_noticekind_check", NOTICES + NEW_NOTICES)
    allow("outbox_messages", "status", "outbox_messages_deliverystatus_check", STATUSES)
    _widen_outbox()


def _widen_outbox() -> None:
    op.alter_column("outbox_messages", "person_id", nullable=True)
    for column in (
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_id", sa.Uuid(), sa.Computed("coalesce(person_id, account_id)", persisted=True)),
        sa.Column("template", sa.String(32), nullable=False, server_default="work_notice"),
        sa.Column("fields", postgresql.JSONB(), nullable=False, server_default="{}"),
        sa.Column("page", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("failure", sa.String(32), nullable=True),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("outbox_messages", column)
    # Until now nothing was sent: who has a notice has found it in the product.
    op.execute("UPDATE outbox_messages SET status = 'lapsed'")
    op.execute(
        "UPDATE outbox_messages m SET organisation_id = p.organisation_id FROM people p WHERE p.id = m.person_id"
    )
    op.alter_column("outbox_messages", "organisation_id", nullable=False)
    op.alter_column("outbox_messages", "recipient_id", nullable=False)
    op.alter_column("outbox_messages", "template", server_default=None)
    op.alter_column("outbox_messages", "fields", server_default=None)
    for column_name, constraint, values in (
        ("template", "outbox_messages_templatekey_check", TEMPLATES),
        ("failure", "outbox_messages_failure_check", FAILURES),
    ):
        op.create_check_constraint(op.f(constraint), "outbox_messages", sa.column(column_name).in_(values))
    for constraint, condition in CHECKS.items():
        op.create_check_constraint(op.f(constraint), "outbox_messages", condition)
    for table, column_name in (("accounts", "account_id"), ("organisations", "organisation_id")):
        op.create_foreign_key(
            op.f(f"outbox_messages_{column_name}_fkey"), "outbox_messages", table, [column_name], ["id"]
        )
    op.drop_index("outbox_messages_owed_idx", table_name="outbox_messages")
    _index("outbox_messages_owed_idx", "due_at", where="status = 'owed'")
    _index("outbox_messages_flight_key", "recipient_id", where="status = 'sending'", unique=True)
    _index("outbox_messages_unknown_idx", "recipient_id", where="status = 'unknown'")
    _index("outbox_messages_message_idx", "message_id", where="message_id IS NOT NULL")
    op.create_index(
        op.f("outbox_messages_organisation_id_status_created_at_idx"),
        "outbox_messages",
        ["organisation_id", "status", "created_at"],
    )


def _index(name: str, column: str, *, where: str, unique: bool = False) -> None:
    op.create_index(name, "outbox_messages", [column], unique=unique, postgresql_where=sa.text(where))


def downgrade() -> None:
    op.execute(
        sa.text(
            "DELETE FROM outbox_messages WHERE person_id IS NULL"
            " OR inbox_item_id IN (SELECT id FROM inbox_items WHERE kind = ANY(:new))"
        ).bindparams(new=list(NEW_NOTICES))
    )
    op.execute(
        sa.text("DELETE FROM inbox_items WHERE person_id IS NULL OR kind = ANY(:new)").bindparams(new=list(NEW_NOTICES))
    )
    for index in ("organisation_id_status_created_at_idx", "message_idx", "unknown_idx", "flight_key", "owed_idx"):
        op.drop_index(f"outbox_messages_{index}", table_name="outbox_messages")
    for constraint in (*CHECKS, "outbox_messages_templatekey_check", "outbox_messages_failure_check"):
        op.drop_constraint(op.f(constraint), "outbox_messages", type_="check")
    for column in (
        *("settled_at", "sent_at", "errcode", "failure", "message_id", "claimed_until", "attempts", "lapses_at"),
        *("due_at", "page", "fields", "template", "recipient_id", "organisation_id", "account_id"),
    ):
        op.drop_column("outbox_messages", column)
    op.alter_column("outbox_messages", "person_id", nullable=False)
    op.execute("UPDATE outbox_messages SET status = 'owed'")
    allow("outbox_messages", "status", "outbox_messages_deliverystatus_check", ("owed",))
    _index("outbox_messages_owed_idx", "created_at", where="status = 'owed'")
    op.drop_constraint(op.f("inbox_items_somebody_check"), "inbox_items", type_="check")
    op.drop_column("inbox_items", "account_id")
    op.alter_column("inbox_items", "person_id", nullable=False)
    allow("inbox_items", "kind", "inbox_items_noticekind_check", NOTICES)
    op.drop_table("subscription_grants")
    op.drop_table("pushed_events")
