"""Setting what a programme may spend in a year."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from marshmallow import fields, validate

from backend.console.budgets.blueprint import Page, bp
from backend.console.forms import Form, FormSchema, YuanField
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.subsidies.queries.budgets import BudgetOfYear, get_budget
from backend.domain.subsidies.service.budgets import set_budget
from backend.foundation.errors import NotFound
from backend.foundation.money import yuan


class BudgetForm(FormSchema):
    """A budget, changed in the version that was shown."""

    amount = YuanField(required=True)
    document_title = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))
    document_number = fields.String(load_default="", validate=validate.Length(max=100, error="请控制在100字以内。"))
    version = fields.Integer(load_default=None)


@bp.get("/<uuid:programme_id>/<int:year>")
def show(programme_id: UUID, year: int) -> Page:
    """Ask for the budget of a programme's year."""
    found = _year(programme_id, year)
    if found.budget is None:
        return _page(found, Form(BudgetForm()))
    form = Form(
        BudgetForm(),
        amount=yuan(found.budget.amount_fen),
        document_title=found.budget.document_title,
        document_number=found.budget.document_number,
        version=found.budget.version,
    )
    return _page(found, form)


@bp.post("/<uuid:programme_id>/<int:year>")
def change(programme_id: UUID, year: int) -> Page:
    """Set the budget of a programme's year."""
    actor, form = current_actor(), Form.submitted(BudgetForm())
    found = _year(programme_id, year)
    if form.is_valid:
        given = dict(form.data)
        amount_fen = given.pop("amount")
        if form.attempt(lambda: set_budget(actor, programme_id, year, amount_fen, **given)) is not None:
            flash(f"{year}年预算已保存。", "done")
            return redirect(url_for("console.budgets.show_year", year=year))
    return _page(found, form)


def _year(programme_id: UUID, year: int) -> BudgetOfYear:
    if not 2000 <= year <= 2099:
        raise NotFound
    return get_budget(current_actor(), programme_id, year, Action.WRITE)


def _page(found: BudgetOfYear, form: Form) -> Page:
    return render_template("budgets/one.html", one=found, form=form), form.status
