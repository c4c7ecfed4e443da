"""Reconciling by night: what does not agree is told to finance, and kept."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import structlog
from sqlalchemy import select

from backend.domain.accounts.queries import holders_of
from backend.domain.audit.service import record_event
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.queries.reconciliation import Reconciliation, reconcile
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Role
from backend.foundation.transaction import transaction

log = structlog.get_logger(__name__)


def reconcile_recent() -> list[Reconciliation]:
    """Reconcile this year and the last; what does not agree is logged, kept and told to finance, once a day."""
    this_year = clock.today().year
    found = [reconcile(year) for year in (this_year - 1, this_year)]
    for reconciliation in found:
        if not reconciliation.is_clean:
            _alarm(reconciliation)
    return found


def _alarm(reconciliation: Reconciliation) -> None:
    kinds = Counter(str(finding.mismatch) for finding in reconciliation.findings)
    log.error("subsidy_mismatch", year=reconciliation.year, found=reconciliation.found, **kinds)
    claims = [finding.claim_id for finding in reconciliation.findings]
    of_claims = select(SubsidyClaim.supporting_id).where(SubsidyClaim.id.in_(claims)).distinct()
    with transaction():
        hospitals = list(db.session.scalars(of_claims))
        for hospital in hospitals:
            record_event(
                SYSTEM,
                "find_subsidy_mismatch",
                "organisation",
                hospital,
                organisation_id=hospital,
                year=reconciliation.year,
                found=reconciliation.found,
            )
        owe_notices([owed for hospital in hospitals for owed in _notices(hospital, reconciliation)])


def _notices(hospital: UUID, reconciliation: Reconciliation) -> list[Owed]:
    body = f"{reconciliation.year}年的补贴对账发现不一致，请到管理后台“补贴对账”查看并处理。"
    notice = Notice(NoticeKind.SUBSIDY_MISMATCH, "补贴对账不一致", body)
    today = clock.today()
    return [
        Owed(person_id=person_id, notice=notice, dedupe_key=f"{notice.kind}:{reconciliation.year}:{today}:{person_id}")
        for person_id in holders_of(Role.FINANCE, hospital)
    ]
