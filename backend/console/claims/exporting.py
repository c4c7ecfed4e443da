"""The claims of a list as one spreadsheet, which a job makes."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from backend.console.claims.blueprint import bp
from backend.console.claims.forms import FilterForm, filter_in
from backend.console.exports import address_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.subsidies.service.exports import request_claims
from backend.foundation.errors import Invalid


@bp.post("/exports")
def export() -> Response:
    """Ask for the file of what the list shows, all pages of it."""
    form = Form.submitted(FilterForm())
    if not form.is_valid:
        raise Invalid("筛选条件有误，请返回下乡补贴重新选择。")
    return redirect(address_of(request_claims(current_actor(), filter_in(form))))
