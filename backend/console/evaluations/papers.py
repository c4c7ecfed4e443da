"""The paper of an evaluation: to print, or to go on with in Word."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from backend.console.evaluations.blueprint import bp
from backend.console.gate import current_actor
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.printing.docx import DOCX, write_evaluation_docx
from backend.domain.careers.printing.evaluation import PrintedEvaluation
from backend.domain.careers.printing.pdf import write_evaluation_pdf
from backend.domain.careers.queries.evaluations import get_evaluation
from backend.domain.careers.service.forms import printed_evaluation
from backend.foundation.downloads import content_disposition


@bp.get("/<uuid:evaluation_id>/form.pdf")
def show_pdf(evaluation_id: UUID) -> Response:
    """Give the form to print; before it is completed it says that it is not valid."""
    evaluation = get_evaluation(current_actor(), evaluation_id)
    return _file(evaluation, write_evaluation_pdf(_printed(evaluation)), "application/pdf", "pdf")


@bp.get("/<uuid:evaluation_id>/form.docx")
def show_docx(evaluation_id: UUID) -> Response:
    """Give the form as a Word document."""
    evaluation = get_evaluation(current_actor(), evaluation_id)
    return _file(evaluation, write_evaluation_docx(_printed(evaluation)), DOCX, "docx")


def _printed(evaluation: Evaluation) -> PrintedEvaluation:
    verify_at = url_for("console.verification.show", _external=True) + "?code="
    return printed_evaluation(evaluation, verify_at=verify_at)


def _file(evaluation: Evaluation, content: bytes, content_type: str, ending: str) -> Response:
    name = f"鉴定表-{evaluation.person.name}-{evaluation.dispatch.ends_on}.{ending}"
    return Response(content, mimetype=content_type, headers={"Content-Disposition": content_disposition(name)})
