"""What the personnel office enters about somebody: earlier service, refusals, certificates; and their papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.console.promotion.blueprint import Page, bp
from backend.console.promotion.forms import IssueForm, PaperForm, RefusalForm, RevokeForm, ServiceForm, WithdrawForm
from backend.console.promotion.viewing import address_of_person, person_page
from backend.domain.access.rules import Action
from backend.domain.careers.printing.certificate import write_certificate
from backend.domain.careers.queries.papers import get_certificate, get_refusal, get_service
from backend.domain.careers.rules.drafts import ServiceDraft
from backend.domain.careers.service.certificates import (
    issue_certificate,
    printed_certificate,
    readable_certificate,
    revoke_certificate,
)
from backend.domain.careers.service.earlier_services import (
    Upload,
    enter_service,
    file_service_paper,
    read_service_paper,
    withdraw_service,
    writable_person,
)
from backend.domain.careers.service.refusals import record_refusal, withdraw_refusal
from backend.foundation.downloads import content_disposition


@bp.post("/people/<uuid:person_id>/services")
def enter(person_id: UUID) -> Page:
    """Enter service from a paper, with the paper or without."""
    actor, form = current_actor(), Form.submitted(ServiceForm())
    writable_person(actor, person_id)
    if form.is_valid:
        draft, paper = ServiceDraft(**form.data), _uploaded()
        if form.attempt(lambda: enter_service(actor, person_id, draft, paper)) is not None:
            flash("经历已登记并计入。" if paper else "经历已登记；上传证明材料后才计入。", "done")
            return redirect(address_of_person(person_id))
    return person_page(person_id, service_form=form)


@bp.post("/services/<uuid:service_id>/paper")
def file_paper(service_id: UUID) -> Page:
    """Add the paper to service that was entered without."""
    actor, form, paper = current_actor(), Form.submitted(PaperForm()), _uploaded()
    person_id = get_service(actor, service_id, Action.WRITE).person_id
    if form.is_valid and paper is None:
        form.refuse("请先选择文件。")
    if form.is_valid and paper is not None:
        kept: Upload = paper
        if form.attempt(lambda: file_service_paper(actor, service_id, kept)) is not None:
            flash("证明材料已上传，该段经历已计入。", "done")
            return redirect(address_of_person(person_id))
    return person_page(person_id, refused=form)


@bp.get("/services/<uuid:service_id>/paper")
def show_paper(service_id: UUID) -> Response:
    """Give the paper of service that was entered."""
    file = read_service_paper(current_actor(), service_id)
    return _file(file.content, file.content_type, file.filename)


@bp.post("/services/<uuid:service_id>/withdraw")
def withdraw(service_id: UUID) -> Page:
    """Take service back that was entered."""
    actor = current_actor()
    person_id = get_service(actor, service_id, Action.WRITE).person_id
    return _act(person_id, WithdrawForm(), lambda _given: withdraw_service(actor, service_id), "经历已撤销，不再计入。")


@bp.post("/people/<uuid:person_id>/refusals")
def refuse(person_id: UUID) -> Page:
    """Record that somebody refused to go."""
    actor, form = current_actor(), Form.submitted(RefusalForm())
    writable_person(actor, person_id)
    if form.is_valid:
        given = form.data
        if form.attempt(lambda: record_refusal(actor, person_id, given["refused_on"], reason=given["reason"])):
            flash("已记录拒绝派驻。", "done")
            return redirect(address_of_person(person_id))
    return person_page(person_id, refusal_form=form)


@bp.post("/refusals/<uuid:refusal_id>/withdraw")
def withdraw_a_refusal(refusal_id: UUID) -> Page:
    """Take a recorded refusal back."""
    actor = current_actor()
    person_id = get_refusal(actor, refusal_id, Action.WRITE).person_id
    return _act(person_id, WithdrawForm(), lambda _given: withdraw_refusal(actor, refusal_id), "拒绝记录已撤销。")


@bp.post("/people/<uuid:person_id>/certificates")
def issue(person_id: UUID) -> Page:
    """Issue a certificate of service as of today."""
    actor = current_actor()
    writable_person(actor, person_id)
    done = "服务证明已出具，已通知本人。"
    return _act(person_id, IssueForm(), lambda given: issue_certificate(actor, person_id, given["title"]), done)


@bp.get("/certificates/<uuid:certificate_id>.pdf")
def show_certificate(certificate_id: UUID) -> Response:
    """Give a certificate to print; a revoked one says so across the page."""
    certificate = readable_certificate(current_actor(), certificate_id)
    verify_at = url_for("console.verification.show", _external=True) + "?code="
    name = f"服务证明-{certificate.facts['person']['name']}-{certificate.title}.pdf"
    return _file(write_certificate(printed_certificate(certificate, verify_at=verify_at)), "application/pdf", name)


@bp.post("/certificates/<uuid:certificate_id>/revoke")
def revoke(certificate_id: UUID) -> Page:
    """Revoke a certificate."""
    actor = current_actor()
    person_id = get_certificate(actor, certificate_id, Action.WRITE).person_id
    done = "服务证明已作废，核验时会显示作废。"
    return _act(person_id, RevokeForm(), lambda given: revoke_certificate(actor, certificate_id, **given), done)


def _act(person_id: UUID, schema: FormSchema, act: Callable[[dict[str, Any]], object], done: str) -> Page:
    form = Form.submitted(schema)
    if form.is_valid and form.attempt(lambda: act(form.data)) is not None:
        flash(done, "done")
        return redirect(address_of_person(person_id))
    return person_page(person_id, refused=form)


def _uploaded() -> Upload | None:
    file = request.files.get("file")
    return (file.filename, file.read()) if file is not None and file.filename else None


def _file(content: bytes, content_type: str, filename: str) -> Response:
    return Response(content, mimetype=content_type, headers={"Content-Disposition": content_disposition(filename)})
