"""Reading leave that somebody earned, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.attendance.models.credits import LeaveCredit
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.queries.leave import lengths_of
from backend.domain.attendance.rules.credits import Account, Credit, Use, account_of
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock


@dataclass(frozen=True)
class CreditRow:
    """One credit, where it was earned, and the half days that are left of it; expired, none can be taken."""

    credit: LeaveCredit
    recipient: Organisation
    left: int

    @property
    def is_expired(self) -> bool:
        return self.credit.expires_on < clock.today()


@dataclass(frozen=True)
class LeaveBalance:
    """The half days that may still be taken, and the credits, what expires first before others."""

    halves: int
    rows: tuple[CreditRow, ...]


def leave_balance(person_id: UUID) -> LeaveBalance:
    """Return what is left of the leave that somebody earned; what waits for a decision counts as taken."""
    found = _credits(person_id)
    credits = [_credit(credit) for credit, _recipient in found]
    account = account_of(credits, _uses(person_id))
    rows = tuple(
        CreditRow(credit, recipient, left) for (credit, recipient), left in zip(found, account.left, strict=True)
    )
    return LeaveBalance(account.available(credits, clock.today()), rows)


def account_with(person_id: UUID, wanted: Use) -> Account:
    """Return how the credits of somebody would stand if this leave were taken too."""
    credits = [_credit(credit) for credit, _recipient in _credits(person_id)]
    return account_of(credits, [*_uses(person_id), wanted])


def _credit(credit: LeaveCredit) -> Credit:
    return Credit(credit.expires_on, 2 * credit.days)


def _credits(person_id: UUID) -> list[tuple[LeaveCredit, Organisation]]:
    statement = (
        select(LeaveCredit, Organisation)
        .join(Dispatch, Dispatch.id == LeaveCredit.dispatch_id)
        .join(Organisation, Organisation.id == Dispatch.recipient_id)
        .where(LeaveCredit.person_id == person_id)
        .order_by(LeaveCredit.expires_on, LeaveCredit.id)
    )
    return [(credit, recipient) for credit, recipient in db.session.execute(statement)]


def _uses(person_id: UUID) -> list[Use]:
    live = LeaveRequest.status.in_((RequestStatus.REQUESTED, RequestStatus.ACCEPTED))
    statement = (
        select(LeaveRequest)
        .where(LeaveRequest.person_id == person_id, LeaveRequest.kind == LeaveKind.EARNED, live)
        .options(joinedload(LeaveRequest.dispatch).selectinload(Dispatch.patterns))
    )
    leaves = list(db.session.scalars(statement))
    lengths = lengths_of(leaves)
    return [Use(leave.ends_on, lengths[leave.id].halves) for leave in leaves]
