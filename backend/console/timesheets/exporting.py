"""A month of everybody in sight as one spreadsheet, which a job makes."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from backend.console.exports import address_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.timesheets.blueprint import bp
from backend.console.timesheets.forms import ExportForm
from backend.domain.attendance.service.exports import request_month
from backend.foundation.errors import Invalid


@bp.post("/exports")
def export() -> Response:
    """Ask for the file of a month."""
    form = Form.submitted(ExportForm())
    if not form.is_valid:
        raise Invalid("请先选择要导出的月份。")
    return redirect(address_of(request_month(current_actor(), form.data["month"])))
