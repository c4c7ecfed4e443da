"""Preparing a run: who is owed what, who is left out and why."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.payments.blueprint import bp, label_of
from backend.console.payments.forms import PrepareForm
from backend.domain.access.rules import Action
from backend.domain.subsidies.queries.payments import Payable, latest_payments, list_payable, require_runs
from backend.domain.subsidies.service.payment_runs import prepare_run
from backend.foundation.money import yuan

Page = tuple[str, int] | Response


@bp.get("/new")
def show_new() -> Page:
    """Show everybody with approved claims; all who can be paid are chosen."""
    require_runs(current_actor(), Action.WRITE)
    return _page(Form(PrepareForm()), first=True)


@bp.post("/new")
def prepare() -> Page:
    """Take the claims of those who were chosen into a run."""
    actor, form = current_actor(), Form.submitted(PrepareForm())
    require_runs(actor, Action.WRITE)
    claims = [claim for theirs in form.data.get("chosen", []) for claim in theirs]
    if form.is_valid and not claims:
        form.refuse("请先勾选要发放的人员。")
    if form.is_valid:
        prepared = form.attempt(lambda: prepare_run(actor, claims))
        if prepared is not None:
            run = prepared.run
            waits = "已通知院领导放行。" if prepared.releasers else "本单位还没有可以放行的院领导，请联系管理员。"
            told = f"批次{label_of(run)}已编制：{run.payments_count}人，共{yuan(run.total_fen)}元。{waits}"
            flash(told, "done" if prepared.releasers else "caution")
            return redirect(url_for("console.payments.show", run_id=run.id))
    return _page(form, first=False)


def _page(form: Form, *, first: bool) -> Page:
    rows = list_payable(current_actor())
    paid = [row for row in rows if row.left_out is None]
    chosen = {_value(row) for row in paid} if first else set(form.values("chosen"))
    page = render_template(
        "payments/new.html",
        form=form,
        rows=paid,
        left=[row for row in rows if row.left_out is not None],
        chosen=chosen,
        chosen_fen=sum(row.net_fen for row in paid if _value(row) in chosen),
        value_of=_value,
        failed=_failed(rows),
    )
    return page, form.status


def _value(row: Payable) -> str:
    return " ".join(f"{claim.id}:{claim.version}" for claim in row.claims)


def _failed(rows: list[Payable]) -> dict[UUID, str]:
    """Return of those whom the bank could not pay the last time why."""
    payments = latest_payments([claim.id for row in rows for claim in row.claims])
    return {
        row.person.id: payment.failure_reason
        for row in rows
        for claim in row.claims
        if (payment := payments.get(claim.id)) and payment.failure_reason
    }
