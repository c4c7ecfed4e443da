"""Who did what a row of an old ledger tells, and where: by staff number, name, employer and recipient.

Without a column for the employer, it is the organisation that the import is for; else the only one with such a person
among those that support the recipient; else the only one at all. Nobody outside of whom the actor may import is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from backend.domain.imports.queries.existing import KnownDispatch
from backend.domain.imports.queries.ledgers import KnownStaff, bare_number
from backend.domain.imports.rules.ledger_content import RowProblem
from backend.domain.imports.rules.rows import ActivityRow
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.directory import Directory, Place

_EMPLOYER_COLUMN = "“支援医院机构代码”"


class Doer(NamedTuple):
    """Who did something, and at which recipient."""

    person: KnownStaff
    recipient: Place


class Postings:
    """Where people of a ledger were sent, by person; without what was cancelled."""

    def __init__(self, dispatches: Iterable[KnownDispatch]) -> None:
        self._by_person: dict[UUID, list[KnownDispatch]] = defaultdict(list)
        for dispatch in dispatches:
            if not dispatch.cancelled:
                self._by_person[dispatch.person_id].append(dispatch)

    def of(self, person_id: UUID, day: date) -> list[KnownDispatch]:
        """Return the dispatches of a person that cover a day."""
        return [one for one in self._by_person[person_id] if one.starts_on <= day <= one.ends_on]


class PeopleOfLedgers:
    """Finds who is meant; what was found once is not looked for again."""

    def __init__(
        self,
        directory: Directory,
        authority: Authority,
        staff: Iterable[KnownStaff],
        pairs: Collection[tuple[UUID, UUID]],
        postings: Postings,
        home: Place | None,
    ) -> None:
        self._directory = directory
        self._authority = authority
        self._pairs = pairs
        self._postings = postings
        self._home = home
        self._by_number: dict[str, list[KnownStaff]] = defaultdict(list)
        self._by_name: dict[str, list[KnownStaff]] = defaultdict(list)
        self._found: dict[tuple[object, ...], Doer | RowProblem] = {}
        for somebody in staff:
            if authority.may_write_people(directory.by_id[somebody.organisation_id]):
                self._by_number[bare_number(somebody.staff_number)].append(somebody)
                self._by_name[somebody.name].append(somebody)

    def doer_of(self, row: ActivityRow) -> Doer:
        """Return who did what a row tells.

        Raises:
            RowProblem: nobody, or more than one, or an organisation outside of those that may be imported for.
        """
        day = None if row.recipient else row.occurred_on
        key = (row.recipient, row.employer, row.staff_number, row.name, day)
        if key not in self._found:
            try:
                self._found[key] = self._find(row)
            except RowProblem as problem:
                self._found[key] = problem
        found = self._found[key]
        if isinstance(found, RowProblem):
            raise found
        return found

    def _find(self, row: ActivityRow) -> Doer:
        recipient = self._directory.find(row.recipient) if row.recipient else None
        if row.recipient and recipient is None:
            raise _unknown(row.recipient, "recipient")
        person = self._only(row, recipient, self._candidates(row))
        recipient = recipient or self._where_posted(row, person)
        if person.organisation_id == recipient.id:
            message = "支援医院和受援机构是同一家。请核对受援机构，或填写支援医院的代码。"
            raise RowProblem("same_hospital", message, "recipient")
        related = (person.organisation_id, recipient.id) in self._pairs
        if not related and not self._authority.may_report_at(recipient):
            message = "没有与这家受援机构的支援协议或派驻。请先登记协议或派驻，或由上级卫生健康局导入。"
            raise RowProblem("recipient_unrelated", message, "recipient")
        return Doer(person, recipient)

    def _where_posted(self, row: ActivityRow, person: KnownStaff) -> Place:
        """Return the recipient to which somebody was sent on the day, where a row names none."""
        postings = self._postings.of(person.id, row.occurred_on) if row.occurred_on else []
        recipients = {posting.recipient_id for posting in postings}
        if len(recipients) != 1:
            message = "没有写受援机构，系统中这个人当天也没有（或不止一处）派驻。请填写受援机构代码。"
            raise RowProblem("value_missing", message, "recipient")
        return self._directory.by_id[recipients.pop()]

    def _candidates(self, row: ActivityRow) -> list[KnownStaff]:
        """Return those of this number and name at the employer, where one is known."""
        employer = self._employer(row)
        if row.staff_number is not None:
            found = self._by_number.get(bare_number(row.staff_number), [])
        else:
            found = self._by_name.get(row.name or "", [])
        found = [one for one in found if employer is None or one.organisation_id == employer.id]
        found = [one for one in found if one.staff_number == row.staff_number] or found
        who = f"工号“{row.staff_number}”" if row.staff_number is not None else f"姓名“{row.name}”"
        of = "staff_number" if row.staff_number is not None else "name"
        if not found:
            where = f"{employer.name}没有" if employer else "没有"
            raise RowProblem("person_unknown", f"{where}{who}的人员。请核对，或先用名册导入这个人。", of)
        named = [one for one in found if row.name is None or one.name == row.name]
        if not named:
            message = f"{who}在系统中不是“{row.name}”。请核对工号和姓名。"
            raise RowProblem("name_mismatch", message, "name")
        return named

    def _employer(self, row: ActivityRow) -> Place | None:
        if not row.employer:
            return self._home
        employer = self._directory.find(row.employer)
        if employer is None or not self._authority.may_write_people(employer):
            raise _unknown(row.employer, "employer")
        return employer

    def _only(self, row: ActivityRow, recipient: Place | None, candidates: list[KnownStaff]) -> KnownStaff:
        if len(candidates) > 1 and recipient is not None:
            supporting = [one for one in candidates if (one.organisation_id, recipient.id) in self._pairs]
            candidates = supporting or candidates
        if len(candidates) == 1:
            return candidates[0]
        if len({one.organisation_id for one in candidates}) > 1:
            message = f"不止一家医院有这个工号或姓名的人员。请增加{_EMPLOYER_COLUMN}一列。"
            raise RowProblem("employer_unclear", message, "staff_number" if row.staff_number else "name")
        message = f"有{len(candidates)}个人叫“{row.name}”。请增加“工号”一列。"
        raise RowProblem("person_unclear", message, "name")


def _unknown(text: str, of: str) -> RowProblem:
    return RowProblem("organisation_unknown", f"没有机构“{text[:30]}”。请核对机构代码或全称。", of)
