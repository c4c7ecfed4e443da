"""Places that are held for a while, and who waits for one."""

from __future__ import annotations

import structlog

from backend.domain.clinics.service import offers

log = structlog.get_logger(__name__)


def run_waitlists() -> None:
    """End the offers whose time is over, and ask whoever waits where a place is free."""
    lapsed, offered = offers.lapse_offers(), offers.serve_waiters()
    if lapsed or offered:
        log.info("waitlists_run", lapsed=lapsed, offered=offered)
