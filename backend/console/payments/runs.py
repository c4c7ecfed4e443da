"""The list of runs, and one run: what a dean looks at before releasing it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.payments.blueprint import bp, label_of
from backend.console.payments.forms import AnswerForm, DecideForm, FailedForm, PaidForm, RefuseForm
from backend.domain.access.rules import Action, Resource
from backend.domain.subsidies.errors.bank_answers import LineProblem
from backend.domain.subsidies.models.payments import Payment
from backend.domain.subsidies.queries.payments import (
    account_news,
    answers_of,
    get_run,
    list_payable,
    list_runs,
    outcomes_of,
)
from backend.domain.subsidies.rules.statuses import PaymentStatus, RunStatus
from backend.domain.subsidies.service.payment_runs import refuse_run, release_run
from backend.foundation import clock

PAGE_SIZE = 20
Page = tuple[str, int] | Response


@bp.get("")
def show_list() -> str:
    """Show the runs of the hospital, and what waits to be paid."""
    actor = current_actor()
    page = list_runs(actor, page=Form.asked(PageForm()).data["page"], page_size=PAGE_SIZE)
    owed = list_payable(actor)
    payable = [row for row in owed if row.left_out is None]
    return render_template(
        "payments/list.html",
        page=page,
        outcomes=outcomes_of(page.items),
        statuses=PaymentStatus,
        waiting=len(payable),
        left=len(owed) - len(payable),
        waiting_fen=sum(row.net_fen for row in payable),
    )


@bp.get("/<uuid:run_id>")
def show(run_id: UUID) -> Page:
    """Show one run whole."""
    return run_page(run_id)


@bp.post("/<uuid:run_id>/release")
def release(run_id: UUID) -> Page:
    """Let it be paid."""
    actor, form = current_actor(), Form.submitted(DecideForm())
    get_run(actor, run_id, Action.DECIDE)
    if form.is_valid:
        run = form.attempt(lambda: release_run(actor, run_id, form.data["version"]))
        if run is not None:
            flash(f"批次{label_of(run)}已放行，财务科可以下载付款文件。", "done")
            return redirect(url_for("console.payments.show", run_id=run_id))
    return run_page(run_id, release=form)


@bp.post("/<uuid:run_id>/refuse")
def refuse(run_id: UUID) -> Page:
    """Refuse it, with a reason."""
    actor, form = current_actor(), Form.submitted(RefuseForm())
    get_run(actor, run_id, Action.DECIDE)
    if form.is_valid:
        run = form.attempt(lambda: refuse_run(actor, run_id, **form.data))
        if run is not None:
            flash(f"批次{label_of(run)}已否决，其中的申领恢复为待发放。", "done")
            return redirect(url_for("console.payments.show", run_id=run_id))
    return run_page(run_id, refuse=form)


def run_page(
    run_id: UUID,
    *,
    release: Form | None = None,
    refuse: Form | None = None,
    answer: Form | None = None,
    mark: Form | None = None,
    marked: UUID | None = None,
    problems: Sequence[LineProblem] = (),
) -> Page:
    """Return the page of a run, with the form that was refused."""
    actor = current_actor()
    run = get_run(actor, run_id)
    forms = [form for form in (release, refuse, answer, mark) if form is not None]
    decides = may_as_office(actor, Action.DECIDE, Resource.PAYMENT_RUN) and run.status is RunStatus.PREPARED
    page = render_template(
        "payments/one.html",
        run=run,
        news=account_news(run) if run.status is RunStatus.PREPARED else {},
        answers=answers_of(run.id),
        problems=problems,
        decides=decides and run.prepared_by_person_id != actor.person_id,
        is_own=decides and run.prepared_by_person_id == actor.person_id,
        release_form=release or Form(DecideForm(), version=run.version),
        refuse_form=refuse or Form(RefuseForm(), version=run.version),
        answer_form=answer or Form(AnswerForm()),
        mark_form=mark,
        marked=marked,
        paid_form=Form(PaidForm(), paid_on=clock.today()),
        failed_form=Form(FailedForm()),
        sums=_sums(run.payments),
        statuses=PaymentStatus,
        run_statuses=RunStatus,
    )
    return page, next((form.status for form in forms), 200)


def _sums(payments: Sequence[Payment]) -> dict[PaymentStatus, tuple[int, int]]:
    """Return how many payments stand where, and what they come to."""
    sums: dict[PaymentStatus, tuple[int, int]] = {}
    for payment in payments:
        count, fen = sums.get(payment.status, (0, 0))
        sums[payment.status] = (count + 1, fen + payment.amount_fen)
    return sums
