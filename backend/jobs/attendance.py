"""What taps need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.attendance.service import closing, weighing
from backend.domain.attendance.service.locations import drop_old_locations as drop_old
from backend.foundation import clock

log = structlog.get_logger(__name__)


def drop_old_locations() -> None:
    """Drop the raw places of taps that are past the days for which they are kept."""
    log.info("locations_dropped", taps=drop_old(clock.today()))


def weigh_new_taps() -> None:
    """Weigh what several taps tell together, of those that have arrived since the last run."""
    if marked := weighing.weigh_new_taps():
        log.info("taps_marked", taps=marked)


def weigh_taps_again() -> None:
    """Weigh the last three days once more, before their shifts are concluded."""
    log.info("taps_marked", taps=weighing.weigh_again())


def close_days() -> None:
    """Conclude the days whose cut-off for late uploads has passed."""
    log.info("days_closed", days=closing.close_days(clock.today()))


def chase_unsigned_timesheets() -> None:
    """Remind of timesheets that wait for a countersignature, and show the oldest to the bureau."""
    closing.chase_unsigned()
