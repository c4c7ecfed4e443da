"""What subsidies need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.subsidies.service import adjustment_claims, claims, drafting, reconciling

log = structlog.get_logger(__name__)


def draft_subsidy_claims() -> None:
    """Draft the claims of the months that have been countersigned since, and whose rules have been approved."""
    drafted = 0
    while batch := drafting.draft_claims():
        drafted += batch
    if drafted:
        log.info("subsidy_claims_drafted", claims=drafted)


def draft_subsidy_adjustments() -> None:
    """Draft claims of differences for which no next month comes, and hand in what is owed back."""
    log.info("subsidy_adjustments_drafted", claims=adjustment_claims.draft_adjustments())
    log.info("subsidy_claims_owed_handed_in", claims=claims.hand_in_owed())


def reconcile_subsidies() -> None:
    """Compare what is paid, owed and taken back with the sum of the lines; tell finance where it does not agree."""
    found = reconciling.reconcile_recent()
    log.info("subsidies_reconciled", mismatches=sum(reconciliation.found for reconciliation in found))
