"""Where people are paid: the list, who has no account first, and entering one."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.payments.blueprint import bp
from backend.console.payments.forms import AccountForm, AccountsForm
from backend.domain.access.rules import Action
from backend.domain.subsidies.queries.bank_accounts import find_bank_account, get_holder, list_holders
from backend.domain.subsidies.service.bank_accounts import set_bank_account

PAGE_SIZE = 50
Page = str | tuple[str, int] | Response


@bp.get("/accounts")
def show_accounts() -> Page:
    """Show who is paid and where, as far as it may be seen."""
    filters = Form.asked(AccountsForm())
    asked = filters.data
    page = list_holders(
        current_actor(), asked["text"], missing=asked["missing"], page=asked["page"], page_size=PAGE_SIZE
    )
    kept = {"text": asked["text"] or None, "missing": "true" if asked["missing"] else None}
    return render_template("payments/accounts.html", page=page, filters=filters, kept=kept, missing=asked["missing"])


@bp.get("/accounts/<uuid:person_id>")
def show_account(person_id: UUID) -> Page:
    """Ask for an account; the number that is known is not shown."""
    return _account_page(person_id, None)


@bp.post("/accounts/<uuid:person_id>")
def enter_account(person_id: UUID) -> Page:
    """Keep it."""
    actor, form = current_actor(), Form.submitted(AccountForm())
    holder = get_holder(actor, person_id, Action.WRITE)
    if form.is_valid and form.attempt(lambda: set_bank_account(actor, person_id, **form.data)) is not None:
        flash(f"{holder.name}的收款账号已保存。", "done")
        return redirect(url_for("console.payments.show_accounts"))
    form.typed.poplist("number")  # is not sent back to any browser
    return _account_page(person_id, form)


def _account_page(person_id: UUID, form: Form | None) -> Page:
    actor = current_actor()
    holder = get_holder(actor, person_id, Action.WRITE)
    account = find_bank_account(actor, person_id)
    form = form or Form(
        AccountForm(), bank=account.bank if account else None, version=account.version if account else None
    )
    return render_template("payments/account.html", holder=holder, account=account, form=form), form.status
