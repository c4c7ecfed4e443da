"""What closed clinics need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.clinics.service import calls

log = structlog.get_logger(__name__)


def remind_of_calls() -> None:
    """Tell those who are to call that somebody could not be told, or has not answered."""
    if closures := calls.remind_of_calls():
        log.info("calls_waiting", closures=closures)
