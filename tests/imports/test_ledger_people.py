"""Whose work a row of a ledger is, and who may say so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.service import File, check_ledger, start_import
from backend.foundation.actor import SYSTEM, Actor, Role
from backend.foundation.errors import Forbidden
from tests.imports.ledgers import apply, day, ledger, problems, records
from tests.imports.workbooks import Values
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def row(county: County, **more: Any) -> Values:
    """Return a row about the county's doctor."""
    return day(**{"工号": county.doctor.staff_number, "受援机构代码": county.township.code, **more})


def codes_of(actor: Actor, values: Values) -> list[str]:
    """Return the codes of what is wrong with one row."""
    report = check_ledger(File(actor, ledger([values])))
    return [finding.code for finding in report.findings.errors]


def test_a_row_in_a_dispatch_belongs_to_it_and_others_to_none(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 31))

    apply(ledger([row(county), row(county, 日期=date(2025, 2, 1))]))

    assert [record.dispatch_id for record in records()] == [dispatch.id, None]


def test_the_office_imports_its_own_people_and_nobody_elses(county: County) -> None:
    make_dispatch(county.doctor, county.township)
    make_person(county.foreign_hospital, staff_number="F1")
    apply(ledger([row(county)]), county.office)
    assert [record.person_id for record in records()] == [county.doctor.id]
    assert codes_of(county.office, row(county, 工号="F1")) == codes_of(county.office, row(county, 工号="nobody"))
    elsewhere = row(county, 工号="F1", 支援医院机构代码=county.foreign_hospital.code)
    unknown = row(county, 工号="F1", 支援医院机构代码="no such")
    assert codes_of(county.office, elsewhere) == codes_of(county.office, unknown) == ["organisation_unknown"]


def test_an_office_writes_nothing_at_recipients_that_it_never_supported(county: County) -> None:
    assert problems(ledger([row(county)]), county.office) == [("recipient_unrelated", 2, "C")]
    apply(ledger([row(county)]), county.overseer)


def test_a_bureau_imports_for_all_below_it_and_for_no_others(county: County) -> None:
    make_person(county.foreign_hospital, staff_number="F1")

    assert problems(ledger([row(county, 工号="F1")]), county.overseer) == [("person_unknown", 2, "B")]
    apply(ledger([row(county)]), county.overseer)


def test_without_a_recipient_it_is_where_one_was_sent_on_the_day(county: County) -> None:
    nowhere = row(county)
    del nowhere["受援机构代码"]
    assert codes_of(SYSTEM, nowhere) == ["value_missing"]
    sent = make_dispatch(county.doctor, county.township, starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 31))

    apply(ledger([nowhere]), county.office)

    assert [(record.recipient_id, record.dispatch_id) for record in records()] == [(county.township.id, sent.id)]


def test_one_number_at_two_hospitals_is_the_one_that_supports_the_recipient(county: County) -> None:
    twin = make_person(county.foreign_hospital, "别的人", staff_number=county.doctor.staff_number)
    assert problems(ledger([row(county)])) == [("employer_unclear", 2, "B")]
    make_dispatch(county.doctor, county.township)

    apply(ledger([row(county)]))
    assert [record.person_id for record in records()] == [county.doctor.id]
    apply(ledger([row(county, 支援医院机构代码=county.foreign_hospital.name)]))
    assert [record.person_id for record in records()] == [county.doctor.id, twin.id]
    apply(ledger([row(county, 数量=13)]), organisation_code=county.foreign_hospital.code)
    assert [record.person_id for record in records()] == [county.doctor.id, twin.id, twin.id]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"工号": "nobody"}, "person_unknown"),
        ({"姓名": "别的人"}, "name_mismatch"),
        ({"工号": None, "姓名": "没有这人"}, "person_unknown"),
        ({"工号": None}, "value_missing"),
        ({"受援机构代码": "nowhere"}, "organisation_unknown"),
    ],
)
def test_who_or_where_is_unknown_is_told(county: County, changes: Values, code: str) -> None:
    assert [found for found, _, _ in problems(ledger([row(county, **changes)]))] == [code]


def test_a_hospital_does_not_support_itself(county: County) -> None:
    assert [code for code, *_ in problems(ledger([row(county, 受援机构代码=county.hospital.code)]))] == [
        "same_hospital"
    ]


def test_a_name_alone_must_be_somebodys_alone(county: County) -> None:
    by_name = row(county, 工号=None, 姓名="吕 芬春")
    apply(ledger([by_name]))
    namesake = make_person(county.hospital, "吕芬春")

    assert codes_of(SYSTEM, by_name) == ["person_unclear"]
    apply(ledger([row(county, 工号=namesake.staff_number, 姓名="吕芬春")]))


def test_a_number_that_lost_its_zeros_is_found(county: County) -> None:
    zeros = make_person(county.hospital, "沈雪远", staff_number="0042")

    apply(ledger([row(county, 工号=42, 姓名="沈雪远")]))

    assert [record.person_id for record in records()] == [zeros.id]


def test_education_may_import_and_personnel_may_not(county: County) -> None:
    content = ledger([row(county)])
    assert start_import(acting(county.medical_affairs, Role.EDUCATION), ImportKind.LEDGER, "a.xlsx", content)
    for actor in (acting(county.medical_affairs, Role.PERSONNEL), county.recipient):
        with pytest.raises(Forbidden):
            start_import(actor, ImportKind.LEDGER, "a.xlsx", content)
