"""Many doctors at once: sent out for every day, each with a phone that is logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from backend.domain.accounts.models import Account, Person, RoleHolding, Session
from backend.domain.accounts.rules import SessionKind, compose_token, new_secret, secret_hash
from backend.domain.dispatch.models import Dispatch, DutyPattern, dispatch_sites
from backend.domain.dispatch.rules import DispatchKind, WeeklyPattern
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id

LONGITUDE, LATITUDE = "103.200000", "27.300000"
HOSPITAL = "H"  # its code
_TOWNSHIPS = 100
_PEOPLE_FROM, _DISPATCHES_FROM = (UUID(f"{kind}0000000-0000-7000-8000-000000000000") for kind in "ad")

_TAPS = text("""
INSERT INTO check_ins (id, dispatch_id, person_id, kind, duty_on, shift, effective, tapped_at, received_at, late,
    verdict, outcome, reasons, site_id, distance_m, accuracy_m, idempotency_key, request_hash)
SELECT uuidv7(), d.id, d.person_id, 'in', CAST(:today AS date) - ago, 'morning', true, :now - ago * interval '1 day',
    :now - ago * interval '1 day', false, 'inside', 'verified', '{}', s.site_id, 12.5, 20, 'kept-' || ago, '\\x00'
FROM unnest(CAST(:days_ago AS int[])) AS ago, dispatches d JOIN dispatch_sites s ON s.dispatch_id = d.id
""")


@dataclass(frozen=True)
class Doctor:
    """Somebody who is sent out, and the token of their phone."""

    dispatch_id: UUID
    token: str


def person_id(number: int) -> UUID:
    """Return the id of the doctor of this number: pgbench composes the same."""
    return UUID(int=_PEOPLE_FROM.int + number)


def dispatch_id(number: int) -> UUID:
    """Return the id of the dispatch of the doctor of this number."""
    return UUID(int=_DISPATCHES_FROM.int + number)


def send_doctors(count: int) -> list[Doctor]:
    """Send doctors of one county hospital to a hundred township hospitals of one site each; commit."""
    hospital, sites = _organisations()
    day = clock.today()
    starts_on, ends_on = day - timedelta(days=30), day + timedelta(days=150)
    halves = MultiRange([Range(low, high) for low, high in WeeklyPattern.every_day().as_numbers()])
    secrets = [new_secret() for _ in range(count)]
    accounts, sessions = ([new_id() for _ in range(count)] for _ in range(2))

    def each(table: Any, values: Callable[[int], dict[str, Any]]) -> None:
        db.session.execute(insert(table), [values(number) for number in range(count)])

    each(
        Person,
        lambda n: {"id": person_id(n), "organisation_id": hospital, "staff_number": f"A{n:05d}", "name": f"医师{n}"},
    )
    each(
        RoleHolding,
        lambda n: {"id": new_id(), "person_id": person_id(n), "organisation_id": hospital, "role": Role.STAFF},
    )
    each(
        Dispatch,
        lambda n: {
            "id": dispatch_id(n),
            "person_id": person_id(n),
            "supporting_id": hospital,
            "recipient_id": sites[n % _TOWNSHIPS].organisation_id,
            "kind": DispatchKind.POSTED,
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
    )
    each(dispatch_sites, lambda n: {"dispatch_id": dispatch_id(n), "site_id": sites[n % _TOWNSHIPS].id})
    each(
        DutyPattern,
        lambda n: {
            "id": new_id(),
            "dispatch_id": dispatch_id(n),
            "person_id": person_id(n),
            "during": Range(starts_on, ends_on + timedelta(days=1)),
            "halves": halves,
        },
    )
    each(
        Account,
        lambda n: {"id": accounts[n], "wechat_app_id": "wx0", "openid": f"o{n}", "person_id": person_id(n)},
    )
    each(
        Session,
        lambda n: {
            "id": sessions[n],
            "kind": SessionKind.PHONE,
            "account_id": accounts[n],
            "role": Role.STAFF,
            "organisation_id": hospital,
            "access_hash": secret_hash(secrets[n]),
            "access_expires_at": clock.now() + timedelta(days=1),
            "refresh_expires_at": clock.now() + timedelta(days=1),
        },
    )
    db.session.commit()
    return [Doctor(dispatch_id(n), compose_token(sessions[n], secrets[n])) for n in range(count)]


def keep_taps(*, days_ago: Iterable[int]) -> None:
    """Let every doctor have checked in so many days ago; commit."""
    now = clock.now()
    days = sorted(days_ago, reverse=True)
    db.session.execute(_TAPS, {"days_ago": days, "now": now, "today": clock.local(now).date()})
    db.session.commit()


def _organisations() -> tuple[UUID, list[Site]]:
    hospital = Organisation(code=HOSPITAL, name="云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL)
    townships = [
        Organisation(code=f"T{n}", name=f"{n}号乡镇卫生院", kind=OrganisationKind.TOWNSHIP_HOSPITAL)
        for n in range(_TOWNSHIPS)
    ]
    sites = [
        Site(
            organisation=township, name="院本部", longitude=Decimal(LONGITUDE), latitude=Decimal(LATITUDE), radius_m=300
        )
        for township in townships
    ]
    db.session.add_all([hospital, *sites])
    db.session.flush()
    return hospital.id, sites
