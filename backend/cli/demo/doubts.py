"""Taps of the demo that are not believed at once, shifts that were missed, and what people say of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from backend.cli.demo.cast import instant
from backend.cli.demo.days import Whim
from backend.cli.demo.plot import Plot
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import Confirmation, Judgement
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.service.absence_decisions import decide_absence
from backend.domain.attendance.service.reviews import confirm_presence, explain_tap, judge_tap
from backend.domain.attendance.service.weighing import weigh_again
from backend.domain.dispatch.rules import Shift
from backend.extensions import db

_A_DAY = timedelta(days=1)
_MORNING, _AFTERNOON = Shift.MORNING, Shift.AFTERNOON


def plot_doubts(plot: Plot) -> None:
    """Let some taps of last month be doubted and settled, and some of the last days be open."""
    _plot_settled(plot)
    _plot_open(plot)
    _plot_absence(plot)
    _plot_shared_phone(plot)


def _plot_settled(plot: Plot) -> None:
    of_last_month, lately = plot.cast.due_last_month, plot.cast.due_lately
    for number, day, shift in (
        (1, of_last_month(1, 9), _MORNING),
        (45, of_last_month(45, 6), _MORNING),
        (8, of_last_month(8, 3), _AFTERNOON),
        (4, lately(4, 4), _AFTERNOON),
    ):
        doubt = Doubt(plot, number, day, shift, Whim.LATE)
        doubt.confirm(Confirmation.PRESENT)
    village = Doubt(plot, 5, lately(5, 5), _MORNING, Whim.OUTSIDE)
    village.explain("上午随村医到水井村入户走访，签到时在村卫生室。")
    village.judge(Judgement.ACCEPTED, "已电话向村卫生室核实，走访记录齐全，予以认定。")
    elsewhere = Doubt(plot, 6, lately(6, 5), _AFTERNOON, Whim.OUTSIDE)
    elsewhere.confirm(Confirmation.ABSENT)
    elsewhere.judge(Judgement.REJECTED, "受援单位确认当时不在岗，本人未作说明，不予认定。")


def _plot_open(plot: Plot) -> None:
    of_last_month, lately = plot.cast.due_last_month, plot.cast.due_lately
    for number, day, shift, whim, explanation in (
        (49, of_last_month(49, 7), _AFTERNOON, Whim.OUTSIDE, "下午到敬老院义诊，结束后直接返程，忘记说明。"),
        (49, of_last_month(49, 10), _MORNING, Whim.DENIED, ""),
        (12, of_last_month(12, 8), _AFTERNOON, Whim.OUTSIDE, "送危重病人转诊到县医院，在救护车上签到。"),
        (5, lately(5, 1), _MORNING, Whim.OUTSIDE, "随村医入户走访高血压病人，村里没有派驻点。"),
        (5, lately(5, 3), _AFTERNOON, Whim.OUTSIDE, ""),
        (6, lately(6, 1), _MORNING, Whim.DENIED, "手机系统更新后定位权限被关闭，已重新打开。"),
        (6, lately(6, 2), _AFTERNOON, Whim.CROSSING, ""),
        (52, lately(52, 1), _AFTERNOON, Whim.OUTSIDE, "下午在小学做窝沟封闭宣教，校长可以作证。"),
        (52, lately(52, 3), _MORNING, Whim.DENIED, ""),
        (1, lately(1, 2), _MORNING, Whim.LATE, ""),
    ):
        doubt = Doubt(plot, number, day, shift, whim)
        if explanation:
            doubt.explain(explanation)


def _plot_absence(plot: Plot) -> None:
    """Let some shifts be missed; of one, medical affairs says a week later that it was absence without leave."""
    number, day = 10, plot.cast.due_last_month(10, 3)
    dispatch = plot.cast.dispatch(number)
    plot.tap(number, day, _AFTERNOON, Whim.MISSING)
    for other in (6, 52):
        plot.tap(other, plot.cast.due_lately(other, 7), _MORNING, Whim.MISSING)
    reason = "电话两次未接，受援院长确认当天下午未到岗，本人未请假。"
    plot.at(
        instant(day + 7 * _A_DAY, 15),
        lambda: decide_absence(plot.cast.medical_affairs, dispatch.id, day, _AFTERNOON, reason=reason),
    )


def _plot_shared_phone(plot: Plot) -> None:
    """Let two people use one phone on a morning, which the nightly weighing finds."""
    day = plot.cast.due_lately(4, 2)
    for number in (4, 10):
        plot.tap(number, day, _MORNING, Whim.BORROWED)
    plot.at(instant(day + _A_DAY, 2, 30), weigh_again)


class Doubt:
    """An arrival that the evidence leaves in doubt, and what people say of it from the day after."""

    def __init__(self, plot: Plot, number: int, day: date, shift: Shift, whim: Whim) -> None:
        self._plot, self._number, self._day, self._shift = plot, number, day, shift
        plot.tap(number, day, shift, whim)

    def explain(self, text: str) -> None:
        """Let the one concerned say what happened."""
        who = self._plot.cast.doctor(self._number)
        self._plot.at(self._day_after(8), lambda: explain_tap(who, self._tap().id, text))

    def confirm(self, confirmation: Confirmation) -> None:
        """Let the director say who was there."""
        who = self._plot.cast.director_of(self._number)
        self._plot.at(self._day_after(10), lambda: confirm_presence(who, self._tap().id, self._version(), confirmation))

    def judge(self, judgement: Judgement, reason: str) -> None:
        """Let medical affairs decide."""
        who = self._plot.cast.medical_affairs
        self._plot.at(
            self._day_after(15), lambda: judge_tap(who, self._tap().id, self._version(), judgement, reason=reason)
        )

    def _day_after(self, hour: int) -> datetime:
        return instant(self._day + _A_DAY, hour, 20)

    def _version(self) -> int:
        review = self._tap().review
        return review.version if review is not None else 0

    def _tap(self) -> CheckIn:
        statement = select(CheckIn).where(
            CheckIn.dispatch_id == self._plot.cast.dispatch(self._number).id,
            CheckIn.duty_on == self._day,
            CheckIn.shift == self._shift,
            CheckIn.kind == CheckInKind.IN,
            CheckIn.effective,
        )
        return db.session.scalars(statement).one()
