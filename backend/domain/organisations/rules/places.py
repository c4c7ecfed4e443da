"""Places: what a site must be, coordinate systems, and distances."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


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
