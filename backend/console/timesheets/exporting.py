"""A month of everybody in sight as one spreadsheet, which a job makes."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.timesheets.blueprint import bp, month_in_path
from backend.console.timesheets.forms import ExportForm
from backend.console.timesheets.papers import XLSX, file_response
from backend.domain.attendance.rules.timesheets import ExportStatus
from backend.domain.attendance.service.exports import get_export, open_export, request_export
from backend.foundation.errors import Invalid

Page = str | tuple[str, int] | AnyResponse


@bp.post("/exports")
def export() -> Page:
    """Ask for the file of a month."""
    form = Form.submitted(ExportForm())
    if not form.is_valid:
        raise Invalid("请先选择要导出的月份。")
    asked = request_export(current_actor(), form.data["month"])
    return redirect(url_for("console.timesheets.show_export", export_id=asked.id))


@bp.get("/exports/<uuid:export_id>")
def show_export(export_id: UUID) -> str:
    """Show how far a file is; while the job makes it, the page asks for its changing part alone."""
    shown = get_export(current_actor(), export_id)
    partial = request.headers.get("HX-Target") == "export"
    return render_template(
        "timesheets/export_state.html" if partial else "timesheets/export.html",
        shown=shown,
        month=shown.month,
        month_value=month_in_path(shown.month),
        running=shown.status is ExportStatus.REQUESTED,
        failed=shown.status is ExportStatus.FAILED,
    )


@bp.get("/exports/<uuid:export_id>/file.xlsx")
def download_export(export_id: UUID) -> Response:
    """Give the file."""
    actor = current_actor()
    name = f"考勤表-{month_in_path(get_export(actor, export_id).month)}.xlsx"
    return file_response(open_export(actor, export_id), XLSX, name)
