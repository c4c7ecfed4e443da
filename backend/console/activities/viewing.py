"""One record: what it says, what proves it, what stands beside it, and the hands under it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console.activities.blueprint import bp
from backend.console.activities.forms import CountersignForm, ReturnForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.activities.queries.completeness import thin_of
from backend.domain.activities.queries.patients import may_read_patient, readable_values
from backend.domain.activities.queries.permits import permits_of
from backend.domain.activities.queries.proofs import open_proof
from backend.domain.activities.queries.records import editions_of
from backend.domain.activities.queries.showing import lines_of
from backend.domain.activities.queries.waiting import beside
from backend.domain.activities.rules.identifying import warnings_of
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.activities.service.countersigning import countersign_record, return_record
from backend.domain.activities.service.opening import open_record
from backend.domain.attachments.rules import PICTURES
from backend.foundation.downloads import content_disposition

Page = str | tuple[str, int] | AnyResponse


@bp.get("/<uuid:record_id>")
def show(record_id: UUID) -> Page:
    """Show one record; reading what another wrote of a patient leaves a trace."""
    return _page(record_id)


@bp.get("/<uuid:record_id>/files/<uuid:attachment_id>")
def show_file(record_id: UUID, attachment_id: UUID) -> Response:
    """Give a file of a record; a picture is shown, anything else saved."""
    file = open_proof(current_actor(), record_id, attachment_id)
    disposition = content_disposition(file.filename, inline=file.content_type in PICTURES)
    return Response(file.content, mimetype=file.content_type, headers={"Content-Disposition": disposition})


@bp.post("/<uuid:record_id>/countersign")
def countersign(record_id: UUID) -> Page:
    """Countersign a record as it was shown."""
    form = Form.submitted(CountersignForm())
    return _do(
        record_id,
        "已会签，并已通知本人。这条日志从现在起计入统计。",
        form,
        lambda: countersign_record(current_actor(), record_id, form.data["version"]),
        sign_form=form,
    )


@bp.post("/<uuid:record_id>/return")
def give_back(record_id: UUID) -> Page:
    """Give a record back to its author with a reason."""
    form = Form.submitted(ReturnForm())
    return _do(
        record_id,
        "已退回，本人会收到原因。",
        form,
        lambda: return_record(current_actor(), record_id, form.data["version"], reason=form.data["reason"]),
        return_form=form,
    )


def _do(record_id: UUID, done: str, form: Form, act: Callable[[], object], **forms: Form) -> Page:
    if form.is_valid:
        form.attempt(act)
    if form.is_valid:
        flash(done, "done")
        return redirect(url_for("console.activities.show", record_id=record_id))
    return _page(record_id, **forms)


def _page(record_id: UUID, **submitted: Form) -> Page:
    actor = current_actor()
    record = open_record(actor, record_id)
    values = readable_values(actor, record)
    forms = {"sign_form": Form(CountersignForm()), "return_form": Form(ReturnForm()), **submitted}
    page = render_template(
        "activities/one.html",
        record=record,
        entry=KINDS[record.kind],
        lines=lines_of(record, values),
        hides_patient=record.clinical is not None and not may_read_patient(actor, record),
        warnings=warnings_of(KINDS[record.kind], values),
        thin=thin_of([record])[record.id],
        beside=beside([record])[record.id],
        editions=editions_of(record),
        permits=permits_of(actor, record),
        pictures=[file for file in record.files if file.attachment.content_type in PICTURES],
        papers=[file for file in record.files if file.attachment.content_type not in PICTURES],
        **forms,
    )
    return page, max([form.status for form in submitted.values()], default=200)
