"""Clinics (坐诊): the week calendar, planning with a preview of the days, one clinic with its places."""

from backend.console.clinics import changing, planning, viewing
from backend.console.clinics.blueprint import bp

__all__ = ["bp", "changing", "planning", "viewing"]
