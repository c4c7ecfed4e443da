"""The bank's answer to a run (回盘文件): all of it is taken, or nothing, and the same again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.subsidies.errors.bank_answers import BankAnswerRefused, LineProblem
from backend.domain.subsidies.errors.payments import RunNotReleased
from backend.domain.subsidies.models.payments import BankAnswer, Payment, PaymentRun
from backend.domain.subsidies.queries.payments import get_run
from backend.domain.subsidies.rules.bank_answer import AnswerLine, fingerprint, read_answer
from backend.domain.subsidies.rules.payments import payment_reference, same_reference
from backend.domain.subsidies.rules.statuses import PAYMENT_STATUS_LABELS, PaymentStatus, RunStatus
from backend.domain.subsidies.service.settling import Outcome, released_run, settle, why_not_by, why_not_on
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.money import yuan
from backend.foundation.transaction import transaction
from backend.foundation.workbooks.tables import read_table

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000


@dataclass(frozen=True)
class AnswerReport:
    """What an answer changed; `taken_before`: when the same was taken already, and nothing changed."""

    paid_count: int
    paid_fen: int
    failed_count: int
    failed_fen: int
    still_waiting: int
    taken_before: datetime | None = None


def take_bank_answer(actor: Actor, run_id: UUID, content: bytes) -> AnswerReport:
    """Settle payments as the bank's file says; the file itself is not kept.

    Raises:
        RunNotFound, Forbidden: as in get_run.
        WorkbookUnreadable, AnswerWithoutColumns, AnswerEmpty: nothing can be read from it.
        BankAnswerRefused: lines of it cannot be; each is named by its row.
        RunNotReleased: the run waits for no answer.
    """
    get_run(actor, run_id, Action.WRITE)  # before any work on what a stranger sends
    lines, problems = read_answer(read_table(content, most_bytes=MOST_BYTES, most_rows=MOST_ROWS))
    with transaction() as session:
        run, payments = released_run(actor, run_id)
        mark = fingerprint(lines)
        earlier = _taken(run, mark)
        if earlier is not None and not problems:
            return _report(lines, payments, earlier.taken_at)
        if run.status not in (RunStatus.RELEASED, RunStatus.SETTLED):
            raise RunNotReleased
        by_reference = _by_reference(run, payments)
        problems = [*problems, *_problems(actor, run, lines, by_reference)]
        if problems:
            raise BankAnswerRefused(problems)
        settle(actor, run, payments, {by_reference[line.reference].id: _outcome(line) for line in lines})
        report = _report(lines, payments)
        session.add(_answer(actor, run, mark, report))
        session.flush()
        _record(actor, run, report)
        return report


def _by_reference(run: PaymentRun, payments: Mapping[UUID, Payment]) -> dict[str, Payment]:
    return {
        same_reference(payment_reference(run.year, run.number, payment.position)): payment
        for payment in payments.values()
    }


def _taken(run: PaymentRun, mark: str) -> BankAnswer | None:
    statement = select(BankAnswer).where(BankAnswer.run_id == run.id, BankAnswer.fingerprint == mark)
    return db.session.scalars(statement).one_or_none()


def _problems(
    actor: Actor, run: PaymentRun, lines: Iterable[AnswerLine], by_reference: Mapping[str, Payment]
) -> Iterable[LineProblem]:
    for line in lines:
        text = _problem(actor, run, line, by_reference.get(line.reference))
        if text:
            yield LineProblem(line.row, text)


def _problem(actor: Actor, run: PaymentRun, line: AnswerLine, payment: Payment | None) -> str:
    if payment is None:
        return "流水号不属于本批次。"
    if payment.status is not PaymentStatus.WAITING:
        return f"这笔已登记为“{PAYMENT_STATUS_LABELS[payment.status]}”，不能再次登记。"
    if line.amount_fen != payment.amount_fen:
        return f"金额{yuan(line.amount_fen)}元与批次中的{yuan(payment.amount_fen)}元不符。"
    refusal = why_not_on(run, line.day) if line.is_paid and line.day else why_not_by(actor, payment, _outcome(line))
    return refusal.text if refusal else ""


def _outcome(line: AnswerLine) -> Outcome:
    return Outcome(line.day if line.is_paid else None, line.reason, line.bank_reference)


def _report(
    lines: Iterable[AnswerLine], payments: Mapping[UUID, Payment], taken_before: datetime | None = None
) -> AnswerReport:
    paid = [line.amount_fen for line in lines if line.is_paid]
    failed = [line.amount_fen for line in lines if not line.is_paid]
    waiting = sum(payment.status is PaymentStatus.WAITING for payment in payments.values())
    return AnswerReport(len(paid), sum(paid), len(failed), sum(failed), waiting, taken_before)


def _answer(actor: Actor, run: PaymentRun, mark: str, report: AnswerReport) -> BankAnswer:
    return BankAnswer(
        id=new_id(),
        run_id=run.id,
        fingerprint=mark,
        paid_count=report.paid_count,
        failed_count=report.failed_count,
        taken_at=clock.now(),
        taken_by_person_id=actor.person_id,
    )


def _record(actor: Actor, run: PaymentRun, report: AnswerReport) -> None:
    record_event(
        actor,
        "take_bank_answer",
        "payment_run",
        run.id,
        organisation_id=run.organisation_id,
        paid=report.paid_count,
        paid_fen=report.paid_fen,
        failed=report.failed_count,
        failed_fen=report.failed_fen,
    )
