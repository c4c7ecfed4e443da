"""Corrections and leave of the demo: granted, rejected, waiting for the one or the other."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from backend.cli.demo.cast import instant
from backend.cli.demo.days import Whim
from backend.cli.demo.plot import Plot
from backend.domain.accounts.service.delegations import give_delegation
from backend.domain.attachments.service.files import store_file
from backend.domain.attendance.rules.corrections import CorrectedTap
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.service.corrections import CorrectionDraft, decide_correction, request_correction
from backend.domain.attendance.service.leave import LeaveDraft, grant_leave, reject_leave, request_leave
from backend.domain.dispatch.rules import Shift
from backend.foundation.actor import Actor

_A_DAY = timedelta(days=1)
_MORNING, _AFTERNOON = Shift.MORNING, Shift.AFTERNOON
_SICK_NOTE = Path(__file__).with_name("sick-note.png")


def plot_requests(plot: Plot) -> None:
    """Let people ask for corrections and leave, of last month and lately, and a director be away for some days."""
    _plot_corrections(plot)
    _plot_leave_of_last_month(plot)
    _plot_leave_now(plot)
    _plot_delegation(plot)


def _plot_corrections(plot: Plot) -> None:
    of_last_month, lately = plot.cast.due_last_month, plot.cast.due_lately
    granted = (
        (1, of_last_month(1, 2), _MORNING, "一早接诊急性腹痛病人，忘记签到，病历可查。"),
        (44, of_last_month(44, 5), _AFTERNOON, "下午停电，手机没电，下班后才充上。"),
    )
    for number, day, shift, reason in granted:
        _Correction(plot, number, day, shift, reason).decide(plot.cast.director_of(number), accept=True)
    refused = _Correction(plot, 49, of_last_month(49, 4), _MORNING, "忘记签到。")
    refused.decide(plot.cast.director_of(49), accept=False, why="当天上午科室交班没有见到本人，请提供其他证明。")
    for number, place, shift, reason in (
        (52, 2, _MORNING, "随救护车出诊，途中没有信号，回来已过签到时间。"),
        (1, 1, _AFTERNOON, "下午一直在手术室，下台后才发现没有签到。"),
    ):
        _Correction(plot, number, lately(number, place), shift, reason)


def _plot_leave_of_last_month(plot: Plot) -> None:
    of_last_month, director = plot.cast.due_last_month, plot.cast.director
    first, last = of_last_month(43, 4), of_last_month(43, 5)
    _Leave(plot, 43, LeaveKind.SICK, (first, _MORNING), (last, _AFTERNOON), instant(first, 7, 10)).of(
        "发热，门诊诊断为急性上呼吸道感染。", proof=_SICK_NOTE
    ).grant(director, instant(first, 8, 5))
    day = of_last_month(1, 6)
    _Leave(plot, 1, LeaveKind.OFFICIAL, (day, _AFTERNOON), (day, _AFTERNOON), instant(day - _A_DAY, 16)).of(
        "到县卫生健康局参加对口支援工作会。"
    ).grant(director, instant(day - _A_DAY, 17))
    day = of_last_month(49, 12)
    _Leave(plot, 49, LeaveKind.PERSONAL, (day, _MORNING), (day, _AFTERNOON), instant(day - 2 * _A_DAY, 12)).of(
        "家中有事。"
    ).reject(director, instant(day - 2 * _A_DAY, 17), why="当天专家门诊已放号，无人替班，请另选日期。")


def _plot_leave_now(plot: Plot) -> None:
    today, cast = plot.cast.today, plot.cast
    first, last = cast.workdays_from(46, today + 6 * _A_DAY, 5)
    _Leave(plot, 46, LeaveKind.ANNUAL, (first, _MORNING), (last, _AFTERNOON), instant(today - _A_DAY, 9)).of(
        "年休，带父母复查。"
    ).grant(cast.director, instant(today - _A_DAY, 11))
    day, _ = cast.workdays_from(48, today + 2 * _A_DAY, 1)
    _Leave(plot, 48, LeaveKind.PERSONAL, (day, _AFTERNOON), (day, _AFTERNOON), instant(today - _A_DAY, 18)).of(
        "孩子家长会。"
    )
    first, last = cast.workdays_from(14, today - 4 * _A_DAY, 25)
    _Leave(plot, 14, LeaveKind.SICK, (first, _MORNING), (last, _AFTERNOON), instant(first - 2 * _A_DAY, 9)).of(
        "右踝骨折，石膏固定，医嘱休息。"
    ).grant(cast.director_of(14), instant(first - 2 * _A_DAY, 15)).grant(
        cast.medical_affairs, instant(first - _A_DAY, 10)
    )


def _plot_delegation(plot: Plot) -> None:
    cast, first = plot.cast, plot.cast.today - 2 * _A_DAY
    plot.at(
        instant(first, 8, 40),
        lambda: give_delegation(cast.director, cast.delegate_id, starts_on=first, ends_on=first + 9 * _A_DAY),
    )


class _Correction:
    """A missing arrival, and the request to mend it on the day after."""

    def __init__(self, plot: Plot, number: int, day: date, shift: Shift, reason: str) -> None:
        self._plot, self._asked_at = plot, instant(day + _A_DAY, 9, 15)
        plot.tap(number, day, shift, Whim.MISSING)
        tap = CorrectedTap(day, shift, CheckInKind.IN, instant(day, 7 if shift is _MORNING else 13, 50))
        self._draft = CorrectionDraft(plot.cast.dispatch(number).id, tap, reason)
        self._who = plot.cast.doctor(number)
        plot.at(self._asked_at, self._ask)

    def decide(self, who: Actor, *, accept: bool, why: str = "") -> None:
        """Let somebody grant or reject it on the same afternoon."""
        self._plot.at(
            self._asked_at.replace(hour=16),
            lambda: decide_correction(who, self._request.id, self._request.version, accept=accept, reason=why),
        )

    def _ask(self) -> None:
        self._request = request_correction(self._who, self._draft, key=f"demo-{self._draft.tap.duty_on}").correction


class _Leave:
    """Leave that somebody asks for at an instant."""

    def __init__(
        self,
        plot: Plot,
        number: int,
        kind: LeaveKind,
        starts: tuple[date, Shift],
        ends: tuple[date, Shift],
        asked_at: datetime,
    ) -> None:
        self._plot, self._number, self._kind = plot, number, kind
        self._span = LeaveSpan(*starts, *ends)
        self._asked_at = asked_at

    def of(self, reason: str, *, proof: Path | None = None) -> _Leave:
        """Let it be asked for, with a reason and perhaps a paper."""
        self._plot.at(self._asked_at, lambda: self._ask(reason, proof))
        return self

    def grant(self, who: Actor, when: datetime) -> _Leave:
        """Let somebody grant it for their party."""
        self._plot.at(when, lambda: grant_leave(who, self._request.id, self._request.version))
        return self

    def reject(self, who: Actor, when: datetime, *, why: str) -> None:
        """Let somebody reject it."""
        self._plot.at(when, lambda: reject_leave(who, self._request.id, self._request.version, reason=why))

    def _ask(self, reason: str, proof: Path | None) -> None:
        who = self._plot.cast.doctor(self._number)
        papers = [store_file(who, "疾病诊断证明.png", proof.read_bytes()).id] if proof else []
        dispatch = self._plot.cast.dispatch(self._number)
        draft = LeaveDraft(dispatch.id, self._kind, self._span, reason, frozenset(papers))
        self._request = request_leave(who, draft).leave
