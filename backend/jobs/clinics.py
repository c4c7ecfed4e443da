"""What clinics need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.clinics.service import conflicts, reminders

log = structlog.get_logger(__name__)


def owe_reminders() -> None:
    """Remind patients the evening before a visit and two hours before it."""
    if owed := reminders.owe_reminders():
        log.info("reminders_owed", reminders=owed)


def sweep_conflicts() -> None:
    """Tell offices of clinics whose expert cannot be there."""
    if found := conflicts.owe_conflict_notices():
        log.info("clinics_in_conflict", clinics=found)
