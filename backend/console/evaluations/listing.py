"""The list of evaluations: what waits for whoever looks, unless told otherwise."""

from __future__ import annotations

from flask import render_template

from backend.console.evaluations.blueprint import PAGE_SIZE, bp
from backend.console.evaluations.forms import ALL, WAITING, ListForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.careers.queries.evaluations import EvaluationFilters, list_evaluations
from backend.domain.careers.rules.evaluations import (
    EVALUATION_STATUS_LABELS,
    GRADE_LABELS,
    TURN_LABELS,
    EvaluationStatus,
)


@bp.get("")
def show_list() -> str:
    """Show the evaluations."""
    form = Form.asked(ListForm())
    status, text = form.data["status"], form.data["text"]
    filters = EvaluationFilters(
        waiting=status == WAITING,
        status=EvaluationStatus(status) if status not in (WAITING, ALL) else None,
        text=text,
    )
    page = list_evaluations(current_actor(), filters, page=form.data["page"], page_size=PAGE_SIZE)
    return render_template(
        "evaluations/list.html",
        page=page,
        filters=form,
        statuses=[(WAITING, "待我办理"), *((one.value, EVALUATION_STATUS_LABELS[one]) for one in EvaluationStatus)],
        labels=EVALUATION_STATUS_LABELS,
        grades=GRADE_LABELS,
        turns=TURN_LABELS,
        kept={"status": status, **({"text": text} if text else {})},
    )
