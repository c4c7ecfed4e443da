"""Reading imports of spreadsheets, and what the database already holds of what they speak of."""

from backend.domain.imports.queries.imports import get_import, kinds_for, list_imports

__all__ = ["get_import", "kinds_for", "list_imports"]
