"""Message delivery (消息送达): what is owed to people, what became of it and why; sending again by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from markupsafe import Markup
from marshmallow import fields
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.console.words import state
from backend.domain.accounts.queries import names_of
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.queries.messages import (
    MessageFilter,
    list_messages,
    may_send_again,
    tally_messages,
)
from backend.domain.notifications.rules.again import why_not_again
from backend.domain.notifications.rules.delivery import FAILURE_LABELS, STATUS_LABELS, DeliveryStatus, Failure
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service.again import send_again
from backend.domain.patients.queries import names_of_accounts
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.errors import Invalid

bp = Blueprint("deliveries", __name__, url_prefix="/deliveries")
PAGE_SIZE = 50
KEPT = ("status", "failure", "template", "first", "last")
_DAYS = 30
_LATE = timedelta(minutes=10)  # from when an owed message means that something stands still
_TABS = (
    DeliveryStatus.OWED,
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.LAPSED,
)
_LOOKS = {
    DeliveryStatus.OWED: "on",
    DeliveryStatus.SENDING: "on",
    DeliveryStatus.SENT: "good",
    DeliveryStatus.DELIVERED: "good",
    DeliveryStatus.FAILED: "bad",
    DeliveryStatus.UNKNOWN: "warn",
    DeliveryStatus.LAPSED: "calm",
}
_TEMPLATES: Mapping[TemplateKey, str] = {
    TemplateKey.BOOKING_MADE: "预约成功",
    TemplateKey.CLINIC_CHANGED: "停诊和变更",
    TemplateKey.PLACE_OFFERED: "有号待确认",
    TemplateKey.VISIT_REMINDER: "就诊提醒",
    TemplateKey.WORK_NOTICE: "工作通知",
    TemplateKey.SPOT_CHECK: "查岗",
}


class FiltersForm(PageForm):
    """What the list is narrowed to."""

    status = fields.Enum(DeliveryStatus, by_value=True)
    failure = fields.Enum(Failure, by_value=True)
    template = fields.Enum(TemplateKey, by_value=True)
    first = fields.Date()
    last = fields.Date()


class AgainForm(FormSchema):
    """Which messages to send again, and what the list was narrowed to."""

    chosen = fields.List(fields.UUID(), load_default=list)
    status = fields.String(load_default="")
    failure = fields.String(load_default="")
    template = fields.String(load_default="")
    first = fields.String(load_default="")
    last = fields.String(load_default="")


@bp.get("")
def show_list() -> str:
    """Show the messages for which the actor's organisation answers: of thirty days unless told otherwise."""
    actor, filters = current_actor(), Form.asked(FiltersForm())
    asked = _asked(filters)
    page = list_messages(actor, asked, page=filters.data["page"], page_size=PAGE_SIZE)
    tally = tally_messages(actor, asked)
    waited = clock.now() - tally.oldest_owed if tally.oldest_owed else None
    return render_template(
        "deliveries/list.html",
        page=page,
        tally=tally,
        tabs=[(one, STATUS_LABELS[one], _count(tally.by_status, one, tally.under_way)) for one in _TABS],
        failures=[(one, FAILURE_LABELS[one], count) for one, count in sorted(tally.by_failure.items())],
        templates=_TEMPLATES,
        asked=asked,
        filters=filters,
        kept={name: filters.value(name) for name in KEPT if filters.value(name)},
        of_days={name: filters.value(name) for name in ("first", "last") if filters.value(name)},
        waiting=_age_label(waited) if waited is not None else None,
        is_late=waited is not None and waited >= _LATE,
        recipients=_recipients(page.items),
        again={one.id for one in page.items if _may_be_sent_again(one)},
        message_state=message_state,
        failure_label=FAILURE_LABELS.__getitem__,
    )


@bp.post("/send-again")
def send_some_again() -> Response:
    """Owe the chosen messages again; tell how many were not, and why."""
    form = Form.submitted(AgainForm())
    if not form.is_valid:
        raise Invalid("提交的内容与页面不符，请刷新页面后重新选择。")
    chosen = form.data.pop("chosen")
    outcome = send_again(current_actor(), chosen)
    if outcome.done:
        flash(f"{outcome.done} 条消息已重新排队，一般一分钟内发出。", "done")
    for reason in sorted(set(outcome.left)):
        flash(f"{outcome.left.count(reason)} 条没有重新发送：{reason}。", "caution")
    if not chosen:
        flash("没有选择消息，一条也没有发送。", "caution")
    return redirect(url_for("console.deliveries.show_list", **{name: text for name, text in form.data.items() if text}))


def message_state(message: OutboxMessage) -> Markup:
    """Return where a message stands."""
    return state(STATUS_LABELS[message.status], _LOOKS[message.status])


def _asked(filters: Form) -> MessageFilter:
    last: date = filters.data.get("last") or clock.today()
    first: date = filters.data.get("first") or last - timedelta(days=_DAYS - 1)
    return MessageFilter(
        first=first,
        last=last,
        status=filters.data.get("status"),
        failure=filters.data.get("failure"),
        template=filters.data.get("template"),
    )


def _count(by_status: Mapping[DeliveryStatus, int], status: DeliveryStatus, under_way: int) -> int:
    return under_way if status is DeliveryStatus.OWED else by_status.get(status, 0)


def _age_label(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes}分钟" if minutes else "不到1分钟"
    return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // 60 // 24}天"


def _recipients(messages: Any) -> dict[Any, str]:
    people = names_of(one.person_id for one in messages if one.person_id)
    accounts = names_of_accounts([one.account_id for one in messages if one.account_id])
    return {person_id: masked_name(name) for person_id, name in people.items()} | accounts


def _may_be_sent_again(message: OutboxMessage) -> bool:
    reason = why_not_again(message.status, sent_at=message.sent_at, lapses_at=message.lapses_at, now=clock.now())
    return reason is None and may_send_again(current_actor(), message.organisation_id)
