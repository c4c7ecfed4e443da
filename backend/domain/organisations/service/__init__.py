"""Keeping organisations with their departments and sites, agreements, calendars, and settings with dates of effect."""

from backend.domain.organisations.service.agreements import change_agreement, create_agreement
from backend.domain.organisations.service.calendars import YearDraft, enter_calendar_year
from backend.domain.organisations.service.settings import set_setting
from backend.domain.organisations.service.tree import (
    OrganisationFacts,
    SiteFacts,
    add_department,
    add_organisation,
    add_site,
    change_organisation,
    change_site,
)

__all__ = [
    "OrganisationFacts",
    "SiteFacts",
    "YearDraft",
    "add_department",
    "add_organisation",
    "add_site",
    "change_agreement",
    "change_organisation",
    "change_site",
    "create_agreement",
    "enter_calendar_year",
    "set_setting",
]
