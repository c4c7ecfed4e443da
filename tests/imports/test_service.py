"""What an import writes, what it leaves, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.domain.accounts.models import Person, RoleHolding, Session
from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.rules import Sex
from backend.domain.attendance.models import CheckIn
from backend.domain.attendance.rules import CheckInKind, Verdict
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.domain.dispatch.service import cancel_dispatch, end_dispatch_early
from backend.domain.imports.rules.sheets import SheetKind
from backend.domain.imports.service import Report, apply_roster, check_roster
from backend.domain.notifications.models import InboxItem, OutboxMessage
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor, Role
from tests.imports.conftest import Import
from tests.imports.workbooks import ORGANISATIONS, SAMPLE, SITES, Values, dispatch, organisation, person, roster, site
from tests.support.factories import make_organisation, make_person, make_setting

Refused = Callable[..., list[tuple[str, str, int | None, str]]]
TODAY = clock.today()


def get_person(staff_number: str = "A1", code: str = "9901") -> Person:
    statement = select(Person).join(Person.organisation)
    return db.session.scalars(statement.where(Person.staff_number == staff_number, Organisation.code == code)).one()


def get_dispatch(staff_number: str = "A1") -> Dispatch:
    return db.session.scalars(select(Dispatch).join(Dispatch.person).where(Person.staff_number == staff_number)).one()


def rows(report: Report, kind: SheetKind) -> tuple[int, int, int]:
    counts = report.plan.counts[kind]
    return counts.created, counts.changed, counts.unchanged


def everything() -> dict[str, Any]:
    """Return how many rows each table has that an import may write to."""
    tables = (Organisation, Site, Person, RoleHolding, Rotation, Dispatch, DutyPattern, InboxItem, OutboxMessage)
    return {
        **{model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) for model in tables},
        "events": db.session.scalar(select(func.count()).select_from(AuditEvent)),
    }


def test_the_sample_is_imported(imported: Import) -> None:
    report = imported(SAMPLE)

    assert [rows(report, kind)[0] for kind in SheetKind] == [8, 7, 58, 24]
    doctor = get_person("A0019", "53019901")
    assert (doctor.name, doctor.sex, doctor.born_on, doctor.title) == ("周晓", Sex.FEMALE, date(1987, 5, 3), "主任医师")
    assert doctor.department is not None
    assert doctor.department.name == "妇产科"
    assert doctor.telephone_hash == telephone_hash("13869301246")
    assert doctor.telephone_masked == "138****1246"
    assert doctor.identity_tail_hash == identity_tail_hash(doctor.id, "0378")
    visit = get_dispatch("A0019")
    assert (visit.kind, visit.starts_on, visit.ends_on) == (
        DispatchKind.VISITING,
        date(2026, 9, 1),
        date(2027, 2, 28),
    )
    assert visit.patterns[0].pattern == WeeklyPattern.of([3, 5])
    assert (visit.recipient.name, [place.name for place in visit.sites]) == ("青石镇中心卫生院", ["院本部"])
    assert visit.rotation is not None
    assert visit.rotation.name == "2026年下半年"
    assert visit.department is not None
    assert visit.department.organisation_id == visit.recipient_id
    assert get_dispatch("A0001").patterns[0].pattern == WeeklyPattern.every_day()
    assert get_dispatch("A0001").leads_team
    hospital = get_person("A0001", "53019901").organisation
    assert db.session.get_one(Organisation, hospital.parent_id).code == "53019900"


def test_roles_are_given_at_the_employer(imported: Import) -> None:
    imported(SAMPLE)

    held = {
        (number, role)
        for number, role in db.session.execute(
            select(Person.staff_number, RoleHolding.role).join(RoleHolding.person).where(Person.staff_number != "x")
        )
        if not number.startswith("A")
    }

    assert {("M0001", Role.MEDICAL_AFFAIRS), ("D0001", Role.DEAN), ("B0001", Role.BUREAU)} <= held
    assert {("T0001", Role.DIRECTOR), ("T0002", Role.DESK), ("U0001", Role.DUTY), ("F0001", Role.FINANCE)} <= held
    assert ("P0001", Role.PERSONNEL) in held


def test_a_second_run_changes_nothing_and_says_so(imported: Import) -> None:
    imported(SAMPLE)
    before = everything()

    report = imported(SAMPLE)

    assert [rows(report, kind) for kind in SheetKind] == [(0, 0, 8), (0, 0, 7), (0, 0, 58), (0, 0, 24)]
    assert everything() == {**before, "events": before["events"] + 1}
    assert db.session.scalars(select(Dispatch.version).distinct()).all() == [1]


def test_a_dry_run_tells_the_same_and_writes_nothing(app: Flask) -> None:
    before = everything()

    report = check_roster(SYSTEM, SAMPLE)

    assert [rows(report, kind)[0] for kind in SheetKind] == [8, 7, 58, 24]
    assert everything() == before


def test_one_bad_row_keeps_everything_out(refused: Refused) -> None:
    before = everything()

    errors = refused(roster(people=[person("A1"), person("A2", 手机号="12345")]))

    assert errors == [("telephone_invalid", "人员", 3, "H")]
    assert everything() == before


def test_only_people_and_dispatches_may_come_later_and_what_is_absent_stays(imported: Import) -> None:
    imported(roster(people=[person("A1"), person("A2")], dispatches=[dispatch("A1"), dispatch("A2")]))

    report = imported(roster(organisations=[], sites=[], people=[person("A3")], dispatches=[dispatch("A3", "9911")]))

    assert rows(report, SheetKind.PEOPLE) == (1, 0, 0)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 3
    assert db.session.scalar(select(func.count()).select_from(Dispatch)) == 3


def test_only_what_differs_is_changed(imported: Import) -> None:
    imported(roster(people=[person("A1"), person("A2")], dispatches=[dispatch("A1"), dispatch("A2")]))
    untouched = get_dispatch("A2").version

    report = imported(
        roster(
            people=[person("A1", 职称="副主任医师"), person("A2")],
            dispatches=[dispatch("A1", 结束日期=date(2027, 5, 31), 派驻点名称="河西分院"), dispatch("A2")],
        )
    )

    assert rows(report, SheetKind.PEOPLE) == (0, 1, 1)
    assert rows(report, SheetKind.DISPATCHES) == (0, 1, 1)
    changed = get_dispatch("A1")
    assert (get_person("A1").title, changed.ends_on, changed.version) == ("副主任医师", date(2027, 5, 31), 2)
    assert [place.name for place in changed.sites] == ["河西分院"]
    assert [part.during.upper for part in changed.patterns] == [date(2027, 6, 1)]
    assert get_dispatch("A2").version == untouched


def test_blank_cells_leave_what_is_there(imported: Import) -> None:
    imported(roster(people=[person()], dispatches=[dispatch(星期="三、五", 例外说明="特批")]))
    blank = {"职称": "", "科室": "", "手机号": "", "身份证后四位": "", "角色": "", "性别": "", "出生年月": ""}

    report = imported(
        roster(
            people=[person(**blank)],
            dispatches=[dispatch(接收科室="", 批次="", 例外说明="")],
        )
    )

    assert rows(report, SheetKind.PEOPLE) == (0, 0, 1)
    assert rows(report, SheetKind.DISPATCHES) == (0, 0, 1)


def test_a_telephone_can_pass_from_one_to_another_within_a_file(imported: Import) -> None:
    first, second = person("A1")["手机号"], person("A2")["手机号"]
    imported(roster(people=[person("A1"), person("A2")], dispatches=[]))

    imported(roster(people=[person("A1", 手机号=second), person("A2", 手机号=first)], dispatches=[]))

    assert get_person("A1").telephone_hash == telephone_hash(second)
    assert get_person("A2").telephone_hash == telephone_hash(first)


def test_leadership_can_pass_from_one_to_another_within_a_file(imported: Import) -> None:
    people = [person("A1"), person("A2")]
    imported(roster(people=people, dispatches=[dispatch("A1", 队长="是"), dispatch("A2")]))

    imported(roster(people=people, dispatches=[dispatch("A1"), dispatch("A2", 队长="√")]))

    assert [get_dispatch(number).leads_team for number in ("A1", "A2")] == [False, True]


def test_a_role_cell_replaces_roles_at_the_employer_but_takes_no_administration(imported: Import) -> None:
    imported(roster(people=[person(角色="派驻人员、医务科")], dispatches=[]))
    somebody = get_person()
    elsewhere = make_organisation()
    db.session.add_all(
        [
            RoleHolding(person_id=somebody.id, organisation_id=somebody.organisation_id, role=Role.ADMIN),
            RoleHolding(person_id=somebody.id, organisation_id=elsewhere.id, role=Role.DESK),
        ]
    )
    now = clock.now()
    session = Session(
        kind="console",
        person_id=somebody.id,
        role=Role.MEDICAL_AFFAIRS,
        organisation_id=somebody.organisation_id,
        access_hash=b"",
        access_expires_at=now,
        refresh_expires_at=now,
    )
    db.session.add(session)
    db.session.commit()

    imported(roster(people=[person(角色="派驻人员、财务科")], dispatches=[]))

    db.session.expire_all()
    held = {(holding.role, holding.organisation_id) for holding in get_person().roles}
    own = somebody.organisation_id
    assert held == {(Role.STAFF, own), (Role.FINANCE, own), (Role.ADMIN, own), (Role.DESK, elsewhere.id)}
    assert session.role is not Role.MEDICAL_AFFAIRS


def test_somebody_new_without_a_role_can_be_sent(imported: Import) -> None:
    imported(roster(people=[person(角色="")]))

    assert [holding.role for holding in get_person().roles] == [Role.STAFF]


def test_lost_leading_zeros_are_found_again(imported: Import) -> None:
    places = [
        organisation("0901", "云岭县人民医院", "县级医院"),
        organisation("0910", "青石镇中心卫生院", "乡镇卫生院"),
    ]
    imported(roster(organisations=places, sites=[site("0910")], people=[person("0012", "0901")], dispatches=[]))

    report = imported(
        roster(
            organisations=[],
            sites=[],
            people=[person("0012", "0901", 机构代码=901, 工号=12)],
            dispatches=[dispatch("0012", 派出机构代码=901, 工号=12, 受援机构代码=910)],
        )
    )

    assert rows(report, SheetKind.PEOPLE) == (0, 0, 1)
    assert get_dispatch("0012").recipient.code == "0910"
    assert {warning.code for warning in report.findings.warnings} == {"zeros_restored"}


def test_coordinates_are_converted_once(imported: Import) -> None:
    sites = [
        site("9910", "甲", 坐标系="WGS-84"),
        site("9910", "乙", 坐标系="百度"),
        site("9910", "丙", 坐标系="高德"),
    ]
    imported(roster(sites=sites))
    report = imported(roster(sites=sites))

    assert rows(report, SheetKind.SITES) == (0, 0, 3)
    places = {place.name: place for place in db.session.scalars(select(Site))}
    assert float(places["丙"].longitude) == 103.2
    assert 0.001 < float(places["甲"].longitude) - 103.2 < 0.003
    assert 0.005 < 103.2 - float(places["乙"].longitude) < 0.008


def test_a_radius_that_is_not_said_is_said_in_a_warning(imported: Import) -> None:
    report = imported(roster(sites=[site(**{"半径(米)": ""})]))

    assert [warning.code for warning in report.findings.warnings] == ["radius_by_default"]
    assert db.session.scalars(select(Site.radius_m)).all() == [300]


def test_a_coordinate_system_in_the_header_is_enough(imported: Import) -> None:
    spoken = {key: value for key, value in site().items() if key not in ("坐标系", "经度")} | {"高德经度": 103.2}

    imported(roster(sites=[spoken]))

    assert db.session.scalars(select(Site.longitude)).one() == Decimal("103.2")


def test_a_dispatch_of_many_years_is_warned_of(imported: Import) -> None:
    report = imported(roster(dispatches=[dispatch(结束日期=date(2062, 2, 28))]))

    assert [(warning.code, warning.column) for warning in report.findings.warnings] == [("dispatch_long", "G")]


@pytest.mark.parametrize("written", ["院本部/河西分院", "院本部\n河西分院", "院本部和河西分院", "河西分院 院本部"])
def test_sites_are_parted_by_whatever_makes_names_of_them(imported: Import, written: str) -> None:
    imported(roster(dispatches=[dispatch(派驻点名称=written)]))

    assert {place.name for place in get_dispatch().sites} == {"院本部", "河西分院"}


def test_a_site_with_a_stroke_in_its_name_is_one(imported: Import) -> None:
    sites = [site(name="东/西院区"), site(name="和平分院")]

    imported(roster(sites=sites, dispatches=[dispatch(派驻点名称="东/西院区、和平分院")]))

    assert {place.name for place in get_dispatch().sites} == {"东/西院区", "和平分院"}


def test_several_sites_and_halves_are_taken(imported: Import) -> None:
    imported(roster(dispatches=[dispatch(派驻点名称="院本部、河西分院", 类型="定期坐诊", 星期="周三上午、周五下午")]))

    sent = get_dispatch()
    assert {place.name for place in sent.sites} == {"院本部", "河西分院"}
    assert sent.patterns[0].pattern.claims == {(3, Shift.MORNING), (5, Shift.AFTERNOON)}


def test_no_site_named_means_all_of_the_recipient(imported: Import) -> None:
    imported(roster())

    assert {place.name for place in get_dispatch().sites} == {"院本部", "河西分院"}


def test_a_new_dispatch_owes_a_notice_unless_it_is_past(imported: Import) -> None:
    past: Values = {"开始日期": TODAY - timedelta(days=90), "结束日期": TODAY - timedelta(days=1)}
    coming: Values = {"开始日期": TODAY, "结束日期": TODAY + timedelta(days=90)}

    imported(roster(people=[person("A1"), person("A2")], dispatches=[dispatch("A1", **past), dispatch("A2", **coming)]))

    (item,) = db.session.scalars(select(InboxItem)).all()
    (message,) = db.session.scalars(select(OutboxMessage)).all()
    assert item.person_id == message.person_id == get_person("A2").id
    assert "青石镇中心卫生院" in item.body


def test_the_trail_tells_of_the_import_and_of_each_dispatch_and_right(imported: Import) -> None:
    imported(roster())
    imported(roster(dispatches=[dispatch(结束日期=date(2027, 3, 31))]))

    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == [
        "create_dispatch",
        "grant_role",
        "import_roster",
        "change_dispatch",
        "import_roster",
    ]
    assert events[0].organisation_id == events[3].organisation_id == get_person().organisation_id
    assert "吕芬春" not in str([event.details for event in events])


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

    assert [rows(report, kind)[:2] for kind in SheetKind] == [(0, 0)] * 4


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
