"""Two months of three people as a world: their phones, the offices' seats, the rules, the countersigned sheets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page

from backend.domain.accounts.models import Person
from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.rules.working_days import EnteredYear, WorkingCalendar
from backend.domain.subsidies.queries.reconciliation import reconcile
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.jobs import subsidies as subsidy_jobs
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.console import Office
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person, make_site
from tests.support.lived_months import load_calendar
from tests.support.living import Caller
from tests.support.timesheets import make_taps

DOCUMENT = {"document_title": "对口支援人员补助办法", "document_number": "云医发〔2025〕8号"}
A_DAY = 1000  # fen
NAMES = ("吕芬春", "何文静", "周建国")
OFFICES = {"finance": Role.FINANCE, "dean": Role.DEAN, "personnel": Role.PERSONNEL, "admin": Role.ADMIN}


def month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_text(month: date) -> str:
    return f"{month.year}年{month.month}月"


@dataclasses.dataclass
class World:
    """Everybody with their phones and office seats, where three were sent, and the two months they lived."""

    app: Flask
    server: str
    browser: Browser
    county: County
    first: date
    second: date
    dispatches: dict[str, Dispatch]
    doctors: dict[str, Caller]
    directors: dict[str, Caller]
    medical_affairs: Caller
    people: dict[str, Person]

    def run(self, job: Callable[[], Any]) -> None:
        """Let the scheduler's moment come."""
        with self.app.app_context():
            job()

    def office(self, who: str) -> Office:
        return Office(self.app, self.people[who], OFFICES.get(who, Role.MEDICAL_AFFAIRS))

    @contextmanager
    def seat(self, who: str) -> Iterator[Page]:
        """Open a browser in which somebody of the hospital is logged in to the console."""
        with new_page(self.browser, 1366, 768) as page:
            log_in_as(page, self.server, self.county.hospital, self.people[who])
            yield page

    def days_of(self, name: str, month: date) -> list[date]:
        return served_days(month, self.dispatches[name].ends_on)

    def claim(self, name: str, month: date) -> Any:
        """Return the person's claim of a month as their phone has it."""
        mine = self.doctors[name].get(f"/subsidy-claims?mine=true&month={month:%Y-%m}")["items"]
        assert len(mine) == 1, mine
        return self.doctors[name].get(f"/subsidy-claims/{mine[0]['id']}")

    def is_reconciled(self) -> None:
        with self.app.app_context():
            for year in {self.first.year, self.second.year}:
                found = reconcile(year)
                assert found.is_clean, found.findings


def served_days(month: date, until: date) -> list[date]:
    """Return the working days of a month, up to the last day of a dispatch."""
    calendar = WorkingCalendar({month.year: EnteredYear(frozenset(), frozenset())})
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return [day for day in days_between(month, min(last, until)) if calendar.is_working_day(day)]


def make_world(app: Flask, server: str, browser: Browser) -> World:
    """Return the world, kept: everybody served every working day of both months."""
    county = make_county()
    second = month_before(clock.today())
    first = month_before(second)
    for year in {first.year, second.year}:
        load_calendar(county, year)
    people = {who: make_person(county.hospital, who, roles=[role]) for who, role in OFFICES.items()}
    people |= {"medical_affairs": county.medical_affairs}
    for person in people.values():
        give_password(person)
    other_site = make_site(county.other_township, longitude="103.500000", latitude="27.100000")
    dispatches = {}
    for name in NAMES:
        person = county.doctor if name == "吕芬春" else make_person(county.hospital, name)
        recipient, site = (county.other_township, other_site) if name == "周建国" else (county.township, county.site)
        ends_on = (
            clock.today() + timedelta(days=90) if name == "周建国" else clock.today().replace(day=1) - timedelta(days=1)
        )
        dispatches[name] = make_dispatch(person, recipient, starts_on=first, ends_on=ends_on, sites=[site])
        for month in (first, second):
            make_taps(dispatches[name], served_days(month, ends_on))
    other_director = make_person(county.other_township, "沈淑丽", roles=[Role.DIRECTOR])
    director, other = (
        Caller(app, server, county.director, Role.DIRECTOR),
        Caller(app, server, other_director, Role.DIRECTOR),
    )
    found = World(
        app=app,
        server=server,
        browser=browser,
        county=county,
        first=first,
        second=second,
        dispatches=dispatches,
        doctors={name: Caller(app, server, dispatches[name].person) for name in NAMES},
        directors={name: other if name == "周建国" else director for name in NAMES},
        medical_affairs=Caller(app, server, county.medical_affairs, Role.MEDICAL_AFFAIRS),
        people=people,
    )
    for caller in (*found.doctors.values(), director, other, found.medical_affairs):
        caller.log_in()
    return found


def set_rules(world: World) -> None:
    """A programme with a sum a day and a fare every two months, proposed by one and approved by another; the chain."""
    proposer, approver = world.office("medical_affairs"), world.office("finance")
    opened = proposer.send("/subsidy-rules/programmes/new", name="县级医院对口支援")
    programme = opened.location.rsplit("/", 1)[1]
    items = {"下乡补贴": ("per_day", {"amount_fen": "10"}), "往返路费": ("return_fare", {"interval_months": "2"})}
    for name, (kind, terms) in items.items():
        page = proposer.send(f"/subsidy-rules/programmes/{programme}/items", name=name, kind=kind)
        item = page.location.rsplit("/", 1)[1]
        starts_on = f"{month_before(world.first):%Y-%m}"
        proposed = proposer.send(
            f"/subsidy-rules/items/{item}/rules", starts_on=starts_on, audience="all", **DOCUMENT, **terms
        )
        rule = proposed.location
        own = proposer.send(f"{rule.removeprefix('/console')}/approve", version="1")
        assert own.status_code in (403, 409), own.text
        assert approver.send(f"{rule.removeprefix('/console')}/approve", version="1").status_code == 302
    chain = {"effective_on": f"{world.first}", **DOCUMENT}
    for number, (label, role, minimum) in enumerate(
        (("经办", "medical_affairs", "0"), ("财务", "finance", "0"), ("院长", "dean", "300")), 1
    ):
        chain |= {f"label{number}": label, f"role{number}": role, f"minimum{number}": minimum}
    admin = world.office("admin")
    assert admin.send(f"/settings/{world.county.hospital.id}/approval-chain", **chain).status_code == 302


def sign_month(world: World, month: date) -> None:
    """Everybody hands the month in, their directors countersign it, and the job drafts the claims."""
    for name in NAMES:
        sheet = world.doctors[name].post(f"/timesheets/{world.dispatches[name].id}/{month:%Y-%m}/submit", version=0)
        signed = world.directors[name].post(f"/timesheets/{sheet['id']}/countersign", version=sheet["version"])
        assert signed["figures"]["served_days"] == days_text(2 * len(world.days_of(name, month)))
    world.run(subsidy_jobs.draft_subsidy_claims)
