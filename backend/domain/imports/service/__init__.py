"""Importing rosters: check, preview, confirm, apply; and the documents around them."""

from backend.domain.imports.service.rosters import Progress, Report, apply_roster, check_roster

__all__ = ["Progress", "Report", "apply_roster", "check_roster"]
