"""Requests to be bound anew (绑定申请): a new WeChat or a new telephone number, decided by medical affairs."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.domain.accounts.queries import list_binding_requests
from backend.domain.accounts.service import decide_binding_request

bp = Blueprint("binding_requests", __name__, url_prefix="/binding-requests")
Page = tuple[str, int] | Response


class DecisionForm(FormSchema):
    """Accepting or rejecting; who asked is told the reason of a rejection."""

    decision = fields.String(required=True, validate=validate.OneOf(["accept", "reject"], error="请选择同意或退回。"))
    reason = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))


@bp.get("")
def show_list() -> Page:
    """Show what waits for a decision."""
    return _page(Form(DecisionForm()), None)


@bp.post("/<uuid:request_id>")
def decide(request_id: UUID) -> Page:
    """Decide a request."""
    form = Form.submitted(DecisionForm())
    if form.is_valid:
        accept = form.data["decision"] == "accept"
        actor, reason = current_actor(), form.data["reason"]
        if form.attempt(lambda: decide_binding_request(actor, request_id, accept, reason)):
            flash("已同意，申请人的新微信已绑定。" if accept else "已退回，申请人会看到原因。", "done")
            return redirect(url_for("console.binding_requests.show_list"))
    return _page(form, request_id)


def _page(form: Form, refused_id: UUID | None) -> Page:
    requests = list_binding_requests(current_actor())
    page = render_template("binding_requests/list.html", requests=requests, form=form, refused_id=refused_id)
    return page, form.status
