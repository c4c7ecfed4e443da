"""Organisations (机构与派驻点): the tree, and one organisation with its departments and sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.queries import list_organisations, parties_to_own
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import CoordinateSystem, Point, point_from
from backend.domain.organisations.service import (
    OrganisationFacts,
    SiteFacts,
    add_department,
    add_organisation,
    add_site,
    change_organisation,
    change_site,
)
from backend.foundation import clock
from backend.foundation.errors import NotFound

bp = Blueprint("organisations", __name__, url_prefix="/organisations")
Page = tuple[str, int] | Response
_SHORT = validate.Length(max=100, error="请控制在100字以内。")


class FactsForm(FormSchema):
    """What is known of an organisation."""

    name = fields.String(required=True, validate=_SHORT)
    level = fields.String(load_default="", validate=_SHORT)
    address = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))
    telephone = fields.String(load_default="", validate=_SHORT)


class NewForm(FactsForm):
    """An organisation below another."""

    code = fields.String(
        required=True, validate=validate.Regexp(r"[0-9A-Za-z-]{4,40}\Z", error="机构代码应为4到40位数字或字母。")
    )
    kind = fields.Enum(OrganisationKind, by_value=True, required=True)


class DepartmentForm(FormSchema):
    """A department."""

    name = fields.String(required=True, validate=_SHORT)


class SiteForm(FormSchema):
    """A place to check in at, as a map tells it."""

    name = fields.String(required=True, validate=_SHORT)
    longitude = fields.Decimal(required=True, allow_nan=False)
    latitude = fields.Decimal(required=True, allow_nan=False)
    coordinate_system = fields.String(
        required=True, validate=validate.OneOf(list(CoordinateSystem), error="请选择坐标系。")
    )
    radius_m = fields.Integer(required=True)


@dataclass(frozen=True)
class Branch:
    """An organisation with those below it, as far as the actor sees them."""

    organisation: Organisation
    children: tuple[Branch, ...]


@bp.get("")
def show_tree() -> str:
    """Show the organisations that the actor sees, as a tree."""
    visible = list_organisations(visible_organisations(current_actor(), clock.today()))
    return render_template("organisations/tree.html", branches=_branches(visible))


@bp.get("/<uuid:organisation_id>")
def show(organisation_id: UUID) -> Page:
    """Show an organisation."""
    return _page(_get(organisation_id))


@bp.post("/<uuid:organisation_id>")
def change(organisation_id: UUID) -> Page:
    """Change what is known of it."""
    form = Form.submitted(FactsForm())
    return _do(
        organisation_id,
        "机构信息已保存。",
        form,
        lambda: change_organisation(current_actor(), organisation_id, OrganisationFacts(**form.data)),
        facts_form=form,
    )


@bp.post("/<uuid:organisation_id>/children")
def add_child(organisation_id: UUID) -> Page:
    """Add an organisation below it."""
    form = Form.submitted(NewForm())

    def add() -> Organisation:
        facts = dict(form.data)
        code, kind = facts.pop("code"), facts.pop("kind")
        return add_organisation(
            current_actor(), parent_id=organisation_id, code=code, kind=kind, facts=OrganisationFacts(**facts)
        )

    return _do(organisation_id, "下级机构已登记。", form, add, child_form=form)


@bp.post("/<uuid:organisation_id>/departments")
def add_a_department(organisation_id: UUID) -> Page:
    """Add a department."""
    form = Form.submitted(DepartmentForm())
    return _do(
        organisation_id,
        "科室已登记。",
        form,
        lambda: add_department(current_actor(), organisation_id, form.data["name"]),
        department_form=form,
    )


@bp.post("/<uuid:organisation_id>/sites")
def add_a_site(organisation_id: UUID) -> Page:
    """Add a site."""
    form = Form.submitted(SiteForm())
    return _do(
        organisation_id,
        "派驻点已登记。",
        form,
        lambda: add_site(current_actor(), organisation_id, _site_facts(form)),
        site_form=form,
    )


@bp.get("/<uuid:organisation_id>/sites/<uuid:site_id>")
def show_site(organisation_id: UUID, site_id: UUID) -> Page:
    """Show a site for changing it."""
    organisation = _get(organisation_id)
    site = _site_of(organisation, site_id)
    form = Form(
        SiteForm(),
        name=site.name,
        longitude=site.longitude,
        latitude=site.latitude,
        coordinate_system="GCJ-02",
        radius_m=site.radius_m,
    )
    return _site_page(organisation, site, form)


@bp.post("/<uuid:organisation_id>/sites/<uuid:site_id>")
def change_a_site(organisation_id: UUID, site_id: UUID) -> Page:
    """Change a site."""
    organisation = _get(organisation_id)
    site = _site_of(organisation, site_id)
    form = Form.submitted(SiteForm())
    if form.is_valid and form.attempt(lambda: change_site(current_actor(), site_id, _site_facts(form))) is not None:
        flash("派驻点已修改，之后的签到按新的位置和半径判定。", "done")
        return redirect(url_for("console.organisations.show", organisation_id=organisation_id))
    return _site_page(organisation, site, form)


def _get(organisation_id: UUID) -> Organisation:
    visible = visible_organisations(current_actor(), clock.today())
    found = [one for one in list_organisations(visible) if one.id == organisation_id]
    if not found:
        raise NotFound
    return found[0]


def _site_of(organisation: Organisation, site_id: UUID) -> Site:
    for site in organisation.sites:
        if site.id == site_id:
            return site
    raise NotFound


def _site_facts(form: Form) -> SiteFacts:
    longitude, latitude = float(form.data["longitude"]), float(form.data["latitude"])
    try:
        centre = point_from(longitude, latitude, CoordinateSystem(form.data["coordinate_system"]))
    except ValueError:  # beyond all numbers: the rules say so
        centre = Point(longitude, latitude)
    return SiteFacts(name=form.data["name"], centre=centre, radius_m=form.data["radius_m"])


def _may_write(organisation_id: UUID) -> bool:
    return _may(organisation_id, Action.WRITE, Resource.ORGANISATION)


def _may(organisation_id: UUID, action: Action, resource: Resource) -> bool:
    actor = current_actor()
    return may(actor.role, action, resource, parties_to_own(actor, organisation_id))


def _do(organisation_id: UUID, done: str, form: Form, act: Callable[[], object], **forms: Form) -> Page:
    organisation = _get(organisation_id)
    if form.is_valid:
        form.attempt(act)
    if form.is_valid:
        flash(done, "done")
        return redirect(url_for("console.organisations.show", organisation_id=organisation_id))
    return _page(organisation, **forms)


def _page(organisation: Organisation, **submitted: Form) -> Page:
    forms: dict[str, Any] = {
        "facts_form": Form(
            FactsForm(),
            name=organisation.name,
            level=organisation.level,
            address=organisation.address,
            telephone=organisation.telephone,
        ),
        "child_form": Form(NewForm()),
        "department_form": Form(DepartmentForm()),
        "site_form": Form(SiteForm(), coordinate_system="GCJ-02", radius_m=300),
        **submitted,
    }
    page = render_template(
        "organisations/one.html",
        organisation=organisation,
        kinds=list(OrganisationKind),
        may_write=_may_write(organisation.id),
        may_keep_tablets=_may(organisation.id, Action.READ, Resource.SITE_TABLET),
        **forms,
    )
    return page, max([form.status for form in submitted.values()], default=200)


def _site_page(organisation: Organisation, site: Site, form: Form) -> Page:
    page = render_template(
        "organisations/site.html",
        organisation=organisation,
        site=site,
        form=form,
        may_write=_may_write(organisation.id),
    )
    return page, form.status


def _branches(visible: list[Organisation]) -> tuple[Branch, ...]:
    ids = {organisation.id for organisation in visible}

    def below(parent_id: UUID | None) -> tuple[Branch, ...]:
        return tuple(
            Branch(one, below(one.id))
            for one in visible
            if (one.parent_id if one.parent_id in ids else None) == parent_id
        )

    return below(None)
