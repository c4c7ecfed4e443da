"""Names, numbers, tokens and sessions, judged without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from backend.domain.accounts.errors import AccessExpired, SessionEnded
from backend.domain.accounts.rules import (
    SessionKind,
    compose_token,
    default_role,
    is_identity_tail,
    judge_session,
    masked_telephone,
    new_one_time_password,
    new_secret,
    normalised_name,
    normalised_staff_number,
    normalised_telephone,
    parse_token,
    secret_hash,
    why_not_password,
)
from backend.foundation.actor import Role
from backend.foundation.errors import Unauthenticated

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
SOMETHING = uuid4()


@dataclass(frozen=True)
class Row:
    """A session that is alive unless a test says otherwise."""

    session_id: UUID = SOMETHING
    account_id: UUID | None = SOMETHING
    person_id: UUID | None = SOMETHING
    role: Role | None = Role.STAFF
    organisation_id: UUID | None = SOMETHING
    access_expires_at: datetime = NOW + timedelta(minutes=1)
    refresh_expires_at: datetime = NOW + timedelta(days=1)
    is_present_token: bool = True
    has_ended: bool = False
    is_disabled: bool = False


def test_a_live_session_says_who_acts_in_which_role() -> None:
    row = Row()
    actor = judge_session(row, NOW, channel=SessionKind.PHONE)
    assert (actor.account_id, actor.person_id, actor.role) == (row.account_id, row.person_id, Role.STAFF)
    assert (actor.organisation_id, actor.session_id, actor.channel) == (row.organisation_id, row.session_id, "phone")


def test_an_unknown_session_is_nobodys() -> None:
    with pytest.raises(Unauthenticated) as caught:
        judge_session(None, NOW, channel=SessionKind.PHONE)
    assert caught.value.code == "not_logged_in"


@pytest.mark.parametrize(
    "row",
    [
        Row(has_ended=True),
        Row(is_disabled=True),
        Row(refresh_expires_at=NOW),
        Row(has_ended=True, is_present_token=False),
    ],
    ids=["ended", "disabled", "too old", "ended and superseded"],
)
def test_an_ended_session_asks_for_a_new_log_in(row: Row) -> None:
    with pytest.raises(SessionEnded):
        judge_session(row, NOW, channel=SessionKind.PHONE)


@pytest.mark.parametrize(
    "row", [Row(access_expires_at=NOW), Row(is_present_token=False)], ids=["expired", "superseded by a refresh"]
)
def test_an_old_access_token_asks_for_a_refresh_on_a_phone_and_for_a_log_in_at_the_console(row: Row) -> None:
    with pytest.raises(AccessExpired):
        judge_session(row, NOW, channel=SessionKind.PHONE)
    with pytest.raises(SessionEnded):
        judge_session(row, NOW, channel=SessionKind.CONSOLE)


def test_a_token_names_its_session_and_hides_its_secret() -> None:
    session_id, secret = uuid4(), new_secret()
    token = compose_token(session_id, secret)
    assert parse_token(token) == (session_id, secret_hash(secret))


@pytest.mark.parametrize(
    "token",
    ["", ".", "a.b", f"{uuid4()}.{new_secret()}", f"{uuid4().hex}.{new_secret()}x", f"{uuid4().hex}.{new_secret()}\n"],
    ids=["empty", "a dot", "too short", "id with dashes", "too long", "with a line end"],
)
def test_what_is_no_token_is_not_taken_for_one(token: str) -> None:
    assert parse_token(token) is None


@dataclass(frozen=True)
class Holding:
    role: Role
    organisation_id: UUID = SOMETHING


def test_a_phone_starts_as_staff_and_the_console_in_an_office() -> None:
    held = [Holding(Role.DEAN), Holding(Role.STAFF), Holding(Role.MEDICAL_AFFAIRS)]
    assert default_role(held, SessionKind.PHONE) == Holding(Role.STAFF)
    assert default_role(held, SessionKind.CONSOLE) == Holding(Role.MEDICAL_AFFAIRS)


def test_every_role_has_its_place_in_the_order_of_defaults() -> None:
    for role in Role:
        assert default_role([Holding(role)], SessionKind.PHONE) == Holding(role)
        assert default_role([Holding(role)], SessionKind.CONSOLE) == Holding(role)


def test_without_roles_one_starts_in_none() -> None:
    assert default_role([], SessionKind.PHONE) is None


@pytest.mark.parametrize(
    ("written", "compared"),
    [("吕 芬春", "吕芬春"), ("买买提・艾力", "买买提·艾力"), ("买买提•艾力", "买买提·艾力"), ("Ｌｉ　明", "Li明")],
)
def test_names_are_compared_whatever_the_keyboard_made_of_them(written: str, compared: str) -> None:
    assert normalised_name(written) == compared


@pytest.mark.parametrize("written", ["13800001111", "+86 138-0000-1111", "１３８００００１１１１", "0086 13800001111"])
def test_telephone_numbers_are_compared_by_their_digits(written: str) -> None:
    assert normalised_telephone(written) == "13800001111"


def test_a_telephone_number_is_shown_without_its_middle() -> None:
    assert masked_telephone("13800001111") == "138****1111"


def test_staff_numbers_are_compared_without_blanks_and_width() -> None:
    assert normalised_staff_number(" Ａ00 17 ") == "A0017"


@pytest.mark.parametrize(
    ("tail", "fits"), [("123X", True), ("0000", True), ("12X4", False), ("123", False), ("123x", False)]
)
def test_the_last_four_of_an_id_number_are_three_digits_and_a_digit_or_x(tail: str, fits: bool) -> None:
    assert is_identity_tail(tail) is fits


@pytest.mark.parametrize(
    ("password", "says"),
    [("short", "至少10个字符"), ("1" * 12, "过于简单"), ("长" * 201, "过长"), ("correct horse", None)],
)
def test_length_makes_a_password(password: str, says: str | None) -> None:
    why_not = why_not_password(password)
    assert why_not is None if says is None else why_not is not None and says in why_not


def test_a_one_time_password_is_accepted_and_never_the_same() -> None:
    passwords = {new_one_time_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(why_not_password(password) is None for password in passwords)
