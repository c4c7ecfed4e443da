"""Reading files. Who may read one that belongs to something is decided by those above, who know what that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import ContentType, storage_key
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt_bytes
from backend.foundation.errors import NotFound
from backend.foundation.storage import current_storage


@dataclass(frozen=True)
class File:
    """A file as it was uploaded."""

    filename: str
    content_type: ContentType
    content: bytes


def read_own_file(actor: Actor, attachment_id: UUID) -> File:
    """Return a file that the actor uploaded.

    Raises:
        NotFound: it does not exist, or somebody else uploaded it.
    """
    attachment = _find(attachment_id)
    if attachment is None or attachment.uploaded_by_person_id != actor.person_id:
        raise NotFound
    return _decrypted(attachment)


def read_file(attachment_id: UUID) -> File:
    """Return a file, for a caller who has settled that the actor may read what it belongs to.

    Raises:
        NotFound: it does not exist.
    """
    attachment = _find(attachment_id)
    if attachment is None:
        raise NotFound
    return _decrypted(attachment)


def list_own_files(actor: Actor, attachment_ids: Iterable[UUID]) -> list[Attachment]:
    """Return those of these files that the actor uploaded."""
    statement = select(Attachment).where(
        Attachment.id.in_(list(attachment_ids)), Attachment.uploaded_by_person_id == actor.person_id
    )
    return list(db.session.scalars(statement.order_by(Attachment.created_at, Attachment.id)))


def _find(attachment_id: UUID) -> Attachment | None:
    return db.session.scalars(select(Attachment).where(Attachment.id == attachment_id)).one_or_none()


def _decrypted(attachment: Attachment) -> File:
    encrypted = current_storage().get(storage_key(attachment.id))
    content = decrypt_bytes(encrypted, table="attachments", column="content", row_id=attachment.id)
    return File(attachment.filename, attachment.content_type, content)
