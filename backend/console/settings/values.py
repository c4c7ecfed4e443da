"""Single settings: what holds in an organisation, since when, by which document; and all that held before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.console.settings.blueprint import bp, may_write
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    get_organisation,
    list_organisations,
    list_settings,
    organisations_under,
)
from backend.domain.organisations.rules.settings import SETTINGS
from backend.domain.organisations.service import set_setting
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden, NotFound

Page = str | tuple[str, int] | Response


class SettingForm(FormSchema):
    """A value from a day on, with its document; an empty value ends the setting."""

    value = fields.String(load_default="")
    effective_on = fields.Date(required=True)
    document_title = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))
    document_number = fields.String(load_default="", validate=validate.Length(max=100, error="请控制在100字以内。"))


@bp.get("")
def show_list() -> Page:
    """Show the settings of an organisation: the actor's own, or one below a bureau."""
    organisation = _asked_for()
    return render_template(
        "settings/list.html",
        organisation=organisation,
        organisations=_choosable(),
        states=list_settings(current_actor(), organisation.id, clock.today()),
        may_write=may_write(organisation.id),
    )


@bp.get("/<uuid:organisation_id>/<string:key>")
def show(organisation_id: UUID, key: str) -> Page:
    """Show a setting with its history."""
    return _page(organisation_id, key, Form(SettingForm(), effective_on=clock.today()))


@bp.post("/<uuid:organisation_id>/<string:key>")
def change(organisation_id: UUID, key: str) -> Page:
    """Set a value."""
    form = Form.submitted(SettingForm())
    if key not in SETTINGS:
        raise NotFound
    if form.is_valid:
        given = dict(form.data)
        value = _value(key, given.pop("value"))
        if form.attempt(lambda: set_setting(current_actor(), organisation_id, key, value, **given)):
            flash("设置已保存。", "done")
            return redirect(url_for("console.settings.show", organisation_id=organisation_id, key=key))
    return _page(organisation_id, key, form)


def _value(key: str, text: str) -> Any:
    """Return what was typed as the setting's kind; what is no number stays text, for the rules to refuse."""
    if not text:
        return None
    if SETTINGS[key].kind is int:
        try:
            return int(text)
        except ValueError:
            return text
    return text


def _page(organisation_id: UUID, key: str, form: Form) -> Page:
    states = list_settings(current_actor(), organisation_id, clock.today())
    found = next((state for state in states if state.definition.key == key), None)
    if found is None:
        raise NotFound
    page = render_template(
        "settings/one.html",
        organisation=get_organisation(organisation_id),
        setting=found,
        today=clock.today(),
        form=form,
        may_write=may_write(organisation_id),
    )
    return page, form.status


def _asked_for() -> Organisation:
    own = current_actor().organisation_id
    if own is None:
        raise Forbidden
    asked = request.args.get("organisation", type=UUID)
    return get_organisation(asked or own)


def _choosable() -> list[Organisation]:
    actor = current_actor()
    if actor.role is not Role.BUREAU or actor.organisation_id is None:
        return []
    return list_organisations(organisations_under(actor.organisation_id))
