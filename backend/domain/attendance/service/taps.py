"""Recording taps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from backend.domain.attendance.errors.taps import (
    IdempotencyKeyReused,
    NotOnDuty,
    SiteCodeInvalid,
    SiteCodeUsed,
    TapInFuture,
    TapTooOld,
)
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.rules.evidence import Evidence, Outcome, Weight, supersedes, weigh_tap
from backend.domain.attendance.rules.nonces import why_stale
from backend.domain.attendance.rules.taps import (
    CheckInKind,
    Duty,
    Fix,
    Judgement,
    PhoneClock,
    Reason,
    Verdict,
    duty_of_tap,
    judge_lateness,
    judge_place,
    phone_clock_agrees,
    why_not_offline,
)
from backend.domain.attendance.service.nonces import prover
from backend.domain.attendance.service.site_codes import guessing_counted, which_tablet
from backend.domain.attendance.tapping import (
    CodeContext,
    Credential,
    NamedSite,
    TapContext,
    fetch_codes,
    fetch_tap_context,
    write_tap,
)
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
    nonce: str | None = None
    installation: str | None = None  # which copy of the mini-program, by the name that it gave itself
    code: str | None = None  # that a tablet of the site showed


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
    outcome: Outcome
    reasons: Sequence[str]
    site: NamedSite | Site | None
    distance_m: float | None
    accuracy_m: float | None
    review: CheckInReview | None
    repeated: bool  # the same key and request had made it before


def record_tap(who: Credential | Actor, tap: Tap) -> Recorded:
    """Judge a tap by the server's clock and keep it; nothing is refused for being outside.

    Safe to repeat: the same key and request give the row that they made before.

    Raises:
        Unauthenticated: the credential is of no live session.
        DispatchNotFound: the person has no such dispatch.
        NotOnDuty: it claims no shift then.
        TapTooOld, TapInFuture: an offline tap is past the days allowed, or from a clock that runs ahead.
        SiteCodeInvalid, SiteCodeUsed: the code of an online tap does not hold, or was read for this duty before.
        TooManyAttempts, Unavailable: see `site_codes.guessing_counted`.
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
            codes = fetch_codes(connection, tap.dispatch_id, days) if tap.code is not None else None
            values = _judge(actor, tap, context, codes, received_at) | {"request_hash": request_hash}
            if write_tap(connection, values):
                return _recorded(values, context)
    raise Conflict  # others won every time: the phone will try again with the same key


def _request_hash(tap: Tap) -> bytes:
    """Return what must be the same on a repeat: all that was meant, the code that was read among it.

    The phone's clock and the nonce are left out: the phone tells them anew each time it sends.
    """
    meant = (str(tap.dispatch_id), tap.kind, tap.shift, tap.fix, tap.denied, tap.note, tap.code)
    return keyed_hash("tap", repr(meant))


def _repeat(tap_id: UUID, hash_before: bytes, request_hash: bytes) -> Recorded:
    if hash_before != request_hash:
        raise IdempotencyKeyReused
    row = db.session.get_one(CheckIn, tap_id)
    return Recorded(**{field.name: getattr(row, field.name) for field in _STORED}, repeated=True)


def _recorded(values: Mapping[str, Any], context: TapContext) -> Recorded:
    site = context.sites.get(values["site_id"])
    stored = {field.name: values[field.name] for field in _STORED if field.name not in ("site", "review")}
    return Recorded(**stored, site=site, review=None, repeated=False)


_STORED = [field for field in fields(Recorded) if field.name != "repeated"]


def _judge(
    actor: Actor, tap: Tap, context: TapContext, codes: CodeContext | None, received_at: datetime
) -> dict[str, Any]:
    tapped_at, agrees = _instant(actor, tap, context, received_at)
    duty = duty_of_tap(clock.local(tapped_at), tap.kind, tap.shift, context.shifts_on)
    if duty is None:
        raise NotOnDuty
    place = judge_place(tap.fix, context.fences, denied=tap.denied)
    if tap.phone is not None:
        place = judge_lateness(place, clock_agrees=agrees)
    tablet_id = _tablet(actor, tap, codes, duty, received_at, clock_agrees=agrees)
    evidence = weigh_tap(
        place,
        late=tap.phone is not None,
        staleness=_staleness(actor, tap, received_at),
        code_holds=None if tap.code is None else tablet_id is not None,
    )
    rival = context.effective.get((duty.duty_on, duty.shift, tap.kind))
    weight = Weight(evidence.outcome, place.verdict, tapped_at)
    wins = rival is None or supersedes(tap.kind, weight, rival.weight)
    return _values(actor, tap, duty, place, evidence) | {
        "supporting_id": context.supporting_id,
        "effective": wins,
        "demote_id": rival.id if wins and rival is not None else None,
        "tapped_at": tapped_at,
        "received_at": received_at,
        "site_tablet_id": tablet_id if evidence.supported else None,
    }


def _staleness(actor: Actor, tap: Tap, received_at: datetime) -> Reason | None:
    """Return why the fix cannot be known to be of now: of an online tap, where it has one."""
    if tap.phone is not None or tap.fix is None:
        return None
    return why_stale(tap.nonce, received_at, prover(actor.person_id, tap.key))


def _tablet(
    actor: Actor, tap: Tap, codes: CodeContext | None, duty: Duty, received_at: datetime, *, clock_agrees: bool
) -> UUID | None:
    """Return the tablet whose code was read, None without one.

    Who is there can read another code; who was there without network cannot: then a code that does not hold is not
    counted, and the tap stays.
    """
    if tap.code is None or codes is None:
        return None
    used = (duty.duty_on, duty.shift, tap.kind) in codes.used
    if tap.phone is not None:
        at = tap.phone.tapped_by_the_server
        return which_tablet(tap.code, at, codes.tablets) if clock_agrees and not used else None
    if used:
        raise SiteCodeUsed
    with guessing_counted(actor.person_id):
        tablet_id = which_tablet(tap.code, received_at, codes.tablets)
        if tablet_id is None:
            raise SiteCodeInvalid
    return tablet_id


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


def _values(actor: Actor, tap: Tap, duty: Duty, place: Judgement, evidence: Evidence) -> dict[str, Any]:
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
        "verdict": place.verdict,
        "outcome": evidence.outcome,
        "reasons": [reason.value for reason in evidence.reasons],
        "site_id": place.site_id,
        "distance_m": place.distance_m,
        "accuracy_m": tap.fix.accuracy_m if tap.fix else None,
        "note": tap.note,
        "installation_hash": keyed_hash("installation", tap.installation) if tap.installation else None,
        "idempotency_key": tap.key,
        "details": orjson.dumps({"kind": tap.kind, "verdict": place.verdict, "outcome": evidence.outcome}).decode(),
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
