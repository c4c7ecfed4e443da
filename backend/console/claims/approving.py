"""Approving together: naming each claim with totals and what needs an eye, approving them, telling which were left."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.claims.blueprint import bp
from backend.console.claims.forms import ApproveTogetherForm, ChoiceForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.subsidies.queries.chosen import approved_among, find_rows, lines_of, waiting_among
from backend.domain.subsidies.queries.claim_rows import ClaimRow
from backend.domain.subsidies.rules.amounts import withheld_text
from backend.domain.subsidies.service.claims import approve_together as approve_them
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, Invalid

Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class LeftOut:
    """A claim that was not approved, and why."""

    row: ClaimRow
    text: str


@bp.get("/approve")
def ask_together() -> Page:
    """Name those that are about to be approved, each whole; nothing is approved yet."""
    actor, form = _approver(), Form.asked(ChoiceForm())
    rows = find_rows(actor, form.data.get("chosen", []))
    waiting = waiting_among(actor, [row.claim.id for row in rows])
    asked = [row for row in rows if row.claim.id in waiting]
    return render_template(
        "claims/approve.html",
        rows=asked,
        odd=[row for row in asked if row.exceptions],
        clean=[row for row in asked if not row.exceptions],
        others=[row for row in rows if row.claim.id not in waiting],
        lines=lines_of([row.claim.id for row in asked]),
        total_of=_total_of,
        difference_of=_difference_of,
        withheld_text=withheld_text,
    )


@bp.post("/approve")
def approve_together() -> Page:
    """Approve them, each by itself: what changed since it was shown, or cannot be approved, is left and said so."""
    actor, form = _approver(), Form.submitted(ApproveTogetherForm())
    if not form.is_valid:
        raise Invalid("提交的内容与页面不符，请返回下乡补贴重新选择。")
    chosen = dict(form.data["chosen"])
    if not chosen:
        flash("没有选择补贴，一笔也没有办理。", "caution")
        return redirect(url_for("console.claims.show_list", waiting="true"))
    report = approve_them(actor, chosen.items())
    rows = {row.claim.id: row for row in find_rows(actor, list(chosen))}
    # A form that was sent twice comes here: what it asked for is there.
    before = approved_among(actor, [one.claim_id for one in report.left])
    refused = [one for one in report.left if one.claim_id in rows and one.claim_id not in before]
    return render_template(
        "claims/approved.html",
        done=[rows[claim.id] for claim in report.done],
        done_fen=report.total_fen,
        before=[rows[claim_id] for claim_id in before],
        left=[LeftOut(rows[one.claim_id], one.error.text) for one in refused],
        unknown=len(report.left) - len(before) - len(refused),
    )


def _total_of(rows: list[ClaimRow]) -> int:
    return sum(row.claim.total_fen for row in rows)


def _difference_of(rows: list[ClaimRow]) -> int:
    """Return how much claims are above the month before, where there was one."""
    return sum(row.difference_fen or 0 for row in rows)


def _approver() -> Actor:
    actor = current_actor()
    if not may_as_office(actor, Action.DECIDE, Resource.SUBSIDY_CLAIM):
        raise Forbidden
    return actor
