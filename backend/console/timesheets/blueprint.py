"""The blueprint of all pages about timesheets, and the months in their addresses."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint

from backend.domain.attendance.errors.timesheets import TimesheetNotFound

bp = Blueprint("timesheets", __name__, url_prefix="/timesheets")


def month_of_path(text: str) -> date:
    """Return the first day of a month in an address, such as 2026-10.

    Raises:
        TimesheetNotFound: it is no month of this century.
    """
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, flags=re.ASCII):
        raise TimesheetNotFound
    return date.fromisoformat(f"{text}-01")


def month_in_path(month: date) -> str:
    """Return a month as addresses have it."""
    return f"{month:%Y-%m}"
