"""Reading the tree, settings in force, and the scope that an actor has over rows of a pair of hospitals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased, joinedload

from backend.domain.access.rules import Action, Party, Resource, may, parties_with
from backend.domain.audit.models import AuditEvent
from backend.domain.audit.queries import list_events
from backend.domain.organisations.models import Agreement, Organisation, Setting, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.settings import SETTINGS, SettingDefinition
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.paging import Page, fetch_page


def organisations_under(organisation_id: UUID) -> Select[UUID]:
    """Select the ids of an organisation and of all below it."""
    tree = select(Organisation.id).where(Organisation.id == organisation_id).cte("tree", recursive=True)
    child = aliased(Organisation)
    tree = tree.union(select(child.id).where(child.parent_id == tree.c.id))
    return select(tree.c.id)


def organisations_above(organisation_id: UUID) -> Select[UUID, int]:
    """Select the ids of an organisation (height 0) and of all above it, with their height."""
    line = (
        select(Organisation.id, Organisation.parent_id, literal(0).label("height"))
        .where(Organisation.id == organisation_id)
        .cte("line", recursive=True)
    )
    parent = aliased(Organisation)
    line = line.union(
        select(parent.id, parent.parent_id, line.c.height + 1).where(parent.id == line.c.parent_id, line.c.height < 20)
    )
    return select(line.c.id, line.c.height)


def find_setting(key: str, organisation_id: UUID, on: date) -> Any:
    """Return the value of a setting in an organisation on a day: the nearest above it, else the preset, else None."""
    above = organisations_above(organisation_id).subquery()
    statement = (
        select(Setting.value)
        .join(above, above.c.id == Setting.organisation_id)
        .where(Setting.key == key, Setting.effective_on <= on)
        .order_by(above.c.height, Setting.effective_on.desc())
        .limit(1)
    )
    row = db.session.execute(statement).one_or_none()
    return row[0] if row is not None and row[0] is not None else SETTINGS[key].preset


def find_settings(key: str, organisation_ids: Collection[UUID], on: date) -> dict[UUID, Any]:
    """Return the value of a setting in each of these organisations on a day, as `find_setting` finds it."""
    line = (
        select(Organisation.id.label("of"), Organisation.id, Organisation.parent_id, literal(0).label("height"))
        .where(Organisation.id.in_(organisation_ids))
        .cte("line", recursive=True)
    )
    parent = aliased(Organisation)
    line = line.union(
        select(line.c.of, parent.id, parent.parent_id, line.c.height + 1).where(
            parent.id == line.c.parent_id, line.c.height < 20
        )
    )
    statement = (
        select(line.c.of, Setting.value)
        .ext(distinct_on(line.c.of))
        .join(Setting, Setting.organisation_id == line.c.id)
        .where(Setting.key == key, Setting.effective_on <= on)
        .order_by(line.c.of, line.c.height, Setting.effective_on.desc())
    )
    found = {row.of: row.value for row in db.session.execute(statement)}
    preset = SETTINGS[key].preset
    return {
        organisation_id: preset if found.get(organisation_id) is None else found[organisation_id]
        for organisation_id in organisation_ids
    }


def get_organisation(organisation_id: UUID) -> Organisation:
    """Return an organisation.

    Raises:
        NotFound: there is none of this id.
    """
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    return organisation


def list_organisations(ids: Select[UUID] | Iterable[UUID]) -> list[Organisation]:
    """Return these organisations by code."""
    chosen = ids if isinstance(ids, Select) else list(ids)
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(chosen)).order_by(Organisation.code)))


def list_hospitals_nearby(organisation_id: UUID) -> list[Organisation]:
    """Return all organisations of the same tree but bureaus, by code: whom one may sign an agreement with.

    Code and name of an organisation are public.
    """
    above = organisations_above(organisation_id).subquery()
    root = db.session.execute(select(above.c.id).order_by(above.c.height.desc()).limit(1)).scalar_one()
    statement = (
        select(Organisation)
        .where(Organisation.id.in_(organisations_under(root)), Organisation.kind != OrganisationKind.BUREAU)
        .order_by(Organisation.code)
    )
    return list(db.session.scalars(statement))


def list_agreements(actor: Actor, *, page: int = 1, page_size: int = 50) -> Page[Agreement]:
    """Return the agreements that the actor may read, those that end last first.

    Raises:
        Forbidden: the current role may read none.
    """
    scope = pair_scope(actor, Resource.AGREEMENT, supporting=Agreement.supporting_id, recipient=Agreement.recipient_id)
    statement = _with_parties(select(Agreement)).where(scope)
    return fetch_page(statement.order_by(Agreement.ends_on.desc(), Agreement.id), page=page, page_size=page_size)


def get_agreement(actor: Actor, agreement_id: UUID, action: Action = Action.READ) -> Agreement:
    """Return an agreement on which the actor may act so.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    agreement = db.session.scalars(_with_parties(select(Agreement)).where(Agreement.id == agreement_id)).one_or_none()
    if agreement is None:
        raise NotFound
    parties = parties_to_pair(actor, supporting_id=agreement.supporting_id, recipient_id=agreement.recipient_id)
    require_right(actor, action, Resource.AGREEMENT, parties)
    return agreement


def _with_parties(statement: Select[Agreement]) -> Select[Agreement]:
    return statement.options(joinedload(Agreement.supporting), joinedload(Agreement.recipient))


@dataclass(frozen=True)
class SettingRow:
    """A value of a setting, with the organisation that set it: the one asked about, or one above it."""

    setting: Setting
    organisation: Organisation
    inherited: bool


@dataclass(frozen=True)
class SettingState:
    """A setting in an organisation on a day: what holds, and all that was ever set here or above, the latest first."""

    definition: SettingDefinition
    in_force: SettingRow | None
    history: tuple[SettingRow, ...]

    @property
    def value(self) -> Any:
        """What holds: the value in force, else the preset, else None."""
        value = self.in_force.setting.value if self.in_force else None
        return self.definition.preset if value is None else value


def list_settings(actor: Actor, organisation_id: UUID, on: date) -> list[SettingState]:
    """Return every setting that the product knows as it stands in an organisation on a day.

    Raises:
        NotFound, Forbidden: the settings of this organisation are not the actor's to read.
    """
    get_organisation(organisation_id)
    require_right(actor, Action.READ, Resource.SETTING, parties_to_own(actor, organisation_id))
    above = organisations_above(organisation_id).subquery()
    statement = (
        select(Setting, Organisation)
        .join(above, above.c.id == Setting.organisation_id)
        .join(Organisation, Organisation.id == Setting.organisation_id)
        .order_by(above.c.height, Setting.effective_on.desc())
    )
    rows: dict[str, list[SettingRow]] = defaultdict(list)
    for setting, organisation in db.session.execute(statement):
        rows[setting.key].append(SettingRow(setting, organisation, organisation.id != organisation_id))
    return [_setting_state(definition, rows[definition.key], on) for definition in SETTINGS.values()]


def _setting_state(definition: SettingDefinition, rows: list[SettingRow], on: date) -> SettingState:
    in_force = next((row for row in rows if row.setting.effective_on <= on), None)  # as find_setting orders them
    return SettingState(definition, in_force, tuple(rows))


def list_audit_trail(actor: Actor, *, action: str = "", page: int = 1, page_size: int = 100) -> Page[AuditEvent]:
    """Return what was done in the actor's organisation, for a bureau also in those below it, the latest first.

    Raises:
        Forbidden: the current role may not read trails.
    """
    parties = require_list_right(actor, Action.READ, Resource.AUDIT_TRAIL)
    within: ColumnElement[bool] = AuditEvent.organisation_id == actor.organisation_id
    if Party.BUREAU in parties and actor.organisation_id is not None:
        within = AuditEvent.organisation_id.in_(organisations_under(actor.organisation_id))
    return list_events(within, action=action, page=page, page_size=page_size)


def list_sites(organisation_ids: Iterable[UUID]) -> list[Site]:
    """Return the sites of these organisations."""
    statement = select(Site).where(Site.organisation_id.in_(list(organisation_ids)))
    return list(db.session.scalars(statement.order_by(Site.organisation_id, Site.name)))


def require_list_right(actor: Actor, action: Action, resource: Resource) -> frozenset[Party]:
    """Return the parties as which the actor may list rows.

    Raises:
        Forbidden: the current role has no right to any of them; staff, and those without a role, have their own.
    """
    parties = parties_with(actor.role, action, resource)
    if not parties - {Party.SELF} and (Party.SELF not in parties or actor.role not in (Role.STAFF, None)):
        raise Forbidden
    return parties


def pair_scope(
    actor: Actor,
    resource: Resource,
    *,
    supporting: Any,
    recipient: Any,
    person: Any = None,
    action: Action = Action.READ,
) -> ColumnElement[bool]:
    """Return the condition that keeps the rows of a pair of hospitals which the actor's role may act upon.

    Raises:
        Forbidden: the current role has no right to any of them.
    """
    parties = require_list_right(actor, action, resource)
    conditions: list[ColumnElement[bool]] = [false()]
    if Party.SELF in parties and person is not None and actor.person_id is not None:
        conditions.append(person == actor.person_id)
    if actor.organisation_id is not None:
        if Party.SUPPORTING in parties:
            conditions.append(supporting == actor.organisation_id)
        if Party.RECIPIENT in parties:
            conditions.append(recipient == actor.organisation_id)
        if Party.BUREAU in parties:
            under = organisations_under(actor.organisation_id)
            conditions.append(or_(supporting.in_(under), recipient.in_(under)))
    return or_(*conditions)


def parties_to_pair(
    actor: Actor, *, supporting_id: UUID, recipient_id: UUID, person_id: UUID | None = None
) -> frozenset[Party]:
    """Return what the actor is to a row of this pair; empty means that it does not exist for them."""
    parties = set()
    if person_id is not None and actor.person_id == person_id:
        parties.add(Party.SELF)
    if actor.organisation_id == supporting_id:
        parties.add(Party.SUPPORTING)
    if actor.organisation_id == recipient_id:
        parties.add(Party.RECIPIENT)
    if _oversees(actor, [supporting_id, recipient_id]):
        parties.add(Party.BUREAU)
    return frozenset(parties)


def parties_to_own(actor: Actor, organisation_id: UUID) -> frozenset[Party]:
    """Return what the actor is to a row that belongs to one organisation."""
    parties = set()
    if actor.organisation_id == organisation_id:
        parties.add(Party.OWN)
    if _oversees(actor, [organisation_id]):  # a bureau oversees itself too
        parties.add(Party.BUREAU)
    return frozenset(parties)


def require_right(actor: Actor, action: Action, resource: Resource, parties: frozenset[Party]) -> None:
    """Let the action pass, or say why not.

    Raises:
        NotFound: the row lies outside the actor's organisations.
        Forbidden: it lies inside, but the current role has no such right.
    """
    if not parties:
        raise NotFound
    if not may(actor.role, action, resource, parties):
        raise Forbidden


def _oversees(actor: Actor, organisation_ids: list[UUID]) -> bool:
    if actor.role is not Role.BUREAU or actor.organisation_id is None:
        return False
    tree = organisations_under(actor.organisation_id).subquery()
    return db.session.execute(select(tree.c.id).where(tree.c.id.in_(organisation_ids)).limit(1)).first() is not None
