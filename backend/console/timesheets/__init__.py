"""Timesheets (考勤表): a month's list, signing together, one sheet, its amendments and papers, the month as a file."""

from backend.console.timesheets import amending, deciding, exporting, listing, papers, signing, viewing
from backend.console.timesheets.blueprint import bp

__all__ = ["amending", "bp", "deciding", "exporting", "listing", "papers", "signing", "viewing"]
