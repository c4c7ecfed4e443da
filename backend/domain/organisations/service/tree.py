"""Organisations of the tree, their departments and sites."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.organisations.errors import (
    DepartmentExists,
    OrganisationExists,
    OrganisationInvalid,
    SiteExists,
    SiteInvalid,
)
from backend.domain.organisations.models import Department, Organisation, Site
from backend.domain.organisations.queries import get_organisation, parties_to_own, require_right
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import Point, why_not_site
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """What is known of an organisation beside its code, kind and place in the tree."""

    name: str
    level: str = ""
    address: str = ""
    telephone: str = ""


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """A place to check in at: centre in GCJ-02 degrees, radius in metres."""

    name: str
    centre: Point
    radius_m: int


def add_organisation(
    actor: Actor, *, parent_id: UUID, code: str, kind: OrganisationKind, facts: OrganisationFacts
) -> Organisation:
    """Add an organisation below another one.

    Raises:
        NotFound, Forbidden: the parent is not the actor's to add to.
        OrganisationInvalid: code or name is missing.
        OrganisationExists: the code is taken.
    """
    with transaction() as session:
        _require_write(actor, parent_id)
        if not code.strip():
            raise OrganisationInvalid("请填写机构代码。", fields={"code": ["请填写机构代码。"]})
        organisation = Organisation(id=new_id(), code=code.strip(), kind=kind, parent_id=parent_id)
        _describe(organisation, facts)
        with refusals({"organisations_code_key": OrganisationExists}):
            session.add(organisation)
        record_event(actor, "add_organisation", "organisation", organisation.id, organisation_id=organisation.id)
        return organisation


def change_organisation(actor: Actor, organisation_id: UUID, facts: OrganisationFacts) -> Organisation:
    """Change name, level, address and telephone.

    Raises:
        NotFound, Forbidden: it is not the actor's to change.
        OrganisationInvalid: the name is missing.
    """
    with transaction():
        organisation = _require_write(actor, organisation_id)
        _describe(organisation, facts)
        record_event(actor, "change_organisation", "organisation", organisation_id, organisation_id=organisation_id)
        return organisation


def add_department(actor: Actor, organisation_id: UUID, name: str) -> Department:
    """Add a department to an organisation.

    Raises:
        NotFound, Forbidden: the organisation is not the actor's to change.
        OrganisationInvalid: the name is missing.
        DepartmentExists: there is one of this name.
    """
    with transaction() as session:
        _require_write(actor, organisation_id)
        if not name.strip():
            raise OrganisationInvalid("请填写科室名称。", fields={"name": ["请填写科室名称。"]})
        department = Department(id=new_id(), organisation_id=organisation_id, name=name.strip())
        with refusals({"departments_organisation_id_name_key": DepartmentExists}):
            session.add(department)
        record_event(actor, "add_department", "department", department.id, organisation_id=organisation_id)
        return department


def add_site(actor: Actor, organisation_id: UUID, facts: SiteFacts) -> Site:
    """Add a place at which one checks in.

    Raises:
        NotFound, Forbidden: the organisation is not the actor's to change.
        SiteInvalid: no name, a place outside of China, a radius that no site has.
        SiteExists: there is one of this name.
    """
    with transaction() as session:
        _require_write(actor, organisation_id)
        site = Site(id=new_id(), organisation_id=organisation_id)
        _place(site, facts)
        with refusals({"sites_organisation_id_name_key": SiteExists}):
            session.add(site)
        record_event(actor, "add_site", "site", site.id, organisation_id=organisation_id, radius_m=facts.radius_m)
        return site


def change_site(actor: Actor, site_id: UUID, facts: SiteFacts) -> Site:
    """Change name, place and radius of a site; taps that have been judged stay as they are.

    Raises:
        NotFound, Forbidden: it is not the actor's to change.
        SiteInvalid, SiteExists: as in add_site.
    """
    with transaction() as session:
        site = session.get(Site, site_id)
        if site is None:
            raise NotFound
        _require_write(actor, site.organisation_id)
        with refusals({"sites_organisation_id_name_key": SiteExists}):
            _place(site, facts)
        record_event(
            actor, "change_site", "site", site.id, organisation_id=site.organisation_id, radius_m=site.radius_m
        )
        return site


def _require_write(actor: Actor, organisation_id: UUID) -> Organisation:
    organisation = get_organisation(organisation_id)
    require_right(actor, Action.WRITE, Resource.ORGANISATION, parties_to_own(actor, organisation_id))
    return organisation


def _describe(organisation: Organisation, facts: OrganisationFacts) -> None:
    if not facts.name.strip():
        raise OrganisationInvalid("请填写机构名称。", fields={"name": ["请填写机构名称。"]})
    with db.session.no_autoflush:
        organisation.name = facts.name.strip()
        organisation.level = facts.level.strip()
        organisation.address = facts.address.strip()
        organisation.telephone = facts.telephone.strip()


def _place(site: Site, facts: SiteFacts) -> None:
    wrong = why_not_site(facts.name, facts.centre, facts.radius_m)
    if wrong:
        raise SiteInvalid("派驻点的内容有误，请按提示修改。", fields={name: [text] for name, text in wrong.items()})
    site.name = facts.name.strip()
    # Six decimals are a tenth of a metre.
    site.longitude = Decimal(str(round(facts.centre.longitude, 6)))
    site.latitude = Decimal(str(round(facts.centre.latitude, 6)))
    site.radius_m = facts.radius_m
