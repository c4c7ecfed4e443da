"""Roster imports (名册导入): upload, the check with what it found, the confirmation, the template."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.imports.models import RosterImport
from backend.domain.imports.queries import get_roster_import, list_roster_imports
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.imports.rules.status import RUNNING, STATUS_LABELS, ImportStatus
from backend.domain.imports.service import (
    confirm_roster_import,
    findings_workbook,
    roster_template,
    start_roster_import,
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
}


class UploadForm(FormSchema):
    """A file; it comes beside the fields of the form."""


@bp.get("")
def show_upload() -> Page:
    """Ask for a file, and show the imports so far."""
    return _upload_page(Form(UploadForm()))


@bp.post("")
def upload() -> Page:
    """Take a file; a job checks it."""
    form = Form.submitted(UploadForm())
    file = request.files.get("file")
    if form.is_valid and (file is None or not file.filename):
        form.refuse("请先选择要导入的文件。")
    if form.is_valid and file is not None:
        name, content = (file.filename or "").replace("\0", ""), file.read()
        started = form.attempt(lambda: start_roster_import(current_actor(), name, content))
        if started is not None:
            return redirect(url_for("console.imports.show", import_id=started.id))
    return _upload_page(form)


@bp.get("/template.xlsx")
def template() -> Response:
    """Give the workbook to fill in."""
    if not may_as_office(current_actor(), Action.WRITE, Resource.ROSTER_IMPORT):
        raise Forbidden
    return _workbook(roster_template(), "roster-template.xlsx")


@bp.get("/<uuid:import_id>")
def show(import_id: UUID) -> Page:
    """Show an import; while a job works on it, the page asks for its changing part alone."""
    return _page(get_roster_import(current_actor(), import_id), Form(UploadForm()))


@bp.post("/<uuid:import_id>/confirm")
def confirm(import_id: UUID) -> Page:
    """Let a job write what was checked."""
    form = Form.submitted(UploadForm())
    if form.is_valid and form.attempt(lambda: confirm_roster_import(current_actor(), import_id)) is not None:
        return redirect(url_for("console.imports.show", import_id=import_id))
    return _page(get_roster_import(current_actor(), import_id), form)


@bp.get("/<uuid:import_id>/findings.xlsx")
def findings(import_id: UUID) -> Response:
    """Give all that was found as a workbook, to work through beside the roster."""
    return _workbook(findings_workbook(get_roster_import(current_actor(), import_id)), "findings.xlsx")


def _page(shown: RosterImport, form: Form) -> Page:
    partial = request.headers.get("HX-Target") == "import"
    page = render_template(
        "imports/state.html" if partial else "imports/one.html",
        shown=shown,
        form=form,
        label=STATUS_LABELS[shown.status],
        look=_LOOKS.get(shown.status, "on"),
        running=shown.status in RUNNING,
        kinds=[(kind.value, form_of.title) for kind, form_of in FORMATS.items()],
        findings_shown=FINDINGS_SHOWN,
    )
    return page, form.status


def _upload_page(form: Form) -> Page:
    actor = current_actor()
    page = list_roster_imports(actor, page=Form.asked(PageForm()).data["page"], page_size=PAGE_SIZE)
    rendered = render_template("imports/list.html", form=form, page=page, labels=STATUS_LABELS, looks=_LOOKS)
    return rendered, form.status


def _workbook(content: bytes, name: str) -> Response:
    return Response(content, mimetype=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
