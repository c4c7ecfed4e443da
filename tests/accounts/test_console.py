"""Staff number and password at the console: throttled, idle, changed when somebody else has set it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from redis import Redis
from sqlalchemy import func, select

from backend.domain.accounts import queries, service
from backend.domain.accounts.errors import (
    OldPasswordWrong,
    PasswordUnacceptable,
    RoleNotHeld,
    SessionEnded,
    WrongPassword,
)
from backend.domain.accounts.models import Password, Person, Session
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Role
from backend.foundation.errors import TooManyAttempts
from tests.support.accounts import PASSWORD, give_password
from tests.support.county import County, make_county
from tests.support.factories import make_organisation, make_person
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def county(app: object) -> County:
    county = make_county()
    give_password(county.medical_affairs)
    return county


def log_in(person: Person, password: str = PASSWORD, **changed: Any) -> service.ConsoleSession:
    entry = {"organisation_code": person.organisation.code, "staff_number": person.staff_number, "address": "192.0.2.1"}
    return service.log_in_console(password=password, **(entry | changed))


def test_staff_number_and_password_begin_a_session_in_an_office(county: County) -> None:
    begun = log_in(county.medical_affairs)
    assert (begun.actor.role, begun.actor.organisation_id) == (Role.MEDICAL_AFFAIRS, county.hospital.id)
    assert not begun.must_change_password
    assert service.authenticate_console(begun.token) == begun.actor


def test_the_staff_number_alone_will_do_where_one_person_has_it(county: County) -> None:
    person = county.medical_affairs
    namesake = make_person(make_organisation("他院"), "他人", staff_number=person.staff_number)
    assert log_in(person, organisation_code=None).actor.person_id == person.id
    give_password(namesake)
    with pytest.raises(WrongPassword) as caught:
        log_in(person, organisation_code=None)
    assert "机构代码" in caught.value.text
    assert log_in(namesake).actor.person_id == namesake.id


def test_full_width_digits_and_blanks_are_no_hindrance(county: County) -> None:
    person = county.medical_affairs
    wide = "".join(chr(ord(mark) + 0xFEE0) for mark in person.staff_number)
    assert log_in(person, staff_number=f" {wide} ").actor.person_id == person.id


@pytest.mark.parametrize(
    "changed", [{"password": "另一个密码一二三四"}, {"staff_number": "nobody"}, {"organisation_code": "nowhere"}]
)
def test_whatever_is_wrong_the_answer_is_the_same(county: County, changed: dict[str, str]) -> None:
    with pytest.raises(WrongPassword) as caught:
        log_in(county.medical_affairs, **changed)
    assert caught.value.text == WrongPassword.message


def test_someone_without_a_password_or_disabled_cannot_log_in(county: County) -> None:
    with pytest.raises(WrongPassword):
        log_in(county.director)
    county.medical_affairs.disabled_at = clock.now()
    db.session.commit()
    with pytest.raises(WrongPassword):
        log_in(county.medical_affairs)


def test_an_unknown_person_costs_as_much_work_as_a_wrong_password(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def watched(hasher: PasswordHasher, hashed: str, given: str) -> bool:
        verified.append(hashed)
        return verify(hasher, hashed, given)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    for changed in ({"staff_number": "nobody"}, {"password": "另一个密码一二三四"}):
        with pytest.raises(WrongPassword):
            log_in(county.medical_affairs, **changed)
    parameters = {hashed.rsplit("$", 2)[0] for hashed in verified}
    assert len(verified) == 2
    assert len(parameters) == 1


def test_five_failures_close_the_door_for_a_quarter_of_an_hour_even_to_the_right_password(county: County) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            log_in(county.medical_affairs, "另一个密码一二三四")
    with pytest.raises(TooManyAttempts) as caught:
        log_in(county.medical_affairs, address="198.51.100.7", organisation_code=None)
    assert "15分钟" in caught.value.text


def test_the_door_opens_again_when_the_window_has_passed(county: County, redis: Redis) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            log_in(county.medical_affairs, "另一个密码一二三四")
    (key,) = [key for key in redis.scan_iter() if b"password-person" in key]
    assert 0 < redis.ttl(key) <= 15 * 60  # type: ignore[operator]
    redis.delete(key)
    assert log_in(county.medical_affairs)


def test_only_failures_count(county: County) -> None:
    for _ in range(7):
        log_in(county.medical_affairs)
    for _ in range(4):
        with pytest.raises(WrongPassword):
            log_in(county.medical_affairs, "另一个密码一二三四")
    assert log_in(county.medical_affairs)


def test_one_address_cannot_try_everybodys_password(county: County, redis: Redis) -> None:
    with pytest.raises(WrongPassword):
        log_in(county.medical_affairs, staff_number="a first guess")
    (key,) = [key for key in redis.scan_iter() if b"password-address" in key]
    redis.incrby(key, 48)
    with pytest.raises(WrongPassword):
        log_in(county.medical_affairs, staff_number="the fiftieth guess")
    with pytest.raises(TooManyAttempts):
        log_in(county.medical_affairs)
    assert log_in(county.medical_affairs, address="198.51.100.7")


def test_an_idle_session_ends_after_two_hours_and_any_after_twelve(county: County) -> None:
    begun = log_in(county.medical_affairs)
    start = clock.now()
    for hours in range(1, 12):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            service.authenticate_console(begun.token)
    with time_machine.travel(start + timedelta(hours=12, seconds=1)), pytest.raises(SessionEnded):
        service.authenticate_console(begun.token)
    idle = log_in(county.medical_affairs)
    with time_machine.travel(start + timedelta(hours=2, minutes=1)), pytest.raises(SessionEnded):
        service.authenticate_console(idle.token)


def test_most_requests_only_read_the_session(county: County) -> None:
    begun = log_in(county.medical_affairs)
    db.session.commit()
    with counted_statements() as statements:
        service.authenticate_console(begun.token)
    assert len(statements) == 1


def test_a_token_of_the_console_is_none_of_the_phones(county: County) -> None:
    begun = log_in(county.medical_affairs)
    with pytest.raises(Exception, match="not_logged_in"):
        service.authenticate_phone(begun.token)


def test_a_password_hash_of_old_parameters_is_renewed_at_log_in(county: County) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    row = db.session.get_one(Password, county.medical_affairs.id)
    row.argon2 = weak
    db.session.commit()
    log_in(county.medical_affairs)
    db.session.refresh(row)
    assert row.argon2 != weak
    assert "$argon2id$" in row.argon2
    assert log_in(county.medical_affairs)


def test_a_password_that_somebody_else_set_gives_no_role_until_it_is_changed(county: County) -> None:
    one_time = service.set_initial_password(SYSTEM, county.director.id)
    begun = log_in(county.director, one_time)
    assert begun.must_change_password
    assert (begun.actor.role, service.authenticate_console(begun.token).role) == (None, None)
    with pytest.raises(RoleNotHeld):
        service.switch_role(begun.actor, Role.DIRECTOR, county.township.id)
    service.grant_role(SYSTEM, county.director.id, Role.DEAN, county.township.id)
    assert service.authenticate_console(begun.token).role is None

    service.change_password(begun.actor, one_time, PASSWORD)
    assert service.authenticate_console(begun.token).role is Role.DIRECTOR
    assert not queries.must_change_password(county.director.id)
    assert not log_in(county.director).must_change_password


def test_changing_the_password_ends_the_other_sessions(county: County) -> None:
    here, elsewhere = log_in(county.medical_affairs), log_in(county.medical_affairs)
    service.change_password(here.actor, PASSWORD, "新的密码一二三四五六")
    assert service.authenticate_console(here.token) == here.actor
    with pytest.raises(SessionEnded):
        service.authenticate_console(elsewhere.token)
    with pytest.raises(WrongPassword):
        log_in(county.medical_affairs)


@pytest.mark.parametrize(("new", "says"), [("short", "至少10个字符"), (PASSWORD, "不能与原密码相同")])
def test_a_poor_new_password_is_refused_with_the_reason(county: County, new: str, says: str) -> None:
    begun = log_in(county.medical_affairs)
    with pytest.raises(PasswordUnacceptable) as caught:
        service.change_password(begun.actor, PASSWORD, new)
    assert says in caught.value.text
    assert log_in(county.medical_affairs)


def test_the_old_password_cannot_be_guessed_from_an_open_page(county: County) -> None:
    begun = log_in(county.medical_affairs)
    for _ in range(5):
        with pytest.raises(OldPasswordWrong):
            service.change_password(begun.actor, "另一个密码一二三四", "新的密码一二三四五六")
    with pytest.raises(TooManyAttempts):
        service.change_password(begun.actor, PASSWORD, "新的密码一二三四五六")


def test_logging_out_ends_the_session(county: County) -> None:
    begun = log_in(county.medical_affairs)
    service.log_out(begun.actor)
    with pytest.raises(SessionEnded):
        service.authenticate_console(begun.token)
    assert db.session.scalar(select(func.count()).where(Session.end_reason == "logged_out")) == 1


def test_what_is_refused_neither_lengthens_the_wait_nor_shuts_out_the_address(county: County, redis: Redis) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            log_in(county.medical_affairs, "另一个密码一二三四")
    for _ in range(60):
        with pytest.raises(TooManyAttempts):
            log_in(county.medical_affairs)
    counts = {key.split(b"/")[1]: int(redis.get(key) or 0) for key in redis.scan_iter() if b"password" in key}  # type: ignore[arg-type]
    assert set(counts.values()) == {5}
