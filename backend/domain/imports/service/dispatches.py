"""Planning 派驻: dispatches by person, recipient and first day.

A blank cell leaves what is there, but for 队长, which a blank ends. What somebody has already served is not rewritten:
new weekdays hold from the first day where nobody checked in yet, else from today. A dispatch that was ended early or
cancelled in the system stays so.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from backend.domain.accounts.rules import normalised_name
from backend.domain.dispatch.rules import unmet_conditions
from backend.domain.imports.queries import existing
from backend.domain.imports.queries.existing import KnownDispatch, KnownPattern
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.programme import Programmes
from backend.domain.imports.rules.rows import DispatchRow
from backend.domain.imports.rules.spans import Span, spans_of
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.collisions import Claimant, Collisions
from backend.domain.imports.service.directory import Directory, Place
from backend.domain.imports.service.people import PeoplePlanner, Somebody
from backend.domain.imports.service.places import PlacePlanner, unknown_organisation
from backend.domain.imports.service.plan import OwedNotice, Planning, Values
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.foundation.ids import new_id

_LONGER_THAN_USUAL = timedelta(days=3 * 366)
_NOT_YOURS = "只能导入本单位派出的人员。请删除这一行，由派出单位或上级卫生健康局导入。"


class Parties(NamedTuple):
    """Whom a row speaks of."""

    employer: Place
    recipient: Place
    person: Somebody


@dataclass(frozen=True)
class Known:
    """What the database holds of the people of the file."""

    by_key: dict[tuple[UUID, UUID, date], KnownDispatch]
    all: list[KnownDispatch]
    patterns: dict[UUID, list[KnownPattern]]
    sites: dict[UUID, set[UUID]]
    last_duty_days: dict[UUID, date]
    rotations: dict[tuple[UUID, str], UUID]


class DispatchPlanner:
    """Plans 派驻."""

    def __init__(
        self,
        planning: Planning,
        *,
        directory: Directory,
        authority: Authority,
        places: PlacePlanner,
        people: PeoplePlanner,
    ) -> None:
        self._planning = planning
        self._findings = planning.findings
        self._plan = planning.plan
        self._directory = directory
        self._authority = authority
        self._places = places
        self._people = people
        self._programmes = Programmes(existing.load_condition_settings())
        self._seen: dict[tuple[UUID, UUID, date], DispatchRow] = {}
        self._collisions = Collisions(planning.findings)
        self._known: Known

    def plan_dispatches(self, rows: list[DispatchRow]) -> None:
        """Compare 派驻 with the database."""
        found = [(row, parties) for row in rows if (parties := self._parties_of(row)) is not None]
        self._load({parties.person.id for _, parties in found}, {parties.employer.id for _, parties in found})
        for row, parties in found:
            self._plan_dispatch(row, parties)
            self._planning.tick(1)
        self._collisions.refuse(self._known.all, self._known.patterns, self._directory)

    def _parties_of(self, row: DispatchRow) -> Parties | None:
        employer = self._directory.find(row.organisation_code)
        recipient = self._directory.find(row.recipient_code)
        if employer is None:
            self._findings.error(unknown_organisation(row, row.organisation_code, "organisation_code"))
        if recipient is None:
            self._findings.error(unknown_organisation(row, row.recipient_code, "recipient_code"))
        if employer is None or recipient is None:
            return None
        person, staff_number = self._people.find(employer, row.staff_number)
        if person is None:
            message = f"{employer.name}没有工号为“{row.staff_number}”的人员，请核对，或在人员表中补上。"
            self._findings.error(row.finding("person_unknown", message, "staff_number"))
            return None
        if staff_number != row.staff_number:
            message = f"工号按“{staff_number}”处理（开头的0可能丢失）。建议把该列设为文本。"
            self._findings.warn(row.finding("zeros_restored", message, "staff_number"))
        if row.name is not None and normalised_name(row.name) != normalised_name(person.name):
            message = f"姓名与工号不符：工号{staff_number}是{person.name}，请核对。"
            self._findings.error(row.finding("name_mismatch", message, "name"))
        return Parties(employer, recipient, person)

    def _load(self, person_ids: set[UUID], employer_ids: set[UUID]) -> None:
        dispatches = existing.load_dispatches(person_ids, lock=self._planning.lock)
        by_key = {}
        # Active ones last, so that they win over a cancelled one of the same key.
        for row in sorted(dispatches, key=lambda dispatch: not dispatch.cancelled):
            by_key[row.person_id, row.recipient_id, row.starts_on] = row
        self._known = Known(
            by_key,
            dispatches,
            existing.load_patterns(person_ids),
            existing.load_dispatch_sites(person_ids),
            existing.load_last_duty_days({row.id for row in dispatches}),
            existing.load_rotations(employer_ids),
        )

    def _plan_dispatch(self, row: DispatchRow, parties: Parties) -> None:
        key = (parties.person.id, parties.recipient.id, row.starts_on)
        if key in self._seen:
            message = f"与{self._seen[key].where}是同一人、同一受援单位、同一开始日期，请删除其中一行。"
            self._findings.error(row.finding("dispatch_twice", message, "starts_on"))
            return
        self._seen[key] = row
        if parties.employer.id == parties.recipient.id:
            message = "受援单位不能是派出单位自己，请核对两列机构代码。"
            self._findings.error(row.finding("recipient_is_employer", message, "recipient_code"))
            return
        known = self._known.by_key.get(key)
        if known is not None and known.cancelled:
            message = "这次派驻已在系统中取消，没有重新建立。确需派驻请在系统中新建，或改用另一个开始日期。"
            self._findings.warn(row.finding("dispatch_cancelled", message, "starts_on"))
            self._plan.counts[SheetKind.DISPATCHES].unchanged += 1
            return
        if known is not None:
            self._collisions.speak_of(known.id)
        if row.broken:
            return
        ends_on = self._end_of(row, known)
        if ends_on < row.starts_on:
            message = f"结束日期 {ends_on} 早于开始日期 {row.starts_on}，请改正。"
            self._findings.error(row.finding("ends_before_start", message, "ends_on"))
            return
        if ends_on - row.starts_on > _LONGER_THAN_USUAL:
            message = f"从 {row.starts_on} 到 {ends_on} 超过三年，请核对年份；如确实如此，可以继续导入。"
            self._findings.warn(row.finding("dispatch_long", message, "ends_on"))
        spans = self._spans_of(row, known, ends_on)
        if spans is not None:
            self._compare(row, parties, known, spans, self._values_of(row, parties, known, ends_on))

    def _end_of(self, row: DispatchRow, known: KnownDispatch | None) -> date:
        ends_on = row.ends_on or row.starts_on
        if known is None:
            return ends_on
        if known.planned_end_on is not None:
            if ends_on not in (known.ends_on, known.planned_end_on):
                message = f"这次派驻已在系统中提前到 {known.ends_on} 结束，不能由花名册改期。请恢复原来的结束日期。"
                self._findings.error(row.finding("dispatch_ended_early", message, "ends_on"))
            return known.ends_on
        last = self._known.last_duty_days.get(known.id)
        if last is not None and ends_on < last and ends_on != known.ends_on:
            message = f"{last} 已有签到或考勤，结束日期不能更早。"
            self._findings.error(row.finding("served_already", message, "ends_on"))
        return ends_on

    def _values_of(self, row: DispatchRow, parties: Parties, known: KnownDispatch | None, ends_on: date) -> Values:
        leads = known.leads_team if known else False
        if "leads_team" in row.layout.columns:
            leads = bool(row.leads_team)
        return {
            "kind": row.kind,
            "ends_on": ends_on,
            "department_id": self._places.department(parties.recipient.id, row.department)
            if row.department
            else (known.department_id if known else None),
            "rotation_id": self._rotation(parties.employer.id, row.rotation)
            if row.rotation
            else (known.rotation_id if known else None),
            "leads_team": leads,
            "exception_reason": row.exception_reason or (known.exception_reason if known else ""),
        }

    def _rotation(self, employer_id: UUID, name: str) -> UUID:
        key = (employer_id, name)
        if key not in self._known.rotations:
            self._known.rotations[key] = new_id()
            self._plan.rotations.append({"id": self._known.rotations[key], "supporting_id": employer_id, "name": name})
        return self._known.rotations[key]

    def _spans_of(self, row: DispatchRow, known: KnownDispatch | None, ends_on: date) -> list[Span] | None:
        if known is None:
            return spans_of(row, [], ends_on, old_end=ends_on, not_before=row.starts_on, findings=self._findings)
        before = [Span(*part[3:]) for part in self._known.patterns.get(known.id, [])]
        served = known.id in self._known.last_duty_days
        not_before = max(row.starts_on, self._planning.today) if served else row.starts_on
        return spans_of(row, before, ends_on, old_end=known.ends_on, not_before=not_before, findings=self._findings)

    def _sites_of(self, row: DispatchRow, parties: Parties, known: KnownDispatch | None) -> set[UUID]:
        sites = self._places.sites.get(parties.recipient.id, {})
        if row.sites is None:
            if known is None and not sites:
                message = f"{parties.recipient.name}还没有派驻点，签到时无法判断位置。请在派驻点表中补上。"
                self._findings.warn(row.finding("recipient_without_site", message, "sites"))
            return self._known.sites.get(known.id, set()) if known else set(sites.values())
        names = _listed(row.sites, sites)
        unknown = [name for name in names if name not in sites]
        if unknown:
            existing_names = f"现有：{'、'.join(sorted(sites)[:10])}" if sites else "现在一个也没有"
            message = (
                f"{parties.recipient.name}没有派驻点“{unknown[0]}”（{existing_names}），请改名或在派驻点表中补上。"
            )
            self._findings.error(row.finding("site_unknown", message, "sites"))
        return {sites[name] for name in names if name in sites}

    def _compare(
        self, row: DispatchRow, parties: Parties, known: KnownDispatch | None, spans: list[Span], values: Values
    ) -> None:
        sites = self._sites_of(row, parties, known)
        old_spans = [Span(*part[3:]) for part in self._known.patterns.get(known.id, [])] if known else []
        dispatch_id = known.id if known else new_id()
        differs = (
            known is None
            or any(getattr(known, name) != value for name, value in values.items())
            or spans != old_spans
            or sites != self._known.sites.get(known.id, set())
        )
        claimant = Claimant(row, dispatch_id, parties.person.id, parties.recipient.id, is_new=differs)
        self._collisions.take(claimant, spans)
        if values["leads_team"] and values["rotation_id"] is not None:
            self._collisions.take_lead(claimant, values["rotation_id"], values["ends_on"])
        counts = self._plan.counts[SheetKind.DISPATCHES]
        if not differs:
            counts.unchanged += 1
            return
        self._check_may_send(row, parties, values)
        if known is None:
            counts.created += 1
            self._plan.dispatches.append(
                {
                    "id": dispatch_id,
                    "person_id": parties.person.id,
                    "supporting_id": parties.employer.id,
                    "recipient_id": parties.recipient.id,
                    "starts_on": row.starts_on,
                    **values,
                }
            )
        else:
            counts.changed += 1
            self._plan.dispatch_changes.append({"b_id": known.id, "version": known.version + 1, **values})
            self._plan.senders_of_changed.append(known.supporting_id)
            if known.leads_team:
                self._plan.leads_given_up.append(known.id)
        self._write_parts(parties, known, dispatch_id, spans, old_spans, sites)
        self._owe_notice(row, parties, known, dispatch_id, values["ends_on"])

    def _write_parts(
        self,
        parties: Parties,
        known: KnownDispatch | None,
        dispatch_id: UUID,
        spans: list[Span],
        old_spans: list[Span],
        sites: set[UUID],
    ) -> None:
        if spans != old_spans:
            self._plan.patterns_ended += [part.id for part in self._known.patterns.get(dispatch_id, [])]
            self._plan.patterns += [
                {"id": new_id(), "dispatch_id": dispatch_id, "person_id": parties.person.id, "span": span}
                for span in spans
            ]
        if known is None or sites != self._known.sites.get(known.id, set()):
            if known is not None:
                self._plan.dispatches_moved.append(known.id)
            self._plan.dispatch_sites += [{"dispatch_id": dispatch_id, "site_id": site_id} for site_id in sorted(sites)]

    def _check_may_send(self, row: DispatchRow, parties: Parties, values: Values) -> None:
        if not self._authority.may_send_from(parties.employer):
            self._findings.error(row.finding("not_yours", _NOT_YOURS, "organisation_code"))
        if parties.person.disabled:
            message = "该人员已停用，不能派驻。请先在系统中启用，或删除这一行。"
            self._findings.error(row.finding("person_disabled", message, "staff_number"))
        line = [place.id for place in self._directory.line_of(parties.employer)]
        unmet = unmet_conditions(
            self._programmes.conditions(line, row.starts_on),
            title=parties.person.title,
            born_on=parties.person.born_on,
            starts_on=row.starts_on,
        )
        if unmet and not values["exception_reason"]:
            message = f"不符合派驻条件（{'；'.join(unmet)}），请填写例外说明，或改派他人。"
            self._findings.error(row.finding("conditions_unmet", message, "exception_reason"))

    def _owe_notice(
        self, row: DispatchRow, parties: Parties, known: KnownDispatch | None, dispatch_id: UUID, ends_on: date
    ) -> None:
        if ends_on < self._planning.today:
            return
        self._plan.notices.append(
            OwedNotice(
                kind=NoticeKind.DISPATCH_CHANGED if known else NoticeKind.DISPATCH_ASSIGNED,
                person_id=parties.person.id,
                dispatch_id=dispatch_id,
                version=known.version + 1 if known else 1,
                recipient_name=parties.recipient.name,
                starts_on=row.starts_on,
                ends_on=ends_on,
            )
        )


def _listed(text: str, sites: Container[str]) -> list[str]:
    """Return the names in a cell; 、 and ; part them, strokes, blanks and 和 only where that makes names of sites."""
    for separators in (r"$", r"[、,，;；]\s*", r"[、,，;；/／|\s]+", r"[、,，;；/／|\s]+|和|及"):
        names = [name for name in re.split(separators, text) if name]
        if all(name in sites for name in names):
            return names
    return [name for name in re.split(r"[、,，;；]\s*", text) if name]
