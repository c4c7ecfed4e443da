"""Leave: the list, one with its papers, and granting or rejecting it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.requests.blueprint import PAGE_SIZE, bp
from backend.console.requests.forms import GrantForm, ListForm, RejectForm, kept, status_asked
from backend.domain.access.rules import Party
from backend.domain.accounts.queries import names_of
from backend.domain.attachments.rules import ContentType
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.queries.credits import leave_balance
from backend.domain.attendance.queries.leave import (
    decisions_on,
    get_leave,
    leaves_of,
    lengths_of,
    list_leaves,
    may_open_papers,
    rights_to_leave,
    span_of_leave,
    waits_for,
    without_proof,
)
from backend.domain.attendance.rules.leave import LeaveLength, LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.service.leave import grant_leave, read_leave_file, reject_leave
from backend.domain.audit.queries import events_about
from backend.foundation.downloads import content_disposition

Page = tuple[str, int] | AnyResponse
_SHOWN_INLINE = (ContentType.JPEG, ContentType.PNG)


@dataclass(frozen=True)
class Row:
    """Leave with what a page tells of it."""

    leave: LeaveRequest
    span: LeaveSpan
    length: LeaveLength
    waits_for: Party | None
    without_proof: bool


@bp.get("/leave")
def show_leaves() -> str:
    """Show leave: what waits for a decision, unless told otherwise."""
    filters = Form.asked(ListForm())
    page = list_leaves(
        current_actor(),
        status=status_asked(filters),
        kind=filters.data.get("kind"),
        text=filters.data["text"],
        page=filters.data["page"],
        page_size=PAGE_SIZE,
    )
    return render_template(
        "requests/leaves.html",
        page=page,
        rows=_rows(page.items),
        filters=filters,
        statuses=list(RequestStatus),
        kinds=list(LeaveKind),
        kept=kept(filters, "status", "kind", "text"),
    )


@bp.get("/leave/<uuid:request_id>")
def show_leave(request_id: UUID) -> Page:
    """Show leave with its papers."""
    return _page(get_leave(current_actor(), request_id))


@bp.post("/leave/<uuid:request_id>/accept")
def accept_leave(request_id: UUID) -> Page:
    """Grant it for one's party."""
    actor, form = current_actor(), Form.submitted(GrantForm())
    return _decide(request_id, form, "grant_form", lambda: grant_leave(actor, request_id, form.data["version"]))


@bp.post("/leave/<uuid:request_id>/reject")
def refuse_leave(request_id: UUID) -> Page:
    """Reject it with a reason."""
    actor, form = current_actor(), Form.submitted(RejectForm())
    return _decide(request_id, form, "reject_form", lambda: reject_leave(actor, request_id, **form.data))


@bp.get("/leave/<uuid:request_id>/papers/<uuid:attachment_id>")
def show_paper(request_id: UUID, attachment_id: UUID) -> Response:
    """Give a paper; every look is audited. Pictures are shown, anything else is saved."""
    file = read_leave_file(current_actor(), request_id, attachment_id)
    shown = content_disposition(file.filename, inline=file.content_type in _SHOWN_INLINE)
    return Response(file.content, mimetype=file.content_type, headers={"Content-Disposition": shown})


def _decide(request_id: UUID, form: Form, name: str, act: Callable[[], LeaveRequest]) -> Page:
    decided = form.attempt(act) if form.is_valid else None
    if decided is None:
        return _page(get_leave(current_actor(), request_id), **{name: form})
    flash(_done(decided), "done")
    return redirect(url_for("console.requests.show_leaves"))


def _done(leave: LeaveRequest) -> str:
    if leave.status is RequestStatus.REJECTED:
        return f"已退回{leave.person.name}的请假，本人会看到原因。"
    if leave.status is RequestStatus.REQUESTED:
        return f"已同意{leave.person.name}的请假，已转支援医院审批。"
    return f"已同意{leave.person.name}的请假，已通知本人。"


def _rows(leaves: Sequence[LeaveRequest]) -> list[Row]:
    lengths = lengths_of(leaves)
    return [
        Row(leave, span_of_leave(leave), length, waits_for(leave), without_proof(leave, length))
        for leave in leaves
        for length in [lengths[leave.id]]
    ]


def _page(leave: LeaveRequest, **forms: Form) -> Page:
    events = events_about("leave_request", leave.id)
    refused = next(iter(forms.values()), None)
    page = render_template(
        "requests/leave.html",
        row=_rows([leave])[0],
        leave=leave,
        decisions=decisions_on(leave),
        others=_rows([other for other in leaves_of(leave.dispatch_id) if other.id != leave.id]),
        rights=rights_to_leave(current_actor(), leave),
        pictures=_SHOWN_INLINE,
        balance=leave_balance(leave.person_id) if leave.kind is LeaveKind.EARNED else None,
        opens_papers=may_open_papers(current_actor(), leave),
        events=events,
        names=names_of(event.person_id for event in events if event.person_id),
        grant_form=forms.get("grant_form") or Form(GrantForm()),
        reject_form=forms.get("reject_form") or Form(RejectForm()),
    )
    return page, refused.status if refused else 200
