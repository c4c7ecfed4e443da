"""What is called how of organisations, their sites and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from backend.domain.organisations.models import Department, Organisation, Site
from backend.domain.organisations.rules import kinds

ACTIONS: Mapping[str, str] = {
    "add_organisation": "登记机构",
    "change_organisation": "修改机构信息",
    "add_department": "登记科室",
    "add_site": "登记派驻点",
    "change_site": "修改派驻点",
    "create_agreement": "登记支援协议",
    "change_agreement": "修改支援协议",
    "set_setting": "修改制度设置",
    "enter_calendar_year": "录入工作日历",
}


def id_and_name(row: Department | Organisation) -> tuple[UUID, str]:
    """Return a choice of a list."""
    return row.id, row.name


def site_option(site: Site) -> tuple[UUID, str]:
    """Return a site as a choice, with its radius."""
    return site.id, f"{site.name}（半径 {site.radius_m} 米）"


NAMES: Mapping[str, Any] = {"organisation_kind_label": kinds.KIND_LABELS.__getitem__}

FILTERS: Mapping[str, Callable[..., Any]] = {"id_and_name": id_and_name, "site_option": site_option}
