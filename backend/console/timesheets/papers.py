"""The paper of a month: its printed form, and the scan of it once it is signed and stamped."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.timesheets.blueprint import bp, month_of_path
from backend.console.timesheets.forms import ScanForm
from backend.console.timesheets.viewing import address_of, sheet_of, sheet_page
from backend.domain.attendance.printing.pdf import write_pdf
from backend.domain.attendance.printing.sheet import PrintedTimesheet
from backend.domain.attendance.printing.xlsx import write_xlsx
from backend.domain.attendance.queries.timesheets import get_sheet
from backend.domain.attendance.service.forms import printed_form
from backend.domain.attendance.service.scans import file_scan, read_scan
from backend.foundation.downloads import content_disposition

Page = str | tuple[str, int] | AnyResponse
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/<uuid:dispatch_id>/<month>/form.pdf")
def show_pdf(dispatch_id: UUID, month: str) -> Response:
    """Give the form to print and sign; before it is countersigned it says that it is not valid."""
    form = _printed(dispatch_id, month)
    return file_response(write_pdf(form), "application/pdf", f"{_name(form)}.pdf")


@bp.get("/<uuid:dispatch_id>/<month>/form.xlsx")
def show_xlsx(dispatch_id: UUID, month: str) -> Response:
    """Give the form as a spreadsheet."""
    form = _printed(dispatch_id, month)
    return file_response(write_xlsx(form), XLSX, f"{_name(form)}.xlsx")


@bp.get("/<uuid:timesheet_id>/scan")
def show_scan(timesheet_id: UUID) -> Response:
    """Give the scan of the signed paper."""
    scan = read_scan(current_actor(), timesheet_id)
    return file_response(scan.content, scan.content_type, scan.filename)


@bp.post("/<uuid:timesheet_id>/scan")
def add_scan(timesheet_id: UUID) -> Page:
    """Take the scan of the signed paper; a later one takes its place."""
    actor, form = current_actor(), Form.submitted(ScanForm())
    file = request.files.get("file")
    if form.is_valid and (file is None or not file.filename):
        form.refuse("请先选择扫描件。")
    if form.is_valid and file is not None:
        name, content = file.filename or "", file.read()
        filed = form.attempt(lambda: file_scan(actor, timesheet_id, name, content))
        if filed is not None:
            flash("扫描件已上传。", "done")
            return redirect(address_of(filed.dispatch_id, filed.month))
    return sheet_page(sheet_of(timesheet_id), scan_form=form), form.status


def file_response(content: bytes, content_type: str, filename: str) -> Response:
    """Return a file to be saved under its name."""
    return Response(content, mimetype=content_type, headers={"Content-Disposition": content_disposition(filename)})


def _printed(dispatch_id: UUID, month: str) -> PrintedTimesheet:
    sheet = get_sheet(current_actor(), dispatch_id, month_of_path(month))
    return printed_form(sheet, verify_at=url_for("console.verification.show", _external=True) + "?code=")


def _name(form: PrintedTimesheet) -> str:
    return f"考勤表-{form.person_name}-{form.year}-{form.month:02d}"
