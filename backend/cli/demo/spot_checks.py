"""Spot checks of the demo: drawn week by week as the system draws them, and ordered ones that came to something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID

from sqlalchemy import select

from backend.cli.demo.cast import instant
from backend.cli.demo.days import place_near
from backend.cli.demo.plot import Plot
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import (
    AnswerMeans,
    SpotCheckKind,
    SpotCheckOrigin,
    SpotCheckReview,
    SpotCheckStatus,
)
from backend.domain.attendance.rules.taps import Fix
from backend.domain.attendance.service.spot_check_answers import (
    Answer,
    answer_spot_check,
    explain_spot_check,
    receive_open_spot_check,
)
from backend.domain.attendance.service.spot_check_reviews import record_call, review_spot_check
from backend.domain.attendance.service.spot_check_rounds import (
    lapse_spot_checks,
    plan_spot_checks,
    send_due_spot_checks,
)
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation.actor import Actor, Role

_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)
_WEEKS_BEFORE = 2
_MORNING, _AFTERNOON = (11, 47), (17, 22)  # when nobody is asked by chance


def plot_spot_checks(plot: Plot) -> None:
    """Let this week and those before it be drawn, and some people be asked by order."""
    monday = plot.cast.today - plot.cast.today.weekday() * _A_DAY
    for weeks in range(_WEEKS_BEFORE, -1, -1):
        drawn_at = instant(monday - weeks * 7 * _A_DAY, 6, 5)
        if drawn_at <= plot.now:
            plot.at(drawn_at, partial(_draw, plot, weeks))
    _plot_answered(plot)
    _plot_unanswered(plot)


def _draw(plot: Plot, seed: int) -> None:
    """Draw a week; who was to be asked by now is asked and answers, the scheduler asks the others."""
    plan_spot_checks(Random(seed))  # noqa: S311  (the same each time)
    planned = select(SpotCheck.planned_at).where(SpotCheck.status == SpotCheckStatus.PLANNED)
    for sent_at in db.session.scalars(planned.where(SpotCheck.planned_at <= plot.now)).all():
        plot.at(sent_at, send_due_spot_checks)
        plot.at(sent_at + 4 * _A_MINUTE, _answer_drawn)


def _answer_drawn() -> None:
    sent = select(SpotCheck).where(SpotCheck.status == SpotCheckStatus.SENT, SpotCheck.origin == SpotCheckOrigin.RANDOM)
    for spot_check in db.session.scalars(sent).all():
        dispatch = spot_check.dispatch
        who = Actor(
            person_id=spot_check.person_id,
            role=Role.STAFF,
            organisation_id=dispatch.supporting_id,
            channel="command",
        )
        answer_spot_check(who, spot_check.id, _from(dispatch, 45))


def _from(dispatch: Dispatch, metres: float, note: str = "") -> Answer:
    return Answer(means=AnswerMeans.LOCATION, fix=Fix(place_near(dispatch, metres), 25), note=note)


def _plot_answered(plot: Plot) -> None:
    _Check(plot, 41, 2, _MORNING).answer(_from(plot.cast.dispatch(41), 60))
    _Check(plot, 47, 3, _AFTERNOON).answer(_from(plot.cast.dispatch(47), 35))
    away = _Check(plot, 13, 4, _AFTERNOON).answer(_from(plot.cast.dispatch(13), 2600, "在村卫生室巡诊"))
    away.explain("下午到河西村卫生室巡诊，有巡诊登记。")
    _Check(plot, 42, 3, _MORNING).answer(Answer(means=AnswerMeans.SURGERY, note="阑尾切除，带教"))
    _Check(plot, 9, 2, _AFTERNOON, note="电话核实").call("座机0870-5550402，值班护士接听，本人在病房，已通话。")


def _plot_unanswered(plot: Plot) -> None:
    _Check(plot, 52, 3, _AFTERNOON).receive().lapse().explain("当时在抢救室，手机放在更衣柜，出来已超时。")
    excused = _Check(plot, 16, 5, _MORNING).receive().lapse()
    excused.explain("在乡道上随救护车出诊，路上没有信号。")
    excused.review(SpotCheckReview.EXCUSED, "出车单时间相符，情况属实。")
    _Check(plot, 5, 2, _MORNING).lapse()
    _Check(plot, 11, 6, _AFTERNOON).lapse()


class _Check:
    """A spot check that medical affairs orders on one of somebody's last days, and what comes of it in minutes."""

    def __init__(self, plot: Plot, number: int, place: int, at: tuple[int, int], note: str = "") -> None:
        self._plot, self._when = plot, instant(plot.cast.due_lately(number, place), *at)
        self._doctor, self._office = plot.cast.doctor(number), plot.cast.medical_affairs
        self._dispatch_id = plot.cast.dispatch(number).id
        plot.at(self._when, lambda: self._order(note))

    def receive(self) -> _Check:
        """Let the one concerned read it."""
        return self._after(2, lambda: receive_open_spot_check(self._doctor))

    def answer(self, answer: Answer) -> _Check:
        """Let the one concerned answer in time."""
        return self._after(5, lambda: answer_spot_check(self._doctor, self._id, answer))

    def call(self, note: str) -> None:
        """Let the office call the site."""
        self._after(9, lambda: record_call(self._office, self._id, self._version, present=True, note=note))

    def lapse(self) -> _Check:
        """Let its time pass."""
        return self._after(125, lapse_spot_checks)

    def explain(self, text: str) -> None:
        """Let the one concerned say what happened."""
        self._after(180, lambda: explain_spot_check(self._doctor, self._id, text))

    def review(self, review: SpotCheckReview, reason: str) -> None:
        """Let the office decide what is to be thought of it."""
        self._after(
            1500, lambda: review_spot_check(self._office, self._id, self._version, review=review, reason=reason)
        )

    def _order(self, note: str) -> None:
        self._spot_check = order_spot_check(self._office, self._dispatch_id, SpotCheckKind.PRESENCE, note)

    def _after(self, minutes: int, event: Callable[[], object]) -> _Check:
        self._plot.at(self._when + minutes * _A_MINUTE, event)
        return self

    @property
    def _id(self) -> UUID:
        return self._spot_check.id

    @property
    def _version(self) -> int:
        return self._spot_check.version
