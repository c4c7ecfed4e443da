"""What records of activities need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.activities.service import reminding, signing_notices

log = structlog.get_logger(__name__)


def remind_signers() -> None:
    """Tell who countersigns how many records wait for them."""
    log.info("signers_reminded", people=signing_notices.remind_signers())


def remind_of_weeks() -> None:
    """Tell people what is missing in their week, while there is a working day left."""
    if told := reminding.owe_week_reminders():
        log.info("weeks_incomplete", people=told)
