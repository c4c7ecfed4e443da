"""Entering what an organisation reports of itself for a month, correcting it, and taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.activities.errors.indicators import IndicatorInvalid
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.queries.indicators import REPORTING, get_reporting, lock_indicator
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.indicators import TOO_LARGE, Indicator, most_of
from backend.domain.audit.service import record_event
from backend.domain.organisations.models import Organisation
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

LONGEST_SOURCE = 200
_ONE_A_MONTH = "institution_indicators_organisation_id_month_indicator_key"


def set_indicator(
    actor: Actor,
    organisation_id: UUID,
    *,
    month: date,
    indicator: Indicator,
    amount: Amount,
    source: str,
    version: int | None = None,
) -> InstitutionIndicator | None:
    """Keep what an organisation reports of a month; the audit trail keeps what was there before.

    An amount that is not reported takes back what was entered: a row says that there is a report. `version`: of what
    the actor saw, None where there was nothing.

    Raises:
        NotFound, Forbidden: as in get_reporting.
        IndicatorInvalid: the month is not over nor begun, the source is missing, or a bureau would report.
        StaleVersion: somebody else entered or changed it since.
    """
    with transaction() as session:
        organisation = get_reporting(actor, organisation_id, Action.WRITE)
        _refuse(organisation, month, indicator, amount, source)
        row = lock_indicator(organisation_id, month, indicator)
        if (row.version if row else None) != version:
            raise StaleVersion
        before = _told(row) if row else None
        if amount.value is None:
            if row is not None:
                _record(actor, row, before, None)
                session.delete(row)
            return None
        if row is None:
            row = InstitutionIndicator(
                id=new_id(), organisation_id=organisation_id, month=month, indicator=indicator, version=0
            )
            session.add(row)
        row.value, row.at_least, row.about = amount.value, amount.at_least, amount.about
        row.source, row.version = source, row.version + 1
        row.entered_by_person_id, row.entered_at = actor.person_id, clock.now()
        with refusals({_ONE_A_MONTH: StaleVersion}):
            session.flush()
        _record(actor, row, before, _told(row))
        return row


def _refuse(organisation: Organisation, month: date, indicator: Indicator, amount: Amount, source: str) -> None:
    wrong: dict[str, list[str]] = {}
    if organisation.kind not in REPORTING:
        wrong["organisation_id"] = ["这个单位不填报业务指标，请选择医院或卫生院。"]
    if month.day != 1 or month.year < 2000 or month > clock.today():
        wrong["month"] = ["只能填报本月和以前的月份。"]
    if amount.value is not None and not 0 <= amount.value <= most_of(indicator):
        wrong["value"] = [TOO_LARGE]
    if amount.value is not None and not source.strip():
        wrong["source"] = ["请写明数据来源，如报表名称。"]
    if len(source) > LONGEST_SOURCE:
        wrong["source"] = [f"不能超过{LONGEST_SOURCE}字。"]
    if wrong:
        raise IndicatorInvalid(fields=wrong)


def _told(row: InstitutionIndicator) -> dict[str, Any]:
    return {"value": row.value, "at_least": row.at_least, "about": row.about, "source": row.source}


def _record(
    actor: Actor, row: InstitutionIndicator, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    record_event(
        actor,
        "set_indicator" if after else "withdraw_indicator",
        "institution_indicator",
        row.id,
        organisation_id=row.organisation_id,
        month=row.month.isoformat(),
        indicator=row.indicator,
        before=before,
        after=after,
    )
