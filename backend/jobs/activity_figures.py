"""What figures of activities need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.activities.service import rolling

log = structlog.get_logger(__name__)


def fold_activity_figures() -> None:
    """Fold what has changed since the last run into the figures of months and years."""
    if folded := rolling.fold_figures():
        log.info("activity_figures_folded", changes=folded)
