"""Situations in which nothing can be said of a tap, or of a shift that nobody tapped for."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid


class TapJudged(Conflict):
    """The supporting hospital has judged it: nothing said afterwards would count."""

    code = "tap_judged"
    message = "这次签到已由支援医院判定，不能再修改说明或现场确认。"


class NothingToConfirm(Conflict):
    """The tap speaks for itself."""

    code = "nothing_to_confirm"
    message = "这次签到已核实可信，无需现场确认。"


class OwnTap(Conflict):
    """Nobody decides about their own presence, nor has it done by whom they appointed."""

    code = "own_tap"
    message = "不能确认或判定本人的签到，也不能由本人指定的代签人办理，请由其他人办理。"


class ReasonMissing(Invalid):
    """A return, a rejection or an amendment says why."""

    code = "reason_missing"
    message = "请填写原因。"


class DayServed(Conflict):
    """A change would take away a shift for which somebody tapped, or which a month that was handed in counts."""

    code = "day_served"
    message = "有班次已经签到，不能改成不在岗。请选择之后的日期。"


class OwnDispatch(Conflict):
    """One would take away days of one's own that are over: what is missing there is for others to judge."""

    code = "own_dispatch"
    message = "不能改动本人派驻中已经过去的日子，请由医务科其他人办理。"


class AbsenceNotOpen(Conflict):
    """The shift is not concluded as missed: it stands otherwise, or something may still come."""

    code = "absence_not_open"
    message = "只有已过补传截止日、结算为未签到或不予认定的班次，才能认定旷工。"


class AbsenceDecided(Conflict):
    """It is decided already, or taken back already."""

    code = "absence_decided"
    message = "这个班次已经认定，请刷新后查看。"
