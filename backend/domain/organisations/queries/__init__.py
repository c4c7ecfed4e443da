"""Reading the tree, agreements, settings in force, and the scope that an actor has over rows."""

from backend.domain.organisations.queries.agreements import get_agreement, list_agreements
from backend.domain.organisations.queries.calendars import (
    calendar_of,
    calendars_of,
    find_calendar_year,
    list_calendar_years,
)
from backend.domain.organisations.queries.scope import (
    pair_scope,
    parties_to_own,
    parties_to_pair,
    require_list_right,
    require_right,
)
from backend.domain.organisations.queries.settings import (
    SettingRow,
    SettingState,
    find_setting,
    find_setting_row,
    find_settings,
    list_settings,
)
from backend.domain.organisations.queries.trail import list_audit_trail
from backend.domain.organisations.queries.tree import (
    get_organisation,
    list_hospitals_nearby,
    list_organisations,
    list_sites,
    organisations_above,
    organisations_under,
)

__all__ = [
    "SettingRow",
    "SettingState",
    "calendar_of",
    "calendars_of",
    "find_calendar_year",
    "find_setting",
    "find_setting_row",
    "find_settings",
    "get_agreement",
    "get_organisation",
    "list_agreements",
    "list_audit_trail",
    "list_calendar_years",
    "list_hospitals_nearby",
    "list_organisations",
    "list_settings",
    "list_sites",
    "organisations_above",
    "organisations_under",
    "pair_scope",
    "parties_to_own",
    "parties_to_pair",
    "require_list_right",
    "require_right",
]
