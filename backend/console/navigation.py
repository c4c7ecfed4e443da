"""The menu, the current identity and the unread notices that every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, request, url_for

from backend.domain.access.rules import Action, Party, Resource, parties_with
from backend.domain.accounts import queries as accounts
from backend.foundation.actor import Actor, Role


@dataclass(frozen=True)
class Entry:
    """A place in the menu, for the roles that have a right there."""

    label: str
    endpoint: str
    resource: Resource
    action: Action = Action.READ
    others: tuple[Resource, ...] = ()  # a right to any of these opens it as well

    @property
    def section(self) -> str:
        return self.endpoint.split(".")[1]


MENU = (
    Entry("服务台", "console.desk.show_days", Resource.BOOKING, Action.DECIDE),
    Entry("就诊人", "console.patients.show_find", Resource.PATIENT),
    Entry("今日在岗", "console.today.show", Resource.CHECK_IN),
    Entry("派驻", "console.dispatches.show_list", Resource.DISPATCH),
    Entry("坐诊", "console.clinics.show_week", Resource.CLINIC),
    Entry("停诊", "console.closures.show_list", Resource.CLOSURE),
    Entry("异常核实", "console.exceptions.show_list", Resource.CHECK_IN),
    Entry("考勤表", "console.timesheets.show_list", Resource.TIMESHEET),
    Entry("工作日志", "console.activities.show_list", Resource.ACTIVITY),
    Entry("工作统计", "console.activity_figures.show", Resource.ACTIVITY),
    Entry("每周日志", "console.activity_weeks.show", Resource.ACTIVITY),
    Entry("业务指标", "console.indicators.show_year", Resource.INDICATOR),
    Entry("下乡补贴", "console.claims.show_list", Resource.SUBSIDY_CLAIM),
    Entry("发放批次", "console.payments.show_list", Resource.PAYMENT_RUN),
    Entry("补贴预算", "console.budgets.show_year", Resource.SUBSIDY_BUDGET),
    Entry("鉴定", "console.evaluations.show_list", Resource.EVALUATION),
    Entry("晋升资格", "console.promotion.show_list", Resource.PROMOTION),
    Entry("查岗", "console.spot_checks.show_list", Resource.SPOT_CHECK),
    Entry("请假与补签", "console.requests.show_leaves", Resource.LEAVE),
    Entry("授权代签", "console.delegations.show_list", Resource.DELEGATION),
    Entry("批次轮换", "console.rotations.show_list", Resource.ROTATION),
    Entry(
        "表格导入",
        "console.imports.show_upload",
        Resource.ROSTER_IMPORT,
        Action.WRITE,
        others=(Resource.LEDGER_IMPORT, Resource.INDICATOR),
    ),
    Entry("绑定申请", "console.binding_requests.show_list", Resource.BINDING_REQUEST),
    Entry("人员与角色", "console.people.show_list", Resource.PERSON),
    Entry("机构与派驻点", "console.organisations.show_tree", Resource.ORGANISATION),
    Entry("支援协议", "console.agreements.show_list", Resource.AGREEMENT),
    Entry("补贴规则", "console.subsidy_rules.show_list", Resource.SUBSIDY_RULE),
    Entry("晋升规则", "console.promotion_rules.show_list", Resource.PROMOTION_RULE),
    Entry("制度设置", "console.settings.show_list", Resource.SETTING),
    Entry("工作日历", "console.calendars.show_list", Resource.CALENDAR),
    Entry("消息送达", "console.deliveries.show_list", Resource.MESSAGE),
    Entry("操作记录", "console.audit.show_trail", Resource.AUDIT_TRAIL),
)


def may_as_office(actor: Actor, action: Action, resource: Resource) -> bool:
    """Tell whether the current role has a right there beyond the rows that are about the person."""
    return bool(parties_with(actor.role, action, resource) - {Party.SELF})


def menu_for(actor: Actor) -> list[Entry]:
    """Return the places that the current role may enter."""
    return [
        entry
        for entry in MENU
        if any(may_as_office(actor, entry.action, resource) for resource in (entry.resource, *entry.others))
    ]


def first_page(actor: Actor) -> str:
    """Return the address of the page that one sees after logging in."""
    entries = menu_for(actor)
    if not entries or actor.role is Role.STAFF:  # whose pages are on the phone
        return url_for("console.session.welcome")
    return url_for(entries[0].endpoint)


def equip(console: Blueprint) -> None:
    """Give every page of somebody logged in the frame around it; a partial page has none and asks nothing."""
    console.context_processor(_frame)


def _frame() -> dict[str, Any]:
    actor: Actor | None = g.get("actor")
    if actor is None or actor.person_id is None or request.headers.get("HX-Request") == "true":
        return {"actor": actor}
    standing = accounts.standing_of(actor, actor.person_id)
    return {
        "actor": actor,
        "menu": menu_for(actor),
        "section": (request.endpoint or "").split(".")[1] if (request.endpoint or "").count(".") > 1 else "",
        "held_roles": standing.roles,
        "unread": standing.unread,
        "open_binding_requests": standing.open_binding_requests,
    }
