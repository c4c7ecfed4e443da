"""Where files are kept outside of the database: a folder, or a bucket of anything that speaks S3.

What is put here is encrypted already. Objects are written once, whole or not at all, and never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import structlog
from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from backend.config import S3Access
from backend.foundation.errors import Unavailable

log = structlog.get_logger(__name__)

_FAILURES = (BaseError, OSError)
_PATIENCE = timedelta(seconds=10)  # somebody's request waits behind this


class StorageUnavailable(Unavailable):
    """The folder or the bucket does not answer, or what should be there is not."""

    code: ClassVar[str] = "storage_unavailable"
    message: ClassVar[str] = "文件暂时不能存取，请稍后再试；如一直如此，请联系管理员。"


@dataclass(frozen=True)
class Storage:
    """Objects by key. It connects when it is first used: a worker forks, and must not do so before."""

    url: str  # file:///folder or s3://bucket/prefix
    s3: S3Access | None = None

    @cached_property
    def _store(self) -> LocalStore | S3Store:
        parts = urlsplit(self.url)
        if parts.scheme == "file":
            return LocalStore(Path(parts.path), mkdir=True)
        access = self.s3 or S3Access()
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=access.endpoint or None,
            region=access.region,
            access_key_id=access.access_key,
            secret_access_key=access.secret_key,
            client_options={"allow_http": access.endpoint.startswith("http://"), "timeout": _PATIENCE},
            retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
        )

    def put(self, key: str, content: bytes) -> None:
        """Keep an object, whole or not at all.

        Raises:
            StorageUnavailable: it is not kept.
        """
        try:
            self._store.put(key, content)
        except _FAILURES as error:
            raise self._told("put", error) from None

    def get(self, key: str) -> bytes:
        """Return an object.

        Raises:
            StorageUnavailable: it cannot be had, or is not there, which no row may point to.
        """
        try:
            return bytes(self._store.get(key).bytes())
        except _FAILURES as error:
            raise self._told("get", error) from None

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are not there are deleted already.

        Raises:
            StorageUnavailable: some may be left.
        """
        for key in keys:
            try:
                self._store.delete(key)
            except FileNotFoundError:
                continue
            except _FAILURES as error:
                raise self._told("delete", error) from None

    def delete_if_possible(self, keys: Iterable[str]) -> None:
        """Delete objects that nothing points to; what cannot be deleted now is an orphan, which a sweep finds."""
        try:
            self.delete(keys)
        except StorageUnavailable:
            log.warning("objects_left")

    def keys(self, prefix: str, *, before: datetime) -> Iterator[str]:
        """Go through the keys of what lies under a prefix since before an instant.

        Raises:
            StorageUnavailable: it cannot be listed.
        """
        try:
            for batch in self._store.list(prefix):
                yield from (meta["path"] for meta in batch if meta["last_modified"] < before)
        except _FAILURES as error:
            raise self._told("list", error) from None

    def drop_unfinished(self, *, before: datetime) -> int:
        """Delete what a process left that was killed while it wrote into a folder; return how many.

        In a bucket nothing shows before it is whole; what is left of uploads in parts, its own lifecycle rule drops.
        """
        parts = urlsplit(self.url)
        if parts.scheme != "file":
            return 0
        left = [
            path
            for path in Path(parts.path).rglob("*#*")
            if path.is_file() and path.stat().st_mtime < before.timestamp()
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _told(self, deed: str, error: Exception) -> StorageUnavailable:
        # Without the text of the error, which has the address and the key.
        log.error("storage_failed", deed=deed, kind=type(error).__name__)
        return StorageUnavailable()


def current_storage() -> Storage:
    """Return the storage of the running application."""
    storage: Storage = current_app.extensions["storage"]
    return storage
