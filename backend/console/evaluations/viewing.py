"""One evaluation, whole: what the record says, what was written, and what whoever looks may do."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from werkzeug.wrappers import Response

from backend.console.evaluations.blueprint import bp
from backend.console.evaluations.forms import AnswerForm, PartForm, ReasonForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.accounts.queries import names_of
from backend.domain.audit.queries import events_about
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.queries.evaluations import (
    draft_of_part,
    get_evaluation,
    rights_to_evaluation,
    written_parts,
)
from backend.domain.careers.queries.facts import facts_of
from backend.domain.careers.rules.evaluations import (
    EVALUATION_STATUS_LABELS,
    GRADE_LABELS,
    MAY_GRADE,
    MUST_GRADE,
    PART_LABELS,
    TURN_LABELS,
    Grade,
    Part,
    part_of,
    why_not_completed,
)
from backend.foundation import clock

Page = tuple[str, int] | Response


@bp.get("/<uuid:evaluation_id>")
def show(evaluation_id: UUID) -> Page:
    """Show an evaluation."""
    return evaluation_page(get_evaluation(current_actor(), evaluation_id))


def evaluation_page(evaluation: Evaluation, **forms: Form) -> Page:
    """Return the page of an evaluation, with a form that was refused if there is one."""
    refused = next(iter(forms.values()), None)
    facts, part = facts_of(evaluation), part_of(evaluation.status)
    events = events_about("evaluation", evaluation.id)
    page = render_template(
        "evaluations/one.html",
        evaluation=evaluation,
        facts=facts,
        parts=written_parts(evaluation),
        part=part,
        needs_signer=part is Part.DEPARTMENT,
        rights=rights_to_evaluation(current_actor(), evaluation),
        why_not_completed=why_not_completed(evaluation.dispatch.ends_on, clock.today(), facts.months_open),
        may_grade=part in MAY_GRADE,
        must_grade=part in MUST_GRADE,
        grades=[(grade.value, GRADE_LABELS[grade]) for grade in Grade],
        grade_labels=GRADE_LABELS,
        labels=EVALUATION_STATUS_LABELS,
        part_labels=PART_LABELS,
        turns=TURN_LABELS,
        events=events,
        names=names_of(event.person_id for event in events if event.person_id),
        part_form=forms.get("part_form") or _part_form(evaluation),
        return_form=forms.get("return_form") or Form(ReasonForm()),
        object_form=forms.get("object_form") or Form(ReasonForm()),
        answer_form=forms.get("answer_form") or Form(AnswerForm()),
        refused=refused,
    )
    return page, refused.status if refused else 200


def _part_form(evaluation: Evaluation) -> Form:
    """Return the form of the part that is to be written, with what stood there before it came back."""
    before = draft_of_part(evaluation)
    presets = {name: getattr(evaluation, name) for name in ("education", "specialty", "title_applied")}
    if before is not None:
        presets |= {
            "opinion": before.opinion,
            "grade": before.grade.value if before.grade else None,
            "signer_name": before.signer_name if before.part is Part.DEPARTMENT else None,
        }
    return Form(PartForm(), **presets)
