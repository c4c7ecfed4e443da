"""The files of a run: masked to look over, whole for the bank."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from backend.console.gate import current_actor
from backend.console.payments.blueprint import bp
from backend.domain.subsidies.service.payment_files import FileFormat, PaymentFile, full_file, masked_file
from backend.foundation.downloads import content_disposition
from backend.foundation.errors import NotFound

_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/<uuid:run_id>/masked.<string:ending>")
def masked(run_id: UUID, ending: str) -> Response:
    """Give the file in which account numbers are masked."""
    wanted = _format(ending)
    return _sent(masked_file(current_actor(), run_id, wanted), wanted)


@bp.get("/<uuid:run_id>/full.<string:ending>")
def full(run_id: UUID, ending: str) -> Response:
    """Give the file for the bank; it leaves a trace."""
    wanted = _format(ending)
    return _sent(full_file(current_actor(), run_id, wanted), wanted)


def _format(ending: str) -> FileFormat:
    if ending not in {one.value for one in FileFormat}:
        raise NotFound
    return FileFormat(ending)


def _sent(file: PaymentFile, wanted: FileFormat) -> Response:
    headers = {"Content-Disposition": content_disposition(file.name)}
    return Response(file.content, content_type=_TYPES[wanted], headers=headers)
