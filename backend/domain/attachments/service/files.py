"""Keeping files, encrypted, each with its uploader."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.accounts.models import Person
from backend.domain.attachments.errors import FileEmpty, FileKindRefused, FileTooLarge, TooManyFiles
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import MAXIMUM_BYTES, UPLOADS_A_DAY, content_type_of, storage_key, tidy_filename
from backend.domain.audit.service import record_event
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import encrypt_bytes
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.storage import current_storage
from backend.foundation.transaction import on_failure, transaction

_A_DAY = timedelta(days=1)


def store_file(actor: Actor, filename: str, content: bytes) -> Attachment:
    """Keep a file of the actor's, until it is attached to something; nobody else can read it before.

    Raises:
        Forbidden: the actor is on no roster.
        FileEmpty, FileTooLarge, FileKindRefused: it is nothing that may be attached.
        TooManyFiles: the actor has uploaded many today.
    """
    if actor.person_id is None:
        raise Forbidden
    if not content:
        raise FileEmpty
    if len(content) > MAXIMUM_BYTES:
        raise FileTooLarge
    content_type = content_type_of(content)
    if content_type is None:
        raise FileKindRefused
    with transaction() as session:
        session.get(Person, actor.person_id, with_for_update={"key_share": True})  # one upload of theirs at a time
        today = (Attachment.uploaded_by_person_id == actor.person_id, Attachment.created_at > clock.now() - _A_DAY)
        if (session.scalar(select(func.count()).where(*today)) or 0) >= UPLOADS_A_DAY:
            raise TooManyFiles
        row_id = new_id()
        attachment = Attachment(
            id=row_id,
            uploaded_by_person_id=actor.person_id,
            filename=tidy_filename(filename, content_type),
            content_type=content_type,
            size=len(content),
            created_at=clock.now(),
        )
        session.add(attachment)
        session.flush()
        _keep_content(row_id, content)
        record_event(actor, "upload_file", "attachment", row_id, size=len(content))
        return attachment


def _keep_content(row_id: UUID, content: bytes) -> None:
    """Put it into the storage before the row is committed, so that no row is ever without; take it back if it fails."""
    storage, key = current_storage(), storage_key(row_id)
    on_failure(lambda: storage.delete_if_possible([key]))
    storage.put(key, encrypt_bytes(content, table="attachments", column="content", row_id=row_id))
