"""A file that is imported, and on whose authority."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from backend.foundation.actor import Actor


@dataclass(frozen=True)
class File:
    """A file, and on whose authority it is read.

    `name` and `import_id` say where what it brings came from; `organisation_code` whose people it is about, where
    the file itself does not say.
    """

    actor: Actor
    content: bytes
    name: str = ""
    import_id: UUID | None = None
    organisation_code: str = ""
