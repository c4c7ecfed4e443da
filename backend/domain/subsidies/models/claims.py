"""Claims, their frozen lines, receipts, and what waits to be computed again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, JSONB, ExcludeConstraint
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.attachments.models import Attachment
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.models.approvals import ApprovalChain, SubsidyDecision
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyRule
from backend.domain.subsidies.rules.statuses import AdjustmentCause, ClaimKind, ClaimStatus, LineSort
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class SubsidyClaim(Base):
    """What is due to one person for one countersigned month, with the differences of earlier ones."""

    __tablename__ = "subsidy_claims"
    __table_args__ = (
        CheckConstraint("(kind = 'month') = (timesheet_id IS NOT NULL)", name="timesheet"),
        CheckConstraint("extract(day FROM month) = 1", name="month"),
        CheckConstraint("(status = 'submitted') = (step IS NOT NULL)", name="step"),
        CheckConstraint("(status IN ('paying', 'paid')) = (payment_id IS NOT NULL)", name="payment"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid"),
        CheckConstraint("status NOT IN ('approved', 'paying', 'paid') OR approved_at IS NOT NULL", name="approved"),
        Index(
            "subsidy_claims_timesheet_key",
            "timesheet_id",
            unique=True,
            postgresql_where=text("status <> 'rejected'"),
        ),
        Index("subsidy_claims_waiting_idx", "supporting_id", "step", postgresql_where=text("status = 'submitted'")),
        Index("subsidy_claims_payable_idx", "supporting_id", postgresql_where=text("status = 'approved'")),
        Index(None, "supporting_id", "month"),
        Index(None, "person_id", "month"),
        Index(None, "dispatch_id"),
        Index(None, "payment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ClaimKind] = mapped_column(named_enum(ClaimKind))
    timesheet_id: Mapped[UUID | None] = mapped_column(ForeignKey("timesheets.id"))
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))  # who pays
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[date]  # its first day; the budget of its year is charged
    status: Mapped[ClaimStatus] = mapped_column(named_enum(ClaimStatus), server_default="draft")
    total_fen: Mapped[int] = mapped_column(BigInteger)  # of its lines; below 0 where more is taken back than granted
    explanation: Mapped[str] = mapped_column(Text, server_default="", default="")  # the claimant's
    round: Mapped[int] = mapped_column(server_default=text("0"), default=0)  # how often it was handed in
    chain_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval_chains.id"))
    step: Mapped[int | None]  # whose turn it is
    drafted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.id"))
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    timesheet: Mapped[Timesheet | None] = relationship()
    dispatch: Mapped[Dispatch] = relationship()
    person: Mapped[Person] = relationship()
    supporting: Mapped[Organisation] = relationship(foreign_keys=supporting_id)
    recipient: Mapped[Organisation] = relationship(foreign_keys=recipient_id)
    chain: Mapped[ApprovalChain | None] = relationship()
    lines: Mapped[list[SubsidyLine]] = relationship(back_populates="claim", order_by="SubsidyLine.position")
    decisions: Mapped[list[SubsidyDecision]] = relationship(order_by="SubsidyDecision.decided_at")


class SubsidyLine(Base):
    """One sum of a claim, frozen with what it was computed from; a trigger refuses changes.

    `inputs` holds what `rules.amounts` needs to come to the same sum again. A line that pays nothing says why in
    `withheld`; one of a claim that was refused is `voided`, and what it took back is in force again. `halves` is the
    time that is paid for, three shifts a day counted from `concluding.EPOCH`: while the line is in force no other
    line may pay the person for the same time under the same exclusion.
    """

    __tablename__ = "subsidy_lines"
    __table_args__ = (
        UniqueConstraint("claim_id", "position"),
        CheckConstraint("(sort = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint("CASE sort WHEN 'grant' THEN amount_fen >= 0 ELSE amount_fen < 0 END", name="amount"),
        CheckConstraint("sort = 'reversal' OR (amount_fen = 0) = (withheld <> '')", name="withheld"),
        CheckConstraint("NOT in_force OR amount_fen > 0 AND halves IS NOT NULL", name="in_force"),
        ExcludeConstraint(
            ("person_id", "="),
            ("exclusion", "="),
            ("halves", "&&"),
            where=text("in_force"),
            name="subsidy_lines_paid_once_excl",
        ),
        CheckConstraint("NOT (in_force AND voided)", name="voided"),
        Index("subsidy_lines_reverses_id_key", "reverses_id", unique=True, postgresql_where=text("NOT voided")),
        Index(None, "rule_id"),
        Index(
            "subsidy_lines_paid_elsewhere_idx",
            "timesheet_id",
            postgresql_where=text("withheld = 'already_paid' AND NOT voided"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_claims.id"))
    position: Mapped[int]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_items.id"))
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_rules.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    month: Mapped[date]  # that it is about: an earlier one for differences
    timesheet_id: Mapped[UUID] = mapped_column(ForeignKey("timesheets.id"), index=True)  # of that month
    sort: Mapped[LineSort] = mapped_column(named_enum(LineSort), server_default="grant")
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    withheld: Mapped[str] = mapped_column(Text, server_default="", default="")
    exclusion: Mapped[str] = mapped_column(Text)  # the item's, or the item's id
    halves: Mapped[MultiRange[int] | None] = mapped_column(INT4MULTIRANGE)
    in_force: Mapped[bool]
    voided: Mapped[bool] = mapped_column(server_default=text("false"), default=False)  # its claim was refused
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("subsidy_lines.id"))

    claim: Mapped[SubsidyClaim] = relationship(back_populates="lines")
    item: Mapped[SubsidyItem] = relationship()
    rule: Mapped[SubsidyRule] = relationship()


class SubsidyReceipt(Base):
    """A ticket or invoice for a return fare; its number is claimed once in a hospital."""

    __tablename__ = "subsidy_receipts"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("number <> ''", name="number"),
        CheckConstraint("withdrawn_at IS NULL OR line_id IS NULL", name="withdrawn"),
        Index(
            "subsidy_receipts_number_key",
            "supporting_id",
            "number",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "dispatch_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[str] = mapped_column(Text)
    spent_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    journey: Mapped[str] = mapped_column(Text, server_default="", default="")  # from where to where
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"), unique=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("subsidy_lines.id"), index=True)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    attachment: Mapped[Attachment | None] = relationship()


class SubsidyAdjustment(Base):
    """A computed month that is computed again in the person's next claim, once for each cause."""

    __tablename__ = "subsidy_adjustments"
    __table_args__ = (
        UniqueConstraint("timesheet_id", "source_id"),
        Index("subsidy_adjustments_waiting_idx", "timesheet_id", postgresql_where=text("claim_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    timesheet_id: Mapped[UUID] = mapped_column(ForeignKey("timesheets.id"))
    cause: Mapped[AdjustmentCause] = mapped_column(named_enum(AdjustmentCause))
    source_id: Mapped[UUID]  # of the amendment or the evaluation
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("subsidy_claims.id"))  # that settled it
