"""Who may import what."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.imports.service import apply_roster
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation.actor import SYSTEM, Actor, Role
from tests.imports.conftest import Import
from tests.imports.stored import Refused, get_dispatch, get_person, rows
from tests.imports.workbooks import ORGANISATIONS, SAMPLE, SITES, Values, dispatch, organisation, person, roster, site
from tests.support.factories import make_organisation, make_person


@pytest.fixture
def office(imported: Import) -> Actor:
    """Return medical affairs of the hospital 9901, after a first import."""
    imported(roster(people=[person("A1"), person("T1", "9910", 角色="受援院长")]))
    return Actor(role=Role.MEDICAL_AFFAIRS, organisation_id=get_person().organisation_id, channel="console")


def test_a_hospital_imports_its_own_people_and_brings_new_recipients_along(office: Actor, imported: Import) -> None:
    places = [*ORGANISATIONS, organisation("9912", "竹山镇中心卫生院", "乡镇卫生院", "9900")]

    imported(
        roster(
            organisations=places,
            sites=[*SITES, site("9912")],
            people=[person("A1", 职称="主任医师"), person("A2"), person("T2", "9912", 角色="受援院长")],
            dispatches=[dispatch("A2", "9912", 接收科室="康复科")],
        ),
        office,
    )

    assert get_person("T2", "9912").roles[0].role is Role.DIRECTOR
    assert get_dispatch("A2").recipient.name == "竹山镇中心卫生院"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (roster(people=[person("T1", "9910", 姓名="郑明卫")], dispatches=[]), ("not_yours", "人员", 2, "A")),
        (roster(people=[person("T9", "9910")], dispatches=[]), ("not_yours", "人员", 2, "A")),
        (roster(sites=[site("9910", 经度=103.9)]), ("not_yours", "派驻点", 2, "A")),
        (roster(sites=[site("9910", "新址")]), ("not_yours", "派驻点", 2, "A")),
        (
            roster(organisations=[*ORGANISATIONS[:2], organisation("9910", "改名", "乡镇卫生院", "9900")]),
            ("not_yours", "机构", 4, "A"),
        ),
        (
            roster(organisations=[*ORGANISATIONS, organisation("9999", "新局", "卫生健康局")]),
            ("not_yours", "机构", 6, "A"),
        ),
        (
            roster(people=[], dispatches=[dispatch("T1", "9911", 派出机构代码="9910")]),
            ("not_yours", "派驻", 2, "A"),
        ),
        (roster(people=[person("A1", 角色="管理员")], dispatches=[]), ("role_not_yours", "人员", 2, "J")),
    ],
    ids=[
        *("another's person", "a person for another", "another's site moved", "a site for another"),
        *("another's name", "a bureau", "another's dispatch", "administration"),
    ],
)
def test_a_hospital_may_not_write_what_is_another_s(
    office: Actor, refused: Refused, content: bytes, error: tuple[str, str, int | None, str]
) -> None:
    assert refused(content, office) == [error]


def test_a_hospital_may_repeat_what_is_another_s(office: Actor, imported: Import) -> None:
    report = imported(roster(people=[person("A1"), person("T1", "9910", 角色="受援院长")]), office)

    assert [rows(report, kind)[:2] for kind in FORMATS] == [(0, 0)] * 4


def test_no_guess_about_a_stranger_is_answered(office: Actor, imported: Import) -> None:
    theirs = person("T1", "9910", 角色="受援院长")
    guesses = (
        *({"手机号": "13900009999"}, {"手机号": person("A1")["手机号"]}, {"身份证后四位": "0000"}),
        {"出生年月": date(1990, 1, 1)},
    )

    reports = [imported(roster(people=[theirs | guess], dispatches=[]), office) for guess in ({}, *guesses)]

    assert {rows(report, SheetKind.PEOPLE) for report in reports} == {(0, 0, 1)}
    assert all(report.findings.errors == [] for report in reports)


def test_a_bureau_writes_what_is_below_it_and_nothing_else(imported: Import, refused: Refused) -> None:
    imported(roster())
    bureau = db.session.scalars(select(Organisation).where(Organisation.code == "9900")).one()
    actor = Actor(role=Role.BUREAU, organisation_id=bureau.id, channel="console")
    elsewhere = make_organisation("邻县人民医院", code="7701")
    make_person(elsewhere, staff_number="X1")

    below = organisation("9912", "竹山镇中心卫生院", "乡镇卫生院", "9900")
    imported(roster(organisations=[*ORGANISATIONS, below], sites=[site("9912")], people=[person("T2", "9912")]), actor)

    beside = organisation("9913", "别处卫生院", "乡镇卫生院", "7701")
    assert refused(roster(organisations=[*ORGANISATIONS, beside]), actor) == [("not_yours", "机构", 6, "A")]
    assert refused(roster(people=[person("X1", "7701")], dispatches=[]), actor) == [("not_yours", "人员", 2, "A")]


def test_no_import_takes_a_stranger_into_ones_own_tree(imported: Import, refused: Refused) -> None:
    imported(roster())
    bureau = db.session.scalars(select(Organisation).where(Organisation.code == "9900")).one()
    make_organisation("邻县人民医院", code="7701", kind=OrganisationKind.COUNTY_HOSPITAL)
    actor = Actor(role=Role.BUREAU, organisation_id=bureau.id, channel="console")

    captured = organisation("7701", "邻县人民医院", "县级医院", "9900")

    assert refused(roster(organisations=[*ORGANISATIONS, captured]), actor) == [("not_yours", "机构", 6, "A")]
    by_way_of_a_new_one = [
        *ORGANISATIONS,
        organisation("7701", "邻县人民医院", "县级医院", "9920"),
        organisation("9920", "中间局", "卫生健康局", "9900"),
    ]
    assert refused(roster(organisations=by_way_of_a_new_one), actor) == [("not_yours", "机构", 6, "A")]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("9901", organisation("9901", "云岭县人民医院", "卫生健康局", "9900", 等级="二级甲等")),
        ("9901", organisation("9901", "云岭县人民医院", "县级医院", "9910", 等级="二级甲等")),
        ("9900", organisation("9900", "云岭县卫生健康局", "卫生健康局", "7700")),
    ],
)
def test_nobody_imports_another_kind_or_place_in_the_tree_for_their_own_organisation(
    imported: Import, refused: Refused, code: str, changed: Values
) -> None:
    imported(roster())
    make_organisation("邻市卫生健康委员会", code="7700", kind=OrganisationKind.BUREAU)
    own = db.session.scalars(select(Organisation).where(Organisation.code == code)).one()
    actor = Actor(role=Role.ADMIN, organisation_id=own.id, channel="console")

    assert refused(roster(organisations=[changed]), actor) == [("not_yours", "机构", 2, "A")]


def test_an_administrator_may_give_administration_and_move_own_sites(office: Actor, imported: Import) -> None:
    admin = Actor(role=Role.ADMIN, organisation_id=office.organisation_id, channel="console")

    imported(roster(sites=[site("9901", "本院")], people=[person("A1", 角色="管理员")], dispatches=[]), admin)

    assert Role.ADMIN in {holding.role for holding in get_person().roles}


def test_what_is_no_workbook_is_a_report_and_not_a_fault(app: Flask) -> None:
    report = apply_roster(SYSTEM, b"PK\x03\x04 not a zip")

    assert [error["code"] for error in report.as_json()["errors"]] == ["workbook_damaged"]


def test_progress_is_told_to_the_end(app: Flask) -> None:
    told: list[tuple[int, int]] = []

    apply_roster(SYSTEM, SAMPLE, lambda done, total: told.append((done, total)))

    assert all(done <= total for done, total in told)
    assert told == sorted(told, key=lambda step: step[0])
    assert told[-1][0] > 0.9 * told[-1][1]
