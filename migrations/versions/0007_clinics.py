"""Let patients book visiting experts, and hear when something changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("calendar_feeds_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("calendar_feeds_pkey")),
        sa.UniqueConstraint("secret_hash", name=op.f("calendar_feeds_secret_hash_key")),
    )
    op.create_table(
        "clinics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("replaces_person_id", sa.Uuid(), nullable=True),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("local_doctor_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overflow_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fee_fen", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum("scheduled", "closed", name="clinicstatus", native_enum=False, create_constraint=True, length=32),
            server_default="scheduled",
            nullable=False,
        ),
        sa.Column("planned_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status = 'scheduled'"),
            using="gist",
            name="clinics_one_expert_once_excl",
        ),
        sa.CheckConstraint("cancel_until <= starts_at", name=op.f("clinics_cancel_check")),
        sa.CheckConstraint("fee_fen >= 0", name=op.f("clinics_fee_check")),
        sa.CheckConstraint("overflow_at <= phone_until", name=op.f("clinics_overflow_check")),
        sa.CheckConstraint("person_id <> local_doctor_id", name=op.f("clinics_two_doctors_check")),
        sa.CheckConstraint("release_at <= phone_until AND phone_until <= ends_at", name=op.f("clinics_release_check")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("clinics_hours_check")),
        sa.CheckConstraint("supporting_id <> recipient_id", name=op.f("clinics_two_hospitals_check")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("clinics_department_id_fkey")),
        sa.ForeignKeyConstraint(["local_doctor_id"], ["people.id"], name=op.f("clinics_local_doctor_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("clinics_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["planned_by_person_id"], ["people.id"], name=op.f("clinics_planned_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["organisations.id"], name=op.f("clinics_recipient_id_fkey")),
        sa.ForeignKeyConstraint(["replaces_person_id"], ["people.id"], name=op.f("clinics_replaces_person_id_fkey")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("clinics_site_id_fkey")),
        sa.ForeignKeyConstraint(["supporting_id"], ["organisations.id"], name=op.f("clinics_supporting_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("clinics_pkey")),
    )
    op.create_index(op.f("clinics_held_on_site_id_idx"), "clinics", ["held_on", "site_id"], unique=False)
    op.create_index(op.f("clinics_person_id_held_on_idx"), "clinics", ["person_id", "held_on"], unique=False)
    op.create_index(op.f("clinics_recipient_id_held_on_idx"), "clinics", ["recipient_id", "held_on"], unique=False)
    op.create_index(op.f("clinics_supporting_id_held_on_idx"), "clinics", ["supporting_id", "held_on"], unique=False)
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", "unknown", name="sex", native_enum=False, create_constraint=True, length=32),
            server_default="unknown",
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column(
            "identity_kind",
            sa.Enum(
                "id_card",
                "household_book",
                "social_security_card",
                "desk_word",
                name="identitykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("identity_number", sa.LargeBinary(), nullable=True),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=True),
        sa.Column("identity_masked", sa.Text(), server_default="", nullable=False),
        sa.Column("telephone", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_masked", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("vouched_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(identity_kind = 'desk_word') = (identity_hash IS NULL)", name=op.f("patients_identity_check")
        ),
        sa.CheckConstraint(
            "identity_kind <> 'desk_word' OR vouched_by_person_id IS NOT NULL", name=op.f("patients_vouched_check")
        ),
        sa.CheckConstraint("(identity_hash IS NULL) = (identity_number IS NULL)", name=op.f("patients_number_check")),
        sa.CheckConstraint("(telephone IS NULL) = (telephone_hash IS NULL)", name=op.f("patients_telephone_check")),
        sa.ForeignKeyConstraint(
            ["vouched_by_person_id"], ["people.id"], name=op.f("patients_vouched_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("patients_pkey")),
        sa.UniqueConstraint("identity_hash", name=op.f("patients_identity_hash_key")),
    )
    op.create_index(op.f("patients_name_idx"), "patients", ["name"], unique=False)
    op.create_index(op.f("patients_telephone_hash_idx"), "patients", ["telephone_hash"], unique=False)
    op.create_table(
        "clinic_closures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "called_back",
                "ill",
                "leave",
                "emergency",
                "road",
                "other_duty",
                "other",
                name="closurereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "closed_as",
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
                name="closed_as",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("caller_person_id", sa.Uuid(), nullable=True),
        sa.Column("needs_review", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "review",
            sa.Enum(
                "confirmed", "questioned", name="closurereview", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("review_note", sa.Text(), server_default="", nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(review IS NULL) = (reviewed_at IS NULL)", name=op.f("clinic_closures_reviewed_check")),
        sa.CheckConstraint(
            "reviewed_by_person_id <> closed_by_person_id", name=op.f("clinic_closures_not_by_oneself_check")
        ),
        sa.ForeignKeyConstraint(
            ["caller_person_id"], ["people.id"], name=op.f("clinic_closures_caller_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("clinic_closures_clinic_id_fkey")),
        sa.ForeignKeyConstraint(
            ["closed_by_person_id"], ["people.id"], name=op.f("clinic_closures_closed_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_person_id"], ["people.id"], name=op.f("clinic_closures_reviewed_by_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("clinic_closures_pkey")),
        sa.UniqueConstraint("clinic_id", name=op.f("clinic_closures_clinic_id_key")),
    )
    op.create_index(
        "clinic_closures_unreviewed_idx",
        "clinic_closures",
        ["closed_at"],
        unique=False,
        postgresql_where=sa.text("needs_review AND review IS NULL"),
    )
    op.create_table(
        "clinic_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("clinic_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            using="gist",
            name="clinic_periods_no_overlap_excl",
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("clinic_periods_hours_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("clinic_periods_clinic_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("clinic_periods_pkey")),
    )
    op.create_table(
        "patient_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "self",
                "parent",
                "child",
                "spouse",
                "relative",
                "resident",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("patient_links_account_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("patient_links_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("patient_links_pkey")),
    )
    op.create_index(
        "patient_links_live_key",
        "patient_links",
        ["account_id", "patient_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("patient_links_patient_id_idx"), "patient_links", ["patient_id"], unique=False)
    op.create_table(
        "waitlist_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waitlist",
                "offered",
                "booked",
                "declined",
                "lapsed",
                "cancelled",
                name="waitliststatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="waitlist",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("waitlist_entries_account_id_fkey")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("waitlist_entries_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("waitlist_entries_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("waitlist_entries_pkey")),
    )
    op.create_index(op.f("waitlist_entries_account_id_idx"), "waitlist_entries", ["account_id"], unique=False)
    op.create_index(
        "waitlist_entries_live_key",
        "waitlist_entries",
        ["patient_id", "clinic_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('waitlist', 'offered')"),
    )
    op.create_index(
        "waitlist_entries_turn_idx",
        "waitlist_entries",
        ["clinic_id", "turn"],
        unique=False,
        postgresql_where=sa.text("status = 'waitlist'"),
    )
    op.create_table(
        "clinic_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "desk",
                "referral",
                "family_doctor",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("extra", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "free",
                "held",
                "booked",
                "withdrawn",
                name="placestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="free",
            nullable=False,
        ),
        sa.CheckConstraint("number > 0", name=op.f("clinic_places_number_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("clinic_places_clinic_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["clinic_periods.id"], name=op.f("clinic_places_period_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("clinic_places_pkey")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("clinic_places_clinic_id_number_key")),
    )
    op.create_index(
        "clinic_places_free_idx",
        "clinic_places",
        ["clinic_id", "number"],
        unique=False,
        postgresql_where=sa.text("state = 'free'"),
    )
    op.create_index(op.f("clinic_places_period_id_idx"), "clinic_places", ["period_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("booked_by_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "desk",
                "referral",
                "family_doctor",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "booked",
                "arrived",
                "fulfilled",
                "cancelled",
                "noshow",
                name="bookingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="booked",
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_month", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day_slot", sa.SmallInteger(), nullable=False),
        sa.Column("month_slot", sa.SmallInteger(), nullable=False),
        sa.Column("moved_from_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "cancelled_for",
            sa.Enum(
                "patient",
                "desk",
                "moved",
                "closure",
                name="cancelreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("noshow_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marked_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("appeal", sa.Text(), server_default="", nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "appeal_decision",
            sa.Enum("excused", "upheld", name="appealdecision", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("appeal_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("patient_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status <> 'cancelled'"),
            using="gist",
            name="bookings_one_place_at_a_time_excl",
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("bookings_cancelled_at_check")
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_for IS NOT NULL)", name=op.f("bookings_cancelled_for_check")
        ),
        sa.CheckConstraint("(status = 'noshow') = (noshow_at IS NOT NULL)", name=op.f("bookings_noshow_check")),
        sa.CheckConstraint(
            "held_month = date_trunc('month', held_on::timestamp)::date", name=op.f("bookings_month_check")
        ),
        sa.CheckConstraint(
            "(appeal_decision IS NULL) = (appeal_decided_at IS NULL)", name=op.f("bookings_appeal_check")
        ),
        sa.CheckConstraint("(idempotency_key IS NULL) = (request_hash IS NULL)", name=op.f("bookings_key_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("bookings_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["appeal_decided_by_person_id"], ["people.id"], name=op.f("bookings_appeal_decided_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["booked_by_person_id"], ["people.id"], name=op.f("bookings_booked_by_person_id_fkey")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("bookings_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["marked_by_person_id"], ["people.id"], name=op.f("bookings_marked_by_person_id_fkey")),
        sa.ForeignKeyConstraint(["moved_from_id"], ["bookings.id"], name=op.f("bookings_moved_from_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("bookings_patient_id_fkey")),
        sa.ForeignKeyConstraint(["period_id"], ["clinic_periods.id"], name=op.f("bookings_period_id_fkey")),
        sa.ForeignKeyConstraint(["place_id"], ["clinic_places.id"], name=op.f("bookings_place_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("bookings_pkey")),
    )
    op.create_index(op.f("bookings_account_id_starts_at_idx"), "bookings", ["account_id", "starts_at"], unique=False)
    op.create_index("bookings_account_key_key", "bookings", ["account_id", "idempotency_key"], unique=True)
    op.create_index(
        "bookings_appeals_idx",
        "bookings",
        ["appealed_at"],
        unique=False,
        postgresql_where=sa.text("appealed_at IS NOT NULL"),
    )
    op.create_index(op.f("bookings_clinic_id_number_idx"), "bookings", ["clinic_id", "number"], unique=False)
    op.create_index(
        "bookings_noshow_idx",
        "bookings",
        ["patient_id", "held_on"],
        unique=False,
        postgresql_where=sa.text("status = 'noshow'"),
    )
    op.create_index(
        "bookings_patient_clinic_key",
        "bookings",
        ["patient_id", "clinic_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "bookings_patient_day_key",
        "bookings",
        ["patient_id", "held_on", "day_slot"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "bookings_patient_month_key",
        "bookings",
        ["patient_id", "held_month", "month_slot"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "bookings_place_key", "bookings", ["place_id"], unique=True, postgresql_where=sa.text("status <> 'cancelled'")
    )
    op.create_table(
        "fallen_bookings",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column(
            "remedy",
            sa.Enum(
                "place",
                "none",
                "remote",
                "local_doctor",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("had_arrived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "call_outcome",
            sa.Enum(
                "accepted",
                "declined",
                "informed",
                "no_answer",
                "wrong_number",
                name="calloutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("calls", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("call_note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(call_outcome IS NULL) = (called_at IS NULL)", name=op.f("fallen_bookings_called_check")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fallen_bookings_booking_id_fkey")),
        sa.ForeignKeyConstraint(
            ["called_by_person_id"], ["people.id"], name=op.f("fallen_bookings_called_by_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["closure_id"], ["clinic_closures.id"], name=op.f("fallen_bookings_closure_id_fkey")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("fallen_bookings_pkey")),
    )
    op.create_index(op.f("fallen_bookings_closure_id_idx"), "fallen_bookings", ["closure_id"], unique=False)
    op.create_table(
        "place_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("waitlist", "closure", name="offerkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("waitlist_entry_id", sa.Uuid(), nullable=True),
        sa.Column("fallen_booking_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "offered",
                "accepted",
                "declined",
                "lapsed",
                "withdrawn",
                name="offerstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="offered",
            nullable=False,
        ),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'closure') = (fallen_booking_id IS NOT NULL)", name=op.f("place_offers_fallen_check")
        ),
        sa.CheckConstraint(
            "(kind = 'waitlist') = (waitlist_entry_id IS NOT NULL)", name=op.f("place_offers_waiter_check")
        ),
        sa.CheckConstraint("(status = 'accepted') = (booking_id IS NOT NULL)", name=op.f("place_offers_booked_check")),
        sa.CheckConstraint("(status = 'offered') = (answered_at IS NULL)", name=op.f("place_offers_answered_check")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("place_offers_account_id_fkey")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("place_offers_booking_id_fkey")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("place_offers_clinic_id_fkey")),
        sa.ForeignKeyConstraint(
            ["fallen_booking_id"], ["bookings.id"], name=op.f("place_offers_fallen_booking_id_fkey")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("place_offers_patient_id_fkey")),
        sa.ForeignKeyConstraint(["place_id"], ["clinic_places.id"], name=op.f("place_offers_place_id_fkey")),
        sa.ForeignKeyConstraint(
            ["waitlist_entry_id"], ["waitlist_entries.id"], name=op.f("place_offers_waitlist_entry_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("place_offers_pkey")),
    )
    op.create_index(op.f("place_offers_account_id_idx"), "place_offers", ["account_id"], unique=False)
    op.create_index(op.f("place_offers_clinic_id_idx"), "place_offers", ["clinic_id"], unique=False)
    op.create_index(op.f("place_offers_fallen_booking_id_idx"), "place_offers", ["fallen_booking_id"], unique=False)
    op.create_index(
        "place_offers_open_idx",
        "place_offers",
        ["held_until"],
        unique=False,
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_index(
        "place_offers_place_key",
        "place_offers",
        ["place_id"],
        unique=True,
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_index(op.f("place_offers_waitlist_entry_id_idx"), "place_offers", ["waitlist_entry_id"], unique=False)


def downgrade() -> None:
    for table in (
        *("place_offers", "fallen_bookings", "bookings", "clinic_places", "waitlist_entries", "patient_links"),
        *("clinic_periods", "clinic_closures", "patients", "clinics", "calendar_feeds"),
    ):
        op.drop_table(table)
