"""Answers that are files: what they are is said by us, and no browser guesses."""

from __future__ import annotations

from flask import Response

from backend.domain.attachments.queries import File
from backend.foundation.downloads import content_disposition


def file_response(file: File) -> Response:
    """Return a file to be saved under its name; `nosniff` is on every answer of the API."""
    headers = {"Content-Disposition": content_disposition(file.filename)}
    return Response(file.content, mimetype=file.content_type, headers=headers)
