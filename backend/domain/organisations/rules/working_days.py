"""China's working days, by the State Council's calendar with its moved working days (调休)."""

from __future__ import annotations

from datetime import date

import chinese_calendar


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
