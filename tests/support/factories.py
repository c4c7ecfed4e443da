"""Rows that tests stand on, made with as little as a test must say; invented people only."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation
from backend.domain.dispatch.rules import DispatchKind, WeeklyPattern
from backend.domain.organisations.models import Department, Organisation, Setting, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id

Row = TypeVar("Row")
_numbers = itertools.count(1)


def make_organisation(
    name: str = "青石镇中心卫生院",
    *,
    kind: OrganisationKind = OrganisationKind.TOWNSHIP_HOSPITAL,
    parent: Organisation | None = None,
    code: str | None = None,
) -> Organisation:
    organisation = Organisation(
        id=new_id(),
        code=code or f"5301{next(_numbers):04d}",
        name=name,
        kind=kind,
        parent_id=parent.id if parent else None,
    )
    return _keep(organisation)


def make_site(
    organisation: Organisation,
    name: str = "院本部",
    *,
    longitude: str = "103.200000",
    latitude: str = "27.300000",
    radius_m: int = 300,
) -> Site:
    return _keep(
        Site(
            id=new_id(),
            organisation_id=organisation.id,
            name=name,
            longitude=Decimal(longitude),
            latitude=Decimal(latitude),
            radius_m=radius_m,
        )
    )


def make_tablet(site: Site, name: str = "门诊大厅") -> SiteTablet:
    """Put a tablet at a site, of a credential that nobody knows."""
    return _keep(SiteTablet(id=new_id(), site_id=site.id, name=name, credential_hash=new_id().bytes))


def make_department(organisation: Organisation, name: str = "内科") -> Department:
    return _keep(Department(id=new_id(), organisation_id=organisation.id, name=name))


def make_person(
    organisation: Organisation,
    name: str = "吕芬春",
    *,
    roles: Iterable[Role] = (Role.STAFF,),
    title: str = "主治医师",
    born_on: date | None = date(1982, 3, 13),
    staff_number: str | None = None,
) -> Person:
    person = Person(
        id=new_id(),
        organisation_id=organisation.id,
        staff_number=staff_number or f"A{next(_numbers):04d}",
        name=name,
        title=title,
        born_on=born_on,
    )
    person.roles = [
        RoleHolding(organisation_id=organisation.id, role=role, during=lent_for_a_year(role)) for role in roles
    ]
    return _keep(person)


def lent_for_a_year(role: Role) -> Range[date] | None:
    """Return the dates of a role that is lent, which it must have."""
    today = clock.today()
    return Range(today, today + timedelta(days=365)) if role is Role.DELEGATE else None


def make_dispatch(
    person: Person,
    recipient: Organisation,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    pattern: WeeklyPattern | None = None,
    kind: DispatchKind = DispatchKind.POSTED,
    sites: Iterable[Site] = (),
    rotation: Rotation | None = None,
    leads_team: bool = False,
) -> Dispatch:
    """Send a person: from ten days ago for half a year, every day, unless told otherwise."""
    starts_on = starts_on or clock.today() - timedelta(days=10)
    ends_on = ends_on or starts_on + timedelta(days=180)
    dispatch = Dispatch(
        id=new_id(),
        person_id=person.id,
        supporting_id=person.organisation_id,
        recipient_id=recipient.id,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        sites=list(sites),
        rotation=rotation,
        leads_team=leads_team,
    )
    halves = (pattern or WeeklyPattern.every_day()).as_numbers()
    dispatch.patterns = [
        DutyPattern(
            person_id=person.id,
            during=Range(starts_on, ends_on + timedelta(days=1)),
            halves=MultiRange([Range(low, high) for low, high in halves]),
        )
    ]
    return _keep(dispatch)


def make_setting(
    organisation: Organisation, key: str, value: object, *, effective_on: date = date(2020, 1, 1)
) -> Setting:
    return _keep(
        Setting(
            id=new_id(),
            organisation_id=organisation.id,
            key=key,
            value=value,
            effective_on=effective_on,
            document_title="关于对口支援工作的通知",
            document_number="云卫发〔2020〕1号",
        )
    )


def acting(person: Person, role: Role, organisation: Organisation | UUID | None = None) -> Actor:
    """Return an actor who stands in a role at an organisation, the employer unless told otherwise."""
    at = organisation.id if isinstance(organisation, Organisation) else organisation
    return Actor(person_id=person.id, role=role, organisation_id=at or person.organisation_id, channel="console")


def _keep(row: Row) -> Row:
    # Committed, so that a use case which fails and rolls back leaves the arrangement as it was.
    db.session.add(row)
    db.session.commit()
    return row
