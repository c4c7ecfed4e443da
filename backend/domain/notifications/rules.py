"""Kinds of notices and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about."""

    DISPATCH_ASSIGNED = "dispatch_assigned"
    DISPATCH_CHANGED = "dispatch_changed"
    DISPATCH_ENDED = "dispatch_ended"
    BINDING_REQUESTED = "binding_requested"
    BINDING_ACCEPTED = "binding_accepted"
    BINDING_REJECTED = "binding_rejected"


class DeliveryStatus(StrEnum):
    """What became of a message that is owed."""

    OWED = "owed"


@dataclass(frozen=True)
class Notice:
    """What is told: a title, a sentence that says what to do, and the phone page that it opens."""

    kind: NoticeKind
    title: str
    body: str
    page: str = ""
