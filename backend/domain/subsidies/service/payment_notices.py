"""What people are told of payment runs: who releases, who prepared, who is paid, and who is not."""

from __future__ import annotations

from collections.abc import Collection

from backend.domain.accounts.queries import holders_of
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.subsidies.models.payments import BankAccount, Payment, PaymentRun
from backend.domain.subsidies.queries.payments import Payable
from backend.domain.subsidies.rules.payments import LEFT_OUT_TEXTS, LeftOut, run_label
from backend.domain.subsidies.rules.statuses import PaymentStatus, RunStatus
from backend.foundation.actor import Role
from backend.foundation.money import yuan

_CLAIMS = "/doctor/claims/index"
_ACCOUNT = "/doctor/bank-account/index"


def tell_releasers(run: PaymentRun) -> int:
    """Owe those who may release a run that it waits, not who prepared it; return how many they are."""
    notice = Notice(
        NoticeKind.RUN_PREPARED,
        "补贴发放批次待放行",
        f"批次{_label(run)}：{run.payments_count}人，共{yuan(run.total_fen)}元，请在电脑端核对放行。",
    )
    deans = [one for one in holders_of(Role.DEAN, run.organisation_id) if one != run.prepared_by_person_id]
    owe_notices([Owed(person_id=one, notice=notice, dedupe_key=f"{notice.kind}:{run.id}:{one}") for one in deans])
    return len(deans)


def tell_of_decision(run: PaymentRun) -> None:
    """Owe who prepared a run whether it was released."""
    released = run.status is RunStatus.RELEASED
    body = "已放行，可以下载付款文件。" if released else f"已否决：{run.refusal_reason}"
    title = "补贴发放批次已放行" if released else "补贴发放批次已否决"
    notice = Notice(NoticeKind.RUN_DECIDED, title, f"批次{_label(run)}{body}")
    owe_notices([Owed(person_id=run.prepared_by_person_id, notice=notice, dedupe_key=f"{notice.kind}:{run.id}")])


def tell_left_out(run: PaymentRun, left: Collection[Payable]) -> None:
    """Owe those who were left out of a run why."""
    owe_notices([_left_out(run, one, one.left_out) for one in left if one.left_out is not None])


def tell_settled(payments: Collection[Payment]) -> None:
    """Owe those of these payments whether they were paid."""
    owe_notices([_settled(payment) for payment in payments])


def tell_account_entered(account: BankAccount) -> None:
    """Owe somebody that another person entered where they are paid: what goes elsewhere is noticed before it goes."""
    notice = Notice(
        NoticeKind.SUBSIDY_PAID,
        "收款账号已由财务登记",
        "财务科登记或更改了您的补贴收款账号，请核对。如不是您本人的账号，请立即更改并告知医院。",
        _ACCOUNT,
    )
    key = f"{notice.kind}:account:{account.id}:{account.version}"
    owe_notices([Owed(person_id=account.person_id, notice=notice, dedupe_key=key)])


def _left_out(run: PaymentRun, one: Payable, why: LeftOut) -> Owed:
    page = _ACCOUNT if why is LeftOut.NO_ACCOUNT else _CLAIMS
    notice = Notice(NoticeKind.SUBSIDY_PAID, "下乡补贴本次未发放", f"{LEFT_OUT_TEXTS[why]}。", page)
    return Owed(person_id=one.person.id, notice=notice, dedupe_key=f"{notice.kind}:{run.id}:{one.person.id}")


def _settled(payment: Payment) -> Owed:
    paid = payment.status is PaymentStatus.PAID
    notice = Notice(
        NoticeKind.SUBSIDY_PAID,
        "下乡补贴已发放" if paid else "下乡补贴发放失败",
        f"{yuan(payment.amount_fen)}元已于{payment.paid_on}到账，请查收。"
        if paid
        else f"银行未能发放：{payment.failure_reason}。请核对收款账号，等待下一批次。",
        _CLAIMS if paid else _ACCOUNT,
    )
    return Owed(person_id=payment.person_id, notice=notice, dedupe_key=f"{notice.kind}:{payment.id}")


def _label(run: PaymentRun) -> str:
    return run_label(run.year, run.number)
