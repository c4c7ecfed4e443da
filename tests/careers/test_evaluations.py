"""An evaluation goes from one to the next, nobody writes about themselves, and completed it is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.careers.errors.evaluations import (
    DispatchNotOver,
    EvaluationElsewhere,
    EvaluationNotFound,
    EvaluationReasonMissing,
    GradeMissing,
    GradeNotAsked,
    MonthsNotCountersigned,
    OpinionMissing,
    OwnEvaluation,
    SignerMissing,
    TurnOfOthers,
    WroteForAnother,
)
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.queries.evaluations import (
    count_evaluations_waiting,
    get_evaluation,
    passed_evaluations,
    rights_to_evaluation,
    written_parts,
)
from backend.domain.careers.queries.facts import facts_of
from backend.domain.careers.rules.evaluations import (
    EVALUATION_TRANSITIONS,
    EvaluationAction,
    EvaluationStatus,
    Grade,
    Part,
    part_of,
    parts_in_force,
    status_after,
)
from backend.domain.careers.rules.facts import Facts, Labelled
from backend.domain.careers.service.evaluations import (
    Words,
    answer_objection,
    object_to_evaluation,
    return_part,
    sign_evaluation,
    write_part,
)
from backend.domain.careers.service.opening import open_evaluations
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, StaleVersion
from tests.activities.signing_world import delegate_of
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.evaluations import (
    OF_BUREAU,
    OF_DEPARTMENT,
    OF_RECIPIENT,
    OF_SUPPORTING,
    SUMMARY,
    completed_evaluation,
    make_evaluation,
    overseer_of,
    signed_week,
    waiting_for,
    write_all,
)
from tests.support.factories import acting, make_dispatch, make_person, make_setting
from tests.support.weeks import IN_NOVEMBER, live_week

S = EvaluationStatus


@pytest.fixture
def moment(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(IN_NOVEMBER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(moment: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def evaluation(county: County) -> Evaluation:
    return make_evaluation(signed_week(county))


def told(person_id: object) -> list[str]:
    statement = select(InboxItem.kind).where(InboxItem.person_id == person_id).order_by(InboxItem.created_at)
    return [kind for kind in db.session.scalars(statement) if kind.startswith("evaluation")]


def test_every_action_leads_where_the_table_says_and_without_a_bureau_to_the_signature() -> None:
    for cell in product(EvaluationStatus, EvaluationAction):
        led = EVALUATION_TRANSITIONS.get(cell)
        assert status_after(*cell, bureau_evaluates=True) is led
        assert status_after(*cell, bureau_evaluates=False) is (S.SIGNATURE if led is S.BUREAU else led)


def test_only_the_parts_before_the_one_whose_turn_it_is_hold() -> None:
    assert parts_in_force(S.SELF) == ()
    assert parts_in_force(S.SUPPORTING) == (Part.SELF, Part.DEPARTMENT, Part.RECIPIENT)
    assert parts_in_force(S.OBJECTED) == tuple(Part)
    assert [part_of(status) for status in S] == [*Part, None, None, None]


def test_each_writes_in_turn_and_the_person_signs(county: County, evaluation: Evaluation) -> None:
    evaluation = write_all(county, evaluation)
    assert (evaluation.status, evaluation.grade) == (S.SIGNATURE, Grade.QUALIFIED)
    signed = sign_evaluation(county.visitor, evaluation.id, evaluation.version)
    assert (signed.status, len(signed.verification_code or "")) == (S.COMPLETED, 16)
    names = [(part.part, part.signer_name) for part in written_parts(signed)]
    assert names == [("self", "吕芬春"), ("department", "冯敏月"), ("recipient", "郑明卫"), ("supporting", "秦明永")]
    assert passed_evaluations([signed.dispatch_id]) == {signed.dispatch_id}


def test_a_grade_below_the_line_does_not_pass(county: County) -> None:
    failed = completed_evaluation(county, supporting=replace(OF_SUPPORTING, grade=Grade.BARELY))
    assert passed_evaluations([failed.dispatch_id]) == set()


def test_everybody_is_told_when_it_is_their_turn_and_sees_it_waiting(county: County, evaluation: Evaluation) -> None:
    assert waiting_for(county.visitor) == [county.doctor]
    write_part(county.visitor, evaluation.id, 1, SUMMARY)
    assert told(county.director.id) == [NoticeKind.EVALUATION_WAITING]
    assert (waiting_for(county.recipient), waiting_for(county.visitor)) == ([county.doctor], [])
    write_part(county.recipient, evaluation.id, 2, OF_DEPARTMENT)
    write_part(county.recipient, evaluation.id, 3, Words("同意", Grade.EXCELLENT))
    assert told(county.medical_affairs.id) == [NoticeKind.EVALUATION_WAITING]
    assert count_evaluations_waiting(county.office) == 1
    write_part(county.office, evaluation.id, 4, OF_SUPPORTING)
    sign_evaluation(county.visitor, evaluation.id, 5)
    assert told(county.doctor.id) == [NoticeKind.EVALUATION_WAITING, NoticeKind.EVALUATION_COMPLETED]
    assert told(county.director.id)[-1] == NoticeKind.EVALUATION_COMPLETED


def test_where_the_setting_asks_for_it_the_bureau_writes_last(county: County, evaluation: Evaluation) -> None:
    make_setting(county.bureau, "careers.bureau_evaluates", "是")
    overseer = overseer_of(county)
    evaluation = write_all(county, evaluation)
    assert (evaluation.status, told(overseer.person_id)) == (S.BUREAU, [NoticeKind.EVALUATION_WAITING])
    with pytest.raises(TurnOfOthers):
        write_part(county.office, evaluation.id, evaluation.version, OF_BUREAU)
    assert write_part(overseer, evaluation.id, evaluation.version, OF_BUREAU).status is S.SIGNATURE


def test_nobody_writes_an_opinion_about_themselves(county: County, evaluation: Evaluation) -> None:
    write_part(county.visitor, evaluation.id, 1, SUMMARY)
    as_director = acting(county.doctor, Role.DIRECTOR, county.township)
    named = acting(delegate_of(county, county.doctor), Role.DELEGATE)
    for oneself in (as_director, named, county.visitor):
        with pytest.raises(OwnEvaluation):
            write_part(oneself, evaluation.id, 2, OF_DEPARTMENT)
    evaluation = get_evaluation(county.recipient, evaluation.id)
    assert not rights_to_evaluation(as_director, evaluation).write
    assert waiting_for(as_director) == []


def test_nobody_writes_for_two_hospitals_in_two_roles(county: County, evaluation: Evaluation) -> None:
    in_township = acting(county.medical_affairs, Role.DIRECTOR, county.township)
    write_part(county.visitor, evaluation.id, 1, SUMMARY)
    write_part(in_township, evaluation.id, 2, OF_DEPARTMENT)
    write_part(in_township, evaluation.id, 3, OF_RECIPIENT)  # the department's words and the hospital's are one party's
    with pytest.raises(WroteForAnother):
        write_part(county.office, evaluation.id, 4, OF_SUPPORTING)
    assert not rights_to_evaluation(county.office, get_evaluation(county.office, evaluation.id)).write

    return_part(county.office, evaluation.id, 4, reason="请由另一人填写")
    write_part(county.recipient, evaluation.id, 5, OF_RECIPIENT)
    with pytest.raises(WroteForAnother):
        write_part(county.office, evaluation.id, 6, OF_SUPPORTING)
    other = acting(make_person(county.hospital, roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS)
    assert write_part(other, evaluation.id, 6, OF_SUPPORTING).status is S.SIGNATURE


def test_nobody_writes_the_summary_of_another_or_signs_for_them(county: County, evaluation: Evaluation) -> None:
    with pytest.raises(TurnOfOthers):
        write_part(county.office, evaluation.id, 1, SUMMARY)
    evaluation = write_all(county, evaluation)
    with pytest.raises(TurnOfOthers):
        sign_evaluation(county.office, evaluation.id, evaluation.version)


def test_out_of_turn_stale_or_outside_nothing_is_written(county: County, evaluation: Evaluation) -> None:
    write_part(county.visitor, evaluation.id, 1, SUMMARY)
    with pytest.raises(TurnOfOthers):
        write_part(county.office, evaluation.id, 2, OF_SUPPORTING)
    with pytest.raises(StaleVersion):
        write_part(county.recipient, evaluation.id, 1, OF_DEPARTMENT)
    with pytest.raises(EvaluationNotFound):
        write_part(county.stranger, evaluation.id, 2, OF_DEPARTMENT)
    with pytest.raises(Forbidden):
        write_part(acting(county.medical_affairs, Role.FINANCE), evaluation.id, 2, OF_SUPPORTING)
    with pytest.raises(EvaluationElsewhere):
        sign_evaluation(county.visitor, evaluation.id, 2)


@pytest.mark.parametrize(
    ("status", "words", "refusal"),
    [
        (S.SELF, Words(" "), OpinionMissing),
        (S.SELF, replace(SUMMARY, grade=Grade.EXCELLENT), GradeNotAsked),
        (S.DEPARTMENT, Words("认真"), SignerMissing),
        (S.RECIPIENT, Words("同意"), GradeMissing),
        (S.SUPPORTING, Words("同意"), GradeMissing),
    ],
)
def test_words_that_lack_something_are_refused(
    county: County, status: EvaluationStatus, words: Words, refusal: type[Exception]
) -> None:
    evaluation = make_evaluation(signed_week(county), status=status)
    writers: dict[EvaluationStatus, Actor] = {S.SELF: county.visitor, S.SUPPORTING: county.office}
    with pytest.raises(refusal):
        write_part(writers.get(status, county.recipient), evaluation.id, 1, words)


def test_what_is_returned_is_written_again_and_later_words_go(county: County, evaluation: Evaluation) -> None:
    make_setting(county.bureau, "careers.bureau_evaluates", "是")
    evaluation = write_all(county, evaluation)
    evaluation = return_part(overseer_of(county), evaluation.id, evaluation.version, reason="等次与意见不符")
    assert (evaluation.status, evaluation.grade, evaluation.return_reason) == (S.SUPPORTING, None, "等次与意见不符")
    evaluation = return_part(county.office, evaluation.id, evaluation.version, reason="请受援单位先改")
    assert [part.part for part in written_parts(evaluation)] == [Part.SELF, Part.DEPARTMENT]
    evaluation = write_part(county.recipient, evaluation.id, evaluation.version, Words("改为合格", Grade.QUALIFIED))
    assert (evaluation.status, evaluation.return_reason) == (S.SUPPORTING, "")
    assert {part.part for part in evaluation.parts} == {Part.SELF, Part.DEPARTMENT, Part.RECIPIENT}
    with pytest.raises(EvaluationReasonMissing):
        return_part(county.office, evaluation.id, evaluation.version, reason=" ")


def test_an_objection_that_is_not_heard_is_answered_and_completes_it(county: County, evaluation: Evaluation) -> None:
    evaluation = write_all(county, evaluation)
    with pytest.raises(EvaluationReasonMissing):
        object_to_evaluation(county.visitor, evaluation.id, evaluation.version, reason="")
    evaluation = object_to_evaluation(county.visitor, evaluation.id, evaluation.version, reason="等次偏低")
    with pytest.raises(TurnOfOthers):
        answer_objection(county.recipient, evaluation.id, evaluation.version, answer="维持", revise=False)
    done = answer_objection(county.office, evaluation.id, evaluation.version, answer="维持原意见", revise=False)
    assert (done.status, done.signed_at, done.objection_answer) == (S.COMPLETED, None, "维持原意见")


def test_an_objection_that_is_heard_is_written_again(county: County, evaluation: Evaluation) -> None:
    evaluation = write_all(county, evaluation)
    evaluation = object_to_evaluation(county.visitor, evaluation.id, evaluation.version, reason="等次偏低")
    evaluation = answer_objection(county.office, evaluation.id, evaluation.version, answer="重新评定", revise=True)
    assert (evaluation.status, evaluation.grade) == (S.SUPPORTING, None)
    better = replace(OF_SUPPORTING, grade=Grade.EXCELLENT)
    evaluation = write_part(county.office, evaluation.id, evaluation.version, better)
    assert (evaluation.status, evaluation.grade) == (S.SIGNATURE, Grade.EXCELLENT)


def test_days_leave_and_workload_are_those_of_the_countersigned_record(county: County, evaluation: Evaluation) -> None:
    dispatch = evaluation.dispatch
    on = date(2026, 10, 13)
    make_record(dispatch, ActivityKind.LECTURE, occurred_on=on, person_times=30)
    make_record(dispatch, ActivityKind.LECTURE, occurred_on=on, person_times=12)
    make_record(dispatch, ActivityKind.OUTPATIENT_CLINIC, occurred_on=on, quantity=25)
    make_record(dispatch, ActivityKind.RESCUE, occurred_on=on, status=RecordStatus.SUBMITTED)
    facts = facts_of(evaluation)
    assert (facts.due_days_label, facts.actual_days_label, facts.months_open) == ("5天", "5天", ())
    assert facts.workload == (Labelled("门诊", "25人次"), Labelled("讲座", "2次，42人次"))
    assert Facts.from_json(facts.as_json()) == facts


def test_completed_it_keeps_what_it_was_signed_with(county: County) -> None:
    evaluation = completed_evaluation(county)
    make_record(evaluation.dispatch, occurred_on=date(2026, 10, 14))
    county.doctor.title = "副主任医师"
    db.session.commit()
    facts = facts_of(evaluation)
    assert (facts.workload, facts.title, facts.actual_days_label) == ((), "主治医师", "5天")
    with pytest.raises(IntegrityError, match="completed"):
        db.session.execute(update(Evaluation).values(grade=Grade.EXCELLENT))
    db.session.rollback()
    with pytest.raises(EvaluationElsewhere):
        object_to_evaluation(county.visitor, evaluation.id, evaluation.version, reason="等次偏低")


def test_it_is_not_signed_before_every_month_is_countersigned(county: County) -> None:
    evaluation = write_all(county, make_evaluation(live_week(county.doctor, county.township)))
    assert facts_of(evaluation).months_open == ("2026年10月",)
    with pytest.raises(MonthsNotCountersigned) as refused:
        sign_evaluation(county.visitor, evaluation.id, evaluation.version)
    assert "2026年10月" in refused.value.text


def test_it_is_written_but_not_signed_while_the_dispatch_goes_on(county: County) -> None:
    evaluation = write_all(county, make_evaluation(make_dispatch(county.doctor, county.township)))
    with pytest.raises(DispatchNotOver):
        sign_evaluation(county.visitor, evaluation.id, evaluation.version)


def test_evaluations_are_opened_once_for_dispatches_that_end_soon_or_have_ended(county: County) -> None:
    today = IN_NOVEMBER.date()
    of = {
        days: make_dispatch(
            make_person(county.hospital),
            county.township,
            starts_on=today + timedelta(days=days - 27),
            ends_on=today + timedelta(days=days),
        )
        for days in (14, -180, 15, -181)
    }
    make_dispatch(county.medical_affairs, county.township, starts_on=today, ends_on=today)  # a visit of one day
    assert (open_evaluations(), open_evaluations()) == (2, 0)
    opened = set(db.session.scalars(select(Evaluation.dispatch_id)))
    assert opened == {of[14].id, of[-180].id}
    assert told(of[14].person_id) == [NoticeKind.EVALUATION_WAITING]
