"""What the database holds of what an old ledger speaks of: people, who supports whom, and what was imported before."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import any_, bindparam, func, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from backend.domain.accounts.models import Person
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.imports.queries.existing import among
from backend.domain.organisations.models import Agreement
from backend.extensions import db


class KnownStaff(NamedTuple):
    """Somebody whom a ledger may mean."""

    id: UUID
    organisation_id: UUID
    staff_number: str
    name: str


def bare_number(number: str) -> str:
    """Return a staff number as it is looked for: Excel loses leading zeros, people type a0002."""
    return number.lstrip("0").upper()


def load_staff(numbers: Collection[str], names: Collection[str]) -> list[KnownStaff]:
    """Return everybody of these staff numbers, leading zeros and case aside, or names; of all organisations."""
    bare = func.upper(func.ltrim(Person.staff_number, "0"))
    statement = select(Person.id, Person.organisation_id, Person.staff_number, Person.name).where(
        or_(
            bare == any_(bindparam(None, [bare_number(number) for number in numbers], ARRAY(Person.name.type))),
            among(Person.name, names),
        )
    )
    return [KnownStaff(*row) for row in db.session.execute(statement)]


def load_pairs(recipient_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return which hospital ever supported which of these recipients, by agreement or by a dispatch."""
    agreed = select(Agreement.supporting_id, Agreement.recipient_id).where(among(Agreement.recipient_id, recipient_ids))
    sent = select(Dispatch.supporting_id, Dispatch.recipient_id).where(
        among(Dispatch.recipient_id, recipient_ids), Dispatch.cancelled_at.is_(None)
    )
    return {(supporting, recipient) for supporting, recipient in db.session.execute(union(agreed, sent))}


def find_imported(hashes: Collection[bytes]) -> set[bytes]:
    """Return which of these rows of ledgers were imported before and still stand."""
    statement = select(ActivityRecord.source_hash).where(
        ActivityRecord.source_hash == any_(bindparam(None, list(hashes), ARRAY(BYTEA))),
        ActivityRecord.status == RecordStatus.IMPORTED,
    )
    return {bytes(found) for found in db.session.scalars(statement) if found is not None}
