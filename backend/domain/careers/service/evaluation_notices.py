"""Who is told that an evaluation is their turn, or completed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Party
from backend.domain.accounts.queries import holders_of
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import TURNS, EvaluationStatus
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import organisations_above
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation.actor import Role

_WAITING = NoticeKind.EVALUATION_WAITING
_COMPLETED = NoticeKind.EVALUATION_COMPLETED
_TITLES = {
    EvaluationStatus.SELF: "请填写派驻鉴定的个人总结",
    EvaluationStatus.SIGNATURE: "请签字确认派驻鉴定",
    EvaluationStatus.OBJECTED: "请答复对派驻鉴定的异议",
}


def tell_whose_turn(evaluation: Evaluation) -> None:
    """Owe a notice to everybody who may act on an evaluation now."""
    title = _TITLES.get(evaluation.status, "请填写派驻鉴定意见")
    body = f"{evaluation.person.name}在{evaluation.dispatch.recipient.name}的派驻鉴定轮到您办理。"
    if evaluation.return_reason:
        title, body = "派驻鉴定已退回", f"{body}退回原因：{evaluation.return_reason}"
    _owe(evaluation, Notice(_WAITING, title, body), whose_turn(evaluation))


def tell_completed(evaluation: Evaluation) -> None:
    """Owe a notice to the one concerned, and to those at both hospitals who took part."""
    body = f"{evaluation.person.name}在{evaluation.dispatch.recipient.name}的派驻鉴定已完成，可以打印鉴定表。"
    told = {evaluation.person_id, *_of_supporting(evaluation), *_of_recipient(evaluation)}
    _owe(evaluation, Notice(_COMPLETED, "派驻鉴定已完成", body), told)


def whose_turn(evaluation: Evaluation) -> set[UUID]:
    """Return the ids of those who may act now; never the one concerned, but where it is theirs."""
    turn = TURNS.get(evaluation.status)
    if turn is Party.SELF:
        return {evaluation.person_id}
    others = {
        Party.RECIPIENT: _of_recipient,
        Party.SUPPORTING: _of_supporting,
        Party.BUREAU: _of_bureaus,
    }
    return others[turn](evaluation) - {evaluation.person_id} if turn is not None else set()


def _of_recipient(evaluation: Evaluation) -> set[UUID]:
    at = evaluation.recipient_id
    return {*holders_of(Role.DIRECTOR, at), *holders_of(Role.DELEGATE, at)}


def _of_supporting(evaluation: Evaluation) -> set[UUID]:
    at = evaluation.supporting_id
    return {*holders_of(Role.MEDICAL_AFFAIRS, at), *holders_of(Role.DEAN, at)}


def _of_bureaus(evaluation: Evaluation) -> set[UUID]:
    above = organisations_above(evaluation.supporting_id).subquery()
    statement = (
        select(Organisation.id)
        .join(above, above.c.id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.BUREAU)
    )
    return {holder for bureau_id in db.session.scalars(statement) for holder in holders_of(Role.BUREAU, bureau_id)}


def _owe(evaluation: Evaluation, notice: Notice, person_ids: set[UUID]) -> None:
    owe_notices(
        [
            Owed(
                person_id=person_id,
                notice=Notice(notice.kind, notice.title, notice.body, _page(evaluation, person_id)),
                dedupe_key=f"{notice.kind}:{evaluation.id}:{evaluation.version}:{person_id}",
            )
            for person_id in sorted(person_ids)
        ]
    )


def _page(evaluation: Evaluation, person_id: UUID) -> str:
    area = "doctor" if person_id == evaluation.person_id else "office"
    return f"/{area}/evaluation/index?id={evaluation.id}"
