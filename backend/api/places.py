"""Where a phone says it is, in the coordinates that we keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.attendance.rules.taps import Fix
from backend.domain.organisations.rules.places import point_from


def fix_of(location: Mapping[str, Any] | None) -> Fix | None:
    """Return what `LocationInput` read as a fix, converted once; None where the phone told no place."""
    if location is None:
        return None
    point = point_from(location["longitude"], location["latitude"], location["coordinate_system"])
    return Fix(point, location["accuracy_m"])
