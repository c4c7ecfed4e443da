"""The first statement of a booking: who asks, for whom, and how the clinic and the patient stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Date,
    LargeBinary,
    Select,
    Text,
    TextClause,
    Uuid,
    and_,
    bindparam,
    column,
    select,
    text,
    true,
)

from backend.database import HotConnection
from backend.domain.accounts.queries import live_phone_session
from backend.domain.accounts.rules import SessionKind, judge_session
from backend.domain.clinics.queries.cards import FREE_AND_STATE, JOINED, ClinicCard, card_sql
from backend.domain.clinics.rules.channels import Opening
from backend.domain.clinics.rules.limits import Limits, Taken
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.suspension import NoShow, SuspensionTerms
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import Relation
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.prepared import Prepared


@dataclass(frozen=True)
class Credential:
    """The access token of a phone: its session and the hash of its secret."""

    session_id: UUID
    access_hash: bytes


@dataclass(frozen=True)
class Period:
    """A part of the clinic."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClinicContext:
    """The clinic as a booking sees it; `card` as everybody does."""

    id: UUID
    recipient_id: UUID
    held_on: date
    is_closed: bool
    opening: Opening
    cancel_until: datetime
    periods: tuple[Period, ...]
    card: ClinicCard


@dataclass(frozen=True, kw_only=True)
class BookingContext:
    """What must be known before a place can be claimed, as the database has it at one instant of its clock.

    `clinic` is None where there is none; `relation` and `patient_name` are None unless the account acts for the
    patient.
    """

    at: datetime
    clinic: ClinicContext | None
    relation: Relation | None
    patient_name: str | None
    taken: tuple[Taken, ...]
    noshows: tuple[NoShow, ...]
    limits: Limits
    terms: SuspensionTerms
    repeat: tuple[UUID, bytes] | None  # the booking that this key made already, with the hash of its request


_CLINIC = (
    text(
        f"""SELECT c.id, c.recipient_id, c.held_on, c.status, c.release_at, c.overflow_at, c.phone_until, c.ends_at,
        c.cancel_until, {card_sql()} AS card
        FROM clinics c {JOINED} {FREE_AND_STATE} WHERE c.id = :clinic_id"""  # noqa: S608  (constants only)
    )
    .columns(
        column("id"),
        column("recipient_id"),
        column("held_on"),
        column("status", Text()),
        *(column(name) for name in ("release_at", "overflow_at", "phone_until", "ends_at", "cancel_until", "card")),
    )
    .subquery("clinic")
)


def _scalar(sql: str, name: str) -> TextClause:
    return text(f"({sql}) AS {name}")


_FACTS = (
    _scalar(
        """SELECT json_agg(json_build_array(p.id, p.starts_at, p.ends_at) ORDER BY p.starts_at)
        FROM clinic_periods p WHERE p.clinic_id = clinic.id""",
        "periods",
    ),
    _scalar(
        """SELECT json_agg(json_build_array(b.clinic_id, b.held_on, b.starts_at, b.ends_at, b.day_slot, b.month_slot))
        FROM bookings b WHERE b.patient_id = patients.id AND b.status <> 'cancelled'
            AND b.held_on >= CAST(date_trunc('month', CAST(clinic.held_on AS timestamp)) AS date)
            AND b.held_on < CAST(date_trunc('month', CAST(clinic.held_on AS timestamp)) + interval '1 month' AS date)
        """,
        "taken",
    ),
    _scalar(
        """SELECT json_agg(json_build_array(b.held_on, CAST(b.noshow_at AT TIME ZONE 'Asia/Shanghai' AS date)))
        FROM bookings b JOIN clinics missed ON missed.id = b.clinic_id AND missed.status <> 'closed'
        WHERE b.patient_id = patients.id AND b.status = 'noshow' AND b.appeal_decision IS DISTINCT FROM 'excused'""",
        "noshows",
    ),
    _scalar(
        """WITH RECURSIVE line AS (
            SELECT o.id, o.parent_id, 0 AS height FROM organisations o WHERE o.id = clinic.recipient_id
            UNION ALL SELECT o.id, o.parent_id, line.height + 1 FROM organisations o JOIN line ON o.id = line.parent_id
            WHERE line.height < 20)
        SELECT json_object_agg(held.key, held.value) FROM (
            SELECT DISTINCT ON (s.key) s.key, s.value FROM line JOIN settings s ON s.organisation_id = line.id
            WHERE s.key IN ('clinics.bookings_a_day', 'clinics.bookings_a_month', 'clinics.noshows_allowed',
                'clinics.noshow_window_days', 'clinics.suspension_days') AND s.effective_on <= :today
            ORDER BY s.key, line.height, s.effective_on DESC) held""",
        "settings",
    ),
    _scalar(
        """SELECT json_build_array(b.id, encode(b.request_hash, 'hex'))
        FROM bookings b WHERE b.account_id = who.account_id AND b.idempotency_key = :key""",
        "before",
    ),
)


def _statement(who: CTE) -> Select[Any]:
    """Build the statement of the one who asks (`who`, with an account_id)."""
    link = and_(
        PatientLink.account_id == who.c.account_id,
        PatientLink.patient_id == bindparam("patient_id", type_=Uuid()),
        PatientLink.ended_at.is_(None),
    )
    joined = (
        who.outerjoin(_CLINIC, true())
        .outerjoin(PatientLink, link)
        .outerjoin(Patient, Patient.id == PatientLink.patient_id)
    )
    return select(
        who,
        text("statement_timestamp() AS at"),
        *(column.label(f"clinic_{column.name}") for column in _CLINIC.c),
        PatientLink.relation,
        Patient.name.label("patient_name"),
        *_FACTS,
    ).select_from(joined)


_SESSION_ID: Any = bindparam("session_id", type_=Uuid())
_ACCESS_HASH: Any = bindparam("access_hash", type_=LargeBinary())
_TODAY: Any = bindparam("today", type_=Date())
_ACCOUNT_ID: Any = bindparam("account_id", type_=Uuid())
OF_SESSION = Prepared(_statement(live_phone_session(_SESSION_ID, _ACCESS_HASH, _TODAY).cte("who")))
_OF_ACCOUNT = Prepared(_statement(select(_ACCOUNT_ID.label("account_id")).cte("who")))


def fetch_booking_context(
    connection: HotConnection, who: Credential | Actor, *, clinic_id: UUID, patient_id: UUID, key: str
) -> tuple[Actor, BookingContext]:
    """Return who asks, and what must be known before they can book.

    Raises:
        Unauthenticated: the credential is of no live session; see `accounts.rules.judge_session`.
    """
    asked = {"clinic_id": clinic_id, "patient_id": patient_id, "key": key, "today": clock.today()}
    if isinstance(who, Actor):
        return who, _read(_OF_ACCOUNT.fetch(connection, asked | {"account_id": who.account_id}))
    credential = {"session_id": who.session_id, "access_hash": who.access_hash}
    row = OF_SESSION.fetch(connection, asked | credential)
    actor = judge_session(row, clock.now(), channel=SessionKind.PHONE)
    return actor, _read(row)


def _read(row: Any) -> BookingContext:
    settings = row.settings or {}
    return BookingContext(
        at=row.at,
        clinic=_read_clinic(row) if row.clinic_id is not None else None,
        relation=row.relation,
        patient_name=row.patient_name,
        taken=tuple(_read_taken(*part) for part in row.taken or ()),
        noshows=tuple(NoShow(*map(date.fromisoformat, part)) for part in row.noshows or ()),
        limits=Limits(settings.get("clinics.bookings_a_day"), settings.get("clinics.bookings_a_month")),
        terms=SuspensionTerms(
            noshows=settings.get("clinics.noshows_allowed"),
            within_days=settings.get("clinics.noshow_window_days"),
            for_days=settings.get("clinics.suspension_days"),
        ),
        repeat=(UUID(row.before[0]), bytes.fromhex(row.before[1])) if row.before else None,
    )


def _read_clinic(row: Any) -> ClinicContext:
    return ClinicContext(
        id=row.clinic_id,
        recipient_id=row.clinic_recipient_id,
        held_on=row.clinic_held_on,
        is_closed=row.clinic_status == ClinicStatus.CLOSED,
        opening=Opening(
            release_at=row.clinic_release_at,
            overflow_at=row.clinic_overflow_at,
            phone_until=row.clinic_phone_until,
            ends_at=row.clinic_ends_at,
        ),
        cancel_until=row.clinic_cancel_until,
        periods=tuple(_read_period(*part) for part in row.periods or ()),
        card=row.clinic_card,
    )


def _read_period(period_id: str, starts_at: str, ends_at: str) -> Period:
    return Period(UUID(period_id), datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))


def _read_taken(clinic_id: str, held_on: str, starts_at: str, ends_at: str, day_slot: int, month_slot: int) -> Taken:
    hours = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    return Taken(UUID(clinic_id), date.fromisoformat(held_on), *hours, day_slot, month_slot)
