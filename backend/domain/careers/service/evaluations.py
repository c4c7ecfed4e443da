"""Writing the parts of an evaluation in their turn, giving one back, signing, objecting, and answering that."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.careers.errors.evaluations import EvaluationElsewhere, EvaluationReasonMissing
from backend.domain.careers.models.evaluations import Evaluation, EvaluationPart
from backend.domain.careers.queries.evaluations import get_evaluation, why_not_act
from backend.domain.careers.queries.facts import facts_of
from backend.domain.careers.rules.evaluations import (
    PARTS,
    EvaluationAction,
    EvaluationStatus,
    Grade,
    Part,
    part_of,
    status_after,
    why_not_completed,
    why_not_written,
)
from backend.domain.careers.service.evaluation_notices import tell_completed, tell_whose_turn
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.codes import new_verification_code
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import transaction


@dataclass(frozen=True)
class Words:
    """What somebody writes as a part; what the person tells of themselves goes with their summary only."""

    opinion: str
    grade: Grade | None = None
    signer_name: str = ""  # on the paper; the one who enters it, where it is left out
    education: str = ""
    specialty: str = ""
    title_applied: str = ""


def write_part(actor: Actor, evaluation_id: UUID, version: int, words: Words) -> Evaluation:
    """Write and sign the part whose turn it is; then it is the next one's.

    Raises:
        EvaluationNotFound, Forbidden: as in get_evaluation.
        StaleVersion, EvaluationElsewhere: it stands otherwise than when it was read.
        TurnOfOthers, OwnEvaluation, WroteForAnother: this part is not the actor's to write.
        OpinionMissing, GradeMissing, GradeNotAsked, SignerMissing: something is wrong with the words.
    """
    with transaction():
        evaluation = _locked(actor, evaluation_id, version, EvaluationAction.WRITE)
        part = part_of(evaluation.status)
        if part is None:
            raise EvaluationElsewhere
        if refusal := why_not_written(part, words.opinion, words.grade, words.signer_name):
            raise refusal
        _keep_words(actor, evaluation, part, words)
        _move(evaluation, EvaluationAction.WRITE)
        _record(actor, "write_evaluation_part", evaluation, part=part)
        tell_whose_turn(evaluation)
        return evaluation


def return_part(actor: Actor, evaluation_id: UUID, version: int, *, reason: str) -> Evaluation:
    """Give an evaluation back to whoever wrote the part before, with a reason.

    Raises:
        EvaluationNotFound, Forbidden, StaleVersion, EvaluationElsewhere, TurnOfOthers, OwnEvaluation: as in write_part.
        EvaluationReasonMissing: no reason is given.
    """
    _require_said(reason, "reason")
    with transaction():
        evaluation = _locked(actor, evaluation_id, version, EvaluationAction.RETURN)
        _move(evaluation, EvaluationAction.RETURN)
        evaluation.return_reason = reason.strip()
        if evaluation.status is EvaluationStatus.SUPPORTING:
            evaluation.grade = None
        _record(actor, "return_evaluation", evaluation)
        tell_whose_turn(evaluation)
        return evaluation


def sign_evaluation(actor: Actor, evaluation_id: UUID, version: int) -> Evaluation:
    """Sign one's own evaluation: it is completed with the days and the workload as they are now.

    Raises:
        EvaluationNotFound, Forbidden, StaleVersion, EvaluationElsewhere, TurnOfOthers: as in write_part.
        DispatchNotOver, MonthsNotCountersigned: what it would be signed with is not settled.
    """
    with transaction():
        evaluation = _locked(actor, evaluation_id, version, EvaluationAction.SIGN)
        evaluation.signed_at = clock.now()
        _complete(actor, evaluation, EvaluationAction.SIGN)
        return evaluation


def object_to_evaluation(actor: Actor, evaluation_id: UUID, version: int, *, reason: str) -> Evaluation:
    """Object to one's own evaluation; the supporting hospital answers.

    Raises:
        EvaluationNotFound, Forbidden, StaleVersion, EvaluationElsewhere, TurnOfOthers: as in write_part.
        EvaluationReasonMissing: no reason is given.
    """
    _require_said(reason, "reason")
    with transaction():
        evaluation = _locked(actor, evaluation_id, version, EvaluationAction.OBJECT)
        evaluation.objection, evaluation.objection_answer = reason.strip(), ""
        _move(evaluation, EvaluationAction.OBJECT)
        _record(actor, "object_to_evaluation", evaluation)
        tell_whose_turn(evaluation)
        return evaluation


def answer_objection(actor: Actor, evaluation_id: UUID, version: int, *, answer: str, revise: bool) -> Evaluation:
    """Answer an objection: the opinion stays and the evaluation is completed, or it is written again (`revise`).

    Raises:
        EvaluationNotFound, Forbidden, StaleVersion, EvaluationElsewhere, TurnOfOthers, OwnEvaluation: as in write_part.
        EvaluationReasonMissing: nothing is answered.
        DispatchNotOver, MonthsNotCountersigned: as in sign_evaluation.
    """
    _require_said(answer, "answer")
    action = EvaluationAction.REVISE if revise else EvaluationAction.UPHOLD
    with transaction():
        evaluation = _locked(actor, evaluation_id, version, action)
        evaluation.objection_answer = answer.strip()
        if not revise:
            _complete(actor, evaluation, action)
            return evaluation
        evaluation.grade = None
        _move(evaluation, action)
        _record(actor, "answer_objection", evaluation, outcome=action)
        tell_whose_turn(evaluation)
        return evaluation


def _locked(actor: Actor, evaluation_id: UUID, version: int, action: EvaluationAction) -> Evaluation:
    evaluation = get_evaluation(actor, evaluation_id, Action.WRITE)
    # Two who act at once must not both pass the checks that follow.
    db.session.refresh(evaluation, with_for_update={"of": Evaluation})
    if evaluation.version != version:
        raise StaleVersion
    if refusal := why_not_act(actor, evaluation, action):
        raise refusal
    return evaluation


def _keep_words(actor: Actor, evaluation: Evaluation, part: Part, words: Words) -> None:
    """Keep a part as written; what others wrote after it was said of other words, and goes."""
    writer = db.session.get_one(Person, actor.person_id)
    gone = PARTS[PARTS.index(part) :]
    db.session.execute(
        delete(EvaluationPart).where(EvaluationPart.evaluation_id == evaluation.id, EvaluationPart.part.in_(gone))
    )
    db.session.expire(evaluation, ["parts"])
    db.session.add(
        EvaluationPart(
            evaluation_id=evaluation.id,
            part=part,
            opinion=words.opinion.strip(),
            grade=words.grade,
            signer_name=words.signer_name.strip() or writer.name,
            signed_by_person_id=writer.id,
            signed_as=actor.role,
            signed_at=clock.now(),
        )
    )
    if part is Part.SELF:
        evaluation.education = words.education.strip()
        evaluation.specialty = words.specialty.strip()
        evaluation.title_applied = words.title_applied.strip()
    if part is Part.SUPPORTING:
        evaluation.grade = words.grade
    evaluation.return_reason = ""


def _move(evaluation: Evaluation, action: EvaluationAction) -> None:
    with db.session.no_autoflush:  # what it becomes is written at once, as the constraints ask
        following = status_after(evaluation.status, action, bureau_evaluates=_bureau_evaluates(evaluation))
    if following is None:
        raise EvaluationElsewhere
    evaluation.status = following
    evaluation.version += 1
    db.session.flush()
    db.session.expire(evaluation, ["parts"])


def _bureau_evaluates(evaluation: Evaluation) -> bool:
    return bool(find_setting("careers.bureau_evaluates", evaluation.supporting_id, clock.today()))


def _complete(actor: Actor, evaluation: Evaluation, action: EvaluationAction) -> None:
    facts = facts_of(evaluation)
    if refusal := why_not_completed(evaluation.dispatch.ends_on, clock.today(), facts.months_open):
        raise refusal
    evaluation.facts = facts.as_json()
    evaluation.completed_at = clock.now()
    evaluation.verification_code = new_verification_code()
    _move(evaluation, action)
    _record(actor, "complete_evaluation", evaluation, outcome=action)
    tell_completed(evaluation)


def _require_said(text: str, field: str) -> None:
    if not text.strip():
        raise EvaluationReasonMissing(fields={field: [EvaluationReasonMissing.message]})


def _record(actor: Actor, action: str, evaluation: Evaluation, **details: object) -> None:
    record_event(actor, action, "evaluation", evaluation.id, organisation_id=evaluation.supporting_id, **details)
