"""The same log-in, refresh, claim and decision many times at once, each in a thread and connection of its own."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.domain.accounts import service
from backend.domain.accounts.errors import SessionEnded, WrongPassword
from backend.domain.accounts.models import Account, BindingRequest, Session
from backend.extensions import db
from backend.foundation.errors import TooManyAttempts
from tests.support.accounts import give_identity, give_password
from tests.support.at_once import at_once, counted
from tests.support.county import make_county
from tests.support.standin import Standin

NUMBER = "13800001111"


def test_a_new_wechat_that_logs_in_twice_at_once_is_one_account(own_app: Flask, standin: Standin) -> None:
    codes = [standin.login_code("somebody") for _ in range(8)]
    outcome = counted(at_once(own_app, [lambda code=code: service.log_in_phone(code) for code in codes]))  # type: ignore[misc]
    assert outcome == {"done": 8}
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_of_refreshes_at_once_one_wins_and_the_session_ends_for_the_others_sake(
    own_app: Flask, standin: Standin
) -> None:
    with own_app.app_context():
        begun = service.log_in_phone(standin.login_code("somebody"))
    outcome = counted(at_once(own_app, [lambda: service.refresh_phone_session(begun.tokens.refresh_token)] * 8))
    assert outcome == {"done": 1, "session_ended": 7}
    with own_app.app_context():
        assert db.session.get_one(Session, begun.actor.session_id).end_reason == "refresh_token_reused"
        with pytest.raises(SessionEnded):
            service.refresh_phone_session(begun.tokens.refresh_token)


def test_of_two_phones_that_claim_one_person_at_once_one_is_bound(own_app: Flask, standin: Standin) -> None:
    with own_app.app_context():
        person = give_identity(make_county().doctor, telephone=NUMBER)
        actors = [service.log_in_phone(standin.login_code(f"phone {number}")).actor for number in range(4)]
        claims = [
            service.Claim(phone_code=standin.phone_code(NUMBER), name=person.name, identity_tail="123X") for _ in actors
        ]
    at_once(
        own_app,
        [
            lambda actor=actor, claim=claim: service.bind_account(actor, claim)  # type: ignore[misc]
            for actor, claim in zip(actors, claims, strict=True)
        ],
    )
    with own_app.app_context():
        bound = db.session.scalar(select(func.count()).where(Account.person_id.is_not(None)))
        asked = db.session.scalar(select(func.count()).select_from(BindingRequest))
    assert bound == 1
    assert asked is not None
    assert asked <= 3


def test_a_request_is_accepted_once_however_often_it_is_clicked(own_app: Flask, standin: Standin) -> None:
    with own_app.app_context():
        county = make_county()
        give_identity(county.doctor, telephone=NUMBER)
        for openid in ("old", "new"):
            claim = service.Claim(phone_code=standin.phone_code(NUMBER), name="吕芬春", identity_tail="123X")
            service.bind_account(service.log_in_phone(standin.login_code(openid)).actor, claim)
        request_id, office = db.session.scalars(select(BindingRequest.id)).one(), county.office
    outcome = counted(at_once(own_app, [lambda: service.decide_binding_request(office, request_id, accept=True)] * 6))
    assert outcome == {"done": 1, "binding_request_decided": 5}


def test_guesses_at_the_same_moment_do_not_pass_the_throttle_together(own_app: Flask) -> None:
    with own_app.app_context():
        person = make_county().medical_affairs
        give_password(person)
        db.session.commit()
        code, number = person.organisation.code, person.staff_number

    def guess() -> object:
        return service.log_in_console(
            organisation_code=code, staff_number=number, password="another guess", address="192.0.2.1"
        )

    outcome = counted(at_once(own_app, [guess] * 12))
    assert outcome == {WrongPassword.code: 5, TooManyAttempts.code: 7}
