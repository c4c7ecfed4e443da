"""The pages of promotion, and the words that they share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from backend.console.words.promotion import verdict_state
from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.rules.eligibility import arithmetic_of, total_of
from backend.domain.careers.rules.service_days import EXCLUDED_LABELS

bp = Blueprint("promotion", __name__, url_prefix="/promotion")
Page = str | tuple[str, int] | Response


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "verdict_state": verdict_state,
        "days_text": days_text,
        "sentence_of": sentence_of,
        "arithmetic_of": arithmetic_of,
        "total_of": total_of,
        "excluded_label": EXCLUDED_LABELS.__getitem__,
    }
