"""Reading imports of rosters, and what the database already holds of what they speak of."""

from backend.domain.imports.queries.rosters import get_roster_import, list_roster_imports

__all__ = ["get_roster_import", "list_roster_imports"]
