"""Reading evaluations (鉴定), as far as the actor may, and what the actor may do with one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource, may, parties_with
from backend.domain.accounts.models import Person
from backend.domain.accounts.queries import was_appointed_by
from backend.domain.careers.errors.evaluations import (
    EvaluationElsewhere,
    EvaluationNotFound,
    OwnEvaluation,
    TurnOfOthers,
    WroteForAnother,
)
from backend.domain.careers.models.evaluations import Evaluation, EvaluationPart
from backend.domain.careers.rules.evaluations import (
    EVALUATION_TRANSITIONS,
    PASSED,
    TURNS,
    EvaluationAction,
    EvaluationStatus,
    part_of,
    parts_in_force,
)
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import (
    pair_scope,
    parties_to_pair,
    require_right,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import BangfuError
from backend.foundation.paging import Page, fetch_page


@dataclass(frozen=True)
class EvaluationFilters:
    """Which evaluations; `mine`: about the actor, `waiting`: whose turn is the actor's."""

    mine: bool = False
    waiting: bool = False
    status: EvaluationStatus | None = None
    text: str = ""


@dataclass(frozen=True)
class EvaluationRights:
    """What the actor may do with an evaluation now."""

    write: bool
    give_back: bool
    sign: bool
    object: bool
    answer: bool


def list_evaluations(
    actor: Actor, filters: EvaluationFilters | None = None, *, page: int = 1, page_size: int = 20
) -> Page[Evaluation]:
    """Return the evaluations that the actor may read, the dispatch that ended last first.

    Raises:
        Forbidden: the current role may read none.
    """
    filters = filters or EvaluationFilters()
    statement = _evaluations().where(_scope(actor))
    if filters.mine:
        statement = statement.where(Evaluation.person_id == actor.person_id)
    if filters.waiting:
        statement = statement.where(_waits_for(actor))
    if filters.status is not None:
        statement = statement.where(Evaluation.status == filters.status)
    if filters.text:
        text = filters.text
        named = Person.name.contains(text, autoescape=True) | Person.staff_number.istartswith(text, autoescape=True)
        statement = statement.where(Evaluation.person.has(named))
    ordered = statement.order_by(Dispatch.ends_on.desc(), Evaluation.id)
    return fetch_page(ordered, page=page, page_size=page_size)


def get_evaluation(actor: Actor, evaluation_id: UUID, action: Action = Action.READ) -> Evaluation:
    """Return an evaluation on which the actor may act so.

    Raises:
        EvaluationNotFound: there is none, or it lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    evaluation = db.session.scalars(_evaluations().where(Evaluation.id == evaluation_id)).one_or_none()
    if evaluation is None:
        raise EvaluationNotFound
    parties = _parties(actor, evaluation)
    if not parties:
        raise EvaluationNotFound
    require_right(actor, action, Resource.EVALUATION, parties)
    return evaluation


def find_evaluation_by_code(code: str) -> Evaluation | None:
    """Return the completed evaluation whose printed form carries this code."""
    return db.session.scalars(_evaluations().where(Evaluation.verification_code == code)).one_or_none()


def count_evaluations_waiting(actor: Actor) -> int:
    """Return how many evaluations wait for the actor; 0 for whose turn it can never be."""
    parties = parties_with(actor.role, Action.WRITE, Resource.EVALUATION)
    if parties == {Party.SELF} and actor.role not in (Role.STAFF, None):
        return 0
    return db.session.scalar(select(func.count()).select_from(Evaluation).where(_scope(actor), _waits_for(actor))) or 0


def passed_evaluations(dispatch_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these dispatches whose evaluation is completed with a grade that passes."""
    statement = select(Evaluation.dispatch_id).where(
        Evaluation.dispatch_id.in_(list(dispatch_ids)),
        Evaluation.status == EvaluationStatus.COMPLETED,
        Evaluation.grade.in_(PASSED),
    )
    return set(db.session.scalars(statement))


def written_parts(evaluation: Evaluation) -> list[EvaluationPart]:
    """Return the parts that hold, in their order."""
    written = {part.part: part for part in evaluation.parts}
    return [written[part] for part in parts_in_force(evaluation.status) if part in written]


def draft_of_part(evaluation: Evaluation) -> EvaluationPart | None:
    """Return what stood in the part that is to be written now, where it was written before and came back."""
    part = part_of(evaluation.status)
    return next((one for one in evaluation.parts if one.part is part), None)


def why_not_act(actor: Actor, evaluation: Evaluation, action: EvaluationAction) -> BangfuError | None:
    """Return what keeps the actor from acting so on an evaluation that they may read, None when nothing does."""
    if (evaluation.status, action) not in EVALUATION_TRANSITIONS:
        return EvaluationElsewhere()
    turn = TURNS[evaluation.status]
    own = actor.person_id == evaluation.person_id
    if turn is Party.SELF:
        return None if own else TurnOfOthers()
    if own or (actor.role is Role.DELEGATE and was_appointed_by(actor, evaluation.person_id)):
        return OwnEvaluation()
    is_turn = turn in _parties(actor, evaluation) and may(actor.role, Action.WRITE, Resource.EVALUATION, [turn])
    if not is_turn:
        return TurnOfOthers()
    gives_back = action is EvaluationAction.RETURN
    return WroteForAnother() if not gives_back and _wrote_for_another(actor, evaluation, turn) else None


def _wrote_for_another(actor: Actor, evaluation: Evaluation, turn: Party) -> bool:
    """Tell whether the actor, in another role, wrote a part that holds for another party than the one whose turn it is.

    A department's words and its hospital's may be entered by one person, the words of two hospitals may not.
    """
    return any(
        part.signed_by_person_id == actor.person_id and TURNS[EvaluationStatus(part.part.value)] is not turn
        for part in written_parts(evaluation)
    )


def rights_to_evaluation(actor: Actor, evaluation: Evaluation) -> EvaluationRights:
    """Return what the actor may do with an evaluation now."""

    def may_(action: EvaluationAction) -> bool:
        return why_not_act(actor, evaluation, action) is None

    return EvaluationRights(
        write=may_(EvaluationAction.WRITE),
        give_back=may_(EvaluationAction.RETURN),
        sign=may_(EvaluationAction.SIGN),
        object=may_(EvaluationAction.OBJECT),
        answer=may_(EvaluationAction.UPHOLD),
    )


def _parties(actor: Actor, evaluation: Evaluation) -> frozenset[Party]:
    return parties_to_pair(
        actor,
        supporting_id=evaluation.supporting_id,
        recipient_id=evaluation.recipient_id,
        person_id=evaluation.person_id,
    )


def _scope(actor: Actor) -> ColumnElement[bool]:
    return pair_scope(
        actor,
        Resource.EVALUATION,
        supporting=Evaluation.supporting_id,
        recipient=Evaluation.recipient_id,
        person=Evaluation.person_id,
    )


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the evaluations in scope whose turn is the actor's."""
    of_others = Evaluation.person_id != actor.person_id
    conditions: list[ColumnElement[bool]] = [false()]
    for party in parties_with(actor.role, Action.WRITE, Resource.EVALUATION):
        stands = Evaluation.status.in_([status for status, turn in TURNS.items() if turn is party])
        if party is Party.SELF:
            conditions.append(and_(stands, Evaluation.person_id == actor.person_id))
        elif party is Party.RECIPIENT:
            conditions.append(and_(stands, of_others, Evaluation.recipient_id == actor.organisation_id))
        elif party is Party.SUPPORTING:
            conditions.append(and_(stands, of_others, Evaluation.supporting_id == actor.organisation_id))
        else:
            conditions.append(and_(stands, of_others))  # of a bureau's own: within the scope
    return or_(*conditions)


def _evaluations() -> Select[Evaluation]:
    return (
        select(Evaluation)
        .join(Evaluation.dispatch)
        .options(
            joinedload(Evaluation.dispatch).joinedload(Dispatch.supporting),
            joinedload(Evaluation.dispatch).joinedload(Dispatch.recipient),
            joinedload(Evaluation.dispatch).joinedload(Dispatch.department),
            joinedload(Evaluation.person),
            selectinload(Evaluation.parts).joinedload(EvaluationPart.signed_by),
        )
    )
