"""Checking and applying uploaded spreadsheets, and finding those that a dead worker left behind."""

from __future__ import annotations

from uuid import UUID

from backend.domain.imports import service


def check_import(import_id: str) -> None:
    """Check an uploaded file."""
    service.check_import(UUID(import_id))


def apply_import(import_id: str) -> None:
    """Import a confirmed file."""
    service.apply_import(UUID(import_id))


def sweep_imports() -> None:
    """Take up what stands still, and drop old files."""
    service.sweep_imports()
