"""A year reconciled (补贴对账): sums by state, what is owed, and whatever does not agree."""

from __future__ import annotations

from flask import render_template

from backend.console.claims.blueprint import bp
from backend.console.claims.forms import YearForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.subsidies.queries.checking import check_year
from backend.domain.subsidies.queries.reconciliation import Mismatch
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.foundation import clock

_COUNTED = frozenset({Mismatch.IN_FORCE})
"""Of what does not agree, that of which the two figures are no sums."""


@bp.get("/reconciliation")
def show_reconciliation() -> str:
    """Show whether the sums of a year agree, of this year unless told otherwise."""
    form = Form.asked(YearForm())
    checked = check_year(current_actor(), form.data.get("year") or clock.today().year)
    reconciliation = checked.reconciliation
    return render_template(
        "claims/reconciliation.html",
        reconciliation=reconciliation,
        claims=checked.claims,
        statuses=tuple(ClaimStatus),
        counted=[sums for status, sums in reconciliation.by_state.items() if status is not ClaimStatus.REJECTED],
        is_sum=lambda finding: finding.mismatch not in _COUNTED,
    )
