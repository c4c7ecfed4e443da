"""Who one is: labels of roles, masks, tokens, and what binding needs."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from backend.domain.accounts.errors import AccessExpired, SessionEnded
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Unauthenticated

ROLE_LABELS: Mapping[Role, str] = {
    Role.STAFF: "派驻人员",
    Role.DIRECTOR: "受援院长",
    Role.DELEGATE: "授权代签人",
    Role.DESK: "分诊台",
    Role.DUTY: "行政总值班",
    Role.MEDICAL_AFFAIRS: "医务科",
    Role.EDUCATION: "科教科",
    Role.PERSONNEL: "人事科",
    Role.FINANCE: "财务科",
    Role.DEAN: "院长",
    Role.BUREAU: "卫健局督查",
    Role.VILLAGE_DOCTOR: "村医",
    Role.ADMIN: "管理员",
}

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
CONSOLE_LIFETIME = timedelta(hours=12)
CONSOLE_IDLE = timedelta(hours=2)  # "today" refreshes itself: a page left open is at work
CONSOLE_IDLE_STEP = timedelta(minutes=5)  # how far the idle limit may lag, so that most requests only read


class Sex(StrEnum):
    """FHIR R4's AdministrativeGender."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


SEX_LABELS = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "不详"}


class SessionKind(StrEnum):
    """Where one is logged in."""

    PHONE = "phone"
    CONSOLE = "console"


class BindingKind(StrEnum):
    """What a request to be bound anew changes."""

    NEW_WECHAT = "new_wechat"
    NEW_TELEPHONE = "new_telephone"


class BindingStatus(StrEnum):
    """FHIR R4's Task words."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


BINDING_TRANSITIONS: Mapping[tuple[BindingStatus, str], BindingStatus] = {
    (BindingStatus.REQUESTED, "accept"): BindingStatus.ACCEPTED,
    (BindingStatus.REQUESTED, "reject"): BindingStatus.REJECTED,
}


class SessionRow(Protocol):
    """A session with what is true of it at this moment, as `queries.live_phone_session` and its like select it.

    role and organisation_id are those of a role that is held now: one that was taken away has gone from the row.
    """

    @property
    def session_id(self) -> UUID: ...
    @property
    def account_id(self) -> UUID | None: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def role(self) -> Role | None: ...
    @property
    def organisation_id(self) -> UUID | None: ...
    @property
    def access_expires_at(self) -> datetime: ...
    @property
    def refresh_expires_at(self) -> datetime: ...
    @property
    def is_present_token(self) -> bool: ...
    @property
    def has_ended(self) -> bool: ...
    @property
    def is_disabled(self) -> bool: ...


def judge_session(row: SessionRow | None, now: datetime, *, channel: SessionKind) -> Actor:
    """Return who acts in a session.

    Raises:
        Unauthenticated: there is no such session.
        SessionEnded: it has ended, or its person or account has been disabled.
        AccessExpired: the token is too old, or a refresh has replaced it.
    """
    if row is None:
        raise Unauthenticated
    if row.has_ended or row.is_disabled or row.refresh_expires_at <= now:
        raise SessionEnded
    if not row.is_present_token or row.access_expires_at <= now:
        raise AccessExpired if channel is SessionKind.PHONE else SessionEnded
    return Actor(
        account_id=row.account_id,
        person_id=row.person_id,
        role=row.role,
        organisation_id=row.organisation_id,
        session_id=row.session_id,
        channel=channel,
    )


class Held(Protocol):
    """A role held in an organisation."""

    @property
    def role(self) -> Role: ...
    @property
    def organisation_id(self) -> UUID: ...


HeldT = TypeVar("HeldT", bound=Held)
_CONSOLE_ORDER = (
    *(Role.MEDICAL_AFFAIRS, Role.ADMIN, Role.BUREAU, Role.DIRECTOR, Role.DELEGATE, Role.DEAN, Role.DUTY),
    *(Role.PERSONNEL, Role.FINANCE, Role.EDUCATION, Role.DESK, Role.STAFF, Role.VILLAGE_DOCTOR),
)
_PHONE_ORDER = (Role.STAFF, *(role for role in _CONSOLE_ORDER if role is not Role.STAFF))


def default_role(held: Iterable[HeldT], channel: SessionKind) -> HeldT | None:
    """Return the role in which a session starts: staff on a phone, an office's in the console; None without any."""
    order = _PHONE_ORDER if channel is SessionKind.PHONE else _CONSOLE_ORDER
    return min(held, key=lambda one: (order.index(one.role), one.organisation_id), default=None)


def new_secret() -> str:
    """Return 256 random bits in URL-safe text."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a token: 32 bytes of SHA-256, enough for a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def compose_token(session_id: UUID, secret: str) -> str:
    """Return the token that names its session, so that a used refresh token can still be traced to it."""
    return f"{session_id.hex}.{secret}"


_TOKEN = re.compile(r"([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


def parse_token(token: str) -> tuple[UUID, bytes] | None:
    """Return session id and hash of a well-formed token, None for anything else."""
    match = _TOKEN.fullmatch(token)
    return (UUID(match[1]), secret_hash(match[2])) if match else None


def normalised_name(name: str) -> str:
    """Return a name as it is compared: NFKC, without blanks, one form of the middle dot."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).replace("•", "·").replace("・", "·")


def normalised_telephone(telephone: str) -> str:
    """Return a telephone number as it is compared: NFKC digits, without +86, blanks and dashes."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", telephone))
    return digits.removeprefix("+86").removeprefix("0086")


def is_mobile_number(telephone: str) -> bool:
    """Tell whether a normalised number is a mobile number of mainland China: 11 digits, 1[3-9]…"""
    return re.fullmatch(r"1[3-9]\d{9}", telephone) is not None


def age_on(day: date, born_on: date) -> int:
    """Return the completed years of age."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def masked_telephone(telephone: str) -> str:
    """Return 138****1234."""
    return f"{telephone[:3]}****{telephone[-4:]}"


def normalised_staff_number(staff_number: str) -> str:
    """Return a staff number (工号) as it is stored and compared: NFKC without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", staff_number))


def is_identity_tail(tail: str) -> bool:
    """Tell whether these are the last four of an ID number (GB 11643): three digits and a digit or X."""
    return re.fullmatch(r"\d{3}[\dX]", tail) is not None


def why_not_password(password: str) -> str | None:
    """Say in Chinese why it is no acceptable password: length is what counts (NIST SP 800-63B)."""
    if len(password) < 10:
        return "密码至少10个字符。"
    if len(password) > 200:
        return "密码过长。"
    if len(set(password)) < 4:
        return "密码过于简单，请使用更多不同的字符。"
    return None


_EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0/o, 1/l/i


def new_one_time_password() -> str:
    """Return 60 bits in letters and digits that can be read out over a telephone."""
    return "-".join("".join(secrets.choice(_EASY_TO_READ) for _ in range(4)) for _ in range(3))


class DelegationState(StrEnum):
    """Where the right to sign for a director stands on a day."""

    PLANNED = "planned"
    CURRENT = "current"
    ENDED = "ended"


DELEGATION_STATE_LABELS = {
    DelegationState.PLANNED: "未开始",
    DelegationState.CURRENT: "生效中",
    DelegationState.ENDED: "已结束",
}
_LONGEST_DELEGATION = timedelta(days=366)


def delegation_state(starts_on: date, ends_before: date, today: date) -> DelegationState:
    """Return where a delegation stands on a day; `ends_before` is the day after its last."""
    if today < starts_on:
        return DelegationState.PLANNED
    return DelegationState.CURRENT if today < ends_before else DelegationState.ENDED


def why_not_delegation(starts_on: date, ends_on: date, today: date) -> dict[str, str]:
    """Say in Chinese, by field, why nobody may be named to sign in these days; empty when somebody may."""
    if starts_on < today:
        return {"starts_on": "开始日期不能早于今天。"}
    if ends_on < starts_on:
        return {"ends_on": "结束日期不能早于开始日期。"}
    if ends_on - starts_on >= _LONGEST_DELEGATION:
        return {"ends_on": "一次授权最长一年，请缩短期间。"}
    return {}
