"""What an import writes, changes and leaves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.domain.accounts.models import Person, RoleHolding, Session
from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.rules import Sex
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.imports.service import check_roster
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.organisations.models import Organisation, Site
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Role
from tests.imports.conftest import Import
from tests.imports.stored import TODAY, Refused, everything, get_dispatch, get_person, rows
from tests.imports.workbooks import SAMPLE, Values, dispatch, organisation, person, roster, site
from tests.support.factories import lent_for_a_year, make_organisation


def test_the_sample_is_imported(imported: Import) -> None:
    report = imported(SAMPLE)

    assert [rows(report, kind)[0] for kind in FORMATS] == [8, 7, 58, 24]
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

    assert [rows(report, kind) for kind in FORMATS] == [(0, 0, 8), (0, 0, 7), (0, 0, 58), (0, 0, 24)]
    assert everything() == {**before, "events": before["events"] + 1}
    assert db.session.scalars(select(Dispatch.version).distinct()).all() == [1]


def test_a_dry_run_tells_the_same_and_writes_nothing(app: Flask) -> None:
    before = everything()

    report = check_roster(SYSTEM, SAMPLE)

    assert [rows(report, kind)[0] for kind in FORMATS] == [8, 7, 58, 24]
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


def test_no_roster_takes_or_gives_the_right_to_sign_for_a_director(imported: Import, refused: Refused) -> None:
    nurse = person("T1", "9910", 角色="分诊台")
    imported(roster(people=[person(), nurse]))
    deputy = get_person("T1", "9910")
    deputy.roles.append(
        RoleHolding(organisation_id=deputy.organisation_id, role=Role.DELEGATE, during=lent_for_a_year(Role.DELEGATE))
    )
    db.session.commit()

    imported(roster(people=[person(), nurse | {"角色": "派驻人员"}]))
    db.session.expire_all()
    assert {held.role for held in deputy.roles} == {Role.DELEGATE, Role.STAFF}
    assert refused(roster(people=[person(), nurse | {"角色": "授权代签人"}])) == [("role_unknown", "人员", 3, "J")]


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
