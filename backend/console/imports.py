"""Imports (表格导入) of rosters, old ledgers and indicators: upload, what the check found, confirmation, templates."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as AnyResponse

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.queries import get_import, kinds_for, list_imports
from backend.domain.imports.rules.formats import TITLES
from backend.domain.imports.rules.kinds import KIND_LABELS, ImportKind
from backend.domain.imports.rules.status import RUNNING, STATUS_LABELS, ImportStatus
from backend.domain.imports.service import (
    IMPORTERS,
    confirm_import,
    findings_workbook,
    start_import,
    withdraw_import,
)
from backend.foundation.errors import Forbidden

bp = Blueprint("imports", __name__, url_prefix="/imports")
PAGE_SIZE = 20
FINDINGS_SHOWN = 100
Page = tuple[str, int] | AnyResponse
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKS = {
    ImportStatus.CHECKED: "warn",
    ImportStatus.COMPLETED: "good",
    ImportStatus.REFUSED: "bad",
    ImportStatus.FAILED: "bad",
    ImportStatus.EXPIRED: "calm",
    ImportStatus.WITHDRAWN: "calm",
}


class UploadForm(FormSchema):
    """What a file brings; the file comes beside the fields of the form."""

    kind = fields.Enum(ImportKind, by_value=True, required=True)


class ConfirmForm(FormSchema):
    """Nothing but the button."""


class WithdrawForm(FormSchema):
    """Why what was imported is taken back."""

    reason = fields.String(required=True, validate=validate.Length(1, 200, error="请用200字以内说明原因。"))


class TemplateForm(FormSchema):
    """For what a workbook to fill in is asked."""

    kind = fields.Enum(ImportKind, by_value=True, load_default=ImportKind.ROSTER)


@bp.get("")
def show_upload() -> Page:
    """Ask for a file, and show the imports so far."""
    return _upload_page(Form.draft(UploadForm()))


@bp.post("")
def upload() -> Page:
    """Take a file; a job checks it."""
    form = Form.submitted(UploadForm())
    if form.is_valid and form.data["kind"] not in kinds_for(current_actor(), Action.WRITE):
        raise Forbidden
    file = request.files.get("file")
    if form.is_valid and (file is None or not file.filename):
        form.refuse("请先选择要导入的文件。")
    if form.is_valid and file is not None:
        name, content = (file.filename or "").replace("\0", ""), file.read()
        started = form.attempt(lambda: start_import(current_actor(), form.data["kind"], name, content))
        if started is not None:
            return redirect(url_for("console.imports.show", import_id=started.id))
    return _upload_page(form)


@bp.get("/template.xlsx")
def template() -> Response:
    """Give the workbook to fill in."""
    kind: ImportKind = Form.asked(TemplateForm()).data["kind"]
    if kind not in kinds_for(current_actor(), Action.WRITE):
        raise Forbidden
    return _workbook(IMPORTERS[kind].template(), f"{kind}-template.xlsx")


@bp.get("/<uuid:import_id>")
def show(import_id: UUID) -> Page:
    """Show an import; while a job works on it, the page asks for its changing part alone."""
    return _page(get_import(current_actor(), import_id), Form(ConfirmForm()))


@bp.post("/<uuid:import_id>/confirm")
def confirm(import_id: UUID) -> Page:
    """Let a job write what was checked."""
    form = Form.submitted(ConfirmForm())
    if form.is_valid and form.attempt(lambda: confirm_import(current_actor(), import_id)) is not None:
        return redirect(url_for("console.imports.show", import_id=import_id))
    return _page(get_import(current_actor(), import_id), form)


@bp.post("/<uuid:import_id>/withdraw")
def withdraw(import_id: UUID) -> Page:
    """Take back what an import of a ledger brought."""
    form = Form.submitted(WithdrawForm())
    found = get_import(current_actor(), import_id, Action.WRITE)
    if form.is_valid:
        taken_back = form.attempt(lambda: withdraw_import(current_actor(), import_id, form.data["reason"]))
        if taken_back is not None:
            flash(f"已撤回{taken_back}条记录，它们不再计入统计。", "done")
            return redirect(url_for("console.imports.show", import_id=import_id))
    return _page(found, form)


@bp.get("/<uuid:import_id>/findings.xlsx")
def findings(import_id: UUID) -> Response:
    """Give all that was found as a workbook, to work through beside the file."""
    return _workbook(findings_workbook(get_import(current_actor(), import_id)), "findings.xlsx")


def _page(shown: SpreadsheetImport, form: Form) -> Page:
    partial = request.headers.get("HX-Target") == "import"
    page = render_template(
        "imports/state.html" if partial else "imports/one.html",
        shown=shown,
        form=form,
        label=STATUS_LABELS[shown.status],
        look=_LOOKS.get(shown.status, "on"),
        running=shown.status in RUNNING,
        may_withdraw=_may_withdraw(shown),
        kind_label=KIND_LABELS[shown.kind],
        titles=[(kind.value, title) for kind, title in TITLES.items()],
        findings_shown=FINDINGS_SHOWN,
    )
    return page, form.status


def _may_withdraw(shown: SpreadsheetImport) -> bool:
    is_ledger = shown.kind is ImportKind.LEDGER and shown.kind in kinds_for(current_actor(), Action.WRITE)
    return is_ledger and shown.status is ImportStatus.COMPLETED


def _upload_page(form: Form) -> Page:
    actor = current_actor()
    page = list_imports(actor, page=Form.asked(PageForm()).data["page"], page_size=PAGE_SIZE)
    rendered = render_template(
        "imports/list.html",
        form=form,
        page=page,
        kinds=[(kind.value, KIND_LABELS[kind]) for kind in kinds_for(actor, Action.WRITE) if kind in IMPORTERS],
        kind_labels=KIND_LABELS,
        labels=STATUS_LABELS,
        looks=_LOOKS,
    )
    return rendered, form.status


def _workbook(content: bytes, name: str) -> Response:
    return Response(content, mimetype=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
