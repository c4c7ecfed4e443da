"""Subsidies (下乡补贴): the desk, approving together, one claim with its why, the list as a file, a year reconciled."""

from backend.console.claims import approving, deciding, exporting, listing, reconciling, viewing
from backend.console.claims.blueprint import bp

__all__ = ["approving", "bp", "deciding", "exporting", "listing", "reconciling", "viewing"]
