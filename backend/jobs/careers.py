"""What careers need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.careers.service import leave_credits, opening

log = structlog.get_logger(__name__)


def open_evaluations() -> None:
    """Open the evaluations of dispatches that end soon, or have ended."""
    if opened := opening.open_evaluations():
        log.info("evaluations_opened", evaluations=opened)


def grant_earned_leave() -> None:
    """Grant the leave that completed dispatches earned."""
    if granted := leave_credits.grant_earned_leave():
        log.info("leave_granted", credits=granted)
