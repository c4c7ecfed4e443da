"""The claims of a list as one file, as the list was narrowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Final
from uuid import UUID

from sqlalchemy import select

from backend.domain.exports.models import Export
from backend.domain.exports.rules import ExportKind
from backend.domain.exports.service import Parameters, Progress, request_export
from backend.domain.subsidies.errors.exports import NoClaimsToExport
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.printing.claims import ClaimRowPrinted, write_claims
from backend.domain.subsidies.queries.chosen import find_rows, lines_of
from backend.domain.subsidies.queries.claim_rows import ClaimRow
from backend.domain.subsidies.queries.claims import ClaimFilter, claims_where
from backend.domain.subsidies.queries.filtering import filter_of, query_of
from backend.domain.subsidies.rules.amounts import withheld_text
from backend.domain.subsidies.rules.statuses import CLAIM_STATUS_LABELS, ClaimKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.money import yuan

_BATCH: Final = 500
_KIND_LABELS = {ClaimKind.MONTH: "当月", ClaimKind.ADJUSTMENT: "差额"}


def request_claims(actor: Actor, which: ClaimFilter) -> Export:
    """Ask for the claims that a filter keeps as a spreadsheet.

    Raises:
        Forbidden: the current role may read no claims, or there is none.
        NoClaimsToExport: the filter keeps none.
    """
    if actor.role is None:
        raise Forbidden
    conditions = claims_where(actor, which)
    if db.session.scalar(select(SubsidyClaim.id).where(*conditions).limit(1)) is None:
        raise NoClaimsToExport
    name = f"下乡补贴-{which.month or clock.today():%Y%m}"
    return request_export(actor, ExportKind.SUBSIDY, query_of(which), name=name)


def write_claims_of(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
    """Write the file that request_claims asked for, and return how many claims are in it."""
    which = filter_of(parameters)
    chosen = select(SubsidyClaim.id).where(*claims_where(actor, which))
    ordered = chosen.order_by(SubsidyClaim.month.desc(), SubsidyClaim.recipient_id, SubsidyClaim.id)
    ids = list(db.session.scalars(ordered))
    note = f"下乡补贴　{clock.today()} 导出　金额以元计，负数为冲回"
    return write_claims(_rows(actor, ids, progress), file, note=note)


def _rows(actor: Actor, ids: Sequence[UUID], progress: Progress) -> Iterator[ClaimRowPrinted]:
    """Yield the rows in batches, forgetting each: memory must not grow with their number."""
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        rows, lines = {row.claim.id: row for row in find_rows(actor, batch)}, lines_of(batch)
        yield from [_printed(rows[one], lines[one]) for one in batch if one in rows]
        db.session.expunge_all()
        progress(start + len(batch))


def _printed(row: ClaimRow, lines: Sequence[SubsidyLine]) -> ClaimRowPrinted:
    claim = row.claim
    return ClaimRowPrinted(
        name=claim.person.name,
        staff_number=claim.person.staff_number,
        supporting=claim.supporting.name,
        recipient=claim.recipient.name,
        month=claim.month,
        kind=_KIND_LABELS[claim.kind],
        total_fen=claim.total_fen,
        last_month_fen=row.last_month_fen,
        details="；".join(_detail(line) for line in lines),
        status=CLAIM_STATUS_LABELS[claim.status],
        step=row.step_label or "",
        noted="；".join(one.text for one in row.exceptions),
        submitted_at=claim.submitted_at,
        approved_at=claim.approved_at,
        paid_at=claim.paid_at,
    )


def _detail(line: SubsidyLine) -> str:
    if line.withheld:
        return f"{line.item.name} 0.00（{withheld_text(line.inputs, line.withheld)}）"
    return f"{line.item.name} {yuan(line.amount_fen)}"
