"""The templates of subscribe messages: which kind of notice goes out in which, and what fills it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.notifications.rules.kinds import Notice, NoticeKind


class TemplateKey(StrEnum):
    """A template by our own name; its id at WeChat is a matter of the installation."""

    BOOKING_MADE = "booking_made"
    CLINIC_CHANGED = "clinic_changed"
    PLACE_OFFERED = "place_offered"
    VISIT_REMINDER = "visit_reminder"
    WORK_NOTICE = "work_notice"
    SPOT_CHECK = "spot_check"


# What is not named goes out as a notice of work.
TEMPLATE_OF: Mapping[NoticeKind, TemplateKey] = {
    NoticeKind.BOOKING_MADE: TemplateKey.BOOKING_MADE,
    NoticeKind.BOOKING_CANCELLED: TemplateKey.CLINIC_CHANGED,
    NoticeKind.CLINIC_CLOSED: TemplateKey.CLINIC_CHANGED,
    NoticeKind.EXPERT_REPLACED: TemplateKey.CLINIC_CHANGED,
    NoticeKind.PLACE_OFFERED: TemplateKey.PLACE_OFFERED,
    NoticeKind.OFFER_LAPSED: TemplateKey.CLINIC_CHANGED,
    NoticeKind.VISIT_TOMORROW: TemplateKey.VISIT_REMINDER,
    NoticeKind.VISIT_SOON: TemplateKey.VISIT_REMINDER,
    NoticeKind.NO_SHOW_MARKED: TemplateKey.CLINIC_CHANGED,
    NoticeKind.APPEAL_DECIDED: TemplateKey.CLINIC_CHANGED,
    NoticeKind.SPOT_CHECK_SENT: TemplateKey.SPOT_CHECK,
}


def template_of(kind: NoticeKind) -> TemplateKey:
    """Return the template in which a kind of notice goes out."""
    return TEMPLATE_OF.get(kind, TemplateKey.WORK_NOTICE)


@dataclass(frozen=True)
class Slot:
    """A field of a template: our name for it, WeChat's (`thing1`), and what stands before it on the phone."""

    name: str
    field: str
    label: str


class Purpose(StrEnum):
    """At which tap leave to write is asked for."""

    BOOKING = "booking"
    DISPATCH = "dispatch"
    TIMESHEET = "timesheet"
    CLOSURE = "closure"
    SUBSIDY = "subsidy"


MOST_AT_ONCE = 5  # templates that WeChat asks for at one tap
TEMPLATES_FOR: Mapping[Purpose, tuple[TemplateKey, ...]] = {
    Purpose.BOOKING: (
        TemplateKey.CLINIC_CHANGED,
        TemplateKey.VISIT_REMINDER,
        TemplateKey.BOOKING_MADE,
        TemplateKey.PLACE_OFFERED,
    ),
    Purpose.DISPATCH: (TemplateKey.WORK_NOTICE, TemplateKey.SPOT_CHECK),
    Purpose.TIMESHEET: (TemplateKey.WORK_NOTICE,),
    Purpose.CLOSURE: (TemplateKey.WORK_NOTICE,),
    Purpose.SUBSIDY: (TemplateKey.WORK_NOTICE,),
}


# Fields as they are asked for from WeChat's library of templates; docs/operations.md says how to choose them.
SLOTS: Mapping[TemplateKey, tuple[Slot, ...]] = {
    TemplateKey.BOOKING_MADE: (
        Slot("what", "thing1", "专家"),
        Slot("where", "thing2", "就诊地点"),
        Slot("when", "time3", "就诊时间"),
        Slot("number", "thing4", "就诊序号"),
    ),
    TemplateKey.CLINIC_CHANGED: (
        Slot("what", "thing1", "专家"),
        Slot("when", "time2", "原定时间"),
        Slot("reason", "thing3", "变更原因"),
        Slot("advice", "thing4", "温馨提示"),
    ),
    TemplateKey.PLACE_OFFERED: (
        Slot("what", "thing1", "专家"),
        Slot("where", "thing2", "就诊地点"),
        Slot("when", "time3", "就诊时间"),
        Slot("until", "time4", "保留至"),
    ),
    TemplateKey.VISIT_REMINDER: (
        Slot("what", "thing1", "专家"),
        Slot("where", "thing2", "就诊地点"),
        Slot("when", "time3", "就诊时间"),
        Slot("number", "thing4", "就诊序号"),
    ),
    TemplateKey.WORK_NOTICE: (
        Slot("title", "thing1", "事项"),
        Slot("body", "thing2", "说明"),
        Slot("at", "time3", "时间"),
    ),
    TemplateKey.SPOT_CHECK: (
        Slot("title", "thing1", "事项"),
        Slot("body", "thing2", "说明"),
        Slot("at", "time3", "时间"),
    ),
}
_THING = 20  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def written_time(instant: datetime) -> str:
    """Return a local instant as a field of kind `time` wants it."""
    return f"{instant.year}年{instant.month}月{instant.day}日 {instant:%H:%M}"


def fitted(text: str) -> str:
    """Return a text as a field of kind `thing` takes it: one line of up to 20 characters."""
    line = _CONTROL.sub(" ", text).strip() or "无"
    return line if len(line) <= _THING else line[: _THING - 1] + "…"


def fields_of(notice: Notice, at: datetime) -> dict[str, str]:
    """Return what the template of a notice shows, by WeChat's names of its fields; `at` is the local present.

    Raises:
        KeyError: the notice leaves a slot of its template open.
    """
    given = {"title": notice.title, "body": notice.body, "at": written_time(at), **notice.slots}
    slots = SLOTS[template_of(notice.kind)]
    return {
        slot.field: fitted(given[slot.name]) if slot.field.startswith("thing") else given[slot.name] for slot in slots
    }


def installed_fields(key: TemplateKey, numbering: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a template shows under the names that its fields have at WeChat in this installation.

    `numbering`: our name of a slot to that name, where it is another than ours.
    """
    names = {slot.field: numbering.get(slot.name, slot.field) for slot in SLOTS[key]}
    return {names.get(name, name): value for name, value in fields.items()}


def problems_of_installation(templates: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Say what is wrong with an installation's templates: for each key, the names of its slots' fields."""
    problems = [f"there is no template {key}" for key in templates if key not in list(TemplateKey)]
    for key in TemplateKey:
        slots = {slot.name: slot.field.rstrip("0123456789") for slot in SLOTS[key]}
        for name, field in templates.get(key, {}).items():
            if name not in slots:
                problems.append(f"{key} has no slot {name}")
            elif field.rstrip("0123456789") != slots[name] or field == slots[name]:
                problems.append(f"{key}: {name} must be a {slots[name]} with its number, not {field}")
    return problems
