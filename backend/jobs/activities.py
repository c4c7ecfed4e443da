"""What records of activities need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.activities.service import signing_notices

log = structlog.get_logger(__name__)


def remind_signers() -> None:
    """Tell who countersigns how many records wait for them."""
    log.info("signers_reminded", people=signing_notices.remind_signers())
