"""Villagers with phones, and clinics of which they want places: many of each, with ids that pgbench can compose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import insert, text

from backend.domain.accounts.models import Person
from backend.domain.accounts.rules import new_secret, secret_hash
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id

PATIENTS, ACCOUNTS, SESSIONS, CLINICS, PERIODS = "1", "2", "3", "4", "5"  # what an id of each begins with
_TOWNSHIPS = 100
_VILLAGERS = (
    """INSERT INTO patients (id, name, identity_kind, identity_number, identity_hash)
    SELECT {patient}, '村民' || n, 'social_security_card', '\\x00', decode(md5(n::text), 'hex') FROM {numbers}""",
    "INSERT INTO accounts (id, wechat_app_id, openid) SELECT {account}, 'wx0', 'villager-' || n FROM {numbers}",
    """INSERT INTO patient_links (id, account_id, patient_id, relation)
    SELECT uuidv7(), {account}, {patient}, 'self' FROM {numbers}""",
    """INSERT INTO sessions (id, kind, account_id, access_hash, access_expires_at, refresh_expires_at)
    SELECT {session}, 'phone', {account}, :access_hash, now() + interval '1 day', now() + interval '1 day'
    FROM {numbers}""",
)
_PLACES = """INSERT INTO clinic_places (id, clinic_id, period_id, number, channel)
SELECT uuidv7(), {clinic}, {period}, number, CASE WHEN number <= 5 THEN 'desk' ELSE 'phone' END
FROM {numbers}, generate_series(1, :places) AS number"""


def id_of(kind: str, number: int) -> UUID:
    """Return the id of the one of this kind and number."""
    return UUID(f"{kind}0000000-0000-7000-8000-{number:012x}")


def id_sql(kind: str, number: str) -> str:
    """Return the expression of the same id."""
    return f"CAST('{kind}0000000-0000-7000-8000-' || lpad(to_hex(CAST({number} AS int)), 12, '0') AS uuid)"


def settle(count: int) -> str:
    """Let so many villagers, each their own account's patient, be logged in; return the secret of their tokens."""
    secret = new_secret()
    ids = {
        name: id_sql(kind, "n") for name, kind in (("patient", PATIENTS), ("account", ACCOUNTS), ("session", SESSIONS))
    }
    for statement in _VILLAGERS:
        filled = statement.format(numbers=f"generate_series(0, {count - 1}) AS n", **ids)
        db.session.execute(text(filled), {"access_hash": secret_hash(secret)} if ":access_hash" in filled else {})
    db.session.commit()
    return secret


def plan_clinics(numbers: Iterable[int], places: int) -> None:
    """Plan clinics of these numbers, each of another expert tomorrow morning, of one period and so many places."""
    planned = list(numbers)
    hospital, sites = _organisations()
    day = clock.today() + timedelta(days=1)
    starts_at, ends_at = (datetime.combine(day, time(hour), SHANGHAI) for hour in (8, 12))
    people = [new_id() for _ in planned]
    db.session.execute(
        insert(Person),
        [
            {
                "id": key,
                "organisation_id": hospital,
                "staff_number": f"E{number}",
                "name": "尹学川",
                "title": "主任医师",
            }
            for key, number in zip(people, planned, strict=True)
        ],
    )
    db.session.execute(
        insert(Clinic),
        [
            {
                "id": id_of(CLINICS, number),
                "person_id": person_id,
                "supporting_id": hospital,
                "recipient_id": sites[number % _TOWNSHIPS].organisation_id,
                "site_id": sites[number % _TOWNSHIPS].id,
                "held_on": day,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "release_at": clock.now() - timedelta(hours=1),
                "overflow_at": starts_at,
                "phone_until": starts_at,
                "cancel_until": starts_at,
            }
            for person_id, number in zip(people, planned, strict=True)
        ],
    )
    periods = [
        {"id": id_of(PERIODS, n), "clinic_id": id_of(CLINICS, n), "starts_at": starts_at, "ends_at": ends_at}
        for n in planned
    ]
    db.session.execute(insert(ClinicPeriod), periods)
    of = f"unnest(CAST('{{{','.join(map(str, planned))}}}' AS int[])) AS n"
    filled = _PLACES.format(clinic=id_sql(CLINICS, "n"), period=id_sql(PERIODS, "n"), numbers=of)
    db.session.execute(text(filled), {"places": places})
    db.session.commit()


def _organisations() -> tuple[UUID, list[Site]]:
    """Return the county hospital and the sites of its townships, made when first asked for."""
    found = db.session.query(Organisation).filter_by(kind=OrganisationKind.COUNTY_HOSPITAL).one_or_none()
    if found is not None:
        return found.id, db.session.query(Site).order_by(Site.id).all()
    bureau = Organisation(id=new_id(), code="B", name="云岭县卫生健康局", kind=OrganisationKind.BUREAU)
    hospital = Organisation(
        id=new_id(), code="H", name="云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent_id=bureau.id
    )
    townships = [
        Organisation(
            id=new_id(),
            code=f"T{number}",
            name=f"第{number}卫生院",
            kind=OrganisationKind.TOWNSHIP_HOSPITAL,
            parent_id=bureau.id,
        )
        for number in range(_TOWNSHIPS)
    ]
    db.session.add(bureau)
    db.session.flush()
    db.session.add_all([hospital, *townships])
    db.session.flush()
    sites = [
        Site(id=new_id(), organisation_id=one.id, name="门诊楼", longitude="103.2", latitude="27.3", radius_m=300)
        for one in townships
    ]
    db.session.add_all(sites)
    db.session.flush()
    return hospital.id, sites
