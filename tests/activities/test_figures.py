"""Figures: who has which, the year before, what was said, and that the records behind each are as many as it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.domain.accounts.models import Person
from backend.domain.activities.errors.figures import OrganisationNeeded, PeriodBackwards
from backend.domain.activities.queries.figure_rows import Wanted
from backend.domain.activities.queries.figures import Figure, list_figures
from backend.domain.activities.queries.filtering import filter_of, query_of
from backend.domain.activities.queries.records import list_records
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.figures import By, Grain, Period, Stretch, change_percent
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.rolling import fold_figures
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, NotFound
from tests.support.accounts import phone_of
from tests.support.activities import make_record
from tests.support.factories import acting, make_department, make_dispatch, make_organisation, make_person

PATH = "/api/v1/activities/figures"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
CLINIC, LECTURE, TECHNIQUE = ActivityKind.OUTPATIENT_CLINIC, ActivityKind.LECTURE, ActivityKind.NEW_TECHNIQUE


class World:
    """A bureau over a hospital and two townships; a doctor at each, and records of two years."""

    def __init__(self) -> None:
        self.bureau = make_organisation("云岭州卫生健康局", kind=OrganisationKind.BUREAU)
        self.hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent=self.bureau)
        self.township = make_organisation("青石镇中心卫生院", parent=self.bureau)
        self.other = make_organisation("白水镇卫生院", parent=self.bureau)
        self.doctor = make_person(self.hospital, "吕芬春")
        self.colleague = make_person(self.hospital, "段应富")
        self.director = make_person(self.township, roles=[Role.DIRECTOR])
        self.office = make_person(self.hospital, roles=[Role.MEDICAL_AFFAIRS])
        self.overseer = make_person(self.bureau, roles=[Role.BUREAU])
        self.medicine = make_department(self.township, "内科")
        self.here = _send(self.doctor, self.township)
        self.there = _send(self.colleague, self.other)
        make_record(self.here, CLINIC, occurred_on=date(2026, 11, 19), quantity=10)  # of no department
        self.here.department_id = self.medicine.id
        self._write()

    def _write(self) -> None:
        make_record(self.here, CLINIC, occurred_on=date(2026, 2, 28), quantity=20)
        make_record(self.here, CLINIC, occurred_on=date(2025, 3, 2), quantity=24)
        make_record(self.there, CLINIC, occurred_on=date(2026, 6, 1), quantity=7, status=RecordStatus.IMPORTED)
        make_record(self.there, CLINIC, occurred_on=date(2026, 6, 2), quantity=99, status=RecordStatus.SUBMITTED)
        make_record(self.here, LECTURE, occurred_on=date(2026, 5, 5), person_times=20, person_times_at_least=True)
        make_record(self.here, LECTURE, occurred_on=date(2026, 5, 6), person_times=None)
        make_record(self.here, TECHNIQUE, occurred_on=date(2026, 4, 1), quantity=3, title="室上速电复律")
        make_record(self.there, TECHNIQUE, occurred_on=date(2026, 4, 2), quantity=2, title="食管癌合并冠心病综合治疗")
        make_record(self.here, CLINIC, occurred_on=date(2026, 3, 1), quantity=500, status=RecordStatus.DRAFT)


def _send(person: Person, township: Organisation) -> Dispatch:
    return make_dispatch(person, township, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))


@pytest.fixture
def world(app: Flask) -> World:
    with time_machine.travel(datetime(2026, 11, 19, 12, 0, tzinfo=SHANGHAI), tick=False):
        return World()


@pytest.fixture(params=["all in the tail", "all folded"])
def kept(request: pytest.FixtureRequest, world: World) -> World:
    """Return the world with its figures in the tail, or in the roll-up."""
    if request.param == "all folded":
        fold_figures()
    return world


def by_kind(figures: list[Figure]) -> dict[ActivityKind, Figure]:
    return {figure.entry.kind: figure for figure in figures if figure.entry}


# What the figures say.


def test_a_year_by_kind_stands_beside_the_year_before(kept: World) -> None:
    clinic = by_kind(list_figures(acting(kept.overseer, Role.BUREAU), Wanted(YEAR)))[CLINIC]
    assert (clinic.now.records, clinic.now.quantity.value, clinic.now.imported, clinic.now.waiting) == (3, 37, 1, 1)
    assert clinic.before is not None
    assert clinic.before.quantity.value == 24
    assert clinic.change_percent == 54.2


def test_a_lower_bound_stays_one_and_what_nobody_reported_is_no_zero(kept: World) -> None:
    figures = by_kind(list_figures(acting(kept.overseer, Role.BUREAU), Wanted(YEAR)))
    assert figures[LECTURE].now.person_times == Amount(20, at_least=True)
    assert figures[TECHNIQUE].now.person_times == Amount(None)
    assert figures[LECTURE].before is None
    assert figures[LECTURE].change_percent is None


def test_a_reported_zero_is_a_zero(world: World) -> None:
    make_record(world.here, ActivityKind.TRAINING, occurred_on=date(2026, 7, 1), person_times=0)
    figures = by_kind(list_figures(acting(world.overseer, Role.BUREAU), Wanted(YEAR)))
    assert figures[ActivityKind.TRAINING].now.person_times == Amount(0)


def test_new_techniques_are_told_by_name_and_by_whom(world: World) -> None:
    found = list_figures(acting(world.overseer, Role.BUREAU), Wanted(YEAR, By.TECHNIQUE))
    told = {(one.title, one.person.name if one.person else "", one.now.quantity.label("例")) for one in found}
    assert told == {("室上速电复律", "吕芬春", "3例"), ("食管癌合并冠心病综合治疗", "段应富", "2例")}


def test_kinds_together_have_no_quantity_but_records_to_compare(kept: World) -> None:
    [here, there] = sorted(
        list_figures(acting(kept.overseer, Role.BUREAU), Wanted(YEAR, By.ORGANISATION)),
        key=lambda figure: -figure.now.records,
    )
    assert here.organisation is not None
    assert (here.organisation.name, here.entry, here.now.records) == ("青石镇中心卫生院", None, 5)
    assert here.change_percent == 400
    assert there.change_percent is None


def test_a_month_stands_beside_the_same_one_a_year_before(kept: World) -> None:
    wanted = Wanted(Period(date(2026, 2, 10), date(2026, 6, 1)), By.MONTH, kind=CLINIC)
    figures = {figure.month: figure for figure in list_figures(acting(kept.overseer, Role.BUREAU), wanted)}
    assert figures.keys() == {date(2026, 2, 1), date(2026, 3, 1), date(2026, 6, 1)}
    march = figures[date(2026, 3, 1)]
    assert march.now.records == 0
    assert march.now.quantity.value is None
    assert march.before is not None
    assert march.before.quantity.value == 24


# Whose figures they are.


def test_each_side_has_its_own_figures(kept: World) -> None:
    def clinic(person: Person, role: Role) -> int | None:
        return by_kind(list_figures(acting(person, role), Wanted(YEAR)))[CLINIC].now.quantity.value

    assert clinic(kept.director, Role.DIRECTOR) == 30
    assert clinic(kept.office, Role.MEDICAL_AFFAIRS) == 37
    assert clinic(kept.colleague, Role.STAFF) == 7


def test_what_a_director_did_elsewhere_is_no_figure_of_their_hospital(world: World) -> None:
    sent = _send(world.director, world.other)
    make_record(sent, CLINIC, occurred_on=date(2026, 8, 8), quantity=1000)
    assert by_kind(list_figures(acting(world.director, Role.DIRECTOR), Wanted(YEAR)))[CLINIC].now.quantity.value == 30


def test_a_hospital_is_asked_for_from_either_side_and_others_do_not_exist(world: World) -> None:
    overseer = acting(world.overseer, Role.BUREAU)
    for organisation, quantity in ((world.township, 30), (world.hospital, 37)):
        wanted = Wanted(YEAR, organisation_id=organisation.id)
        assert by_kind(list_figures(overseer, wanted))[CLINIC].now.quantity.value == quantity
    with pytest.raises(NotFound):
        list_figures(overseer, Wanted(YEAR, organisation_id=make_organisation("远山县医院").id))


def test_a_desk_has_no_figures(world: World) -> None:
    with pytest.raises(Forbidden):
        list_figures(acting(world.director, Role.DESK), Wanted(YEAR))


def test_a_bureau_tells_people_apart_within_one_organisation_only(world: World) -> None:
    overseer = acting(world.overseer, Role.BUREAU)
    with pytest.raises(OrganisationNeeded):
        list_figures(overseer, Wanted(YEAR, By.PERSON))
    [only] = list_figures(overseer, Wanted(YEAR, By.PERSON, organisation_id=world.other.id))
    assert only.person is not None
    assert only.person.name == "段应富"


# The records behind each figure.


@pytest.mark.parametrize("role", [Role.BUREAU, Role.DIRECTOR, Role.MEDICAL_AFFAIRS, Role.STAFF])
def test_each_figure_opens_exactly_its_records(world: World, client: FlaskClient, role: Role) -> None:
    sent = _send(world.director, world.other)  # what one did elsewhere is theirs to read, and no figure of the office
    make_record(sent, CLINIC, occurred_on=date(2026, 8, 8))
    people = {
        Role.BUREAU: world.overseer,
        Role.DIRECTOR: world.director,
        Role.MEDICAL_AFFAIRS: world.office,
        Role.STAFF: world.doctor,
    }
    phone = phone_of(people[role], role)
    asked: dict[str, Any] = {"from": "2026-02-28", "to": "2026-11-30"}
    if role is Role.BUREAU:
        asked["organisation_id"] = str(world.township.id)
    for by in By:
        items = _json(client.get(PATH, query_string=asked | {"by": by.value}, headers=phone))["items"]
        assert items
        for item in items:
            assert _listed(client, phone, item["records_query"]) == item["records"]
            assert _listed(client, phone, item["records_query"] + "&status=submitted") == item["waiting"]
            assert _listed(client, phone, item["records_query"] + "&status=imported") == item["imported"]
            if item["before"]:
                assert _listed(client, phone, item["before"]["records_query"]) == item["before"]["records"]


def test_techniques_that_a_ledger_does_not_name_open_none_that_are_named(world: World) -> None:
    make_record(world.here, TECHNIQUE, occurred_on=date(2026, 4, 3), title="", status=RecordStatus.IMPORTED)
    overseer = acting(world.overseer, Role.BUREAU)

    [figure] = [one for one in list_figures(overseer, Wanted(YEAR, By.TECHNIQUE)) if not one.title]
    which = filter_of(figure.records)

    assert filter_of(query_of(which)) == which  # as the console's list hands it on to its pages and its export
    assert list_records(overseer, which).total == figure.now.records == 1
    assert all(figure.records.values())  # a form takes what is empty for not asked


def _json(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json


def _listed(client: FlaskClient, phone: dict[str, str], query: str) -> int:
    total: int = _json(client.get(f"/api/v1/activities?{query}", headers=phone))["total"]
    return total


def test_the_api_says_amounts_as_they_were_said(world: World, client: FlaskClient) -> None:
    phone = phone_of(world.director, Role.DIRECTOR)
    answer = _json(client.get(PATH, query_string={"from": "2026-01-01", "to": "2026-12-31"}, headers=phone))
    assert answer["before"] == {"from": "2025-01-01", "to": "2025-12-31"}
    items = {item["kind"]: item for item in answer["items"]}
    assert items["lecture"]["person_times"]["label"] == "20余人次"
    assert items["lecture"]["quantity"]["label"] == "2次"
    assert items["outpatient_clinic"]["person_times"] is None
    assert items["outpatient_clinic"]["change_percent"] == 25


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"from": "2026-12-31", "to": "2026-01-01"}, 422, "period_backwards"),
        ({"from": "2026-01-01"}, 422, "invalid"),
        ({"from": "2026-01-01", "to": "2026-12-31", "by": "colour"}, 422, "invalid"),
        (
            {"from": "2026-01-01", "to": "2026-12-31", "organisation_id": "01990000-0000-7000-8000-000000000000"},
            404,
            "not_found",
        ),
    ],
)
def test_the_api_refuses_what_makes_no_sense(
    world: World, client: FlaskClient, query: dict[str, str], status: int, code: str
) -> None:
    answer = client.get(PATH, query_string=query, headers=phone_of(world.director, Role.DIRECTOR))
    assert (answer.status_code, (answer.json or {})["error"]["code"]) == (status, code)


def test_a_period_backwards_is_refused(world: World) -> None:
    with pytest.raises(PeriodBackwards):
        list_figures(acting(world.director, Role.DIRECTOR), Wanted(Period(date(2026, 2, 1), date(2026, 1, 1))))


# Periods.


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
        (("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-02-28")),
        (("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29")),  # whole months for whole months
        (("2024-02-29", "2024-02-29"), ("2023-02-28", "2023-02-28")),
        (("2025-02-28", "2025-02-28"), ("2024-02-28", "2024-02-28")),
        (("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28")),
    ],
)
def test_the_same_period_a_year_before(period: tuple[str, str], before: tuple[str, str]) -> None:
    first, last = (date.fromisoformat(day) for day in period)
    assert Period(first, last).before == Period(*(date.fromisoformat(day) for day in before))


def test_a_period_is_counted_in_the_widest_grains_that_fit() -> None:
    assert Period(date(2023, 11, 30), date(2026, 2, 2)).stretches() == [
        Stretch(Grain.DAY, date(2023, 11, 30), date(2023, 11, 30)),
        Stretch(Grain.MONTH, date(2023, 12, 1), date(2023, 12, 31)),
        Stretch(Grain.YEAR, date(2024, 1, 1), date(2025, 12, 31)),
        Stretch(Grain.MONTH, date(2026, 1, 1), date(2026, 1, 31)),
        Stretch(Grain.DAY, date(2026, 2, 1), date(2026, 2, 2)),
    ]
    assert YEAR.stretches(years=False) == [Stretch(Grain.MONTH, YEAR.first, YEAR.last)]
    assert Period(date(2026, 2, 2), date(2026, 2, 27)).stretches() == [
        Stretch(Grain.DAY, date(2026, 2, 2), date(2026, 2, 27))
    ]


@pytest.mark.parametrize(
    ("now", "before", "change"), [(3, 2, 50.0), (0, 4, -100.0), (3, 0, None), (3, None, None), (None, 3, None)]
)
def test_there_is_a_change_only_from_what_was_reported_and_not_0(
    now: int | None, before: int | None, change: float | None
) -> None:
    assert change_percent(now, before) == change
