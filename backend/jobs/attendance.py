"""What taps need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.attendance.service.locations import drop_old_locations as drop_old
from backend.foundation import clock

log = structlog.get_logger(__name__)


def drop_old_locations() -> None:
    """Drop the raw places of taps that are past the days for which they are kept."""
    log.info("locations_dropped", taps=drop_old(clock.today()))
