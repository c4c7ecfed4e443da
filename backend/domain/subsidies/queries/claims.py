"""Reading claims: which of them an actor may see, the desk's page of them, and one whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import Person
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.domain.subsidies.errors.claims import ClaimNotFound
from backend.domain.subsidies.models.approvals import ApprovalStep, SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.queries.claim_rows import ClaimRow, ClaimTotals, read_rows
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page


@dataclass(frozen=True)
class ClaimFilter:
    """Which claims of those that the actor may read; `waiting` are those that they may decide now."""

    mine: bool = False
    waiting: bool = False
    status: ClaimStatus | None = None
    month: date | None = None
    recipient_id: UUID | None = None
    person_id: UUID | None = None
    text: str = ""  # of the name, or the beginning of the staff number


@dataclass(frozen=True)
class DeskPage:
    """A page of claims, and what all of them come to."""

    rows: Page[ClaimRow]
    totals: ClaimTotals


def claim_scope(actor: Actor, action: Action = Action.READ) -> ColumnElement[bool]:
    """Return the condition that keeps the claims on which the actor may act so.

    Raises:
        Forbidden: the current role may do so with none.
    """
    return pair_scope(
        actor,
        Resource.SUBSIDY_CLAIM,
        supporting=SubsidyClaim.supporting_id,
        recipient=SubsidyClaim.recipient_id,
        person=SubsidyClaim.person_id,
        action=action,
    )


def claims_where(actor: Actor, which: ClaimFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter within what the actor may read, for lists and exports.

    Raises:
        Forbidden: the current role may read none, or decides none where those that wait are asked for.
    """
    conditions = [waiting_scope(actor) if which.waiting else claim_scope(actor)]
    if which.mine:
        conditions.append(SubsidyClaim.person_id == actor.person_id)
    columns = {
        SubsidyClaim.status: which.status,
        SubsidyClaim.month: which.month,
        SubsidyClaim.recipient_id: which.recipient_id,
        SubsidyClaim.person_id: which.person_id,
    }
    conditions += [column == value for column, value in columns.items() if value is not None]
    if which.text:
        named = Person.name.contains(which.text, autoescape=True)
        numbered = Person.staff_number.istartswith(which.text, autoescape=True)
        conditions.append(SubsidyClaim.person.has(or_(named, numbered)))
    return conditions


def waiting_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the claims that the actor may decide now: as `why_not_decide` says.

    Raises:
        Forbidden: the current role decides none.
    """
    turn = exists().where(
        ApprovalStep.chain_id == SubsidyClaim.chain_id,
        ApprovalStep.position == SubsidyClaim.step,
        ApprovalStep.role == actor.role,
    )
    decided = exists().where(
        SubsidyDecision.claim_id == SubsidyClaim.id,
        SubsidyDecision.round == SubsidyClaim.round,
        SubsidyDecision.decided_by_person_id == actor.person_id,
    )
    waits = SubsidyClaim.status == ClaimStatus.SUBMITTED
    return claim_scope(actor, Action.DECIDE) & waits & (SubsidyClaim.person_id != actor.person_id) & turn & ~decided


def list_claims(actor: Actor, which: ClaimFilter, *, page: int = 1, page_size: int = 20) -> Page[ClaimRow]:
    """Return a page of claims: those that wait with what needs an eye first, others the latest month first.

    Raises:
        Forbidden: as in claims_where.
    """
    return desk_page(actor, which, page=page, page_size=page_size).rows


def waiting_for(actor: Actor, *, page: int = 1, page_size: int = 20) -> Page[ClaimRow]:
    """Return the claims whose step is the actor's and that they may decide, what needs an eye first.

    Raises:
        Forbidden: the current role decides none.
    """
    return list_claims(actor, ClaimFilter(waiting=True), page=page, page_size=page_size)


def desk_page(actor: Actor, which: ClaimFilter, *, page: int = 1, page_size: int = 50) -> DeskPage:
    """Return a page of claims with the totals of all that the filter keeps, in three statements.

    Raises:
        Forbidden: as in claims_where.
    """
    rows, totals = read_rows(
        claims_where(actor, which), exceptions_first=which.waiting, limit=page_size, offset=(page - 1) * page_size
    )
    return DeskPage(Page(rows, page, page_size, totals.count), totals)


def get_claim(actor: Actor, claim_id: UUID, action: Action = Action.READ) -> SubsidyClaim:
    """Return a claim on which the actor may act so, with its lines and decisions.

    Raises:
        ClaimNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = (
        select(SubsidyClaim)
        .where(SubsidyClaim.id == claim_id)
        .options(
            joinedload(SubsidyClaim.person),
            joinedload(SubsidyClaim.supporting),
            joinedload(SubsidyClaim.recipient),
            selectinload(SubsidyClaim.lines).options(joinedload(SubsidyLine.item), joinedload(SubsidyLine.rule)),
            selectinload(SubsidyClaim.decisions).joinedload(SubsidyDecision.decided_by),
        )
    )
    return require_claim(actor, db.session.scalars(statement).one_or_none(), action)


def require_claim(actor: Actor, claim: SubsidyClaim | None, action: Action) -> SubsidyClaim:
    """Let an action on a claim that was looked for pass, or say why not.

    Raises:
        ClaimNotFound, Forbidden: as in get_claim.
    """
    parties = parties_to_claim(actor, claim) if claim is not None else frozenset()
    if claim is None or not parties:
        raise ClaimNotFound
    require_right(actor, action, Resource.SUBSIDY_CLAIM, parties)
    return claim


def parties_to_claim(actor: Actor, claim: SubsidyClaim) -> frozenset[Party]:
    """Return what the actor is to a claim."""
    return parties_to_pair(
        actor, supporting_id=claim.supporting_id, recipient_id=claim.recipient_id, person_id=claim.person_id
    )
