"""The blueprint of all pages about clinics, and the words that they share."""

from typing import Any

from flask import Blueprint

from backend.domain.clinics.rules.planning import CHANNEL_LABELS, Channel
from backend.domain.clinics.rules.wording import fee_label

bp = Blueprint("clinics", __name__, url_prefix="/clinics")


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"channels": list(Channel), "channel_label": CHANNEL_LABELS.__getitem__, "fee_label": fee_label}
