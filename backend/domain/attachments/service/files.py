"""Keeping files, encrypted, each with its uploader."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.accounts.models import Person
from backend.domain.attachments.errors import FileEmpty, FileHasMacros, FileKindRefused, FileTooLarge, TooManyFiles
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import (
    MAXIMUM_BYTES,
    PICTURES,
    UPLOADS_A_DAY,
    ContentType,
    PictureCheck,
    content_type_of,
    has_macros,
    storage_key,
    tidy_filename,
)
from backend.domain.attachments.service.pictures import Picture, read_picture
from backend.domain.audit.service import record_event
from backend.domain.organisations.rules.places import Point
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt, encrypt, encrypt_bytes, keyed_hash
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.storage import current_storage
from backend.foundation.transaction import on_failure, transaction

_A_DAY = timedelta(days=1)
_PHONE = "phone"  # whose channel has an openid


def store_file(actor: Actor, filename: str, content: bytes) -> Attachment:
    """Keep a file of the actor's, until it is attached to something; nobody else can read it before.

    Of a picture a copy is kept without what the camera wrote into it.

    Raises:
        Forbidden: the actor is on no roster.
        FileEmpty, FileTooLarge, FileKindRefused, FileHasMacros: it is nothing that may be attached.
        PictureTooLarge, PictureBroken: as in read_picture.
        TooManyFiles: the actor has uploaded many today.
        StorageUnavailable: it cannot be kept now.
    """
    if actor.person_id is None:
        raise Forbidden
    content_type = _acceptable_type(content)
    picture = read_picture(content, content_type) if content_type in PICTURES else None
    row_id = new_id()
    attachment = Attachment(
        id=row_id,
        uploaded_by_person_id=actor.person_id,
        filename=tidy_filename(filename, content_type),
        content_type=content_type,
        content_hash=keyed_hash("attachment", hashlib.sha256(content).hexdigest()),
        picture_check=PictureCheck.UNASKED if picture and actor.channel == _PHONE else PictureCheck.EXEMPT,
        created_at=clock.now(),
    )
    kept = _keep_what_is_told(attachment, picture) if picture else content
    attachment.size = len(kept)
    with transaction() as session:
        session.get(Person, actor.person_id, with_for_update={"key_share": True})  # one upload of theirs at a time
        today = (Attachment.uploaded_by_person_id == actor.person_id, Attachment.created_at > clock.now() - _A_DAY)
        if (session.scalar(select(func.count()).where(*today)) or 0) >= UPLOADS_A_DAY:
            raise TooManyFiles
        session.add(attachment)
        session.flush()
        _keep_content(row_id, kept)
        record_event(actor, "upload_file", "attachment", row_id, size=attachment.size)
        return attachment


def place_of(attachment: Attachment) -> Point | None:
    """Return where a picture was taken, None when nobody knows, or it is compared no more."""
    if attachment.place is None:
        return None
    longitude, latitude = decrypt(attachment.place, table="attachments", column="place", row_id=attachment.id).split()
    return Point(float(longitude), float(latitude))


def _acceptable_type(content: bytes) -> ContentType:
    if not content:
        raise FileEmpty
    if len(content) > MAXIMUM_BYTES:
        raise FileTooLarge
    content_type = content_type_of(content)
    if content_type is None:
        raise FileKindRefused
    if has_macros(content):
        raise FileHasMacros
    return content_type


def _keep_what_is_told(attachment: Attachment, picture: Picture) -> bytes:
    attachment.taken_on, attachment.likeness = picture.taken_on, picture.likeness
    if picture.place is not None:
        told = f"{picture.place.longitude:.6f} {picture.place.latitude:.6f}"
        attachment.place = encrypt(told, table="attachments", column="place", row_id=attachment.id)
    return picture.content


def _keep_content(row_id: UUID, content: bytes) -> None:
    """Put it into the storage before the row is committed, so that no row is ever without; take it back if it fails."""
    storage, key = current_storage(), storage_key(row_id)
    on_failure(lambda: storage.delete_if_possible([key]))
    storage.put(key, encrypt_bytes(content, table="attachments", column="content", row_id=row_id))
