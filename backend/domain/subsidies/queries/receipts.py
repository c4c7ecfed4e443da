"""Reading receipts of return fares."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.queries.requests import dispatch_for
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import parties_to_pair, require_right
from backend.domain.subsidies.errors.receipts import ReceiptNotFound
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


def list_receipts(actor: Actor, dispatch_id: UUID, *, page: int = 1, page_size: int = 50) -> Page[SubsidyReceipt]:
    """Return the receipts of a dispatch that were not withdrawn, the latest journey first.

    Raises:
        DispatchNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role reads no claims.
    """
    dispatch_for(actor, dispatch_id, Action.READ, Resource.SUBSIDY_CLAIM)
    of_dispatch = SubsidyReceipt.dispatch_id == dispatch_id, SubsidyReceipt.withdrawn_at.is_(None)
    statement = select(SubsidyReceipt).where(*of_dispatch)
    ordered = statement.order_by(SubsidyReceipt.spent_on.desc(), SubsidyReceipt.id)
    return fetch_page(ordered, page=page, page_size=page_size)


def get_receipt(actor: Actor, receipt_id: UUID, action: Action = Action.READ) -> SubsidyReceipt:
    """Return a receipt that was not withdrawn, on which the actor may act so.

    Raises:
        ReceiptNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = (
        select(SubsidyReceipt, Dispatch.recipient_id)
        .join(Dispatch, Dispatch.id == SubsidyReceipt.dispatch_id)
        .where(SubsidyReceipt.id == receipt_id, SubsidyReceipt.withdrawn_at.is_(None))
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise ReceiptNotFound
    receipt: SubsidyReceipt = row[0]
    parties = parties_to_pair(
        actor, supporting_id=receipt.supporting_id, recipient_id=row.recipient_id, person_id=receipt.person_id
    )
    if not parties:
        raise ReceiptNotFound
    require_right(actor, action, Resource.SUBSIDY_CLAIM, parties)
    return receipt


def claims_of(receipts: list[SubsidyReceipt]) -> dict[UUID, tuple[UUID, ClaimStatus]]:
    """Return of receipts that are in a claim its id and where it stands, by the receipt's id."""
    statement = _claims().where(SubsidyReceipt.id.in_([receipt.id for receipt in receipts]))
    return {row.receipt_id: (row.id, row.status) for row in db.session.execute(statement)}


def may_withdraw(actor: Actor, receipt: SubsidyReceipt, status: ClaimStatus | None) -> bool:
    """Tell whether the actor may take a receipt back: their own, that waits or is in a claim not yet handed in."""
    return actor.person_id == receipt.person_id and status in (None, ClaimStatus.DRAFT)


def _claims() -> Select[UUID, UUID, ClaimStatus]:
    return (
        select(SubsidyReceipt.id.label("receipt_id"), SubsidyClaim.id, SubsidyClaim.status)
        .join(SubsidyLine, SubsidyLine.id == SubsidyReceipt.line_id)
        .join(SubsidyLine.claim)
    )
