"""The blueprint of all pages about subsidies, and what their states and sums look like on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint
from markupsafe import Markup

from backend.console.words import state
from backend.domain.subsidies.rules.statuses import CLAIM_STATUS_LABELS, DECISION_LABELS, ClaimStatus
from backend.foundation.money import yuan

bp = Blueprint("claims", __name__, url_prefix="/claims")

_STATUSES = {
    ClaimStatus.DRAFT: "calm",
    ClaimStatus.SUBMITTED: "on",
    ClaimStatus.RETURNED: "warn",
    ClaimStatus.REJECTED: "bad",
    ClaimStatus.APPROVED: "good",
    ClaimStatus.PAYING: "away",
    ClaimStatus.PAID: "good",
}
_MOVE = (("j", "下一笔"), ("k", "上一笔"))
_DESK_KEYS = (
    *_MOVE,
    ("x", "选择或取消"),
    ("Enter", "打开"),
    ("a", "同意所选（先列出，再确认）"),
    ("r", "退回"),
)
_CONFIRM_KEYS = (*_MOVE, ("Enter", "打开"), ("a", "确认同意"), ("r", "退回其中一笔"))
_ONE_KEYS = (("a", "同意"), ("r", "退回"), ("Enter", "确认"), ("j", "下一笔待审批"), ("k", "上一笔"))


@bp.app_template_filter("month_label")
def month_label(value: date) -> str:
    """Return 2026年10月."""
    return f"{value.year}年{value.month}月"


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "claim_state": claim_state,
        "claim_status_label": CLAIM_STATUS_LABELS.__getitem__,
        "decision_label": DECISION_LABELS.__getitem__,
        "yuan": yuan,
        "signed_yuan": signed_yuan,
        "change_text": change_text,
        "read_keys": (*_MOVE, ("Enter", "打开")),
        "desk_keys": _DESK_KEYS,
        "confirm_keys": _CONFIRM_KEYS,
        "one_keys": _ONE_KEYS,
    }


def claim_state(value: ClaimStatus) -> Markup:
    """Return where a claim stands."""
    return state(CLAIM_STATUS_LABELS[value], _STATUSES[value])


def signed_yuan(fen: int) -> str:
    """Return a difference in yuan, with its sign."""
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


def change_text(fen: int, before: int) -> str:
    """Return by how many per cent a sum differs from the one before, which is not 0."""
    return f"{round(100 * (fen - before) / abs(before)):+d}%"
