"""Who acts: the account, the person behind it, and the role held in one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Roles by code; a patient is an account without one."""

    STAFF = "staff"
    DIRECTOR = "director"
    DELEGATE = "delegate"
    DESK = "desk"
    DUTY = "duty"
    MEDICAL_AFFAIRS = "medical_affairs"
    EDUCATION = "education"
    PERSONNEL = "personnel"
    FINANCE = "finance"
    DEAN = "dean"
    BUREAU = "bureau"
    VILLAGE_DOCTOR = "village_doctor"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One who acts in a current role (当前身份); role and organisation are both None for a patient."""

    account_id: UUID | None = None
    person_id: UUID | None = None
    role: Role | None = None
    organisation_id: UUID | None = None
    session_id: UUID | None = None
    channel: str = "system"  # phone | console | command | system


SYSTEM = Actor()
