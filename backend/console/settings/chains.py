"""Who approves subsidies, in which order and from which sum on: what holds, what was set, and setting another."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.console.settings.blueprint import bp, may_write
from backend.domain.accounts.queries import holders_of
from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import get_organisation
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.subsidies.queries.chains import ChainRow, list_chains
from backend.domain.subsidies.rules.approval import APPROVING_ROLES, MOST_STEPS, Step
from backend.domain.subsidies.service.chains import set_chain
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.money import NotMoney, fen_of, yuan

Page = str | tuple[str, int] | Response
NUMBERS = range(1, MOST_STEPS + 1)
_LONG = validate.Length(max=200, error="请控制在200字以内。")


def _step_fields() -> dict[str, fields.Field[Any]]:
    """Return the fields of each step: an empty line is no step."""
    given: dict[str, fields.Field[Any]] = {}
    for number in NUMBERS:
        given[f"label{number}"] = fields.String(load_default="")
        given[f"role{number}"] = fields.Enum(Role, by_value=True, load_default=None)
        given[f"minimum{number}"] = fields.String(load_default="0")
    return given


class _ChainForm(FormSchema):
    """From when on, and by which document."""

    effective_on = fields.Date(required=True)
    document_title = fields.String(required=True, validate=_LONG)
    document_number = fields.String(required=True, validate=_LONG)


ChainForm = _ChainForm.from_dict(_step_fields())


@bp.get("/<uuid:organisation_id>/approval-chain")
def show_chain(organisation_id: UUID) -> Page:
    """Show the chain that holds and all that were set."""
    rows = list_chains(current_actor(), organisation_id, clock.today())
    holds = next((row for row in rows if row.in_force), None)
    return _page(organisation_id, rows, Form(_schema(), effective_on=clock.today(), **_presets(holds)))


@bp.post("/<uuid:organisation_id>/approval-chain")
def change_chain(organisation_id: UUID) -> Page:
    """Set another chain."""
    form = Form.submitted(_schema())
    steps = _steps(form)
    if form.is_valid:
        given = {name: form.data[name] for name in ("effective_on", "document_title", "document_number")}
        if form.attempt(lambda: set_chain(current_actor(), organisation_id, steps, **given)):
            flash("审批流程已保存；此前已提交的申领仍按原流程办理。", "done")
            return redirect(url_for("console.settings.show_chain", organisation_id=organisation_id))
    return _page(organisation_id, list_chains(current_actor(), organisation_id, clock.today()), form)


def _schema() -> FormSchema:
    schema = ChainForm()
    assert isinstance(schema, FormSchema)  # noqa: S101  (from_dict is not typed so)
    return schema


def _presets(row: ChainRow | None) -> dict[str, Any]:
    presets: dict[str, Any] = {}
    for number, step in enumerate(row.chain.steps if row else (), 1):
        presets[f"label{number}"], presets[f"role{number}"] = step.label, step.role
        presets[f"minimum{number}"] = yuan(step.minimum_fen)
    return presets


def _steps(form: Form) -> list[Step]:
    """Return the lines that were filled in, in their order; what is wrong in one is said beside it."""
    steps = []
    for number in NUMBERS if form.is_valid else ():
        label, role = form.data[f"label{number}"], form.data[f"role{number}"]
        if not label and role is None:
            continue
        if not label or role is None:
            missing = f"role{number}" if label else f"label{number}"
            form.refuse("环节名称和审批身份要一起填写。", {missing: ["请填写。"]})
            continue
        try:
            steps.append(Step(number, label, role, fen_of(form.data[f"minimum{number}"])))
        except NotMoney:
            wrong = "请填写金额，例如500或500.00。"
            form.refuse(wrong, {f"minimum{number}": [wrong]})
    return steps


def _short_of(organisation: Organisation, row: ChainRow | None) -> list[str]:
    """Return the roles of which a hospital has fewer people than its chain has steps: nobody decides twice."""
    if row is None or organisation.kind is OrganisationKind.BUREAU:
        return []
    asked = Counter(step.role for step in row.chain.steps)
    return [ROLE_LABELS[role] for role, steps in asked.items() if len(holders_of(role, organisation.id)) < steps]


def _page(organisation_id: UUID, rows: list[ChainRow], form: Form) -> Page:
    organisation, holds = get_organisation(organisation_id), next((row for row in rows if row.in_force), None)
    page = render_template(
        "settings/chain.html",
        organisation=organisation,
        rows=rows,
        holds=holds,
        short_of=_short_of(organisation, holds),
        today=clock.today(),
        form=form,
        numbers=NUMBERS,
        roles=[(role.value, ROLE_LABELS[role]) for role in APPROVING_ROLES],
        yuan=yuan,
        may_write=may_write(organisation_id),
    )
    return page, form.status
