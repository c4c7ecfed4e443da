"""People and their rights (人员与角色): roles, passwords, disabling, and whether a WeChat is bound."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.accounts import service as accounts
from backend.domain.accounts.queries import get_person, is_bound, list_people, list_roles
from backend.domain.organisations.queries import parties_to_own
from backend.foundation.actor import Role

bp = Blueprint("people", __name__, url_prefix="/people")
PAGE_SIZE = 50
Page = tuple[str, int] | Response


class ListForm(PageForm):
    """What the list is narrowed to."""

    text = fields.String(validate=validate.Length(max=40))


class RoleForm(FormSchema):
    """A role in an organisation."""

    role = fields.Enum(Role, by_value=True, required=True)
    organisation_id = fields.UUID(required=True)


class ConfirmForm(FormSchema):
    """Nothing but the will to do it."""


@bp.get("")
def show_list() -> str:
    """Show the people of the organisation."""
    filters = Form.asked(ListForm())
    text = filters.data.get("text", "")
    page = list_people(current_actor(), text, page=filters.data["page"], page_size=PAGE_SIZE)
    return render_template("people/list.html", page=page, text=text)


@bp.get("/<uuid:person_id>")
def show(person_id: UUID) -> Page:
    """Show a person."""
    return _page(person_id, Form(RoleForm()))


@bp.post("/<uuid:person_id>/grant")
def grant(person_id: UUID) -> Page:
    """Give a role."""
    form = Form.submitted(RoleForm())
    return _do(form, person_id, "身份已授予。", lambda: accounts.grant_role(current_actor(), person_id, **form.data))


@bp.post("/<uuid:person_id>/revoke")
def revoke(person_id: UUID) -> Page:
    """Take a role."""
    form = Form.submitted(RoleForm())
    return _do(
        form, person_id, "身份已收回，立即生效。", lambda: accounts.revoke_role(current_actor(), person_id, **form.data)
    )


@bp.post("/<uuid:person_id>/disable")
def disable(person_id: UUID) -> Page:
    """Disable the person: everything of theirs ends at once."""
    form = Form.submitted(ConfirmForm())
    return _do(form, person_id, "账号已停用，已全部下线。", lambda: accounts.disable_person(current_actor(), person_id))


@bp.post("/<uuid:person_id>/enable")
def enable(person_id: UUID) -> Page:
    """Let the person log in again."""
    form = Form.submitted(ConfirmForm())
    return _do(form, person_id, "账号已启用。", lambda: accounts.enable_person(current_actor(), person_id))


@bp.post("/<uuid:person_id>/password")
def give_password(person_id: UUID) -> Page:
    """Give a one-time password, shown this once."""
    form = Form.submitted(ConfirmForm())
    password = form.attempt(lambda: accounts.set_initial_password(current_actor(), person_id))
    return _page(person_id, form, password=password)


def _do(form: Form, person_id: UUID, done: str, act: Callable[[], object]) -> Page:
    if form.is_valid:
        form.attempt(act)
    if form.is_valid:
        flash(done, "done")
        return redirect(url_for("console.people.show", person_id=person_id))
    return _page(person_id, form)


def _page(person_id: UUID, form: Form, password: str | None = None) -> Page:
    actor = current_actor()
    person = get_person(actor, person_id)
    page = render_template(
        "people/one.html",
        person=person,
        roles=list_roles(person_id),
        grantable=[role for role in Role if role is not Role.DELEGATE],  # which a director lends, with dates
        bound=is_bound(person_id),
        may_write=may(actor.role, Action.WRITE, Resource.PERSON, parties_to_own(actor, person.organisation_id)),
        form=form,
        password=password,
    )
    return page, form.status
