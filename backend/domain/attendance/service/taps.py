"""Recording taps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from backend.domain.attendance.errors import (
    IdempotencyKeyReused,
    NotOnDuty,
    TapInFuture,
    TapTooOld,
)
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import outcome_of_place
from backend.domain.attendance.rules.taps import (
    CheckInKind,
    Duty,
    Fix,
    Judgement,
    PhoneClock,
    Verdict,
    duty_of_tap,
    judge_lateness,
    judge_place,
    phone_clock_agrees,
    supersedes,
    why_not_offline,
)
from backend.domain.attendance.tapping import Credential, NamedSite, TapContext, fetch_tap_context, write_tap
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.models import Site
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import encrypt, keyed_hash
from backend.foundation.errors import Conflict
from backend.foundation.ids import new_id
from backend.foundation.transaction import autocommitted

_ATTEMPTS = 4


@dataclass(frozen=True, kw_only=True)
class Tap:
    """One press of the button, as the phone tells it."""

    dispatch_id: UUID
    kind: CheckInKind
    key: str  # the phone's idempotency key
    shift: Shift | None = None
    fix: Fix | None = None
    denied: bool = False
    phone: PhoneClock | None = None  # of a tap that was made without network
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What a tap left, as its row has it."""

    id: UUID
    dispatch_id: UUID
    kind: CheckInKind
    duty_on: date
    shift: Shift
    effective: bool
    tapped_at: datetime
    received_at: datetime
    late: bool
    verdict: Verdict
    reasons: Sequence[str]
    site: NamedSite | Site | None
    distance_m: float | None
    accuracy_m: float | None
    repeated: bool  # the same key and request had made it before


def record_tap(who: Credential | Actor, tap: Tap) -> Recorded:
    """Judge a tap by the server's clock and keep it; nothing is refused for being outside.

    Safe to repeat: the same key and request give the row that they made before.

    Raises:
        Unauthenticated: the credential is of no live session.
        DispatchNotFound: the person has no such dispatch.
        NotOnDuty: it claims no shift then.
        TapTooOld, TapInFuture: an offline tap is past the days allowed, or from a clock that runs ahead.
        IdempotencyKeyReused: the key came before with another request.
    """
    received_at = clock.now()
    # A phone's clock that is not believed leaves the day of the arrival: both are asked about.
    days = {clock.local(instant).date() for instant in (received_at, tap.phone.tapped_at if tap.phone else received_at)}
    request_hash = _request_hash(tap)
    for _ in range(_ATTEMPTS):
        with autocommitted() as connection:
            actor, context = fetch_tap_context(connection, who, dispatch_id=tap.dispatch_id, key=tap.key, days=days)
            if context is None:
                raise DispatchNotFound
            if context.repeat is not None:
                return _repeat(*context.repeat, request_hash)
            values = _judge(actor, tap, context, received_at) | {"request_hash": request_hash}
            if write_tap(connection, values):
                return _recorded(values, context)
    raise Conflict  # others won every time: the phone will try again with the same key


def _request_hash(tap: Tap) -> bytes:
    """Return what must be the same on a repeat: all that was meant.

    The phone's clock is left out: the phone tells it anew each time it sends, and not at all when it was online.
    """
    meant = (str(tap.dispatch_id), tap.kind, tap.shift, tap.fix, tap.denied, tap.note)
    return keyed_hash("tap", repr(meant))


def _repeat(tap_id: UUID, hash_before: bytes, request_hash: bytes) -> Recorded:
    if hash_before != request_hash:
        raise IdempotencyKeyReused
    row = db.session.get_one(CheckIn, tap_id)
    return Recorded(**{field.name: getattr(row, field.name) for field in _STORED}, repeated=True)


def _recorded(values: Mapping[str, Any], context: TapContext) -> Recorded:
    site = context.sites.get(values["site_id"])
    stored = {field.name: values[field.name] for field in _STORED if field.name != "site"}
    return Recorded(**stored, site=site, repeated=False)


_STORED = [field for field in fields(Recorded) if field.name != "repeated"]


def _judge(actor: Actor, tap: Tap, context: TapContext, received_at: datetime) -> dict[str, Any]:
    tapped_at, agrees = _instant(actor, tap, context, received_at)
    duty = duty_of_tap(clock.local(tapped_at), tap.kind, tap.shift, context.shifts_on)
    if duty is None:
        raise NotOnDuty
    judgement = judge_place(tap.fix, context.fences, denied=tap.denied)
    if tap.phone is not None:
        judgement = judge_lateness(judgement, clock_agrees=agrees)
    rival = context.effective.get((duty.duty_on, duty.shift, tap.kind))
    wins = rival is None or supersedes(tap.kind, (judgement.verdict, tapped_at), (rival.verdict, rival.tapped_at))
    return _values(actor, tap, duty, judgement) | {
        "supporting_id": context.supporting_id,
        "effective": wins,
        "demote_id": rival.id if wins and rival is not None else None,
        "tapped_at": tapped_at,
        "received_at": received_at,
    }


def _instant(actor: Actor, tap: Tap, context: TapContext, received_at: datetime) -> tuple[datetime, bool]:
    """Return when the tap was made as far as can be believed, and whether the phone's clock is."""
    if tap.phone is None:
        return received_at, True
    day = clock.local(received_at).date()
    days = find_setting("attendance.late_upload_days", context.supporting_id, day)
    refusal = why_not_offline(tap.phone, received_at, late_upload_days=days)
    if refusal is not None:
        raise TapInFuture if refusal == TapInFuture.code else TapTooOld
    if phone_clock_agrees(tap.phone, received_at):
        return tap.phone.tapped_at, True
    return received_at, False


def _values(actor: Actor, tap: Tap, duty: Duty, judgement: Judgement) -> dict[str, Any]:
    tap_id = new_id()
    return {
        "id": tap_id,
        "dispatch_id": tap.dispatch_id,
        "person_id": actor.person_id,
        "account_id": actor.account_id,
        "role": actor.role,
        "channel": actor.channel,
        "kind": tap.kind,
        "duty_on": duty.duty_on,
        "shift": duty.shift,
        "phone_at": tap.phone.tapped_at if tap.phone else None,
        "late": tap.phone is not None,
        "verdict": judgement.verdict,
        "outcome": outcome_of_place(judgement.verdict),
        "reasons": [reason.value for reason in judgement.reasons],
        "site_id": judgement.site_id,
        "distance_m": judgement.distance_m,
        "accuracy_m": tap.fix.accuracy_m if tap.fix else None,
        "note": tap.note,
        "idempotency_key": tap.key,
        "details": orjson.dumps({"kind": tap.kind, "verdict": judgement.verdict}).decode(),
    } | _place(tap.fix, tap_id)


def _place(fix: Fix | None, tap_id: UUID) -> dict[str, bytes | None]:
    """Return the raw place encrypted, and the fingerprint by which the same coordinates are known again."""
    if fix is None:
        return {"location": None, "location_fingerprint": None}
    place = f"{fix.point.longitude:.6f},{fix.point.latitude:.6f}"
    return {
        "location": encrypt(place, table="check_ins", column="location", row_id=tap_id),
        "location_fingerprint": keyed_hash("location", place),
    }
