"""Lay the first tables: organisations, people, dispatches, taps, notices, and the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Not even the owner changes an event by accident; the application's role has no right to try.
APPEND_ONLY = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""

# The highest event id below which no transaction can still commit one: the lock waits for writers that have not
# committed. The owner's right to lock is lent to the application's role for just this.
AUDIT_HORIZON = """
CREATE FUNCTION audit_horizon() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
    LOCK TABLE audit_events IN SHARE MODE;
    RETURN (SELECT max(id) FROM audit_events);
END $$;
REVOKE ALL ON FUNCTION audit_horizon() FROM PUBLIC;
"""

APPLICATION_ROLE = """
DO $$ BEGIN
    CREATE ROLE bangfu_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('GRANT bangfu_app TO %I', current_user);
END $$;
GRANT USAGE ON SCHEMA public TO bangfu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO bangfu_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO bangfu_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO bangfu_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO bangfu_app;
REVOKE UPDATE, DELETE ON audit_events, audit_seals FROM bangfu_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM bangfu_app;
GRANT EXECUTE ON FUNCTION audit_horizon() TO bangfu_app;
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_events_pkey")),
    )
    op.create_index(
        op.f("audit_events_organisation_id_id_idx"), "audit_events", ["organisation_id", "id"], unique=False
    )
    op.create_index(
        op.f("audit_events_subject_type_subject_id_idx"),
        "audit_events",
        ["subject_type", "subject_id"],
        unique=False,
    )
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("first_event_id", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_seals_pkey")),
        sa.UniqueConstraint("last_event_id", name=op.f("audit_seals_last_event_id_key")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "bureau",
                "tertiary_hospital",
                "county_hospital",
                "township_hospital",
                "community_centre",
                "village_clinic",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("level", sa.Text(), server_default="", nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("telephone", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("organisations_not_own_parent_check")),
        sa.ForeignKeyConstraint(["parent_id"], ["organisations.id"], name=op.f("organisations_parent_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("organisations_pkey")),
        sa.UniqueConstraint("code", name=op.f("organisations_code_key")),
    )
    op.create_index(op.f("organisations_parent_id_idx"), "organisations", ["parent_id"], unique=False)
    op.create_table(
        "agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("supporting_id"), "="),
            (sa.column("recipient_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            using="gist",
            name="agreements_one_at_a_time_excl",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("agreements_period_check")),
        sa.CheckConstraint("supporting_id <> recipient_id", name=op.f("agreements_two_parties_check")),
        sa.ForeignKeyConstraint(["recipient_id"], ["organisations.id"], name=op.f("agreements_recipient_id_fkey")),
        sa.ForeignKeyConstraint(["supporting_id"], ["organisations.id"], name=op.f("agreements_supporting_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("agreements_pkey")),
    )
    op.create_index(op.f("agreements_recipient_id_idx"), "agreements", ["recipient_id"], unique=False)
    op.create_table(
        "departments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("departments_organisation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("departments_pkey")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("departments_organisation_id_name_key")),
    )
    op.create_table(
        "rotations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["supporting_id"], ["organisations.id"], name=op.f("rotations_supporting_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("rotations_pkey")),
        sa.UniqueConstraint("supporting_id", "name", name=op.f("rotations_supporting_id_name_key")),
    )
    op.create_table(
        "settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_title", sa.Text(), server_default="", nullable=False),
        sa.Column("document_number", sa.Text(), server_default="", nullable=False),
        sa.Column("set_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(document_title = '') = (document_number = '')", name=op.f("settings_document_whole_check")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("settings_organisation_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("settings_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "key",
            "effective_on",
            name=op.f("settings_organisation_id_key_effective_on_key"),
        ),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("latitude", sa.Numeric(precision=8, scale=6), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54", name=op.f("sites_in_china_check")
        ),
        sa.CheckConstraint("radius_m BETWEEN 20 AND 5000", name=op.f("sites_radius_check")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("sites_organisation_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sites_pkey")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("sites_organisation_id_name_key")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", "unknown", name="sex", native_enum=False, create_constraint=True, length=32),
            server_default="unknown",
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("telephone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_masked", sa.Text(), server_default="", nullable=False),
        sa.Column("identity_tail_hash", sa.LargeBinary(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("people_department_id_fkey")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("people_organisation_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("people_pkey")),
        sa.UniqueConstraint("organisation_id", "staff_number", name=op.f("people_organisation_id_staff_number_key")),
    )
    op.create_index(
        "people_telephone_key",
        "people",
        ["telephone_hash"],
        unique=True,
        postgresql_where=sa.text("disabled_at IS NULL"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wechat_app_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("accounts_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_pkey")),
        sa.UniqueConstraint("wechat_app_id", "openid", name=op.f("accounts_wechat_app_id_openid_key")),
    )
    op.create_index(
        "accounts_person_key",
        "accounts",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "dispatches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "posted",
                "visiting",
                name="dispatchkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("rotation_id", sa.Uuid(), nullable=True),
        sa.Column("leads_team", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("exception_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("substitute_for_id", sa.Uuid(), nullable=True),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("rotation_id"), "="),
            (sa.column("recipient_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("leads_team AND cancelled_at IS NULL"),
            using="gist",
            name="dispatches_one_leader_excl",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("dispatches_period_check")),
        sa.CheckConstraint("supporting_id <> recipient_id", name=op.f("dispatches_two_hospitals_check")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("dispatches_department_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("dispatches_person_id_fkey")),
        sa.ForeignKeyConstraint(["recipient_id"], ["organisations.id"], name=op.f("dispatches_recipient_id_fkey")),
        sa.ForeignKeyConstraint(["rotation_id"], ["rotations.id"], name=op.f("dispatches_rotation_id_fkey")),
        sa.ForeignKeyConstraint(
            ["substitute_for_id"], ["dispatches.id"], name=op.f("dispatches_substitute_for_id_fkey")
        ),
        sa.ForeignKeyConstraint(["supporting_id"], ["organisations.id"], name=op.f("dispatches_supporting_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("dispatches_pkey")),
    )
    op.create_index(
        "dispatches_person_recipient_start_key",
        "dispatches",
        ["person_id", "recipient_id", "starts_on"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_index(
        op.f("dispatches_recipient_id_ends_on_idx"), "dispatches", ["recipient_id", "ends_on"], unique=False
    )
    op.create_index(op.f("dispatches_rotation_id_idx"), "dispatches", ["rotation_id"], unique=False)
    op.create_index(
        op.f("dispatches_supporting_id_ends_on_idx"), "dispatches", ["supporting_id", "ends_on"], unique=False
    )
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dispatch_assigned",
                "dispatch_changed",
                "dispatch_ended",
                "binding_requested",
                "binding_accepted",
                "binding_rejected",
                name="noticekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("inbox_items_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_items_pkey")),
    )
    op.create_index(
        op.f("inbox_items_person_id_created_at_idx"), "inbox_items", ["person_id", "created_at"], unique=False
    )
    op.create_index(
        "inbox_items_unread_idx",
        "inbox_items",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "passwords",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("argon2", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("passwords_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("passwords_pkey")),
    )
    op.create_table(
        "role_holdings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("role_holdings_organisation_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("role_holdings_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("role_holdings_pkey")),
        sa.UniqueConstraint(
            "person_id",
            "organisation_id",
            "role",
            name=op.f("role_holdings_person_id_organisation_id_role_key"),
        ),
    )
    op.create_index(op.f("role_holdings_organisation_id_idx"), "role_holdings", ["organisation_id"], unique=False)
    op.create_table(
        "binding_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "new_wechat",
                "new_telephone",
                name="bindingkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("telephone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("telephone_masked", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "accepted",
                "rejected",
                name="bindingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="requested",
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(status = 'requested') = (decided_at IS NULL)", name=op.f("binding_requests_decided_check")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("binding_requests_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["people.id"], name=op.f("binding_requests_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("binding_requests_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("binding_requests_pkey")),
    )
    op.create_index(
        "binding_requests_one_open_key",
        "binding_requests",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.create_index(op.f("binding_requests_person_id_idx"), "binding_requests", ["person_id"], unique=False)
    op.create_table(
        "check_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("in", "out", name="checkinkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("duty_on", sa.Date(), nullable=False),
        sa.Column(
            "shift",
            sa.Enum(
                "morning",
                "afternoon",
                "night",
                name="shift",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective", sa.Boolean(), nullable=False),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "inside",
                "uncertain",
                "outside",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("location", sa.LargeBinary(), nullable=True),
        sa.Column("location_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("distance_m >= 0 AND accuracy_m >= 0", name=op.f("check_ins_metres_check")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("check_ins_dispatch_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("check_ins_person_id_fkey")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("check_ins_site_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("check_ins_pkey")),
    )
    op.create_index(
        "check_ins_effective_key",
        "check_ins",
        ["dispatch_id", "duty_on", "shift", "kind"],
        unique=True,
        postgresql_where=sa.text("effective"),
    )
    op.create_index("check_ins_idempotency_key", "check_ins", ["person_id", "idempotency_key"], unique=True)
    op.create_index("check_ins_received_idx", "check_ins", ["received_at"], unique=False, postgresql_using="brin")
    op.create_table(
        "dispatch_sites",
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatch_id"],
            ["dispatches.id"],
            name=op.f("dispatch_sites_dispatch_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("dispatch_sites_site_id_fkey")),
        sa.PrimaryKeyConstraint("dispatch_id", "site_id", name=op.f("dispatch_sites_pkey")),
    )
    op.create_index(op.f("dispatch_sites_site_id_idx"), "dispatch_sites", ["site_id"], unique=False)
    op.create_table(
        "duty_patterns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column("halves", postgresql.INT4MULTIRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("during"), "&&"),
            (sa.column("halves"), "&&"),
            using="gist",
            name="duty_patterns_one_claim_excl",
        ),
        sa.CheckConstraint(
            "halves <@ '{[0,21)}'::int4multirange AND NOT isempty(halves)",
            name=op.f("duty_patterns_halves_check"),
        ),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("duty_patterns_days_check")),
        sa.ForeignKeyConstraint(
            ["dispatch_id"],
            ["dispatches.id"],
            name=op.f("duty_patterns_dispatch_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("duty_patterns_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("duty_patterns_pkey")),
    )
    op.create_index(op.f("duty_patterns_dispatch_id_idx"), "duty_patterns", ["dispatch_id"], unique=False)
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("inbox_item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("owed", name="deliverystatus", native_enum=False, create_constraint=True, length=32),
            server_default="owed",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["inbox_item_id"], ["inbox_items.id"], name=op.f("outbox_messages_inbox_item_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("outbox_messages_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_messages_pkey")),
        sa.UniqueConstraint("dedupe_key", name=op.f("outbox_messages_dedupe_key_key")),
    )
    op.create_index(
        "outbox_messages_owed_idx",
        "outbox_messages",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'owed'"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("phone", "console", name="sessionkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
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
            nullable=True,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("access_hash", sa.LargeBinary(), nullable=False),
        sa.Column("access_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=True),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(role IS NULL) = (organisation_id IS NULL)", name=op.f("sessions_role_in_organisation_check")
        ),
        sa.CheckConstraint("account_id IS NOT NULL OR person_id IS NOT NULL", name=op.f("sessions_somebody_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("sessions_account_id_fkey")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("sessions_organisation_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("sessions_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pkey")),
    )
    op.create_index(op.f("sessions_account_id_idx"), "sessions", ["account_id"], unique=False)
    op.create_index(op.f("sessions_person_id_idx"), "sessions", ["person_id"], unique=False)
    op.execute(APPEND_ONLY)
    op.execute(AUDIT_HORIZON)
    op.execute(APPLICATION_ROLE)


def downgrade() -> None:
    op.drop_index(op.f("sessions_person_id_idx"), table_name="sessions")
    op.drop_index(op.f("sessions_account_id_idx"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("outbox_messages_owed_idx", table_name="outbox_messages", postgresql_where=sa.text("status = 'owed'"))
    op.drop_table("outbox_messages")
    op.drop_index(op.f("duty_patterns_dispatch_id_idx"), table_name="duty_patterns")
    op.drop_table("duty_patterns")
    op.drop_index(op.f("dispatch_sites_site_id_idx"), table_name="dispatch_sites")
    op.drop_table("dispatch_sites")
    op.drop_index("check_ins_received_idx", table_name="check_ins", postgresql_using="brin")
    op.drop_index("check_ins_idempotency_key", table_name="check_ins")
    op.drop_index("check_ins_effective_key", table_name="check_ins", postgresql_where=sa.text("effective"))
    op.drop_table("check_ins")
    op.drop_index(op.f("binding_requests_person_id_idx"), table_name="binding_requests")
    op.drop_index(
        "binding_requests_one_open_key",
        table_name="binding_requests",
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.drop_table("binding_requests")
    op.drop_index(op.f("role_holdings_organisation_id_idx"), table_name="role_holdings")
    op.drop_table("role_holdings")
    op.drop_table("passwords")
    op.drop_index("inbox_items_unread_idx", table_name="inbox_items", postgresql_where=sa.text("read_at IS NULL"))
    op.drop_index(op.f("inbox_items_person_id_created_at_idx"), table_name="inbox_items")
    op.drop_table("inbox_items")
    op.drop_index(op.f("dispatches_supporting_id_ends_on_idx"), table_name="dispatches")
    op.drop_index(op.f("dispatches_rotation_id_idx"), table_name="dispatches")
    op.drop_index(op.f("dispatches_recipient_id_ends_on_idx"), table_name="dispatches")
    op.drop_index(
        "dispatches_person_recipient_start_key",
        table_name="dispatches",
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_table("dispatches")
    op.drop_index("accounts_person_key", table_name="accounts", postgresql_where=sa.text("person_id IS NOT NULL"))
    op.drop_table("accounts")
    op.drop_index("people_telephone_key", table_name="people", postgresql_where=sa.text("disabled_at IS NULL"))
    op.drop_table("people")
    op.drop_table("sites")
    op.drop_table("settings")
    op.drop_table("rotations")
    op.drop_table("departments")
    op.drop_index(op.f("agreements_recipient_id_idx"), table_name="agreements")
    op.drop_table("agreements")
    op.drop_index(op.f("organisations_parent_id_idx"), table_name="organisations")
    op.drop_table("organisations")
    op.drop_table("audit_seals")
    op.drop_index(op.f("audit_events_subject_type_subject_id_idx"), table_name="audit_events")
    op.drop_index(op.f("audit_events_organisation_id_id_idx"), table_name="audit_events")
    op.drop_table("audit_events")
    op.execute("DROP FUNCTION audit_horizon(); DROP FUNCTION refuse_audit_change()")
