"""Receipts of return fares: entered, put into a claim that is still a draft, withdrawn."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import Date, cast, delete, func, select, update

from backend.domain.access.rules import Action, Resource
from backend.domain.attachments.queries import File, list_own_files, read_file
from backend.domain.attachments.rules import PAPERS
from backend.domain.attendance.errors.requests import AttachmentUnusable
from backend.domain.attendance.errors.taps import IdempotencyKeyReused
from backend.domain.attendance.queries.requests import dispatch_for
from backend.domain.attendance.service.corrections import KEY_REUSED
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.subsidies.drafting.running import Month, due_lines, hold_drafting
from backend.domain.subsidies.errors.receipts import (
    AmountInvalid,
    FareWindowClosed,
    ReceiptHandedIn,
    ReceiptInFuture,
    ReceiptNumberInvalid,
    ReceiptNumberUsed,
    ReceiptOutsideDispatch,
)
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.models.programmes import SubsidyItem
from backend.domain.subsidies.queries.receipts import claims_of, get_receipt
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.adjusting import grant_row, write_lines
from backend.domain.subsidies.service.drafting import months_by_calendar
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.money import NotMoney, fen_of
from backend.foundation.transaction import refusals, transaction

_SITUATIONS = {
    "subsidy_receipts_number_key": ReceiptNumberUsed,
    "subsidy_receipts_attachment_id_key": AttachmentUnusable,
}
_LARGEST_FEN = 10_000_000  # no journey to a township costs a hundred thousand yuan


@dataclass(frozen=True, kw_only=True)
class ReceiptDraft:
    """A ticket or invoice as somebody enters it; the amount in yuan as written."""

    number: str
    spent_on: date
    amount: str
    journey: str = ""
    attachment_id: UUID | None = None


@dataclass(frozen=True)
class Added:
    """A receipt that was entered; `repeated`: the same had come before."""

    receipt: SubsidyReceipt
    repeated: bool = False


def add_receipt(actor: Actor, dispatch_id: UUID, draft: ReceiptDraft, *, key: str | None = None) -> Added:
    """Enter a receipt of one's own dispatch: into the claim that is still a draft, else it waits for the next one.

    The same key and content once more give the receipt that they made.

    Raises:
        DispatchNotFound, Forbidden: it is not the actor's own dispatch.
        AmountInvalid: the sum is not above nothing, or has a fraction of a fen.
        ReceiptOutsideDispatch, ReceiptInFuture: the day is not one of the dispatch, or has not come.
        ReceiptNumberInvalid: it has no letter or digit.
        ReceiptNumberUsed: the hospital has a receipt of that number.
        FareWindowClosed: the fare of that interval was handed in already.
        AttachmentUnusable: the photograph is not the actor's own, no paper, or belongs to another receipt.
        IdempotencyKeyReused: the key came with something else before.
    """
    with transaction() as session:
        dispatch = dispatch_for(actor, dispatch_id, Action.WRITE, Resource.SUBSIDY_CLAIM)
        hold_drafting()
        receipt_id = uuid5(dispatch.person_id, f"receipt {key}") if key else new_id()
        receipt = _new_receipt(receipt_id, dispatch, draft)
        before = session.get(SubsidyReceipt, receipt_id)
        if before is not None:
            return _repeat(before, receipt)
        _refuse_day(dispatch, draft.spent_on)
        _refuse_paper(actor, draft.attachment_id)
        claim = _claim_for(dispatch, draft.spent_on)
        used = {
            "subsidy_receipts_number_key": ReceiptNumberUsed,
            "subsidy_receipts_attachment_id_key": AttachmentUnusable,
        }
        with refusals(used):
            session.add(receipt)
        if claim is not None:
            _rewrite_fares(claim)
        _record(actor, "add_receipt", receipt)
        session.refresh(receipt)
        return Added(receipt)


def withdraw_receipt(actor: Actor, receipt_id: UUID) -> None:
    """Take a receipt of one's own back, that waits or is in a claim which was not handed in.

    Raises:
        ReceiptNotFound, Forbidden: it is not the actor's own.
        ReceiptHandedIn: its claim was handed in.
    """
    with transaction() as session:
        hold_drafting()
        receipt = get_receipt(actor, receipt_id, Action.WRITE)
        held = claims_of([receipt]).get(receipt.id)
        claim = _draft_of(held[0]) if held else None
        if held and claim is None:
            raise ReceiptHandedIn
        receipt.line_id = None
        receipt.withdrawn_at = clock.now()
        session.flush()
        if claim is not None:
            _rewrite_fares(claim)
        _record(actor, "withdraw_receipt", receipt)


def read_receipt_file(actor: Actor, receipt_id: UUID) -> File:
    """Return the photograph of a receipt; it is audited.

    Raises:
        ReceiptNotFound, Forbidden: as in get_receipt.
        NotFound: it has none.
    """
    with transaction():
        receipt = get_receipt(actor, receipt_id)
        if receipt.attachment_id is None:
            raise NotFound
        _record(actor, "read_receipt", receipt)
        return read_file(receipt.attachment_id)


def _new_receipt(receipt_id: UUID, dispatch: Dispatch, draft: ReceiptDraft) -> SubsidyReceipt:
    return SubsidyReceipt(
        id=receipt_id,
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        number=_number(draft.number),
        spent_on=draft.spent_on,
        amount_fen=_fen(draft.amount),
        journey=draft.journey.strip(),
        attachment_id=draft.attachment_id,
        entered_at=clock.now(),
    )


def _number(written: str) -> str:
    """Return the letters and digits of a number: hyphens, dots and what nobody sees make no second ticket of one."""
    number = "".join(each for each in unicodedata.normalize("NFKC", written).upper() if each.isalnum())
    if not number:
        raise ReceiptNumberInvalid
    return number


def _fen(amount: str) -> int:
    try:
        fen = fen_of(amount)
    except NotMoney:
        raise AmountInvalid from None
    if not 0 < fen <= _LARGEST_FEN:
        raise AmountInvalid
    return fen


def _refuse_day(dispatch: Dispatch, spent_on: date) -> None:
    if not dispatch.starts_on <= spent_on <= dispatch.ends_on:
        raise ReceiptOutsideDispatch
    if spent_on > clock.today():
        raise ReceiptInFuture


def _refuse_paper(actor: Actor, attachment_id: UUID | None) -> None:
    if attachment_id is None:
        return
    own = list_own_files(actor, [attachment_id])
    if not own or own[0].content_type not in PAPERS:
        raise AttachmentUnusable


def _repeat(before: SubsidyReceipt, again: SubsidyReceipt) -> Added:
    told = ("dispatch_id", "number", "spent_on", "amount_fen", "journey", "attachment_id")
    if any(getattr(before, name) != getattr(again, name) for name in told):
        raise IdempotencyKeyReused(KEY_REUSED)
    return Added(before, repeated=True)


def _claim_for(dispatch: Dispatch, spent_on: date) -> SubsidyClaim | None:
    """Return the draft that a receipt of a day goes into, held until the commit: where its interval's others are."""
    begins, ends = (cast(SubsidyLine.inputs["window"][number].astext, Date) for number in (0, 1))
    holds = (
        select(SubsidyClaim.id)
        .join(SubsidyLine, SubsidyLine.claim_id == SubsidyClaim.id)
        .join(SubsidyReceipt, SubsidyReceipt.line_id == SubsidyLine.id)
        .where(SubsidyReceipt.dispatch_id == dispatch.id, begins <= spent_on, ends > spent_on)
    )
    held_in = db.session.scalar(holds.limit(1))
    if held_in is not None:
        claim = _draft_of(held_in)
        if claim is None:
            raise FareWindowClosed
        return claim
    drafts = SubsidyClaim.dispatch_id == dispatch.id, SubsidyClaim.timesheet_id.is_not(None)
    first = (
        select(SubsidyClaim.id).where(*drafts, SubsidyClaim.status == ClaimStatus.DRAFT).order_by(SubsidyClaim.month)
    )
    found = db.session.scalar(first.limit(1))
    return _draft_of(found) if found is not None else None


def _draft_of(claim_id: UUID) -> SubsidyClaim | None:
    """Return a claim if it is still a draft, held until the commit."""
    statement = select(SubsidyClaim).where(SubsidyClaim.id == claim_id).with_for_update()
    claim = db.session.scalars(statement.execution_options(populate_existing=True)).one()
    return claim if claim.status is ClaimStatus.DRAFT else None


def _rewrite_fares(claim: SubsidyClaim) -> None:
    """Write the fares of a draft anew from the receipts that are there now; its version tells that it changed."""
    if claim.timesheet_id is None:
        return
    fares = (
        select(SubsidyLine.id)
        .join(SubsidyLine.item)
        .where(SubsidyLine.claim_id == claim.id, SubsidyItem.kind == ItemKind.RETURN_FARE)
    )
    ids = list(db.session.scalars(fares))
    db.session.execute(update(SubsidyReceipt).where(SubsidyReceipt.line_id.in_(ids)).values(line_id=None))
    db.session.execute(delete(SubsidyLine).where(SubsidyLine.id.in_(ids)))
    months = [Month(claim.timesheet_id, claim.month, claim.supporting_id)]
    for calendar, those in months_by_calendar(months):
        lines = due_lines(those, calendar, only_fares=True)
        write_lines(claim.id, [grant_row(line) for line in lines])
        for line in lines:
            in_line = SubsidyReceipt.id.in_(line.receipt_ids or ())
            db.session.execute(update(SubsidyReceipt).where(in_line).values(line_id=line.id))
    total = select(func.sum(SubsidyLine.amount_fen)).where(SubsidyLine.claim_id == claim.id)
    claim.total_fen = db.session.scalar(total) or 0
    claim.version += 1
    db.session.flush()
    db.session.expire(claim, ["lines"])


def _record(actor: Actor, action: str, receipt: SubsidyReceipt) -> None:
    record_event(actor, action, "subsidy_receipt", receipt.id, organisation_id=receipt.supporting_id)
