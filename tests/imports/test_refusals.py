"""What an import refuses, row by row, and what it does not rewrite."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.dispatch.service import cancel_dispatch, end_dispatch_early
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.service import apply_roster
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor, Role
from tests.imports.conftest import Import
from tests.imports.stored import TODAY, Refused, everything, get_dispatch, get_person, rows
from tests.imports.workbooks import ORGANISATIONS, SITES, Values, dispatch, organisation, person, roster, site
from tests.support.factories import make_organisation, make_setting

PAIR = [person("A1"), person("A2", 姓名="沈雪远")]


REFUSALS: list[tuple[str, bytes, tuple[str, str, int | None, str]]] = [
    (
        "two rows of one organisation",
        roster(organisations=[*ORGANISATIONS, ORGANISATIONS[1]]),
        ("organisation_twice", "机构", 6, "A"),
    ),
    (
        "a new organisation of no kind",
        roster(organisations=[*ORGANISATIONS, organisation("9912", "竹山镇中心卫生院", "")]),
        ("organisation_kind_missing", "机构", 6, "C"),
    ),
    (
        "an unknown parent",
        roster(organisations=[*ORGANISATIONS, organisation("9912", "竹山", "卫生院", "8888")]),
        ("parent_unknown", "机构", 6, "D"),
    ),
    (
        "its own parent",
        roster(organisations=[*ORGANISATIONS, organisation("9912", "竹山", "卫生院", "9912")]),
        ("parent_is_itself", "机构", 6, "D"),
    ),
    ("two rows of one site", roster(sites=[*SITES, SITES[0]]), ("site_twice", "派驻点", 5, "B")),
    ("a site of nobody", roster(sites=[*SITES, site("8888")]), ("organisation_unknown", "派驻点", 5, "A")),
    (
        "no coordinate system",
        roster(sites=[*SITES, site("9911", "乙", 坐标系="")]),
        ("coordinate_system_missing", "派驻点", 5, "E"),
    ),
    (
        "swapped coordinates",
        roster(sites=[*SITES, site("9911", "乙", 经度=27.3, 纬度=103.2)]),
        ("coordinates_swapped", "派驻点", 5, "C"),
    ),
    (
        "coordinates abroad",
        roster(sites=[*SITES, site("9911", "乙", 经度=3.2)]),
        ("coordinates_outside", "派驻点", 5, "C"),
    ),
    (
        "a radius in kilometres",
        roster(sites=[*SITES, site("9911", "乙", **{"半径(米)": 0.3})]),
        ("radius_out_of_range", "派驻点", 5, "F"),
    ),
    ("two rows of one person", roster(people=[person(), person(手机号="")]), ("person_twice", "人员", 3, "B")),
    (
        "one telephone of two",
        roster(people=[person("A1"), person("A2", 手机号=person("A1")["手机号"])]),
        ("telephone_twice", "人员", 3, "H"),
    ),
    ("a birth to come", roster(people=[person(出生年月="2082-03")]), ("birth_too_late", "人员", 2, "E")),
    ("an unknown role", roster(people=[person(角色="派驻人员、清洁工")]), ("role_unknown", "人员", 2, "J")),
    ("a bureau's role in a hospital", roster(people=[person(角色="卫健局督查")]), ("role_not_here", "人员", 2, "J")),
    (
        "an employer of no code",
        roster(people=[person(), person("A2", "8888")]),
        ("organisation_unknown", "人员", 3, "A"),
    ),
    ("somebody unknown", roster(dispatches=[dispatch("A9")]), ("person_unknown", "派驻", 2, "B")),
    ("an unknown recipient", roster(dispatches=[dispatch(to="8888")]), ("organisation_unknown", "派驻", 2, "C")),
    ("another's name", roster(dispatches=[dispatch(姓名="沈雪远")]), ("name_mismatch", "派驻", 2, "M")),
    ("the employer as recipient", roster(dispatches=[dispatch(to="9901")]), ("recipient_is_employer", "派驻", 2, "C")),
    (
        "an end before the start",
        roster(dispatches=[dispatch(结束日期=date(2026, 8, 31))]),
        ("ends_before_start", "派驻", 2, "G"),
    ),
    ("two rows of one dispatch", roster(dispatches=[dispatch(), dispatch()]), ("dispatch_twice", "派驻", 3, "F")),
    ("a visit without weekdays", roster(dispatches=[dispatch(类型="定期坐诊")]), ("weekdays_missing", "派驻", 2, "H")),
    (
        "weekdays that do not come",
        roster(dispatches=[dispatch(结束日期=date(2026, 9, 3), 星期="一")]),
        ("no_duty_day", "派驻", 2, "H"),
    ),
    ("an unknown site", roster(dispatches=[dispatch(派驻点名称="东山分院")]), ("site_unknown", "派驻", 2, "D")),
    (
        "two claims on a weekday",
        roster(dispatches=[dispatch(星期="三"), dispatch(to="9911", 星期="周三上午")]),
        ("duty_claim_taken", "派驻", 3, "H"),
    ),
    (
        "two leaders",
        roster(people=PAIR, dispatches=[dispatch("A1", 队长="是"), dispatch("A2", 队长="是")]),
        ("second_leader", "派驻", 3, "K"),
    ),
]


@pytest.mark.parametrize(("content", "error"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_a_row_that_cannot_be_is_refused_at_its_place(
    refused: Refused, content: bytes, error: tuple[str, str, int | None, str]
) -> None:
    before = everything()

    assert refused(content) == [error]
    assert everything() == before


def test_a_circle_of_parents_is_refused(refused: Refused) -> None:
    circle = [organisation("1", "甲", "卫生院", "2"), organisation("2", "乙", "卫生院", "1")]

    errors = refused(roster(organisations=[*ORGANISATIONS, *circle]))

    assert {code for code, *_ in errors} == {"parent_circle"}


def test_both_rows_of_a_collision_are_named(app: Flask) -> None:
    report = apply_roster(SYSTEM, roster(dispatches=[dispatch(星期="三"), dispatch(to="9911", 星期="三、四")]))

    assert "第2行" in report.findings.errors[0].message
    assert "周三上午" in report.findings.errors[0].message


def test_a_collision_with_what_the_file_does_not_speak_of_is_told(imported: Import, refused: Refused) -> None:
    imported(roster(dispatches=[dispatch(星期="三", 队长="是")]))

    assert refused(roster(dispatches=[dispatch(to="9911", 星期="三")])) == [("duty_claim_taken", "派驻", 2, "H")]
    assert refused(roster(people=PAIR, dispatches=[dispatch("A2", 队长="是")])) == [("second_leader", "派驻", 2, "K")]


def test_a_telephone_of_somebody_else_is_refused_without_naming_strangers(imported: Import, app: Flask) -> None:
    imported(roster())
    hospital = get_person().organisation
    stranger = make_organisation("邻县人民医院", code="7701")
    taken = person("X1", "7701", 手机号=person("A1")["手机号"])

    inside = apply_roster(SYSTEM, roster(people=[person("A5", 手机号=person("A1")["手机号"])], dispatches=[]))
    outside = apply_roster(
        Actor(role=Role.MEDICAL_AFFAIRS, organisation_id=stranger.id),
        roster(organisations=[], sites=[], people=[taken], dispatches=[]),
    )

    assert [finding.code for finding in inside.findings.errors] == ["telephone_taken"]
    assert [finding.code for finding in outside.findings.errors] == ["telephone_taken"]
    assert "系统中的另一名人员" in outside.findings.errors[0].message
    assert hospital.name not in outside.findings.errors[0].message


def test_a_disabled_person_is_neither_changed_nor_sent(imported: Import, refused: Refused) -> None:
    imported(roster())
    get_person().disabled_at = clock.now()
    db.session.commit()

    imported(roster())
    errors = refused(roster(people=[person(职称="主任医师")], dispatches=[dispatch(结束日期=date(2027, 5, 1))]))

    assert errors == [("person_disabled", "人员", 2, "B"), ("person_disabled", "派驻", 2, "B")]


def test_conditions_of_the_programme_need_an_exception(imported: Import, refused: Refused) -> None:
    imported(roster(people=[person(), person("A2", 职称="医师"), person("A3", 职称="医师")]))
    bureau = db.session.scalars(select(Organisation).where(Organisation.code == "9900")).one()
    make_setting(bureau, "dispatch.minimum_title", "主治医师", effective_on=date(2026, 9, 1))

    assert refused(roster(people=[], dispatches=[dispatch("A2")])) == [("conditions_unmet", "派驻", 2, "L")]
    imported(roster(people=[], dispatches=[dispatch("A2", 例外说明="急需")]))
    imported(roster(people=[], dispatches=[dispatch("A3", 开始日期=date(2026, 8, 31))]))


def test_a_dispatch_ended_early_stays_so_and_a_cancelled_one_is_not_made_again(
    imported: Import, refused: Refused
) -> None:
    now: Values = {"开始日期": TODAY - timedelta(days=10), "结束日期": TODAY + timedelta(days=80)}
    coming: Values = {"开始日期": TODAY + timedelta(days=10), "结束日期": TODAY + timedelta(days=80)}
    file = roster(people=PAIR, dispatches=[dispatch("A1", **now), dispatch("A2", **coming)])
    imported(file)
    office = Actor(role=Role.MEDICAL_AFFAIRS, organisation_id=get_person().organisation_id)
    end_dispatch_early(office, get_dispatch("A1").id, 1, ends_on=TODAY, reason="返院")
    cancel_dispatch(office, get_dispatch("A2").id, 1, reason="另有任务")

    report = imported(file)

    assert rows(report, SheetKind.DISPATCHES) == (0, 0, 2)
    assert [warning.code for warning in report.findings.warnings] == ["dispatch_cancelled"]
    assert get_dispatch("A1").ends_on == TODAY
    longer = dispatch("A1", **{**now, "结束日期": TODAY + timedelta(days=100)})
    assert refused(roster(people=PAIR, dispatches=[longer])) == [("dispatch_ended_early", "派驻", 2, "G")]


def check_in(sent: Dispatch, day: date) -> None:
    """Let the person have checked in on a day."""
    db.session.add(
        CheckIn(
            dispatch_id=sent.id,
            person_id=sent.person_id,
            kind=CheckInKind.IN,
            duty_on=day,
            shift=Shift.MORNING,
            effective=True,
            tapped_at=clock.now(),
            received_at=clock.now(),
            late=False,
            verdict=Verdict.INSIDE,
            outcome=Outcome.VERIFIED,
            reasons=[],
            idempotency_key=f"test-{day}",
            request_hash=b"",
        )
    )
    db.session.commit()


def test_new_weekdays_do_not_rewrite_days_that_were_served(imported: Import, refused: Refused) -> None:
    begun: Values = {"开始日期": TODAY - timedelta(days=30), "结束日期": TODAY + timedelta(days=60)}
    imported(roster(people=PAIR, dispatches=[dispatch("A1", 星期="三", **begun), dispatch("A2", 星期="三", **begun)]))
    check_in(get_dispatch("A1"), TODAY - timedelta(days=3))

    imported(roster(people=PAIR, dispatches=[dispatch("A1", 星期="五", **begun), dispatch("A2", 星期="五", **begun)]))

    db.session.expire_all()
    served, unserved = (get_dispatch(number).patterns for number in ("A1", "A2"))
    assert [(part.during.lower, part.pattern.label()) for part in served] == [
        (begun["开始日期"], "周三"),
        (TODAY, "周五"),
    ]
    assert [(part.during.lower, part.pattern.label()) for part in unserved] == [(begun["开始日期"], "周五")]
    shorter = {**begun, "结束日期": TODAY - timedelta(days=4)}
    assert refused(roster(people=PAIR, dispatches=[dispatch("A1", 星期="五", **shorter)]))[0] == (
        *("served_already", "派驻", 2),
        "G",
    )


def test_an_end_does_not_move_before_a_month_that_was_handed_in(imported: Import, refused: Refused) -> None:
    begun: Values = {"开始日期": TODAY - timedelta(days=90), "结束日期": TODAY + timedelta(days=60)}
    imported(roster(dispatches=[dispatch(星期="三", **begun)]))
    day = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=15)  # of a month of nothing but leave: no tap is there
    line = DutyShift(dispatch_id=get_dispatch().id, duty_on=day, shift=Shift.MORNING, standing=Standing.NOT_CHECKED_IN)
    sheet = Timesheet(dispatch_id=get_dispatch().id, month=day.replace(day=1), status=TimesheetStatus.SUBMITTED)
    line.working, line.concluded_at, sheet.submitted_at = True, clock.now(), clock.now()
    db.session.add_all([line, sheet])
    db.session.commit()

    shorter = {**begun, "结束日期": day - timedelta(days=1)}
    assert refused(roster(dispatches=[dispatch(星期="三", **shorter)]))[0] == ("served_already", "派驻", 2, "G")


def test_an_end_that_moves_keeps_the_weekdays_before_it(imported: Import) -> None:
    begun: Values = {"开始日期": TODAY - timedelta(days=30), "结束日期": TODAY + timedelta(days=60)}
    imported(roster(dispatches=[dispatch(星期="三", **begun)]))
    check_in(get_dispatch(), TODAY - timedelta(days=3))
    imported(roster(dispatches=[dispatch(星期="五", **begun)]))

    longer = {**begun, "结束日期": TODAY + timedelta(days=90)}
    report = imported(roster(dispatches=[dispatch(星期="五", **longer)]))
    again = imported(roster(dispatches=[dispatch(星期="五", **longer)]))

    db.session.expire_all()
    assert [part.during.upper for part in get_dispatch().patterns] == [TODAY, TODAY + timedelta(days=91)]
    assert rows(report, SheetKind.DISPATCHES) == (0, 1, 0)
    assert rows(again, SheetKind.DISPATCHES) == (0, 0, 1)
