"""Planning 人员: people by staff number within their employer, their telephones and their roles.

A blank cell leaves what is there; of a stranger, telephone, last four digits and birth are not even compared. A role
cell that is not blank says which roles the person holds at the employer: others held there end, but for 管理员 and the
right to sign, which no roster takes away; roles elsewhere are not touched. Somebody new of whom no role is said is
staff that can be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.rules import Sex, masked_telephone
from backend.domain.imports.queries.existing import (
    KnownPerson,
    find_telephone_holders,
    load_people,
    load_roles,
)
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.rows import PersonRow
from backend.domain.imports.rules.words import role_of
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.directory import Directory, Place
from backend.domain.imports.service.places import PlacePlanner, unknown_organisation
from backend.domain.imports.service.plan import Planning, Values
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.foundation.actor import Role
from backend.foundation.ids import new_id

_NOT_YOURS = "这是其他单位的人员，本单位不能新增或修改。请恢复原来的内容或删除这一行，由该单位或上级卫生健康局导入。"

_NOT_OF_A_ROSTER = frozenset({Role.ADMIN, Role.DELEGATE})  # no roster takes these away; the second has its dates
_LEAST_AGE = 16  # nobody works before


@dataclass(slots=True)
class Somebody:
    """A person as they will be after the import."""

    id: UUID
    name: str
    title: str
    born_on: date | None
    disabled: bool
    row: PersonRow | None = None


class PeoplePlanner:
    """Plans 人员, and finds people for 派驻."""

    def __init__(self, planning: Planning, directory: Directory, authority: Authority, places: PlacePlanner) -> None:
        self._planning = planning
        self._findings = planning.findings
        self._plan = planning.plan
        self._directory = directory
        self._authority = authority
        self._places = places
        self._known: dict[UUID, dict[str, KnownPerson]] = {}
        self._roles: dict[UUID, dict[Role, UUID]] = {}
        self._people: dict[UUID, dict[str, Somebody]] = {}
        self._telephones: dict[bytes, tuple[PersonRow, UUID]] = {}
        self._kept: dict[UUID, bytes | None] = {}  # the telephone that each person of the file ends up with

    def plan_people(self, rows: list[PersonRow], also_of: set[UUID]) -> None:
        """Compare 人员 with the database; `also_of`: other employers whose people the file may name."""
        places = {row.organisation_code: self._directory.find(row.organisation_code) for row in rows}
        employers = {place.id for place in places.values() if place}
        for known in load_people(employers | also_of, lock=self._planning.lock):
            self._known.setdefault(known.organisation_id, {})[known.staff_number] = known
            self._people.setdefault(known.organisation_id, {})[known.staff_number] = Somebody(
                known.id, known.name, known.title, known.born_on, known.disabled
            )
        self._roles = load_roles(employers)
        for row in rows:
            place = places[row.organisation_code]
            if place is None:
                self._findings.error(unknown_organisation(row, row.organisation_code, "organisation_code"))
                continue
            self._plan_person(row, place)
        self._refuse_shared_telephones()

    def find(self, employer: Place, staff_number: str) -> tuple[Somebody | None, str]:
        """Return the person whom a cell means, and under which staff number: leading zeros may have been lost."""
        people = self._people.get(employer.id, {})
        if staff_number in people:
            return people[staff_number], staff_number
        return self._find_like(people, staff_number)

    def _find_like(self, people: dict[str, Somebody], staff_number: str) -> tuple[Somebody | None, str]:
        bare = staff_number.lstrip("0")
        # Tried by length, not by a scan: a file may ask for thousands that are not there.
        alike = [zeros + bare for zeros in ("0" * count for count in range(9)) if zeros + bare in people]
        return (people[alike[0]], alike[0]) if len(alike) == 1 else (None, staff_number)

    def _plan_person(self, row: PersonRow, place: Place) -> None:
        staff_number = row.staff_number
        if row.staff_number_was_number:
            _, staff_number = self.find(place, row.staff_number)
            if staff_number != row.staff_number:
                message = f"工号被存成了数字，按系统中已有的“{staff_number}”处理。建议把该列设为文本。"
                self._findings.warn(row.finding("zeros_restored", message, "staff_number"))
        people = self._people.setdefault(place.id, {})
        before = people.get(staff_number)
        if before is not None and before.row is not None:
            message = f"工号与{before.row.where}重复，请删除其中一行。"
            self._findings.error(row.finding("person_twice", message, "staff_number"))
            return
        known = self._known.get(place.id, {}).get(staff_number)
        if not self._authority.may_write_people(place):
            row = _without_secrets(row)
        values = self._values_of(row, place, known)
        somebody = Somebody(
            values["id"], values["name"], values["title"], values["born_on"], known is not None and known.disabled, row
        )
        people[staff_number] = somebody
        self._kept[somebody.id] = values["telephone_hash"]
        self._note_telephone(row, values)
        if row.born_on is not None and row.born_on.year + _LEAST_AGE > self._planning.today.year:
            message = f"出生日期 {row.born_on} 距今不满{_LEAST_AGE}年，请检查年份。"
            self._findings.error(row.finding("birth_too_late", message, "born_on"))
        roles_change = self._plan_roles(row, place, somebody.id, is_new=known is None)
        self._compare(row, place, known, values, roles_change=roles_change)
        self._planning.tick(1)

    def _values_of(self, row: PersonRow, place: Place, known: KnownPerson | None) -> Values:
        person_id = known.id if known else new_id()
        values: Values = {
            "id": person_id,
            "name": row.name or (known.name if known else ""),
            "sex": row.sex or (known.sex if known else Sex.UNKNOWN),
            "born_on": row.born_on or (known.born_on if known else None),
            "title": row.title or (known.title if known else ""),
            "department_id": known.department_id if known else None,
            "telephone_hash": known.telephone_hash if known else None,
            "telephone_masked": known.telephone_masked if known else "",
            "identity_tail_hash": known.identity_tail_hash if known else None,
        }
        if row.department:
            values["department_id"] = self._places.department(place.id, row.department)
        if row.telephone:
            values["telephone_hash"] = telephone_hash(row.telephone)
            values["telephone_masked"] = masked_telephone(row.telephone)
        if row.identity_tail:
            values["identity_tail_hash"] = identity_tail_hash(person_id, row.identity_tail)
        return values

    def _note_telephone(self, row: PersonRow, values: Values) -> None:
        held = values["telephone_hash"]
        if row.telephone is None or held is None:
            return
        first = self._telephones.setdefault(held, (row, values["id"]))
        if first[0] is not row:
            message = f"手机号与{first[0].where}相同，一个号码只能属于一个人，请改正。"
            self._findings.error(row.finding("telephone_twice", message, "telephone"))

    def _refuse_shared_telephones(self) -> None:
        for held, holder_id in find_telephone_holders(self._telephones).items():
            row, person_id = self._telephones[held]
            # Somebody of the file who gives the number up in the same import does not stand in the way.
            if holder_id != person_id and self._kept.get(holder_id, held) == held:
                message = f"手机号已属于{self._name_of(holder_id)}，请核对；换号的人请先改正原来的记录。"
                self._findings.error(row.finding("telephone_taken", message, "telephone"))

    def _name_of(self, person_id: UUID) -> str:
        for place_id, people in self._known.items():
            place = self._directory.by_id[place_id]
            for known in people.values():
                if known.id == person_id and self._authority.may_write_people(place):
                    return f"{place.name}的{known.name}（工号{known.staff_number}）"
        return "系统中的另一名人员"

    def _compare(
        self, row: PersonRow, place: Place, known: KnownPerson | None, values: Values, *, roles_change: bool
    ) -> None:
        counts = self._plan.counts[SheetKind.PEOPLE]
        if known is None:
            counts.created += 1
            self._plan.people.append({"organisation_id": place.id, "staff_number": row.staff_number, **values})
        else:
            differs = any(getattr(known, name) != value for name, value in values.items())
            if not differs and not roles_change:
                counts.unchanged += 1
                return
            counts.changed += 1
            if known.disabled:
                message = "该人员已停用，不能修改。请先在系统中启用，或删除这一行。"
                self._findings.error(row.finding("person_disabled", message, "staff_number"))
            if differs:
                self._plan.people_changes.append({"b_id": values.pop("id"), **values})
                if known.telephone_hash not in (None, values["telephone_hash"]):
                    self._plan.telephones_given_up.append(known.id)
        if not self._authority.may_write_people(place):
            self._findings.error(row.finding("not_yours", _NOT_YOURS, "organisation_code"))

    def _plan_roles(self, row: PersonRow, place: Place, person_id: UUID, *, is_new: bool) -> bool:
        held = self._roles.get(person_id, {})
        if row.roles is None:
            wanted = {Role.STAFF} if is_new else set(held)
        else:
            wanted = self._roles_of(row, place)
            if Role.ADMIN in wanted - held.keys() and not self._authority.administers:
                message = "管理员身份只能由管理员导入，请删去“管理员”，或请本单位管理员在系统中授予。"
                self._findings.error(row.finding("role_not_yours", message, "roles"))
            wanted |= held.keys() & _NOT_OF_A_ROSTER
        self._plan.roles += [
            {"id": new_id(), "person_id": person_id, "organisation_id": place.id, "role": role}
            for role in sorted(wanted - held.keys())
        ]
        self._plan.roles_ended += [
            {"id": held[role], "person_id": person_id, "organisation_id": place.id, "role": role}
            for role in sorted(held.keys() - wanted)
        ]
        return wanted != held.keys()

    def _roles_of(self, row: PersonRow, place: Place) -> set[Role]:
        roles = set()
        for word in row.roles or ():
            try:
                role = role_of(word, place.kind)
            except CellProblem as problem:
                self._findings.error(row.finding(problem.code, problem.message, "roles"))
                continue
            if role is Role.BUREAU and place.kind is not OrganisationKind.BUREAU:
                message = "“卫健局督查”只能给卫生健康局的人员，请核对机构代码或角色。"
                self._findings.error(row.finding("role_not_here", message, "roles"))
            roles.add(role)
        return roles


def _without_secrets(row: PersonRow) -> PersonRow:
    """Return somebody else's row without what must not be compared: an answer would confirm a guess."""
    return replace(row, telephone=None, identity_tail=None, born_on=None)
