"""Spot checks of each week: drawn, sent, and over."""

from __future__ import annotations

from secrets import SystemRandom

import structlog

from backend.domain.attendance.service import spot_check_rounds as rounds

log = structlog.get_logger(__name__)


def plan_spot_checks() -> None:
    """Draw who is asked this week, where that has not been done; nobody can foresee the draw."""
    log.info("spot_checks_planned", spot_checks=rounds.plan_spot_checks(SystemRandom()))


def run_spot_checks() -> None:
    """Send the spot checks that are due, hear which have arrived, and close those whose time is over."""
    sent, received = rounds.send_due_spot_checks(), rounds.receive_told_spot_checks()
    log.info("spot_checks_run", sent=sent, received=received, lapsed=rounds.lapse_spot_checks())
