"""What a version of a rule would have cost in a year, against what really held: computed, never written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, extract, select

from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import organisations_under
from backend.domain.subsidies.drafting.running import DueLine
from backend.domain.subsidies.errors.rules import TrialTooLarge
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyRule
from backend.domain.subsidies.queries.rules import get_rule
from backend.domain.subsidies.service.drafting import preview_lines
from backend.extensions import db
from backend.foundation.actor import Actor

K = TypeVar("K")
MOST_MONTHS = 6_000  # of people, computed twice while somebody waits


@dataclass(frozen=True)
class Change:
    """A sum as it was, and as it would have been."""

    before_fen: int
    after_fen: int

    @property
    def difference_fen(self) -> int:
        return self.after_fen - self.before_fen


@dataclass(frozen=True)
class Trial:
    """What a year's countersigned months would have come to: by item, and by month of the year."""

    year: int
    sheets: int
    people: int
    more: int  # people who would have had more in the year
    less: int
    items: Sequence[tuple[str, Change]]
    months: Sequence[tuple[int, Change]]

    @property
    def total(self) -> Change:
        changes = [change for _, change in self.months]
        return Change(sum(one.before_fen for one in changes), sum(one.after_fen for one in changes))


def years_to_try(actor: Actor, rule_id: UUID) -> list[int]:
    """Return the years that have countersigned months which a version would be for, the latest first.

    Raises:
        NotFound, Forbidden: it is not the actor's to read.
    """
    rule = get_rule(actor, rule_id)
    year = extract("year", Timesheet.month)
    found = db.session.scalars(_sheets(actor, rule, year).distinct().order_by(year.desc()))
    return [int(one) for one in found]


def what_if(actor: Actor, rule_id: UUID, year: int) -> Trial:
    """Compute a year's countersigned months as if a version had held in all of it, and as the rules really held.

    It takes the place of its item's versions for the same audience; of others' versions, and of items that exclude
    each other, it knows as a claim does. Whoever stands below the programme's organisation is told of their own.

    Raises:
        NotFound, Forbidden: it is not the actor's to read.
        TrialTooLarge: there are too many months to wait for.
    """
    rule = get_rule(actor, rule_id)
    within = Timesheet.month.between(date(year, 1, 1), date(year, 12, 1))
    chosen = list(db.session.scalars(_sheets(actor, rule, Timesheet.id).where(within).limit(MOST_MONTHS + 1)))
    if len(chosen) > MOST_MONTHS:
        raise TrialTooLarge
    return _compare(year, chosen, preview_lines(chosen), preview_lines(chosen, rule))


def _sheets(actor: Actor, rule: SubsidyRule, column: Any) -> Select[Any]:
    """Select of the countersigned months that a version would be for, in sight of the actor."""
    statement = (
        select(column)
        .join(Timesheet.dispatch)
        .where(
            Timesheet.status == TimesheetStatus.COUNTERSIGNED,
            Dispatch.supporting_id.in_(organisations_under(rule.item.programme.organisation_id)),
        )
    )
    if actor.organisation_id is not None:
        in_sight = list(db.session.scalars(organisations_under(actor.organisation_id)))
        statement = statement.where(Dispatch.supporting_id.in_(in_sight))
    if rule.recipient_id is not None:
        return statement.where(Dispatch.recipient_id == rule.recipient_id)
    if rule.level:
        level = select(Organisation.id).where(Organisation.level == rule.level)
        return statement.where(Dispatch.recipient_id.in_(level))
    return statement


def _compare(year: int, sheets: Collection[UUID], before: Sequence[DueLine], after: Sequence[DueLine]) -> Trial:
    people = _changes(((line.person_id, line) for line in before), ((line.person_id, line) for line in after))
    items = _changes(((line.item_id, line) for line in before), ((line.item_id, line) for line in after))
    months = _changes(((line.month.month, line) for line in before), ((line.month.month, line) for line in after))
    named = select(SubsidyItem).where(SubsidyItem.id.in_(items)).order_by(SubsidyItem.priority, SubsidyItem.name)
    return Trial(
        year=year,
        sheets=len(sheets),
        people=len(people),
        more=sum(change.difference_fen > 0 for change in people.values()),
        less=sum(change.difference_fen < 0 for change in people.values()),
        items=[(item.name, items[item.id]) for item in db.session.scalars(named)],
        months=sorted(months.items()),
    )


def _changes(before: Iterable[tuple[K, DueLine]], after: Iterable[tuple[K, DueLine]]) -> Mapping[K, Change]:
    sums: tuple[Counter[K], Counter[K]] = Counter(), Counter()
    for found, lines in zip(sums, (before, after), strict=True):
        for key, line in lines:
            found[key] += line.amount_fen
    return {key: Change(sums[0][key], sums[1][key]) for key in sums[0].keys() | sums[1].keys()}
