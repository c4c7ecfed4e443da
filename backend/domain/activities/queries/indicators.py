"""Reading what organisations reported of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.indicators import Indicator, Total, total_of_year
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    get_organisation,
    organisations_under,
    parties_to_own,
    require_list_right,
    require_right,
)
from backend.domain.organisations.rules.kinds import OrganisationKind, may_receive, may_support
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor

REPORTING = [kind for kind in OrganisationKind if may_support(kind) or may_receive(kind)]


@dataclass(frozen=True)
class IndicatorYear:
    """A year of one organisation: each month's reports, and what each indicator comes to."""

    organisation: Organisation
    year: int
    months: Mapping[int, Mapping[Indicator, InstitutionIndicator]]
    totals: Mapping[Indicator, Total]
    months_over: int


def amount_of(row: InstitutionIndicator) -> Amount:
    """Return what was reported as it was said."""
    return Amount(row.value, at_least=row.at_least, about=row.about)


def list_indicators(
    actor: Actor, first: date, last: date, *, organisation_id: UUID | None = None
) -> list[InstitutionIndicator]:
    """Return what was reported for the months from one to another, of all that the actor sees or of one organisation.

    Raises:
        NotFound: that organisation lies outside the actor's.
        Forbidden: the current role may read none.
    """
    scope: ColumnElement[bool]
    if organisation_id is None:
        scope = InstitutionIndicator.organisation_id.in_(_visible(actor))
    else:
        get_reporting(actor, organisation_id)
        scope = InstitutionIndicator.organisation_id == organisation_id
    return _rows(scope, first, last)


def get_reporting(actor: Actor, organisation_id: UUID, action: Action = Action.READ) -> Organisation:
    """Return an organisation of whose indicators the actor may do this.

    Raises:
        NotFound: it does not exist or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    organisation = get_organisation(organisation_id)
    require_right(actor, action, Resource.INDICATOR, parties_to_own(actor, organisation_id))
    return organisation


def list_reporting(actor: Actor) -> list[Organisation]:
    """Return the organisations that report, of those whose indicators the actor may read, by code.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = select(Organisation).where(Organisation.id.in_(_visible(actor)), Organisation.kind.in_(REPORTING))
    return list(db.session.scalars(statement.order_by(Organisation.code)))


def year_of(actor: Actor, organisation_id: UUID, year: int) -> IndicatorYear:
    """Return a year of an organisation's reports.

    Raises:
        NotFound, Forbidden: as in get_reporting.
    """
    organisation = get_reporting(actor, organisation_id)
    rows = _rows(InstitutionIndicator.organisation_id == organisation_id, date(year, 1, 1), date(year, 12, 1))
    months: dict[int, dict[Indicator, InstitutionIndicator]] = {month: {} for month in range(1, 13)}
    for row in rows:
        months[row.month.month][row.indicator] = row
    today = clock.today()
    over = 12 if year < today.year else today.month - 1 if year == today.year else 0
    totals = {
        indicator: total_of_year(
            {month: amount_of(of[indicator]) for month, of in months.items() if indicator in of}, months_over=over
        )
        for indicator in Indicator
    }
    return IndicatorYear(organisation, year, months, totals, over)


def lock_indicator(organisation_id: UUID, month: date, indicator: Indicator) -> InstitutionIndicator | None:
    """Return what an organisation reported of a month, for the present transaction alone."""
    statement = select(InstitutionIndicator).where(
        InstitutionIndicator.organisation_id == organisation_id,
        InstitutionIndicator.month == month,
        InstitutionIndicator.indicator == indicator,
    )
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()


def _visible(actor: Actor) -> Select[UUID]:
    parties = require_list_right(actor, Action.READ, Resource.INDICATOR)
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.organisation_id is not None:
        if Party.OWN in parties:
            conditions.append(Organisation.id == actor.organisation_id)
        if Party.BUREAU in parties:
            conditions.append(Organisation.id.in_(organisations_under(actor.organisation_id)))
    return select(Organisation.id).where(or_(*conditions))


def _rows(scope: ColumnElement[bool], first: date, last: date) -> list[InstitutionIndicator]:
    statement = (
        select(InstitutionIndicator)
        .join(InstitutionIndicator.organisation)
        .options(joinedload(InstitutionIndicator.organisation), joinedload(InstitutionIndicator.entered_by))
        .where(scope, InstitutionIndicator.month.between(first.replace(day=1), last))
        .order_by(Organisation.code, InstitutionIndicator.month, InstitutionIndicator.indicator)
    )
    return list(db.session.scalars(statement))
