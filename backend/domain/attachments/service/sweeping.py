"""Dropping files that nobody waits for, and objects that no row points to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, select, update

from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import FOLDER, id_in_key, storage_key
from backend.extensions import Base
from backend.foundation import clock
from backend.foundation.storage import current_storage
from backend.foundation.transaction import after_commit, transaction

_KEPT: Final = timedelta(days=7)  # in which somebody may still fill in what they are for
_PLACE_KEPT: Final = timedelta(days=90)  # in which a record that has the picture is countersigned, or never is
_SETTLED: Final = timedelta(days=1)  # longer than any upload or transaction lasts
_AT_ONCE = 500


def drop_loose_files() -> int:
    """Drop the files that were uploaded a week ago and belong to nothing: personal papers; return how many."""
    old = Attachment.created_at < clock.now() - _KEPT
    with transaction() as session:
        statement = delete(Attachment).where(old, *(~use for use in _uses())).returning(Attachment.id)
        dropped = session.scalars(statement.execution_options(synchronize_session=False)).all()
        _delete_contents(dropped)
        return len(dropped)


def forget_old_places() -> int:
    """Forget where pictures were taken that nobody countersigned in three months, or that prove no record."""
    old = Attachment.created_at < clock.now() - _PLACE_KEPT, Attachment.place.is_not(None)
    with transaction() as session:
        forgetting = update(Attachment).where(*old).values(place=None).returning(Attachment.id)
        return len(session.scalars(forgetting.execution_options(synchronize_session=False)).all())


def sweep_storage() -> int:
    """Delete objects that have been without a row for a day: what a failure left; return how many."""
    storage, before = current_storage(), clock.now() - _SETTLED
    swept = storage.drop_unfinished(before=before)
    found = storage.keys(FOLDER, before=before)
    while keys := list(islice(found, _AT_ONCE)):
        orphans = _without_row(keys)
        storage.delete(orphans)
        swept += len(orphans)
    return swept


def _uses() -> list[ColumnElement[bool]]:
    """Return a condition for each table that refers to attachments: those above know us, we do not know them."""
    return [
        exists().where(column == Attachment.id)
        for table in Base.metadata.tables.values()
        for column in _references_in(table)
    ]


def _references_in(table: Table) -> Iterable[ColumnElement[UUID]]:
    """Return its columns that hold on to attachments; what goes with them is no use of them."""
    keys = (key for key in table.foreign_keys if key.column is Attachment.__table__.c.id)
    return (key.parent for key in keys if key.ondelete != "CASCADE")


def _delete_contents(attachment_ids: Iterable[UUID]) -> None:
    storage, keys = current_storage(), [storage_key(attachment_id) for attachment_id in attachment_ids]
    after_commit(lambda: storage.delete_if_possible(keys))


def _without_row(keys: Iterable[str]) -> list[str]:
    named = {key: attachment_id for key in keys if (attachment_id := id_in_key(key)) is not None}
    with transaction() as session:
        known = set(session.scalars(select(Attachment.id).where(Attachment.id.in_(named.values()))))
    return [key for key, attachment_id in named.items() if attachment_id not in known]
