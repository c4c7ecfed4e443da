"""Reading files. Who may read one that belongs to something is decided by those above, who know what that is."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import ContentType, PictureCheck, storage_key
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt_bytes, keyed_hash
from backend.foundation.errors import NotFound
from backend.foundation.storage import current_storage

_FETCHABLE_FOR = timedelta(minutes=30)
_TOKEN = re.compile(r"(?P<id>[0-9a-f]{32})-(?P<ends>[0-9]{1,12})-(?P<seal>[0-9a-f]{64})", re.ASCII)


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


def token_for_check(attachment_id: UUID) -> str:
    """Return by what WeChat may fetch a picture, for half an hour and while it waits to be checked."""
    ends = int((clock.now() + _FETCHABLE_FOR).timestamp())
    return f"{attachment_id.hex}-{ends}-{_seal(attachment_id, ends)}"


def read_for_check(token: str) -> File:
    """Return the picture that a token names.

    Raises:
        NotFound: it is no token of ours, its time is over, or the picture does not wait to be checked.
    """
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotFound
    attachment_id, ends = UUID(hex=found["id"]), int(found["ends"])
    if not hmac.compare_digest(found["seal"], _seal(attachment_id, ends)) or clock.now().timestamp() > ends:
        raise NotFound
    attachment = _find(attachment_id)
    if attachment is None or attachment.picture_check is not PictureCheck.WAITING:
        raise NotFound
    return _decrypted(attachment)


def _seal(attachment_id: UUID, ends: int) -> str:
    return keyed_hash("picture for check", f"{attachment_id.hex}-{ends}").hex()


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
