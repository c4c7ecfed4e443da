"""A roster as it was read: typed rows, each of which knows its place. None: blank, or no such column."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from backend.domain.accounts.rules import Sex
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.dispatch.rules import DispatchKind, WeeklyPattern
from backend.domain.imports.rules.amounts import Said
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import Finding
from backend.domain.imports.rules.indicator_values import Named, Told
from backend.domain.imports.rules.layout import Layout
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import CoordinateSystem


@dataclass(slots=True, kw_only=True)
class Row:
    """Where a row stands; `broken` when a cell of it was refused, so that only its key can be trusted."""

    layout: Layout
    number: int
    broken: bool = False

    def finding(self, code: str, message: str, of: str = "") -> Finding:
        """Return a finding at this row, in the column of a field."""
        return self.layout.finding(code, message, row=self.number, of=of)

    @property
    def where(self) -> str:
        return f"工作表“{self.layout.sheet}”第{self.number}行"


@dataclass(slots=True, kw_only=True)
class OrganisationRow(Row):
    """One of 机构."""

    code: str
    name: str = ""
    kind: OrganisationKind | None = None
    level: str | None = None
    parent_code: str | None = None
    address: str | None = None
    telephone: str | None = None


@dataclass(slots=True, kw_only=True)
class SiteRow(Row):
    """One of 派驻点; degrees as written, in the coordinate system that is named."""

    organisation_code: str
    name: str
    longitude: float | None = None
    latitude: float | None = None
    system: CoordinateSystem | None = None
    radius_m: float | None = None


@dataclass(slots=True, kw_only=True)
class PersonRow(Row):
    """One of 人员."""

    organisation_code: str
    staff_number: str
    staff_number_was_number: bool = False
    name: str = ""
    sex: Sex | None = None
    born_on: date | None = None
    title: str | None = None
    department: str | None = None
    telephone: str | None = None
    identity_tail: str | None = None
    roles: tuple[str, ...] | None = None


@dataclass(slots=True, kw_only=True)
class DispatchRow(Row):
    """One of 派驻."""

    organisation_code: str
    staff_number: str
    recipient_code: str
    starts_on: date
    ends_on: date | None = None
    kind: DispatchKind | None = None
    name: str | None = None
    sites: str | None = None
    pattern: WeeklyPattern | None = None
    department: str | None = None
    rotation: str | None = None
    leads_team: bool | None = None
    exception_reason: str | None = None


@dataclass(slots=True, kw_only=True)
class ActivityRow(Row):
    """One of 工作日志: what a ledger says that somebody did on a day."""

    occurred_on: date | None = None
    staff_number: str | None = None
    name: str | None = None
    employer: str | None = None
    recipient: str = ""
    kind: ActivityKind | None = None
    title: str = ""
    title_too: str = ""  # of a second column of its sort, as is the next
    quantity_too: Said | None = None
    quantity: Said | None = None
    unit: str = ""
    person_times: Said | None = None
    note: str = ""


@dataclass(slots=True, kw_only=True)
class IndicatorRow(Row):
    """One of 业务指标: one indicator and its value, or a column for each."""

    organisation: str = ""
    month: date | None = None
    indicator: Named | None = None
    value: Told | None = None
    outpatients: Told | None = None
    inpatients: Told | None = None
    income: Told | None = None
    source: str = ""


ROWS: dict[SheetKind, type[Row]] = {
    SheetKind.ORGANISATIONS: OrganisationRow,
    SheetKind.SITES: SiteRow,
    SheetKind.PEOPLE: PersonRow,
    SheetKind.DISPATCHES: DispatchRow,
    SheetKind.ACTIVITIES: ActivityRow,
    SheetKind.INDICATORS: IndicatorRow,
}
KEYS: dict[SheetKind, tuple[str, ...]] = {
    SheetKind.ORGANISATIONS: ("code",),
    SheetKind.SITES: ("organisation_code", "name"),
    SheetKind.PEOPLE: ("organisation_code", "staff_number"),
    SheetKind.DISPATCHES: ("organisation_code", "staff_number", "recipient_code", "starts_on"),
    SheetKind.ACTIVITIES: (),
    SheetKind.INDICATORS: ("organisation",),
}


@dataclass
class Roster:
    """All rows of a file."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    sites: list[SiteRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    dispatches: list[DispatchRow] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.organisations) + len(self.sites) + len(self.people) + len(self.dispatches)
