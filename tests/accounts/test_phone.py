"""Logging in on a phone: WeChat says who it is, tokens rotate, and whatever ends a session ends it at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from backend.domain.accounts import service
from backend.domain.accounts.errors import (
    AccessExpired,
    AccountDisabled,
    LoginCodeInvalid,
    SessionEnded,
    WeChatBusy,
    WeChatDenied,
)
from backend.domain.accounts.models import Account, Session
from backend.domain.accounts.rules import REFRESH_LIFETIME
from backend.domain.audit.models import AuditEvent
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Role
from backend.foundation.errors import Unauthenticated
from tests.support.accounts import make_account
from tests.support.county import make_county
from tests.support.factories import make_organisation, make_person
from tests.support.standin import Standin
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")


def test_a_stranger_to_the_roster_becomes_a_patient(standin: Standin) -> None:
    begun = service.log_in_phone(standin.login_code("somebody"))
    assert (begun.actor.person_id, begun.actor.role) == (None, None)
    assert service.authenticate_phone(begun.tokens.access_token) == begun.actor


def test_the_same_wechat_is_the_same_account_next_time(standin: Standin) -> None:
    first = service.log_in_phone(standin.login_code("somebody"))
    second = service.log_in_phone(standin.login_code("somebody"))
    assert first.actor.account_id == second.actor.account_id
    assert first.actor.session_id != second.actor.session_id


def test_a_bound_account_starts_as_staff(standin: Standin) -> None:
    hospital = make_organisation()
    person = make_person(hospital, roles=[Role.DEAN, Role.STAFF])
    make_account(person, openid="doctor")
    begun = service.log_in_phone(standin.login_code("doctor"))
    assert (begun.actor.person_id, begun.actor.role, begun.actor.organisation_id) == (
        person.id,
        Role.STAFF,
        hospital.id,
    )


def test_no_token_and_no_session_key_is_kept(standin: Standin) -> None:
    begun = service.log_in_phone(standin.login_code("somebody"))
    row = db.session.get_one(Session, begun.actor.session_id)
    kept = [value for value in vars(row).values() if isinstance(value, str | bytes)]
    for token in (begun.tokens.access_token, begun.tokens.refresh_token):
        secret = token.partition(".")[2]
        assert not any(secret in (value if isinstance(value, str) else value.decode("latin-1")) for value in kept)
    assert not {
        name for name in Session.__table__.columns.keys() + Account.__table__.columns.keys() if "session_key" in name
    }


def test_a_code_works_once(standin: Standin) -> None:
    code = standin.login_code("somebody")
    service.log_in_phone(code)
    with pytest.raises(LoginCodeInvalid) as caught:
        service.log_in_phone(code)
    assert "重新打开小程序" in caught.value.text


@pytest.mark.parametrize(
    ("errcode", "error"), [(-1, WeChatBusy), (45011, WeChatBusy), (40226, WeChatDenied), (40029, LoginCodeInvalid)]
)
def test_what_wechat_refuses_is_said_plainly(standin: Standin, errcode: int, error: type[Exception]) -> None:
    code = standin.login_code("somebody")
    standin.order("faults", kind="errcode", path="/sns/jscode2session", errcode=errcode)
    with pytest.raises(error):
        service.log_in_phone(code)
    assert db.session.scalars(select(Account)).all() == []


def test_a_refresh_replaces_both_tokens(standin: Standin) -> None:
    first = service.log_in_phone(standin.login_code("somebody"))
    second = service.refresh_phone_session(first.tokens.refresh_token)
    assert service.authenticate_phone(second.access_token) == first.actor
    with pytest.raises(AccessExpired):
        service.authenticate_phone(first.tokens.access_token)


def test_a_refresh_token_used_twice_ends_the_whole_session(standin: Standin) -> None:
    first = service.log_in_phone(standin.login_code("somebody"))
    second = service.refresh_phone_session(first.tokens.refresh_token)
    with pytest.raises(SessionEnded):
        service.refresh_phone_session(first.tokens.refresh_token)
    with pytest.raises(SessionEnded):
        service.authenticate_phone(second.access_token)
    with pytest.raises(SessionEnded):
        service.refresh_phone_session(second.refresh_token)
    row = db.session.get_one(Session, first.actor.session_id)
    assert row.end_reason == "refresh_token_reused"
    trail = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == row.id)).all()
    assert "end_reused_session" in trail


def test_one_sessions_end_leaves_the_others(standin: Standin) -> None:
    kept = service.log_in_phone(standin.login_code("somebody"))
    ended = service.log_in_phone(standin.login_code("somebody"))
    service.log_out(ended.actor)
    with pytest.raises(SessionEnded):
        service.authenticate_phone(ended.tokens.access_token)
    assert service.authenticate_phone(kept.tokens.access_token) == kept.actor


def test_an_access_token_lasts_a_quarter_of_an_hour_and_a_refresh_token_thirty_days(standin: Standin) -> None:
    begun = service.log_in_phone(standin.login_code("somebody"))
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)), pytest.raises(AccessExpired):
        service.authenticate_phone(begun.tokens.access_token)
    with time_machine.travel(clock.now() + REFRESH_LIFETIME + timedelta(seconds=1)):
        with pytest.raises(SessionEnded):
            service.authenticate_phone(begun.tokens.access_token)
        with pytest.raises(SessionEnded):
            service.refresh_phone_session(begun.tokens.refresh_token)


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 32 + "." + "a" * 43])
def test_a_forged_token_is_nobodys(token: str) -> None:
    with pytest.raises(Unauthenticated):
        service.authenticate_phone(token)
    with pytest.raises(SessionEnded):
        service.refresh_phone_session(token)


def test_disabling_a_person_ends_everything_at_once(standin: Standin) -> None:
    county = make_county()
    make_account(county.doctor, openid="doctor")
    begun = service.log_in_phone(standin.login_code("doctor"))
    service.disable_person(SYSTEM, county.doctor.id)
    with pytest.raises(SessionEnded):
        service.authenticate_phone(begun.tokens.access_token)
    with pytest.raises(SessionEnded):
        service.refresh_phone_session(begun.tokens.refresh_token)
    with pytest.raises(AccountDisabled):
        service.log_in_phone(standin.login_code("doctor"))


def test_whoever_is_disabled_without_the_service_is_out_as_well(standin: Standin) -> None:
    county = make_county()
    account = make_account(county.doctor, openid="doctor")
    begun = service.log_in_phone(standin.login_code("doctor"))
    account.disabled_at = clock.now()
    db.session.commit()
    with pytest.raises(SessionEnded):
        service.authenticate_phone(begun.tokens.access_token)
    with pytest.raises(SessionEnded):
        service.refresh_phone_session(begun.tokens.refresh_token)


def test_a_person_who_is_enabled_again_can_log_in_but_not_with_what_ended(standin: Standin) -> None:
    county = make_county()
    make_account(county.doctor, openid="doctor")
    begun = service.log_in_phone(standin.login_code("doctor"))
    service.disable_person(SYSTEM, county.doctor.id)
    service.enable_person(SYSTEM, county.doctor.id)
    with pytest.raises(SessionEnded):
        service.authenticate_phone(begun.tokens.access_token)
    assert service.log_in_phone(standin.login_code("doctor")).actor.person_id == county.doctor.id


def test_authentication_is_one_statement(standin: Standin) -> None:
    begun = service.log_in_phone(standin.login_code("somebody"))
    db.session.commit()
    with counted_statements() as statements:
        service.authenticate_phone(begun.tokens.access_token)
    assert len(statements) == 1
