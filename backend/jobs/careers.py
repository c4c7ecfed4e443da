"""What careers need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.careers.service import opening

log = structlog.get_logger(__name__)


def open_evaluations() -> None:
    """Open the evaluations of dispatches that end soon, or have ended."""
    if opened := opening.open_evaluations():
        log.info("evaluations_opened", evaluations=opened)
