"""Kinds of organisations, the registry of settings, places and distances, and China's working days."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import chinese_calendar


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


@dataclass(frozen=True)
class SettingDefinition:
    """A setting that the product knows.

    `needs_document`: it decides money, rights or a refusal, so each value names its document and there is no
    preset; others have one.
    """

    key: str
    label: str
    kind: type[int] | type[str]
    needs_document: bool
    preset: Any = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


TITLES_BY_RANK: tuple[tuple[str, ...], ...] = (
    ("医士", "护士", "技士", "药士"),
    ("住院医师", "医师", "护师", "技师", "药师"),
    ("主治医师", "主管护师", "主管技师", "主管药师"),
    ("副主任医师", "副主任护师", "副主任技师", "副主任药师"),
    ("主任医师", "主任护师", "主任技师", "主任药师"),
)
"""Professional titles from junior to senior, as the state's title series name them (士级, 师级, 中级, 副高, 正高)."""

SETTINGS: Mapping[str, SettingDefinition] = {
    definition.key: definition
    for definition in (
        SettingDefinition(
            "dispatch.minimum_title",
            "派驻人员最低职称",
            str,
            needs_document=True,
            choices=tuple(title for rank in TITLES_BY_RANK for title in rank),
        ),
        SettingDefinition(
            "dispatch.maximum_age",
            "派驻人员最高年龄（周岁）",
            int,
            needs_document=True,
            minimum=18,
            maximum=80,
        ),
        SettingDefinition(
            "attendance.late_upload_days",
            "离线签到最迟补传天数",
            int,
            needs_document=True,
            minimum=0,
            maximum=31,
        ),
        SettingDefinition(
            "attendance.coordinates_kept_days",
            "原始坐标保存天数",
            int,
            needs_document=False,
            preset=90,
            minimum=1,
            maximum=730,
        ),
    )
}


def why_not_setting(definition: SettingDefinition, value: Any, *, document_number: str) -> str | None:
    """Say in Chinese why the value cannot be set, None when it can. A value of None ends the setting."""
    if definition.needs_document and not document_number.strip():
        return "这项设置涉及待遇或权利，请填写依据文件和文号。"
    if value is None:
        return None
    if definition.kind is int:
        return _why_not_whole_number(definition, value)
    if definition.choices and value not in definition.choices:
        return "请从列表中选择。"
    return None


def _why_not_whole_number(definition: SettingDefinition, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "请填写整数。"
    low, high = definition.minimum, definition.maximum
    if low is not None and high is not None and not low <= value <= high:
        return f"请填写{low}到{high}之间的整数。"
    return None


def title_rank(title: str) -> int | None:
    """Return the rank of a title from 0 (junior) to 4 (senior), None for a title that is not in the series."""
    for rank, titles in enumerate(TITLES_BY_RANK):
        if title in titles:
            return rank
    return None


@dataclass(frozen=True)
class Point:
    """A place in GCJ-02 degrees."""

    longitude: float
    latitude: float


def why_not_site(name: str, centre: Point, radius_m: int) -> dict[str, str]:
    """Say in Chinese what is wrong with a site, by field; empty when nothing is."""
    wrong = {}
    if not name.strip():
        wrong["name"] = "请填写名称。"
    if not 73 <= centre.longitude <= 136:
        wrong["longitude"] = "经度应在73到136之间，请检查是否与纬度填反。"
    if not 3 <= centre.latitude <= 54:
        wrong["latitude"] = "纬度应在3到54之间，请检查是否与经度填反。"
    if not 20 <= radius_m <= 5000:
        wrong["radius_m"] = "半径应在20到5000米之间。"
    return wrong


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


class CoordinateSystem(StrEnum):
    """What a longitude and a latitude refer to."""

    GCJ_02 = "GCJ-02"
    WGS_84 = "WGS-84"
    BD_09 = "BD-09"


def point_from(longitude: float, latitude: float, system: CoordinateSystem) -> Point:
    """Return the place in GCJ-02, converted if it was told in another system."""
    point = Point(longitude, latitude)
    if system is CoordinateSystem.WGS_84:
        return gcj02_from_wgs84(point)
    return gcj02_from_bd09(point) if system is CoordinateSystem.BD_09 else point


_EARTH_RADIUS_M = 6_371_000.0


def distance_m(a: Point, b: Point) -> float:
    """Return the distance of two points on the sphere in metres (haversine)."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lambda) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


_KRASOVSKY_AXIS_M = 6_378_245.0
_KRASOVSKY_ECCENTRICITY = 0.00669342162296594323


def gcj02_from_wgs84(point: Point) -> Point:
    """Convert WGS-84 degrees to the GCJ-02 of Chinese maps, by the published approximation (error below 1 m)."""
    x, y = point.longitude - 105.0, point.latitude - 35.0
    ripple = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (ripple + 20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (ripple + 20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    phi = math.radians(point.latitude)
    bend = 1 - _KRASOVSKY_ECCENTRICITY * math.sin(phi) ** 2
    metres_north = _KRASOVSKY_AXIS_M * (1 - _KRASOVSKY_ECCENTRICITY) / (bend * math.sqrt(bend))
    metres_east = _KRASOVSKY_AXIS_M / math.sqrt(bend) * math.cos(phi)
    return Point(
        longitude=point.longitude + math.degrees(east / metres_east),
        latitude=point.latitude + math.degrees(north / metres_north),
    )


def gcj02_from_bd09(point: Point) -> Point:
    """Convert Baidu's BD-09 degrees to GCJ-02, by the published approximation (error of a few metres)."""
    x, y = point.longitude - 0.0065, point.latitude - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(math.radians(y * 3000))
    angle = math.atan2(y, x) - 0.000003 * math.cos(math.radians(x * 3000))
    return Point(longitude=radius * math.cos(angle), latitude=radius * math.sin(angle))


def is_working_day(day: date) -> bool | None:
    """Tell whether a day is worked, by the State Council's calendar with its moved working days (调休).

    None where that year has not been published to the library: it is never guessed.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def holiday_name(day: date) -> str | None:
    """Return the Chinese name of the public holiday that a free day belongs to, if any."""
    try:
        free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    return _HOLIDAY_NAMES.get(name) if free and name else None


_HOLIDAY_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
