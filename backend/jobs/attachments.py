"""What files need without anyone asking."""

from __future__ import annotations

import structlog

from backend.domain.attachments.service import sweeping

log = structlog.get_logger(__name__)


def drop_loose_files() -> None:
    """Drop files that were uploaded and never attached to anything."""
    log.info("files_dropped", files=sweeping.drop_loose_files())


def sweep_storage() -> None:
    """Delete what lies in the storage without a row."""
    if swept := sweeping.sweep_storage():
        log.warning("objects_swept", objects=swept)
