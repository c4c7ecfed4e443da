"""Approving one claim, giving it back, refusing it, drafting a refused one anew."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from backend.console.claims.blueprint import bp
from backend.console.claims.forms import ApproveForm, RedraftForm, RejectForm, ReturnForm
from backend.console.claims.viewing import claim_page
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.subsidies.service.claims import approve_claim, reject_claim, return_claim
from backend.domain.subsidies.service.drafting import redraft_claim

Page = str | tuple[str, int] | Response


@bp.post("/<uuid:claim_id>/approve")
def approve(claim_id: UUID) -> Page:
    """Approve a claim as it was shown."""
    form = Form.submitted(ApproveForm())
    return _do(
        claim_id,
        "已同意，并已通知下一步的审批人或本人。",
        form,
        lambda: approve_claim(current_actor(), claim_id, form.data["version"]).id,
        approve_form=form,
    )


@bp.post("/<uuid:claim_id>/return")
def give_back(claim_id: UUID) -> Page:
    """Give a claim back to its person with a reason."""
    form = Form.submitted(ReturnForm())
    return _do(
        claim_id,
        "已退回，本人会收到原因。",
        form,
        lambda: return_claim(current_actor(), claim_id, form.data["version"], reason=form.data["reason"]).id,
        return_form=form,
    )


@bp.post("/<uuid:claim_id>/reject")
def reject(claim_id: UUID) -> Page:
    """Refuse a claim for good."""
    form = Form.submitted(RejectForm())
    return _do(
        claim_id,
        "已定为不予发放，本人会收到原因。",
        form,
        lambda: reject_claim(current_actor(), claim_id, form.data["version"], reason=form.data["refusal"]).id,
        reject_form=form,
    )


@bp.post("/<uuid:claim_id>/redraft")
def redraft(claim_id: UUID) -> Page:
    """Draft the month of a refused claim anew."""
    form = Form.submitted(RedraftForm())
    return _do(
        claim_id,
        "已重新起草，这是新的一笔，由本人核对后提交。",
        form,
        lambda: redraft_claim(current_actor(), claim_id).id,
        redraft_form=form,
    )


def _do(claim_id: UUID, done: str, form: Form, act: Callable[[], UUID], **forms: Form) -> Page:
    shown = form.attempt(act) if form.is_valid else None
    if shown is not None:
        flash(done, "done")
        return redirect(url_for("console.claims.show", claim_id=shown))
    return claim_page(claim_id, **forms)
