"""Writing a part, giving it back, signing, objecting, and answering that."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from backend.console.evaluations.blueprint import bp
from backend.console.evaluations.forms import AnswerForm, PartForm, ReasonForm, VersionForm
from backend.console.evaluations.viewing import evaluation_page
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.queries.evaluations import get_evaluation
from backend.domain.careers.rules.evaluations import EVALUATION_STATUS_LABELS
from backend.domain.careers.service.evaluations import (
    Words,
    answer_objection,
    object_to_evaluation,
    return_part,
    sign_evaluation,
    write_part,
)

Page = tuple[str, int] | Response


@bp.post("/<uuid:evaluation_id>/part")
def write(evaluation_id: UUID) -> Page:
    """Write the part whose turn it is."""
    actor, form = current_actor(), Form.submitted(PartForm())
    words = {name: value for name, value in form.data.items() if name != "version"}
    return _do(
        evaluation_id, form, "part_form", lambda: write_part(actor, evaluation_id, form.data["version"], Words(**words))
    )


@bp.post("/<uuid:evaluation_id>/return")
def give_back(evaluation_id: UUID) -> Page:
    """Give it back to whoever wrote before."""
    actor, form = current_actor(), Form.submitted(ReasonForm())
    return _do(evaluation_id, form, "return_form", lambda: return_part(actor, evaluation_id, **form.data))


@bp.post("/<uuid:evaluation_id>/sign")
def sign(evaluation_id: UUID) -> Page:
    """Sign one's own."""
    actor, form = current_actor(), Form.submitted(VersionForm())
    return _do(evaluation_id, form, "sign_form", lambda: sign_evaluation(actor, evaluation_id, **form.data))


@bp.post("/<uuid:evaluation_id>/object")
def raise_objection(evaluation_id: UUID) -> Page:
    """Object to one's own."""
    actor, form = current_actor(), Form.submitted(ReasonForm())
    return _do(evaluation_id, form, "object_form", lambda: object_to_evaluation(actor, evaluation_id, **form.data))


@bp.post("/<uuid:evaluation_id>/answer")
def answer(evaluation_id: UUID) -> Page:
    """Answer an objection."""
    actor, form = current_actor(), Form.submitted(AnswerForm())
    return _do(
        evaluation_id,
        form,
        "answer_form",
        lambda: answer_objection(
            actor,
            evaluation_id,
            form.data["version"],
            answer=form.data["answer"],
            revise=form.data["outcome"] == "revise",
        ),
    )


def _do(evaluation_id: UUID, form: Form, name: str, act: Callable[[], Evaluation]) -> Page:
    done = form.attempt(act) if form.is_valid else None
    if done is None:
        return evaluation_page(get_evaluation(current_actor(), evaluation_id), **{name: form})
    flash(f"已办理：{EVALUATION_STATUS_LABELS[done.status]}。", "done")
    return redirect(url_for("console.evaluations.show", evaluation_id=evaluation_id))
