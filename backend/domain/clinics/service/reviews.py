"""Reviewing what the duty officer closed at half past six (停诊审核)."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.closures import NothingToReview, OwnClosure, ReviewNoteMissing
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.closures import get_closure
from backend.domain.clinics.queries.named import expert_label
from backend.domain.clinics.rules.closures import REVIEW_LABELS, ClosureReview
from backend.domain.clinics.rules.wording import window_label
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


def review_closure(actor: Actor, closure_id: UUID, review: ClosureReview, note: str = "") -> ClinicClosure:
    """Confirm or question a closure by the duty officer; it stands either way, for people have been told.

    Raises:
        ClosureNotFound, Forbidden: it is not for the actor to review.
        NothingToReview: it needs no review, or has had it.
        OwnClosure: the actor closed it.
        ReviewNoteMissing: it is questioned without a word why.
    """
    with transaction() as session:
        closure = get_closure(actor, closure_id, Action.DECIDE)
        session.refresh(closure, ["review"], with_for_update={"of": ClinicClosure})
        if not closure.needs_review or closure.review is not None:
            raise NothingToReview
        if closure.closed_by_person_id == actor.person_id:
            raise OwnClosure
        if review is ClosureReview.QUESTIONED and not note:
            raise ReviewNoteMissing(fields={"note": [ReviewNoteMissing.message]})
        closure.review, closure.review_note = review, note
        closure.reviewed_at, closure.reviewed_by_person_id = clock.now(), actor.person_id
        record_event(
            actor,
            "review_closure",
            "clinic_closure",
            closure.id,
            organisation_id=closure.clinic.supporting_id,
            review=review,
        )
        _tell(closure)
        session.flush()
        return closure


def _tell(closure: ClinicClosure) -> None:
    if closure.closed_by_person_id is None:
        return
    clinic = closure.clinic
    note = f"：{closure.review_note}" if closure.review_note else ""
    body = (
        f"您办理的停诊（{expert_label(clinic)}{window_label(clinic.starts_at, clinic.ends_at)}）"
        f"医务科{closure.review and REVIEW_LABELS[closure.review]}{note}。"
    )
    notice = Notice(NoticeKind.CLOSURE_REVIEWED, "停诊已审核", body, f"/office/closure/index?id={closure.id}")
    owe_notice(closure.closed_by_person_id, notice, dedupe_key=f"{notice.kind}:{closure.id}")
