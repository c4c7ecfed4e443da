"""Situations in which a dispatch cannot be made or changed."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class DispatchNotFound(NotFound):
    """There is no such dispatch within the actor's organisations."""

    code = "dispatch_not_found"
    message = "没有找到这次派驻，请刷新后再试。"


class DutyClaimTaken(Conflict):
    """The person already has a duty on one of these weekday halves."""

    code = "duty_claim_taken"
    message = "该人员在同一时段已有其他派驻，请调整星期、时段或日期。"


class DispatchExists(Conflict):
    """The same person, recipient and first day."""

    code = "dispatch_exists"
    message = "该人员在同一天开始的同一派驻已经存在。"


class TeamHasLeader(Conflict):
    """A team has one leader at a time."""

    code = "team_has_leader"
    message = "该批次在这家受援单位已有队长，请先取消原队长。"


class ConditionsUnmet(Invalid):
    """A condition of the programme is not met and no exception is recorded."""

    code = "conditions_unmet"
    message = "不符合派驻条件，请填写例外说明，或改派他人。"


class DispatchInvalid(Invalid):
    """What was given does not make a dispatch."""

    code = "dispatch_invalid"


class TransitionRefused(Conflict):
    """The dispatch does not stand where this can be done."""

    code = "dispatch_state"
    message = "派驻的当前状态不允许这项操作，请刷新后再试。"


class DispatchSuspended(Conflict):
    """It rests on some of these days already."""

    code = "dispatch_suspended"
    message = "这段时间派驻已经暂停，请修改起止日期。"


class SubstitutePosted(Conflict):
    """Somebody takes over these days already."""

    code = "substitute_posted"
    message = "这段时间已经安排了顶岗。如需换人，请先取消原来的顶岗。"
