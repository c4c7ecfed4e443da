"""Sending people, against the real constraints."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.errors import (
    ConditionsUnmet,
    DispatchExists,
    DispatchInvalid,
    DispatchNotFound,
    DutyClaimTaken,
    TeamHasLeader,
    TransitionRefused,
)
from backend.domain.dispatch.models import Dispatch, Rotation
from backend.domain.dispatch.queries import (
    find_duty,
    find_next_duty,
    get_dispatch,
    list_dispatches,
    rotation_at_recipients,
)
from backend.domain.dispatch.rules import DispatchKind, DispatchState, Shift, WeeklyPattern, days_between
from backend.domain.dispatch.service import (
    DispatchChange,
    DispatchDraft,
    cancel_dispatch,
    change_dispatch,
    create_dispatch,
    end_dispatch_early,
    substitute_dispatch,
)
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden, NotFound, StaleVersion
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person, make_setting, make_site


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def draft(county: County, **changes: object) -> DispatchDraft:
    given = {
        "person_id": county.doctor.id,
        "recipient_id": county.township.id,
        "kind": DispatchKind.POSTED,
        "starts_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=90),
    }
    return DispatchDraft(**(given | changes))  # type: ignore[arg-type]


def test_a_posting_claims_every_day_and_all_sites_and_tells_the_doctor(county: County) -> None:
    branch = make_site(county.township, "河西分院")

    dispatch = create_dispatch(county.office, draft(county))

    assert dispatch.patterns[0].pattern == WeeklyPattern.every_day()
    assert {site.id for site in dispatch.sites} == {county.site.id, branch.id}
    notice = db.session.scalars(select(InboxItem).where(InboxItem.person_id == county.doctor.id)).one()
    assert "青石镇中心卫生院" in notice.body
    assert db.session.scalar(select(func.count()).where(AuditEvent.subject_id == dispatch.id)) == 1


def test_two_postings_of_one_person_may_share_the_week_but_no_half(county: County) -> None:
    create_dispatch(county.office, draft(county, pattern=WeeklyPattern.of([1, 2, 3])))
    create_dispatch(
        county.office, draft(county, recipient_id=county.other_township.id, pattern=WeeklyPattern.of([4, 5]))
    )

    with pytest.raises(DutyClaimTaken) as refusal:
        create_dispatch(
            county.office,
            draft(
                county,
                recipient_id=county.other_township.id,
                starts_on=clock.today() + timedelta(days=1),
                pattern=WeeklyPattern.of([3], [Shift.AFTERNOON]),
            ),
        )

    assert "青石镇中心卫生院" in refusal.value.text


def test_the_database_itself_refuses_two_claims_on_one_half(county: County) -> None:
    make_dispatch(county.doctor, county.township, pattern=WeeklyPattern.of([3]))
    with pytest.raises(IntegrityError, match="duty_patterns_one_claim_excl"):
        make_dispatch(county.doctor, county.other_township, pattern=WeeklyPattern.of([3, 4]))


def test_visits_on_single_days_claim_just_those_days(county: County) -> None:
    first, second = clock.today() + timedelta(days=2), clock.today() + timedelta(days=9)
    create_dispatch(county.office, draft(county, kind=DispatchKind.VISITING, single_days=(second, first)))

    assert find_duty(county.doctor.id, first) is not None
    assert find_duty(county.doctor.id, first + timedelta(days=1)) is None
    following = find_next_duty(county.doctor.id, first)
    assert following is not None
    assert following[1] == second


def test_a_visit_must_say_when(county: County) -> None:
    with pytest.raises(DispatchInvalid):
        create_dispatch(county.office, draft(county, kind=DispatchKind.VISITING))


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2020, 1, 1)},
        {"kind": DispatchKind.VISITING, "single_days": (date(2020, 1, 1),)},
    ],
)
def test_days_that_make_no_sense_are_refused_and_nothing_is_written(county: County, wrong: dict[str, object]) -> None:
    with pytest.raises(DispatchInvalid):
        create_dispatch(county.office, draft(county, **wrong))
    assert db.session.scalar(select(func.count()).select_from(Dispatch)) == 0


def test_nobody_is_sent_to_their_own_hospital(county: County) -> None:
    with pytest.raises(DispatchInvalid):
        create_dispatch(county.office, draft(county, recipient_id=county.hospital.id))


def test_an_unmet_condition_needs_a_recorded_exception(county: County) -> None:
    make_setting(county.bureau, "dispatch.minimum_title", "副主任医师")

    with pytest.raises(ConditionsUnmet) as refusal:
        create_dispatch(county.office, draft(county))
    assert refusal.value.fields == {"exception_reason": ["职称要求副主任医师及以上，现为主治医师"]}

    dispatch = create_dispatch(county.office, draft(county, exception_reason="科室无副高人员，经院长办公会同意"))
    assert dispatch.exception_reason == "科室无副高人员，经院长办公会同意"


def test_a_condition_that_ended_no_longer_asks(county: County) -> None:
    make_setting(county.bureau, "dispatch.minimum_title", "副主任医师")
    make_setting(county.bureau, "dispatch.minimum_title", None, effective_on=clock.today())
    assert create_dispatch(county.office, draft(county)).exception_reason == ""


def test_the_same_start_at_the_same_recipient_is_the_same_dispatch(county: County) -> None:
    create_dispatch(county.office, draft(county, pattern=WeeklyPattern.of([1])))
    with pytest.raises(DispatchExists):
        create_dispatch(county.office, draft(county, pattern=WeeklyPattern.of([2])))


def test_a_team_has_one_leader(county: County) -> None:
    create_dispatch(county.office, draft(county, rotation_name="2026年下半年", leads_team=True))
    second = make_person(county.hospital, "沈雪远")
    with pytest.raises(TeamHasLeader):
        create_dispatch(
            county.office, draft(county, person_id=second.id, rotation_name="2026年下半年", leads_team=True)
        )


def test_only_medical_affairs_of_the_employer_sends_people(county: County) -> None:
    finance = acting(make_person(county.hospital, "沈志国", roles=[Role.FINANCE]), Role.FINANCE)
    with pytest.raises(Forbidden):
        create_dispatch(finance, draft(county))
    with pytest.raises(Forbidden):
        create_dispatch(county.recipient, draft(county))
    with pytest.raises(NotFound):
        create_dispatch(county.stranger, draft(county))


def test_who_may_read_a_dispatch(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    for actor in (county.office, county.recipient, county.visitor, county.overseer):
        assert get_dispatch(actor, dispatch.id) is dispatch
    with pytest.raises(DispatchNotFound):
        get_dispatch(county.stranger, dispatch.id)
    with pytest.raises(Forbidden):
        get_dispatch(acting(make_person(county.hospital, "姜芬杰"), Role.STAFF), dispatch.id)


def test_a_list_holds_only_what_the_role_may_read(county: County) -> None:
    mine = make_dispatch(county.doctor, county.township)
    make_dispatch(make_person(county.hospital, "沈雪远"), county.other_township)
    day = clock.today()

    assert list_dispatches(county.office, day).total == 2
    assert list_dispatches(county.overseer, day).total == 2
    assert [row.id for row in list_dispatches(county.recipient, day).items] == [mine.id]
    assert [row.id for row in list_dispatches(county.visitor, day).items] == [mine.id]
    assert list_dispatches(county.stranger, day).total == 0
    with pytest.raises(Forbidden):
        list_dispatches(acting(county.medical_affairs, Role.ADMIN), day)


def test_a_search_takes_percent_signs_as_they_are(county: County) -> None:
    make_dispatch(county.doctor, county.township)
    assert list_dispatches(county.office, clock.today(), text="芬").total == 1
    assert list_dispatches(county.office, clock.today(), text="%").total == 0


def test_an_early_end_frees_the_days_after_it(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    last = clock.today() + timedelta(days=3)

    ended = end_dispatch_early(county.office, dispatch.id, dispatch.version, ends_on=last, reason="因公返院")

    assert (ended.ends_on, ended.planned_end_on) == (last, dispatch.starts_on + timedelta(days=180))
    assert find_duty(county.doctor.id, last) is not None
    assert find_duty(county.doctor.id, last + timedelta(days=1)) is None


def test_an_early_end_needs_a_reason(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    with pytest.raises(DispatchInvalid):
        end_dispatch_early(county.office, dispatch.id, dispatch.version, ends_on=clock.today(), reason="  ")


def test_a_version_that_somebody_else_has_changed_is_stale(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    read = dispatch.version
    change_dispatch(county.office, dispatch.id, read, DispatchChange(leads_team=True))
    with pytest.raises(StaleVersion):
        change_dispatch(county.office, dispatch.id, read, DispatchChange(leads_team=False))


def test_new_weekdays_from_a_day_on_leave_the_days_before_as_they_were(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())

    change_dispatch(
        county.office,
        dispatch.id,
        dispatch.version,
        DispatchChange(pattern=WeeklyPattern.of([3]), pattern_from=monday),
    )

    assert find_duty(county.doctor.id, monday - timedelta(days=1)) is not None
    assert find_duty(county.doctor.id, monday) is None
    assert find_duty(county.doctor.id, monday + timedelta(days=2)) is not None


def test_an_end_moved_out_keeps_the_weekdays(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, ends_on=clock.today() + timedelta(days=5))
    later = clock.today() + timedelta(days=40)
    change_dispatch(county.office, dispatch.id, dispatch.version, DispatchChange(ends_on=later))
    assert find_duty(county.doctor.id, later) is not None


def test_an_ended_dispatch_is_not_changed(county: County) -> None:
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 1, 1), ends_on=clock.today() - timedelta(days=1)
    )
    with pytest.raises(TransitionRefused):
        change_dispatch(county.office, dispatch.id, dispatch.version, DispatchChange(leads_team=True))


def test_only_a_dispatch_that_has_not_begun_is_cancelled(county: County) -> None:
    coming = make_dispatch(county.doctor, county.township, starts_on=clock.today() + timedelta(days=1))
    cancel_dispatch(county.office, coming.id, coming.version, reason="计划调整")
    assert find_duty(county.doctor.id, clock.today() + timedelta(days=2)) is None
    current = make_dispatch(county.doctor, county.other_township)
    with pytest.raises(TransitionRefused):
        cancel_dispatch(county.office, current.id, current.version, reason="计划调整")


def test_a_substitute_takes_over_the_days_and_the_lead(county: County) -> None:
    rotation = Rotation(supporting_id=county.hospital.id, name="2026年下半年")
    dispatch = make_dispatch(
        county.doctor,
        county.township,
        pattern=WeeklyPattern.of([1, 3]),
        sites=[county.site],
        rotation=rotation,
        leads_team=True,
    )
    end = dispatch.ends_on
    second = make_person(county.hospital, "沈雪远")
    from_day = clock.today() + timedelta(days=1)

    substitute = substitute_dispatch(
        county.office, dispatch.id, dispatch.version, person_id=second.id, from_day=from_day, reason="病假"
    )

    assert dispatch.ends_on == clock.today()
    assert (substitute.starts_on, substitute.ends_on, substitute.leads_team) == (from_day, end, True)
    assert substitute.patterns[0].pattern == WeeklyPattern.of([1, 3])
    assert substitute.substitute_for_id == dispatch.id
    assert substitute.rotation is rotation


def test_a_substitute_takes_over_single_days_with_their_shifts(county: County) -> None:
    first = clock.today() + timedelta(days=10)
    days = (first, first + timedelta(days=3), first + timedelta(days=21))
    visit = create_dispatch(
        county.office,
        draft(
            county,
            kind=DispatchKind.VISITING,
            starts_on=first,
            ends_on=days[-1],
            single_days=days,
            shifts=(Shift.MORNING,),
        ),
    )
    second = make_person(county.hospital, "沈雪远")

    substitute = substitute_dispatch(
        county.office, visit.id, visit.version, person_id=second.id, from_day=days[1], reason="病假"
    )

    taken = {day: substitute.shifts_on(day) for day in days_between(first, days[-1]) if substitute.shifts_on(day)}
    assert taken == {days[1]: (Shift.MORNING,), days[2]: (Shift.MORNING,)}


def test_a_substitute_takes_over_a_change_that_is_still_to_come(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, pattern=WeeklyPattern.of([1]))
    change_from = clock.today() + timedelta(days=30)
    change = DispatchChange(pattern=WeeklyPattern.of([4]), pattern_from=change_from)
    dispatch = change_dispatch(county.office, dispatch.id, dispatch.version, change)
    second = make_person(county.hospital, "沈雪远")

    substitute = substitute_dispatch(
        county.office,
        dispatch.id,
        dispatch.version,
        person_id=second.id,
        from_day=clock.today() + timedelta(days=1),
        reason="病假",
    )

    assert [row.pattern for row in substitute.patterns] == [WeeklyPattern.of([1]), WeeklyPattern.of([4])]
    assert substitute.patterns[1].during.lower == change_from


def test_a_substitute_who_is_busy_then_leaves_everything_as_it_was(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    end = dispatch.ends_on
    busy = make_person(county.hospital, "沈雪远")
    make_dispatch(busy, county.other_township)
    db.session.commit()

    with pytest.raises(DutyClaimTaken):
        substitute_dispatch(
            county.office,
            dispatch.id,
            dispatch.version,
            person_id=busy.id,
            from_day=clock.today() + timedelta(days=1),
            reason="病假",
        )

    assert get_dispatch(county.office, dispatch.id).ends_on == end


def test_a_rotation_is_seen_at_each_recipient_with_whoever_else_is_there_meanwhile(county: County) -> None:
    first = Rotation(supporting_id=county.hospital.id, name="2026年上半年")
    second = Rotation(supporting_id=county.hospital.id, name="2026年下半年")
    march: dict[str, Any] = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 31)}
    own = make_dispatch(county.doctor, county.township, rotation=first, **march)
    stays = make_dispatch(make_person(county.hospital, "沈雪远"), county.township, rotation=second, **march)
    make_dispatch(make_person(county.hospital), county.township, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2))
    make_dispatch(make_person(county.hospital), county.other_township, **march)

    _, [place] = rotation_at_recipients(county.office, first.id)

    assert (place.recipient.id, place.first, place.last) == (county.township.id, *march.values())
    assert [dispatch.id for dispatch in place.team] == [own.id]
    assert [dispatch.id for dispatch in place.others] == [stays.id]


def test_a_rotation_of_others_is_not_there(county: County) -> None:
    rotation = Rotation(supporting_id=county.hospital.id, name="2026年上半年")
    make_dispatch(county.doctor, county.township, rotation=rotation)
    with pytest.raises(NotFound):
        rotation_at_recipients(county.stranger, rotation.id)


def test_lists_by_state_follow_the_day(county: County) -> None:
    make_dispatch(county.doctor, county.township)
    day = clock.today()
    assert list_dispatches(county.office, day, state=DispatchState.CURRENT).total == 1
    assert list_dispatches(county.office, day, state=DispatchState.PLANNED).total == 0
    assert list_dispatches(county.office, day + timedelta(days=365), state=DispatchState.ENDED).total == 1
