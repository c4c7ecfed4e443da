"""Entering the working calendar of a year that has been published and is not built in yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.organisations.errors import CalendarInvalid, CalendarPublished
from backend.domain.organisations.models import CalendarYear
from backend.domain.organisations.queries import (
    find_calendar_year,
    get_organisation,
    parties_to_own,
    require_right,
)
from backend.domain.organisations.rules.working_days import is_published, why_not_year
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


@dataclass(frozen=True, kw_only=True)
class YearDraft:
    """The days of a year that differ from an ordinary week, and the document that says so."""

    year: int
    free_days: Collection[date]
    worked_days: Collection[date]
    document_title: str
    document_number: str


def enter_calendar_year(actor: Actor, organisation_id: UUID, draft: YearDraft, version: int) -> CalendarYear:
    """Enter or change the working calendar of a year for an organisation and all below it; version 0 is a new one.

    What was there before stays in the audit trail.

    Raises:
        NotFound, Forbidden: as the who-sees-what table says.
        CalendarPublished: the library knows that year.
        CalendarInvalid: days of another year, no weekdays or no weekends, or no document.
        StaleVersion: somebody entered or changed it since this version was read.
    """
    with transaction() as session:
        get_organisation(organisation_id)
        require_right(actor, Action.WRITE, Resource.CALENDAR, parties_to_own(actor, organisation_id))
        if is_published(draft.year):
            raise CalendarPublished
        _check(draft)
        row = find_calendar_year(organisation_id, draft.year, for_update=True)
        if (row.version if row else 0) != version:
            raise StaleVersion
        before = _as_details(row) if row else None
        if row is None:
            row = CalendarYear(id=new_id(), organisation_id=organisation_id, year=draft.year, version=0)
            session.add(row)
        row.free_days, row.worked_days = sorted(set(draft.free_days)), sorted(set(draft.worked_days))
        row.document_title, row.document_number = draft.document_title.strip(), draft.document_number.strip()
        row.entered_by_person_id = actor.person_id
        row.version += 1
        with refusals({"calendar_years_organisation_id_year_key": StaleVersion}):
            session.flush()
        record_event(
            actor,
            "enter_calendar_year",
            "calendar_year",
            row.id,
            organisation_id=organisation_id,
            year=draft.year,
            **_as_details(row),
            before=before,
        )
        return row


def _as_details(row: CalendarYear) -> dict[str, Any]:
    return {
        "free_days": [day.isoformat() for day in row.free_days],
        "worked_days": [day.isoformat() for day in row.worked_days],
        "document_title": row.document_title,
        "document_number": row.document_number,
    }


def _check(draft: YearDraft) -> None:
    wrong = why_not_year(draft.year, draft.free_days, draft.worked_days)
    for name, text in (("document_title", draft.document_title), ("document_number", draft.document_number)):
        if not text.strip():
            wrong[name] = ["工作日历涉及考勤和待遇，必须写明依据文件和文号。"]
    if wrong:
        raise CalendarInvalid(fields=wrong)
