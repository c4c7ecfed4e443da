"""Evaluations that tests stand on: opened, or as far as a test needs them."""

from __future__ import annotations

from typing import Any

from backend.domain.accounts.models import Person
from backend.domain.attendance.service.timesheets import countersign_timesheet
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.queries.evaluations import EvaluationFilters, list_evaluations
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade
from backend.domain.careers.service.evaluations import Words, sign_evaluation, write_part
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.codes import new_verification_code
from backend.foundation.ids import new_id
from tests.support.county import County
from tests.support.factories import acting, make_person
from tests.support.weeks import hand_in, live_week

SUMMARY = Words("按时到岗，完成门诊和带教。", education="大学本科", specialty="内科学", title_applied="副主任医师")
OF_DEPARTMENT = Words("服从安排，带教认真。", signer_name="冯敏月")
OF_RECIPIENT = Words("同意科室意见。", Grade.EXCELLENT)
OF_SUPPORTING = Words("同意受援单位意见。", Grade.QUALIFIED)
OF_BUREAU = Words("同意。")


def make_evaluation(
    dispatch: Dispatch, *, status: EvaluationStatus = EvaluationStatus.SELF, grade: Grade | None = None, **more: Any
) -> Evaluation:
    """Make an evaluation that stands so, without any part; committed."""
    completed = status is EvaluationStatus.COMPLETED
    evaluation = Evaluation(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        status=status,
        grade=grade or (Grade.QUALIFIED if completed else None),
        completed_at=clock.now() if completed else None,
        verification_code=new_verification_code() if completed else None,
        **more,
    )
    db.session.add(evaluation)
    db.session.commit()
    return evaluation


def signed_week(county: County) -> Dispatch:
    """Return a week of the doctor's that was served and countersigned: five days."""
    dispatch = live_week(county.doctor, county.township)
    timesheet = hand_in(dispatch)
    countersign_timesheet(county.recipient, timesheet.id, timesheet.version)
    return dispatch


def write_all(county: County, evaluation: Evaluation, *, supporting: Words = OF_SUPPORTING) -> Evaluation:
    """Let everybody but the bureau write their part, in their turn."""
    for actor, words in (
        (county.visitor, SUMMARY),
        (county.recipient, OF_DEPARTMENT),
        (county.recipient, OF_RECIPIENT),
        (county.office, supporting),
    ):
        evaluation = write_part(actor, evaluation.id, evaluation.version, words)
    return evaluation


def completed_evaluation(county: County, *, supporting: Words = OF_SUPPORTING) -> Evaluation:
    """Return the evaluation of a week that was countersigned, written by everybody and signed."""
    evaluation = write_all(county, make_evaluation(signed_week(county)), supporting=supporting)
    return sign_evaluation(county.visitor, evaluation.id, evaluation.version)


def overseer_of(county: County) -> Actor:
    """Return somebody of the bureau, by name."""
    return acting(make_person(county.bureau, "孟立新", roles=[Role.BUREAU]), Role.BUREAU)


def waiting_for(actor: Actor) -> list[Person]:
    """Return about whom evaluations wait for somebody."""
    return [one.person for one in list_evaluations(actor, EvaluationFilters(waiting=True)).items]
