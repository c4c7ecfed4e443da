"""Entering what an organisation reports of itself for a month, correcting it, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.activities.errors.indicators import IndicatorInvalid
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.queries.indicators import REPORTING, amount_of, get_reporting, lock_indicator
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.indicators import TOO_LARGE, Indicator, most_of
from backend.domain.audit.service import record_event
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

LONGEST_SOURCE = 200
_ONE_A_MONTH = "institution_indicators_organisation_id_month_indicator_key"


@dataclass(frozen=True)
class MonthReport:
    """What is reported of one indicator; `version`: of what the actor saw, None where there was nothing."""

    amount: Amount
    source: str = ""
    version: int | None = None


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

    An amount that is not reported takes back what was entered: a row says that there is a report. What says the same
    again changes nothing. `version`: of what the actor saw, None where there was nothing.

    Raises:
        NotFound, Forbidden: as in get_reporting.
        IndicatorInvalid: the month has not begun, the value or its source cannot be right, or a bureau would report.
        StaleVersion: somebody else entered or changed it since.
    """
    report = MonthReport(amount, source.strip(), version)
    with transaction():
        organisation = get_reporting(actor, organisation_id, Action.WRITE)
        _refuse(organisation, month, indicator, report)
        row = lock_indicator(organisation_id, month, indicator)
        if (row.version if row else None) != version:
            raise StaleVersion
        if amount.value is None:
            if row is not None:
                _record(actor, row, _told(row), None)
                db.session.delete(row)
            return None
        if row is not None and (amount_of(row), row.source) == (amount, report.source):
            return row
        with refusals({_ONE_A_MONTH: StaleVersion}):
            return keep_report(actor, row or _new(organisation_id, month, indicator), report)


def set_month(
    actor: Actor, organisation_id: UUID, month: date, reports: Mapping[Indicator, MonthReport]
) -> list[InstitutionIndicator | None]:
    """Keep what an organisation reports of several indicators of a month, all or none.

    Raises:
        NotFound, Forbidden, StaleVersion: as in set_indicator.
        IndicatorInvalid: as in set_indicator; its fields are named indicator_value and indicator_source.
    """
    with transaction():
        return [_set_named(actor, organisation_id, month, indicator, report) for indicator, report in reports.items()]


def _set_named(
    actor: Actor, organisation_id: UUID, month: date, indicator: Indicator, report: MonthReport
) -> InstitutionIndicator | None:
    try:
        return set_indicator(
            actor,
            organisation_id,
            month=month,
            indicator=indicator,
            amount=report.amount,
            source=report.source,
            version=report.version,
        )
    except IndicatorInvalid as refused:
        fields = {
            f"{indicator}_{name}" if name in ("value", "source") else name: texts
            for name, texts in refused.fields.items()
        }
        raise IndicatorInvalid(fields=fields) from None


def _new(organisation_id: UUID, month: date, indicator: Indicator) -> InstitutionIndicator:
    return InstitutionIndicator(
        id=new_id(), organisation_id=organisation_id, month=month, indicator=indicator, version=0
    )


def keep_report(actor: Actor, row: InstitutionIndicator, report: MonthReport) -> InstitutionIndicator:
    """Write a report into a row, new or locked, in the present transaction; the audit trail keeps what it said before.

    Whoever calls has seen to it that the report may stand.
    """
    before = _told(row) if row.version else None
    row.value = report.amount.value or 0
    row.at_least, row.about = report.amount.at_least, report.amount.about
    row.source, row.version = report.source, row.version + 1
    row.entered_by_person_id, row.entered_at = actor.person_id, clock.now()
    db.session.add(row)
    _record(actor, row, before, _told(row))
    return row


def _refuse(organisation: Organisation, month: date, indicator: Indicator, report: MonthReport) -> None:
    value, source = report.amount.value, report.source
    wrong: dict[str, list[str]] = {}
    if organisation.kind not in REPORTING:
        wrong["organisation_id"] = ["这个单位不填报业务指标，请选择医院或卫生院。"]
    if month.day != 1 or month.year < 2000 or month > clock.today():
        wrong["month"] = ["只能填报本月和以前的月份。"]
    if value is not None and not 0 <= value <= most_of(indicator):
        wrong["value"] = [TOO_LARGE]
    if value is not None and not source:
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
