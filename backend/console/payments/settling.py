"""What became of payments: the bank's answer, or one payment by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.payments.blueprint import bp
from backend.console.payments.forms import AnswerForm, FailedForm, PaidForm
from backend.console.payments.runs import Page, run_page
from backend.console.presentation import moment
from backend.domain.access.rules import Action
from backend.domain.subsidies.errors.bank_answers import BankAnswerRefused, LineProblem
from backend.domain.subsidies.queries.payments import get_run
from backend.domain.subsidies.service.bank_answers import AnswerReport, take_bank_answer
from backend.domain.subsidies.service.settling import mark_failed, mark_paid
from backend.foundation.money import yuan


@bp.post("/<uuid:run_id>/answer")
def upload_answer(run_id: UUID) -> Page:
    """Take the bank's file whole, or tell of each line why nothing was taken."""
    actor, form = current_actor(), Form.submitted(AnswerForm())
    get_run(actor, run_id, Action.WRITE)
    file = request.files.get("file")
    problems: Sequence[LineProblem] = ()
    if form.is_valid and (file is None or not file.filename):
        form.refuse("请先选择银行回盘文件。")
    if form.is_valid and file is not None:
        content = file.read()
        report, problems = _taken(form, lambda: take_bank_answer(actor, run_id, content))
        if report is not None:
            flash(_told(report), "caution" if report.failed_count else "done")
            return _back(run_id)
    return run_page(run_id, answer=form, problems=problems)


@bp.post("/<uuid:run_id>/payments/<uuid:payment_id>/paid")
def mark_as_paid(run_id: UUID, payment_id: UUID) -> Page:
    """Note by hand that somebody got their money."""
    actor, form = current_actor(), Form.submitted(PaidForm())
    get_run(actor, run_id, Action.WRITE)
    if form.is_valid:
        marked = form.attempt(lambda: mark_paid(actor, run_id, payment_id, **form.data))
        if marked is not None:
            flash(f"{marked.payee}的{yuan(marked.amount_fen)}元已登记为已发放。", "done")
            return _back(run_id)
    return run_page(run_id, mark=form, marked=payment_id)


@bp.post("/<uuid:run_id>/payments/<uuid:payment_id>/failed")
def mark_as_failed(run_id: UUID, payment_id: UUID) -> Page:
    """Note by hand that somebody did not, and why."""
    actor, form = current_actor(), Form.submitted(FailedForm())
    get_run(actor, run_id, Action.WRITE)
    if form.is_valid:
        marked = form.attempt(lambda: mark_failed(actor, run_id, payment_id, **form.data))
        if marked is not None:
            flash(f"{marked.payee}的{yuan(marked.amount_fen)}元已登记为发放失败，申领恢复为待发放。", "done")
            return _back(run_id)
    return run_page(run_id, mark=form, marked=payment_id)


def _taken(form: Form, take: Callable[[], AnswerReport]) -> tuple[AnswerReport | None, list[LineProblem]]:
    """Return the report, or what is wrong with which line; the form keeps the words for the whole."""
    problems: list[LineProblem] = []

    def taking() -> AnswerReport:
        try:
            return take()
        except BankAnswerRefused as refused:
            problems.extend(refused.problems)
            raise

    return form.attempt(taking), problems


def _back(run_id: UUID) -> Response:
    return redirect(url_for("console.payments.show", run_id=run_id))


def _told(report: AnswerReport) -> str:
    if report.taken_before is not None:
        return f"这份回盘已于{moment(report.taken_before)}登记过，没有任何变化。"
    waiting = f"还有{report.still_waiting}笔待回盘。" if report.still_waiting else "本批次已办结。"
    failed = (
        f"失败{report.failed_count}笔、{yuan(report.failed_fen)}元，相应申领恢复为待发放；"
        if report.failed_count
        else ""
    )
    return f"回盘已登记：成功{report.paid_count}笔、{yuan(report.paid_fen)}元；{failed}{waiting}"
