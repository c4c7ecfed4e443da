"""What accounts need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.accounts import service

log = structlog.get_logger(__name__)


def drop_old_sessions() -> None:
    """Drop the sessions that were over a month ago."""
    log.info("sessions_dropped", sessions=service.drop_old_sessions())
