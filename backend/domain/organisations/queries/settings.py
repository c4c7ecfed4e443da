"""Reading settings: what holds on a day, and all that held before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.models import Organisation, Setting
from backend.domain.organisations.queries.scope import parties_to_own, require_right
from backend.domain.organisations.queries.tree import get_organisation, lines_above, organisations_above
from backend.domain.organisations.rules.settings import SETTINGS, SettingDefinition
from backend.extensions import db
from backend.foundation.actor import Actor


def find_setting(key: str, organisation_id: UUID, on: date) -> Any:
    """Return the value of a setting in an organisation on a day: the nearest above it, else the preset, else None."""
    return find_settings(key, [organisation_id], on)[organisation_id]


def find_settings(key: str, organisation_ids: Collection[UUID], on: date) -> dict[UUID, Any]:
    """Return the value of a setting in each of these organisations on a day, found as `find_setting` says."""
    line = lines_above(organisation_ids)
    statement = (
        select(line.c.of, Setting.value)
        .ext(distinct_on(line.c.of))
        .join(Setting, Setting.organisation_id == line.c.id)
        .where(Setting.key == key, Setting.effective_on <= on)
        .order_by(line.c.of, line.c.height, Setting.effective_on.desc())
    )
    found = {row.of: row.value for row in db.session.execute(statement)}
    preset = SETTINGS[key].preset
    return {
        organisation_id: preset if found.get(organisation_id) is None else found[organisation_id]
        for organisation_id in organisation_ids
    }


def find_setting_row(key: str, organisation_id: UUID, on: date) -> Setting | None:
    """Return the row that sets what `find_setting` returns, with its document; None where nobody set anything."""
    line = lines_above([organisation_id])
    statement = (
        select(Setting)
        .join(line, Setting.organisation_id == line.c.id)
        .where(Setting.key == key, Setting.effective_on <= on)
        .order_by(line.c.height, Setting.effective_on.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


@dataclass(frozen=True)
class SettingRow:
    """A value of a setting, with the organisation that set it: the one asked about, or one above it."""

    setting: Setting
    organisation: Organisation
    inherited: bool


@dataclass(frozen=True)
class SettingState:
    """A setting in an organisation on a day: what holds, and all that was ever set here or above, the latest first."""

    definition: SettingDefinition
    in_force: SettingRow | None
    history: tuple[SettingRow, ...]

    @property
    def value(self) -> Any:
        """What holds: the value in force, else the preset, else None."""
        value = self.in_force.setting.value if self.in_force else None
        return self.definition.preset if value is None else value


def list_settings(actor: Actor, organisation_id: UUID, on: date) -> list[SettingState]:
    """Return every setting that the product knows as it stands in an organisation on a day.

    Raises:
        NotFound, Forbidden: the settings of this organisation are not the actor's to read.
    """
    get_organisation(organisation_id)
    require_right(actor, Action.READ, Resource.SETTING, parties_to_own(actor, organisation_id))
    above = organisations_above(organisation_id).subquery()
    statement = (
        select(Setting, Organisation)
        .join(above, above.c.id == Setting.organisation_id)
        .join(Organisation, Organisation.id == Setting.organisation_id)
        .order_by(above.c.height, Setting.effective_on.desc())
    )
    rows: dict[str, list[SettingRow]] = defaultdict(list)
    for setting, organisation in db.session.execute(statement):
        rows[setting.key].append(SettingRow(setting, organisation, organisation.id != organisation_id))
    return [_setting_state(definition, rows[definition.key], on) for definition in SETTINGS.values()]


def _setting_state(definition: SettingDefinition, rows: list[SettingRow], on: date) -> SettingState:
    in_force = next((row for row in rows if row.setting.effective_on <= on), None)  # as find_setting orders them
    return SettingState(definition, in_force, tuple(rows))
