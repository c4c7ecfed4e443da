"""Promotion (职称晋升): how the service that a title asks for is counted."""

from __future__ import annotations

from enum import StrEnum


class ServiceMeasure(StrEnum):
    """How the length of service is counted."""

    CALENDAR_DAYS = "calendar_days"  # from the first to the last day, without what does not count
    SERVED_DAYS = "served_days"  # the actual days of countersigned timesheets


MEASURE_LABELS = {ServiceMeasure.CALENDAR_DAYS: "按日历天数", ServiceMeasure.SERVED_DAYS: "按实际在岗天数"}
