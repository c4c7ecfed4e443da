"""Sealing the audit trail."""

from __future__ import annotations

from backend.domain.audit.service import seal_events


def seal_audit_events() -> None:
    """Seal what was written since the last seal; safe to run twice, and later if writers are in the way."""
    seal_events()
