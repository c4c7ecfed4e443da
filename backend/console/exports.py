"""Files that were asked for: how far each is, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console.gate import current_actor
from backend.domain.exports.models import Export
from backend.domain.exports.rules import ExportKind, ExportStatus
from backend.domain.exports.service import get_export, open_export, request_again
from backend.foundation.downloads import content_disposition

bp = Blueprint("exports", __name__, url_prefix="/exports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE_BYTES = 64 * 1024
_UNITS = {
    ExportKind.TIMESHEET: "份",
    ExportKind.ACTIVITY: "条",
    ExportKind.SUBSIDY: "笔",
    ExportKind.PROMOTION: "人",
}


@bp.get("/<uuid:export_id>")
def show(export_id: UUID) -> str:
    """Show how far a file is; while the job makes it, the page asks for its changing part alone."""
    shown = get_export(current_actor(), export_id)
    partial = request.headers.get("HX-Target") == "export"
    label, address = _where_from(shown)
    return render_template(
        "exports/state.html" if partial else "exports/one.html",
        shown=shown,
        unit=_UNITS[shown.kind],
        list_label=label,
        list_address=address,
        running=shown.status is ExportStatus.REQUESTED,
        failed=shown.status is ExportStatus.FAILED,
    )


@bp.post("/<uuid:export_id>/again")
def ask_again(export_id: UUID) -> AnyResponse:
    """Ask for the same file anew."""
    return redirect(address_of(request_again(current_actor(), export_id)))


@bp.get("/<uuid:export_id>/file.xlsx")
def download(export_id: UUID) -> Response:
    """Give the file."""
    actor = current_actor()
    name = f"{get_export(actor, export_id).name}.xlsx"
    file = open_export(actor, export_id)
    response = Response(_pieces(file), mimetype=XLSX, headers={"Content-Disposition": content_disposition(name)})
    response.call_on_close(file.close)  # whoever leaves early, or asks for the head alone
    return response


def address_of(export: Export) -> str:
    """Return the address of an export's page."""
    return url_for("console.exports.show", export_id=export.id)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _where_from(export: Export) -> tuple[str, str]:
    """Return the label and the address of the list that a file is of."""
    match export.kind:
        case ExportKind.TIMESHEET:
            return "考勤表", url_for("console.timesheets.show_list", month=export.parameters["month"][:7])
        case ExportKind.ACTIVITY:
            return "工作日志", url_for("console.activities.show_list", **export.parameters)
        case ExportKind.SUBSIDY:
            return "下乡补贴", url_for("console.claims.show_list", **{"waiting": "false", **export.parameters})
        case ExportKind.PROMOTION:
            return "晋升资格", url_for("console.promotion.show_list", **export.parameters)
