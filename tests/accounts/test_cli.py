"""flask accounts set-password."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.domain.accounts import service
from backend.domain.accounts.errors import WrongPassword
from backend.domain.accounts.models import Person
from tests.support.accounts import PASSWORD
from tests.support.county import make_county


@pytest.fixture
def person(app: Flask) -> Person:
    return make_county().medical_affairs


def run(app: Flask, *arguments: str, typed: str = "") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["accounts", "set-password", *arguments], input=typed)
    return result.exit_code, result.output


def log_in(person: Person, password: str) -> service.ConsoleSession:
    return service.log_in_console(
        organisation_code=person.organisation.code,
        staff_number=person.staff_number,
        password=password,
        address="192.0.2.1",
    )


def test_a_typed_password_lets_the_person_in(app: Flask, person: Person) -> None:
    status, _ = run(app, person.organisation.code, person.staff_number, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert status == 0
    assert not log_in(person, PASSWORD).must_change_password


def test_a_generated_password_must_be_changed(app: Flask, person: Person) -> None:
    status, printed = run(app, person.organisation.code, person.staff_number, "--generate")
    assert status == 0
    assert log_in(person, printed.strip()).must_change_password


def test_a_weak_password_and_an_unknown_person_are_said_plainly(app: Flask, person: Person) -> None:
    status, printed = run(app, person.organisation.code, person.staff_number, typed="short\nshort\n")
    assert (status, "至少10个字符" in printed) == (1, True)
    status, printed = run(app, person.organisation.code, "nobody", "--generate")
    assert (status, "没有找到" in printed) == (1, True)
    with pytest.raises(WrongPassword):
        log_in(person, "short")
