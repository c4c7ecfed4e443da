"""Kinds of organisations, and which of them may sign an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is."""

    BUREAU = "bureau"
    TERTIARY_HOSPITAL = "tertiary_hospital"
    COUNTY_HOSPITAL = "county_hospital"
    TOWNSHIP_HOSPITAL = "township_hospital"
    COMMUNITY_CENTRE = "community_centre"
    VILLAGE_CLINIC = "village_clinic"


KIND_LABELS: Mapping[OrganisationKind, str] = {
    OrganisationKind.BUREAU: "卫生健康局",
    OrganisationKind.TERTIARY_HOSPITAL: "三级医院",
    OrganisationKind.COUNTY_HOSPITAL: "县级医院",
    OrganisationKind.TOWNSHIP_HOSPITAL: "乡镇卫生院",
    OrganisationKind.COMMUNITY_CENTRE: "社区卫生服务中心",
    OrganisationKind.VILLAGE_CLINIC: "村卫生室",
}


_SUPPORTING_KINDS = frozenset({OrganisationKind.TERTIARY_HOSPITAL, OrganisationKind.COUNTY_HOSPITAL})
_RECIPIENT_KINDS = frozenset(
    {OrganisationKind.COUNTY_HOSPITAL, OrganisationKind.TOWNSHIP_HOSPITAL, OrganisationKind.COMMUNITY_CENTRE}
)


def may_support(kind: OrganisationKind) -> bool:
    """Tell whether an organisation of this kind sends staff to others."""
    return kind in _SUPPORTING_KINDS


def may_receive(kind: OrganisationKind) -> bool:
    """Tell whether an organisation of this kind receives staff from others."""
    return kind in _RECIPIENT_KINDS


def why_not_parties(supporting: OrganisationKind, recipient: OrganisationKind, *, same: bool) -> str | None:
    """Say in Chinese why these two cannot sign an agreement, None when they can."""
    if same:
        return "支援单位和受援单位不能相同。"
    if not may_support(supporting):
        return "支援单位应为三级医院或县级医院。"
    if not may_receive(recipient):
        return "受援单位应为县级医院、乡镇卫生院或社区卫生服务中心。"
    return None
