"""The list of records, narrowed by a query that a figure's link may bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from backend.console.activities.blueprint import bp
from backend.console.activities.forms import ListForm, filter_in
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.completeness import thin_of
from backend.domain.activities.queries.filtering import query_of
from backend.domain.activities.queries.records import list_records
from backend.domain.activities.queries.waiting import beside, count_to_countersign
from backend.domain.activities.rules.completeness import Finding
from backend.domain.activities.rules.kinds import GROUP_LABELS, KINDS, Group, KindEntry
from backend.domain.activities.rules.oddities import Oddity
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.queries import list_organisations
from backend.domain.organisations.rules.kinds import may_receive
from backend.foundation import clock
from backend.foundation.actor import Actor

PAGE_SIZE = 50
_SHOWN = tuple(status for status in RecordStatus if status not in (RecordStatus.DRAFT, RecordStatus.DISCARDED))
_BY_LINK = {
    "counted": "只看计入统计的（已会签和台账导入）",
    "mine": "只看本人的",
    "person_id": "人员",
    "supporting_id": "支援医院",
    "department_id": "科室",
    "organisation_id": "机构",
    "without_department": "只看没有填科室的",
    "title": "名称",
    "without_title": "只看没有写名称的",
}
"""What only a link narrows, and how that is called; the form of the page has no field for it."""


@dataclass(frozen=True)
class Row:
    """A record of the list; `signing` says what the one who looks can do about it."""

    record: ActivityRecord
    thin: Sequence[Finding]
    oddities: Sequence[Oddity]
    signing: str = ""  # "clean" | "odd" | "own", or empty where it does not wait for them


@dataclass(frozen=True)
class Narrowing:
    """What a link has narrowed the list to, and the address of the list without that."""

    name: str
    value: str
    text: str
    without: str


@bp.get("")
def show_list() -> str:
    """Show the records that the actor may read, the latest first."""
    actor, filters = current_actor(), Form.asked(ListForm())
    which = filter_in(filters)
    page = list_records(actor, which, page=filters.data["page"], page_size=PAGE_SIZE)
    signs = may_as_office(actor, Action.DECIDE, Resource.ACTIVITY)
    rows = _rows(actor, page.items, signs=signs)
    kept = query_of(which)
    visible = [] if signs else list_organisations(visible_organisations(actor, clock.today()))
    return render_template(
        "activities/list.html",
        page=page,
        rows=rows,
        clean=[row for row in rows if row.signing == "clean"],
        odd=sum(row.signing == "odd" for row in rows),
        signs=signs,
        waiting=count_to_countersign(actor) if signs else 0,
        filters=filters,
        kept=kept,
        narrowed=_narrowed(kept, page.items),
        groups=[(label, _kinds_of(group)) for group, label in GROUP_LABELS.items()],
        statuses=_SHOWN,
        recipients=[one for one in visible if may_receive(one.kind)],
    )


def _rows(actor: Actor, records: Sequence[ActivityRecord], *, signs: bool) -> list[Row]:
    thin, seen = thin_of(records), beside([one for one in records if one.status is RecordStatus.SUBMITTED])
    return [
        Row(
            record,
            thin[record.id],
            oddities := seen[record.id].oddities if record.id in seen else (),
            signing_of(actor, record, oddities) if signs else "",
        )
        for record in records
    ]


def signing_of(actor: Actor, record: ActivityRecord, oddities: Sequence[Oddity]) -> str:
    """Return what somebody who may sign at a recipient can do about a record; see Row."""
    if record.status is not RecordStatus.SUBMITTED or record.recipient_id != actor.organisation_id:
        return ""
    if record.person_id == actor.person_id:
        return "own"
    return "odd" if oddities else "clean"


def _narrowed(kept: dict[str, str], records: Sequence[ActivityRecord]) -> list[Narrowing]:
    """Return what only a link narrows; who or what it is, is told by the records that are found."""
    names = {}
    if records:
        first = records[0]
        names = {
            "person_id": first.person.name,
            "supporting_id": first.supporting.name,
            "organisation_id": _one_of(kept, first),
            "department_id": first.department.name if first.department else "",
        }
    names["title"] = kept.get("title") or "（空白）"
    return [
        Narrowing(
            name,
            kept[name],
            f"{label}：{names.get(name) or '所选的'}" if name.endswith("_id") or name == "title" else label,
            _address(**{other: text for other, text in kept.items() if other != name}),
        )
        for name, label in _BY_LINK.items()
        if name in kept
    ]


def _one_of(kept: dict[str, str], record: ActivityRecord) -> str:
    pair = {str(one.id): one.name for one in (record.recipient, record.supporting)}
    return pair.get(kept.get("organisation_id", ""), "")


def _address(**query: Any) -> str:
    return url_for("console.activities.show_list", **query)


def _kinds_of(group: Group) -> list[KindEntry]:
    return [entry for entry in KINDS.values() if entry.group is group]
