"""Last month by the real clock, which servers and phones share, as somebody who was sent lived it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.service.closing import close_day
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.models import CalendarYear
from backend.domain.organisations.rules.working_days import EnteredYear, WorkingCalendar, is_published
from backend.extensions import db
from backend.foundation import clock
from tests.support.county import County
from tests.support.factories import make_dispatch
from tests.support.timesheets import HALVES, make_tap, make_taps


@dataclass(frozen=True)
class LivedMonth:
    """Some working days at the township hospital, on each of which both halves were served but where told otherwise."""

    dispatch: Dispatch
    days: list[date]
    doubtful: CheckIn | None = None

    @property
    def month(self) -> date:
        """Its first day."""
        return self.days[0].replace(day=1)


def working_days_of_last_month(count: int) -> list[date]:
    """Return the first working days of last month."""
    first = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    days = [first + timedelta(days=number) for number in range(28)]
    calendar = WorkingCalendar({first.year: EnteredYear(frozenset(), frozenset())})
    return [day for day in days if calendar.is_working_day(day)][:count]


def live_month(county: County, person: Person, *, doubt: bool = False, gap: bool = False) -> LivedMonth:
    """Send a person for four working days; the second afternoon is in doubt, the third morning missed, where told."""
    days = working_days_of_last_month(4)
    load_calendar(county, days[0].year)
    dispatch = make_dispatch(person, county.township, starts_on=days[0], ends_on=days[-1], sites=[county.site])
    served = {(day, shift) for day in days for shift in HALVES}
    served -= {(days[1], Shift.AFTERNOON)} if doubt else set()
    served -= {(days[2], Shift.MORNING)} if gap else set()
    for day, shift in sorted(served):
        make_taps(dispatch, [day], [shift])
    doubtful = make_tap(dispatch, days[1], Shift.AFTERNOON, Outcome.SUSPECT) if doubt else None
    if gap:
        close_day(county.hospital.id, days[2])
    return LivedMonth(dispatch, days, doubtful)


def load_calendar(county: County, year: int) -> None:
    """Enter a year that the library does not know yet, without holidays: no month is handed in before."""
    entered = select(CalendarYear.id).where(CalendarYear.organisation_id == county.bureau.id, CalendarYear.year == year)
    if is_published(year) or db.session.scalar(entered) is not None:
        return
    db.session.add(
        CalendarYear(
            organisation_id=county.bureau.id,
            year=year,
            free_days=[],
            worked_days=[],
            document_title="关于部分节假日安排的通知",
            document_number="国办发明电〔2026〕1号",
        )
    )
    db.session.commit()
