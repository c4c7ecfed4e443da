"""What a seal is: SHA-256 over the seal before and every event since, each in one canonical form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = bytes(32)


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return an event as bytes that do not depend on the order of its keys or on how it is stored."""
    return json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def seal_digest(previous: bytes, events: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the 32 bytes that commit to the seal before and to these events in their order."""
    digest = hashlib.sha256(previous)
    for event in events:
        body = canonical(event)
        digest.update(len(body).to_bytes(4, "big"))
        digest.update(body)
    return digest.digest()
