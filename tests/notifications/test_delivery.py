"""From what is owed to what WeChat has taken, one job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backend.domain.accounts.models import Account
from backend.domain.notifications.models.grants import SubscriptionGrant
from backend.domain.notifications.queries.deliveries import delivery_of
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service import delivery
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.jobs.notifications import deliver_messages
from tests.support.accounts import make_account
from tests.support.factories import make_organisation, make_person
from tests.support.messages import allow, message_of, owe, sent_messages, work_notice
from tests.support.standin import Standin

CHANGED, WORK = TemplateKey.CLINIC_CHANGED, TemplateKey.WORK_NOTICE


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
    db.session.expire_all()
    grant = db.session.get_one(SubscriptionGrant, (account.id, template))
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
