"""What the database already holds of what a roster speaks of, as plain rows.

`lock` takes the rows as an UPDATE would, so that what was compared is what is changed; check-ins, which only refer to
them, are not held up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Select, any_, bindparam, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.accounts.rules import Sex
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.queries.timesheets import HANDED_IN
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation, dispatch_sites
from backend.domain.dispatch.rules import DispatchKind, WeeklyPattern
from backend.domain.organisations.models import Department, Organisation, Setting, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation.actor import Role


class KnownOrganisation(NamedTuple):
    """A row of organisations."""

    id: UUID
    code: str
    name: str
    kind: OrganisationKind
    level: str
    parent_id: UUID | None
    address: str
    telephone: str


class KnownSite(NamedTuple):
    """A row of sites."""

    id: UUID
    organisation_id: UUID
    name: str
    longitude: Any
    latitude: Any
    radius_m: int


class KnownPerson(NamedTuple):
    """A row of people."""

    id: UUID
    organisation_id: UUID
    staff_number: str
    name: str
    sex: Sex
    born_on: date | None
    title: str
    department_id: UUID | None
    telephone_hash: bytes | None
    telephone_masked: str
    identity_tail_hash: bytes | None
    disabled: bool


class KnownDispatch(NamedTuple):
    """A row of dispatches."""

    id: UUID
    person_id: UUID
    supporting_id: UUID
    recipient_id: UUID
    kind: DispatchKind
    starts_on: date
    ends_on: date
    department_id: UUID | None
    rotation_id: UUID | None
    leads_team: bool
    exception_reason: str
    planned_end_on: date | None
    cancelled: bool
    version: int


class KnownPattern(NamedTuple):
    """A row of duty patterns: its days, `ends_before` excluded."""

    id: UUID
    dispatch_id: UUID
    person_id: UUID
    starts_on: date
    ends_before: date
    pattern: WeeklyPattern


def load_organisations() -> list[KnownOrganisation]:
    """Return all organisations: a few thousand at most."""
    statement = select(*(getattr(Organisation, name) for name in KnownOrganisation._fields))
    return [KnownOrganisation(*row) for row in db.session.execute(statement)]


def load_sites(organisation_ids: Collection[UUID]) -> list[KnownSite]:
    """Return the sites of these organisations."""
    statement = select(*(getattr(Site, name) for name in KnownSite._fields))
    return [
        KnownSite(*row) for row in db.session.execute(statement.where(among(Site.organisation_id, organisation_ids)))
    ]


def load_departments(organisation_ids: Collection[UUID]) -> dict[tuple[UUID, str], UUID]:
    """Return the ids of the departments by organisation and name."""
    statement = select(Department.organisation_id, Department.name, Department.id)
    rows = db.session.execute(statement.where(among(Department.organisation_id, organisation_ids)))
    return {(organisation_id, name): department_id for organisation_id, name, department_id in rows}


def load_rotations(supporting_ids: Collection[UUID]) -> dict[tuple[UUID, str], UUID]:
    """Return the ids of the rotations by supporting hospital and name."""
    statement = select(Rotation.supporting_id, Rotation.name, Rotation.id)
    rows = db.session.execute(statement.where(among(Rotation.supporting_id, supporting_ids)))
    return {(supporting_id, name): rotation_id for supporting_id, name, rotation_id in rows}


def load_people(organisation_ids: Collection[UUID], *, lock: bool) -> list[KnownPerson]:
    """Return the people whom these organisations employ."""
    statement = select(
        *(getattr(Person, name) for name in KnownPerson._fields[:-1]), Person.disabled_at.is_not(None)
    ).where(among(Person.organisation_id, organisation_ids))
    return [KnownPerson(*row) for row in db.session.execute(_locked(statement.order_by(Person.id), lock))]


def load_roles(organisation_ids: Collection[UUID]) -> dict[UUID, dict[Role, UUID]]:
    """Return the role holdings at these organisations, by person and role."""
    statement = select(RoleHolding.person_id, RoleHolding.role, RoleHolding.id)
    roles: dict[UUID, dict[Role, UUID]] = defaultdict(dict)
    for person_id, role, holding_id in db.session.execute(
        statement.where(among(RoleHolding.organisation_id, organisation_ids))
    ):
        roles[person_id][role] = holding_id
    return roles


def find_telephone_holders(hashes: Iterable[bytes]) -> dict[bytes, UUID]:
    """Return who among those not disabled holds these telephones."""
    statement = select(Person.telephone_hash, Person.id).where(
        among(Person.telephone_hash, hashes), Person.disabled_at.is_(None)
    )
    return {held: person_id for held, person_id in db.session.execute(statement) if held is not None}


def load_dispatches(person_ids: Collection[UUID], *, lock: bool) -> list[KnownDispatch]:
    """Return all dispatches of these people, cancelled ones too."""
    statement = select(
        *(getattr(Dispatch, name) for name in KnownDispatch._fields if name not in ("cancelled", "version")),
        Dispatch.cancelled_at.is_not(None),
        Dispatch.version,
    ).where(among(Dispatch.person_id, person_ids))
    return [KnownDispatch(*row) for row in db.session.execute(_locked(statement.order_by(Dispatch.id), lock))]


def load_patterns(person_ids: Collection[UUID]) -> dict[UUID, list[KnownPattern]]:
    """Return what these people claim, by dispatch, the earliest first."""
    statement = select(
        DutyPattern.id,
        DutyPattern.dispatch_id,
        DutyPattern.person_id,
        func.lower(DutyPattern.during),
        func.upper(DutyPattern.during),
        DutyPattern.halves,
    ).where(among(DutyPattern.person_id, person_ids))
    patterns: dict[UUID, list[KnownPattern]] = defaultdict(list)
    read: dict[tuple[tuple[int, int], ...], WeeklyPattern] = {}
    for pattern_id, dispatch_id, person_id, first, before, halves in db.session.execute(
        statement.order_by(func.lower(DutyPattern.during))
    ):
        numbers = tuple((part.lower or 0, part.upper or 0) for part in halves)
        if numbers not in read:
            read[numbers] = WeeklyPattern.from_numbers(numbers)
        patterns[dispatch_id].append(KnownPattern(pattern_id, dispatch_id, person_id, first, before, read[numbers]))
    return patterns


def load_dispatch_sites(person_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return the sites of these people's dispatches."""
    statement = (
        select(dispatch_sites.c.dispatch_id, dispatch_sites.c.site_id)
        .join(Dispatch, Dispatch.id == dispatch_sites.c.dispatch_id)
        .where(among(Dispatch.person_id, person_ids))
    )
    sites: dict[UUID, set[UUID]] = defaultdict(set)
    for dispatch_id, site_id in db.session.execute(statement):
        sites[dispatch_id].add(site_id)
    return sites


def load_last_duty_days(dispatch_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return the last duty day of each dispatch, with a tap or of a month handed in; none: not in the answer."""
    taps = select(CheckIn.dispatch_id, CheckIn.duty_on).where(
        among(CheckIn.dispatch_id, dispatch_ids), CheckIn.effective
    )
    handed_in = (
        select(DutyShift.dispatch_id, DutyShift.duty_on)
        .join(Timesheet, Timesheet.dispatch_id == DutyShift.dispatch_id)
        .where(
            among(DutyShift.dispatch_id, dispatch_ids),
            Timesheet.status.in_(HANDED_IN),
            Timesheet.month == cast(func.date_trunc("month", DutyShift.duty_on), Date),
        )
    )
    served = taps.union_all(handed_in).subquery()
    statement = select(served.c.dispatch_id, func.max(served.c.duty_on)).group_by(served.c.dispatch_id)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def load_leaders(rotation_ids: Collection[UUID]) -> list[tuple[UUID, UUID, UUID, date, date]]:
    """Return dispatch, rotation, recipient, first and last day of those who lead a team in these rotations."""
    statement = select(
        Dispatch.id, Dispatch.rotation_id, Dispatch.recipient_id, Dispatch.starts_on, Dispatch.ends_on
    ).where(among(Dispatch.rotation_id, rotation_ids), Dispatch.leads_team, Dispatch.cancelled_at.is_(None))
    return [
        (dispatch_id, rotation_id, recipient_id, starts_on, ends_on)
        for dispatch_id, rotation_id, recipient_id, starts_on, ends_on in db.session.execute(statement)
        if rotation_id is not None
    ]


def load_condition_settings() -> list[tuple[UUID, str, Any, date]]:
    """Return organisation, key, value and first day of every setting that asks something of those who are sent."""
    statement = select(Setting.organisation_id, Setting.key, Setting.value, Setting.effective_on)
    rows = db.session.execute(statement.where(Setting.key.in_(("dispatch.minimum_title", "dispatch.maximum_age"))))
    return [(organisation_id, key, value, day) for organisation_id, key, value, day in rows]


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Compare with one array: IN with tens of thousands of parameters costs more than its query."""
    return column == any_(bindparam(None, list(values), ARRAY(column.type)))


def _locked(statement: Select[Any], lock: bool) -> Select[Any]:
    return statement.with_for_update(key_share=True) if lock else statement
