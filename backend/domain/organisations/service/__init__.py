"""Keeping organisations with their departments and sites, agreements, and settings with dates of effect."""

from backend.domain.organisations.service.agreements import change_agreement, create_agreement
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
    "add_department",
    "add_organisation",
    "add_site",
    "change_agreement",
    "change_organisation",
    "change_site",
    "create_agreement",
    "set_setting",
]
