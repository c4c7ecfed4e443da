"""From what is owed to what WeChat has taken, one job."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from backend.domain.accounts.models import Account
from backend.domain.notifications.models.grants import SubscriptionGrant
from backend.domain.notifications.queries.deliveries import delivery_of
from backend.domain.notifications.rules.delivery import (
    HELD_FOR,
    UNKNOWN_BLOCKS_FOR,
    Addressee,
    DeliveryStatus,
    Failure,
    Settlement,
)
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service import delivery
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.jobs.notifications import deliver_messages
from tests.support.accounts import make_account
from tests.support.factories import make_organisation, make_person
from tests.support.messages import SEND, allow, message_of, owe, sent_messages, work_notice
from tests.support.standin import Standin

CHANGED, WORK = TemplateKey.CLINIC_CHANGED, TemplateKey.WORK_NOTICE
OWED, SENT, FAILED, UNKNOWN = (
    DeliveryStatus.OWED,
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNKNOWN,
)


@pytest.fixture
def hospital(app: Flask, standin: Standin) -> Organisation:
    return make_organisation()


@pytest.fixture
def patient(hospital: Organisation, standin: Standin) -> Account:
    account = make_account()
    allow(standin, account, CHANGED)
    return account


def statuses(*keys: str) -> list[DeliveryStatus]:
    found = delivery_of(keys)
    return [found[key].status for key in keys]


def ledger(account: Account, template: TemplateKey) -> tuple[int, int, bool]:
    grant = db.session.get_one(SubscriptionGrant, (account.id, template), populate_existing=True)
    return grant.granted, grant.used, grant.standing


def test_what_is_owed_is_sent_once_as_its_template_wants_it(
    hospital: Organisation, patient: Account, standin: Standin
) -> None:
    key = owe(patient, hospital)
    deliver_messages()
    deliver_messages()
    (message,) = sent_messages(standin)
    assert (message["touser"], message["template_id"]) == (patient.openid, "dev-clinic_changed")
    assert message["page"] == "patient/booking/index"
    assert message["data"]["thing3"] == {"value": "因公返院"}
    assert delivery_of([key, "unheard of"]) == {key: (DeliveryStatus.SENT, None, None)}
    assert message_of(key).message_id == str(message["msgid"])


def test_a_member_of_staff_is_written_to_at_the_account_that_is_bound(hospital: Organisation, standin: Standin) -> None:
    doctor = make_person(hospital)
    account = make_account(doctor)
    allow(standin, account, WORK)
    owe_notice(doctor.id, work_notice(), dedupe_key="returned:1")
    deliver_messages()
    (message,) = sent_messages(standin)
    assert message["touser"] == account.openid
    assert message["data"]["thing1"] == {"value": "考勤表已退回"}


def test_each_one_time_leave_is_for_one_message(hospital: Organisation, standin: Standin) -> None:
    account = make_account()
    allow(standin, account, WORK, count=2)
    keys = [owe(account, hospital, work_notice()) for _ in range(3)]
    deliver_messages()
    assert statuses(*keys) == [SENT, SENT, FAILED]
    assert delivery_of(keys)[keys[2]].failure is Failure.NO_GRANT
    assert ledger(account, WORK) == (2, 2, False)
    assert len(standin.received(SEND)) == 2  # who has given no leave is not even asked for at WeChat


def test_standing_leave_is_not_used_up(hospital: Organisation, patient: Account, standin: Standin) -> None:
    keys = [owe(patient, hospital) for _ in range(3)]
    deliver_messages()
    assert statuses(*keys) == [SENT] * 3
    assert ledger(patient, CHANGED) == (0, 0, True)


def test_who_has_bound_no_wechat_is_shown_as_not_reached(hospital: Organisation) -> None:
    person = make_person(hospital)
    owe_notice(person.id, work_notice(), dedupe_key="returned:2")
    deliver_messages()
    told = delivery_of(["returned:2"])["returned:2"]
    assert (told.status, told.failure, told.label) == (FAILED, Failure.NO_ACCOUNT, "未送达：没有绑定微信")


def test_a_refusal_at_wechat_empties_the_ledger(hospital: Organisation, standin: Standin) -> None:
    account = make_account()
    allow(standin, account, WORK, count=3)
    standin.order("grants", openid=account.openid, template_id="dev-work_notice", choice="reject")
    keys = [owe(account, hospital, work_notice()) for _ in range(2)]
    deliver_messages()
    found = delivery_of(keys)
    assert [found[key].failure for key in keys] == [Failure.REFUSED, Failure.NO_GRANT]
    assert message_of(keys[0]).errcode == 43101
    assert ledger(account, WORK) == (3, 3, False)


@pytest.mark.parametrize(
    ("errcode", "failure"),
    [
        (40003, Failure.BAD_ACCOUNT),
        (40037, Failure.BAD_TEMPLATE),
        (41030, Failure.BAD_PAGE),
        (43107, Failure.BANNED),
        (45168, Failure.SENSITIVE),
        (47003, Failure.BAD_FIELDS),
        (48001, Failure.MISCONFIGURED),
    ],
)
def test_what_wechat_refuses_for_good_is_not_tried_again_and_uses_up_no_leave(
    hospital: Organisation, standin: Standin, errcode: int, failure: Failure
) -> None:
    account = make_account()
    allow(standin, account, WORK)
    standin.order("faults", kind="errcode", errcode=errcode, path=SEND)
    key = owe(account, hospital, work_notice())
    deliver_messages()
    deliver_messages()
    message = message_of(key)
    assert (message.status, message.failure, message.errcode) == (FAILED, failure, errcode)
    assert len(standin.received(SEND)) == 1
    assert ledger(account, WORK) == (1, 0, False)


@pytest.mark.parametrize(("errcode", "seconds"), [(-1, 10), (43108, 5)])
def test_what_wechat_is_too_busy_for_is_sent_a_little_later(
    hospital: Organisation, standin: Standin, errcode: int, seconds: int
) -> None:
    account = make_account()
    allow(standin, account, WORK)
    standin.order("faults", kind="errcode", errcode=errcode, path=SEND, times=1)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        key = owe(account, hospital, work_notice())
        deliver_messages()
        deliver_messages()
        assert statuses(key) == [OWED]
        assert message_of(key).due_at == clock.now() + timedelta(seconds=seconds)
        assert ledger(account, WORK) == (1, 0, False)
        traveller.shift(seconds)
        deliver_messages()
    assert statuses(key) == [SENT]
    assert len(sent_messages(standin)) == 1


def test_when_the_quota_is_used_up_the_rest_waits_for_tomorrow(
    hospital: Organisation, patient: Account, standin: Standin
) -> None:
    standin.order("faults", kind="errcode", errcode=45009, path=SEND)
    key = owe(patient, hospital)
    deliver_messages()
    due = clock.local(message_of(key).due_at)
    assert statuses(key) == [OWED]
    assert (due.date() - clock.today(), due.hour, due.minute) == (timedelta(days=1), 0, 10)


def test_a_message_that_is_never_taken_is_given_up(hospital: Organisation, patient: Account, standin: Standin) -> None:
    standin.order("faults", kind="errcode", errcode=-1, path=SEND)
    key = owe(patient, hospital)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(20):
            deliver_messages()
            traveller.shift(timedelta(minutes=31))
    assert delivery_of([key])[key].failure is Failure.TOO_OFTEN
    assert len(standin.received(SEND)) == 12


@pytest.mark.parametrize(
    "fault",
    [{"kind": "http", "status": 502}, {"kind": "html"}, {"kind": "reset"}, {"kind": "accepted_then_reset"}],
    ids=lambda fault: fault["kind"],
)
def test_what_may_have_been_sent_is_never_sent_again_by_itself(
    hospital: Organisation, patient: Account, standin: Standin, fault: dict[str, object]
) -> None:
    standin.order("faults", path=SEND, times=1, **fault)
    key = owe(patient, hospital)
    deliver_messages()
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        deliver_messages()
    assert statuses(key) == [UNKNOWN]
    assert len(standin.received(SEND)) == 1


def test_one_of_whom_it_is_unknown_is_sent_nothing_else_for_ten_minutes(
    hospital: Organisation, patient: Account, standin: Standin
) -> None:
    standin.order("faults", path=SEND, times=1, kind="http")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        first, second = owe(patient, hospital), owe(patient, hospital)
        deliver_messages()
        traveller.shift(UNKNOWN_BLOCKS_FOR - timedelta(seconds=1))
        deliver_messages()
        assert statuses(first, second) == [UNKNOWN, OWED]
        traveller.shift(1)
        deliver_messages()
    assert statuses(first, second) == [UNKNOWN, SENT]


def test_what_a_dead_worker_was_sending_is_unknown_once_its_claim_ends(
    hospital: Organisation, patient: Account, standin: Standin
) -> None:
    key = owe(patient, hospital)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        assert len(delivery.claim_messages(100)) == 1
        assert delivery.claim_messages(100) == []
        traveller.shift(HELD_FOR)
        deliver_messages()
        assert statuses(key) == [DeliveryStatus.SENDING]
        traveller.shift(1)
        deliver_messages()
    assert statuses(key) == [UNKNOWN]
    assert sent_messages(standin) == []


def test_a_worker_that_was_slow_but_lived_tells_after_all_what_wechat_said(
    hospital: Organisation, patient: Account
) -> None:
    key = owe(patient, hospital)
    (claim,) = delivery.claim_messages(100)
    with time_machine.travel(clock.now() + HELD_FOR + timedelta(seconds=1), tick=False):
        assert delivery.expire_claims() == 1
    delivery.settle_messages([(claim, Settlement(status=SENT, message_id="7"))])
    assert statuses(key) == [SENT]


def test_what_came_of_an_earlier_attempt_says_nothing_of_the_present_one(
    hospital: Organisation, patient: Account
) -> None:
    key = owe(patient, hospital)
    (first,) = delivery.claim_messages(100)
    message = message_of(key)
    message.status, message.claimed_until = OWED, None  # as an office does by hand
    db.session.commit()
    (second,) = delivery.claim_messages(100)
    delivery.settle_messages([(first, Settlement(status=UNKNOWN))])
    assert (second.id, second.attempt) == (first.id, first.attempt + 1)
    assert statuses(key) == [DeliveryStatus.SENDING]


def test_one_person_is_claimed_for_once_at_a_time_and_the_oldest_message_goes_first(
    hospital: Organisation, patient: Account
) -> None:
    now = clock.now()
    later = owe(patient, hospital, due_at=now - timedelta(minutes=1))
    earlier = owe(patient, hospital, due_at=now - timedelta(minutes=2))
    other = owe(make_account(), hospital)
    assert {claim.id for claim in delivery.claim_messages(100)} == {message_of(earlier).id, message_of(other).id}
    assert statuses(later) == [OWED]


def test_what_is_not_due_waits_and_what_is_of_no_use_lapses(
    hospital: Organisation, patient: Account, standin: Standin
) -> None:
    now = clock.now()
    early = owe(patient, hospital, due_at=now + timedelta(hours=1))
    late = owe(patient, hospital, lapses_at=now)
    old = owe(patient, hospital, due_at=now - timedelta(days=7))
    deliver_messages()
    assert statuses(early, late, old) == [OWED, DeliveryStatus.LAPSED, DeliveryStatus.LAPSED]
    assert sent_messages(standin) == []


def test_a_token_that_wechat_rejects_is_renewed_once_and_the_message_sent(
    hospital: Organisation, patient: Account, standin: Standin
) -> None:
    standin.order("faults", path=SEND, times=1, kind="errcode", errcode=40001)
    key = owe(patient, hospital)
    deliver_messages()
    assert statuses(key) == [SENT]
    assert len(standin.received(SEND)) == 2


def test_a_person_and_their_account_are_not_written_to_at_the_same_time(
    hospital: Organisation, standin: Standin
) -> None:
    doctor = make_person(hospital)
    account = make_account(doctor)
    allow(standin, account, WORK, count=2)
    owe_notice(doctor.id, work_notice(), dedupe_key="person")
    key = owe(account, hospital, work_notice())
    claims = delivery.claim_messages(100)
    errands = delivery.prepare_errands(
        claims, {claim.recipient_id: Addressee(account.id, account.openid) for claim in claims}
    )
    assert (len(claims), len(errands)) == (2, 1)
    assert sorted(statuses("person", key)) == [OWED, DeliveryStatus.SENDING]
    assert ledger(account, WORK) == (2, 1, False)
