"""Delivering what is owed, one worker, against RQ's SimpleWorker with a job for each message."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from uuid import UUID

from flask import Flask
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import func, insert, select, text

from backend.app import create_app
from backend.cli.worker import ApplicationWorker
from backend.domain.accounts.models import Account
from backend.domain.notifications.models.grants import SubscriptionGrant
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.queries.templates import find_template
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.rules.templates import TemplateKey, written_time
from backend.domain.notifications.service.notices import DELIVER, Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from backend.foundation.queue import connection, work_queue
from backend.wechat.current import current_client
from benchmarks.canned_wechat import canned_wechat, messages_taken
from benchmarks.figures import Figure, verify
from benchmarks.house import House

_BULK, _ONE_BY_ONE = 10_000, 500
_ROUNDS = 3
_LEAST = 25.0
_KEY = TemplateKey.CLINIC_CHANGED


def run(house: House) -> list[Figure]:
    """Let one worker send what ten thousand people are owed, and another five hundred, a job for each.

    Raises:
        Broken: a message was not sent, or twice.
    """
    bulk, singly = [], []
    with canned_wechat() as url, _application(house, url) as app, app.app_context():
        accounts = _make_accounts()
        for _ in range(_ROUNDS):
            singly.append(_rate_one_by_one(url, accounts[:_ONE_BY_ONE]))
            bulk.append(_rate_in_bulk(url, accounts, app))
    ratio = median(ours / theirs for ours, theirs in zip(bulk, singly, strict=True))
    return [
        Figure("messages, times RQ's SimpleWorker with a job each", f"{ratio:.1f}", f"≥ {_LEAST:g}", ratio >= _LEAST),
        Figure("  a second, one worker / SimpleWorker", f"{median(bulk):,.0f} / {median(singly):,.0f}"),
    ]


@contextmanager
def _application(house: House, wechat_url: str) -> Iterator[Flask]:
    app = create_app(dataclasses.replace(house.settings, wechat_api_url=wechat_url))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


def send_one(message_id: str) -> None:
    """Send one message as a job of its own would: read it, call WeChat by the library, write down that it was sent."""
    statement = select(OutboxMessage, Account.openid).join(Account, Account.id == OutboxMessage.account_id)
    message, openid = db.session.execute(statement.where(OutboxMessage.id == UUID(message_id))).one()
    template = find_template(message.template)
    assert template is not None
    sent_as = current_client().send_subscribe_message(
        openid=openid, template_id=template.id, fields=message.fields, page=message.page.removeprefix("/")
    )
    message.status, message.message_id = DeliveryStatus.SENT, sent_as
    db.session.commit()
    db.session.remove()


def _rate_one_by_one(url: str, accounts: list[UUID]) -> float:
    queue = _owe(accounts)
    for message_id in db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.status == DeliveryStatus.OWED)):
        queue.enqueue(send_one, str(message_id), result_ttl=60)
    worker = SimpleWorker([queue], connection=connection(), serializer=JSONSerializer, log_job_description=False)
    return _rate(url, worker, len(accounts))


def _rate_in_bulk(url: str, accounts: list[UUID], app: Flask) -> float:
    queue = _owe(accounts)
    queue.enqueue(DELIVER, result_ttl=60)
    worker = ApplicationWorker([queue], connection=connection(), serializer=JSONSerializer, log_job_description=False)
    worker.app = app
    return _rate(url, worker, len(accounts))


def _rate(url: str, worker: Worker | SimpleWorker, messages: int) -> float:
    db.session.remove()
    db.engine.dispose()  # a worker that forks must not share a connection with its job
    before, begun = messages_taken(url), time.perf_counter()
    worker.work(burst=True, logging_level="WARNING")
    seconds = time.perf_counter() - begun
    verify(expected=messages, found=messages_taken(url) - before, of="messages that WeChat took")
    sent = select(func.count(func.distinct(OutboxMessage.message_id))).where(
        OutboxMessage.status == DeliveryStatus.SENT
    )
    verify(expected=messages, found=db.session.scalar(sent) or 0, of="messages that are down as sent")
    return messages / seconds


def _owe(accounts: list[UUID]) -> Queue:
    """Owe each account a message, and nobody else any; return the queue, which is empty."""
    db.session.execute(text("DELETE FROM outbox_messages"))
    db.session.execute(text("DELETE FROM inbox_items"))
    db.session.commit()
    hospital = db.session.scalars(select(Organisation.id)).one()
    when = written_time(clock.local(clock.now()))
    slots = {"what": "骨科 副主任医师 林知远", "when": when, "reason": "因公返院", "advice": "请打开小程序改约"}
    notice = Notice(NoticeKind.CLINIC_CLOSED, "门诊停诊", "您预约的门诊已停诊。", "/patient/booking/index", slots)
    owe_notices(
        [
            Owed(notice=notice, dedupe_key=f"closed:{account}", account_id=account, organisation_id=hospital)
            for account in accounts
        ]
    )
    queue = work_queue()
    queue.empty()  # type: ignore[no-untyped-call]
    return queue


def _make_accounts() -> list[UUID]:
    """Make patients' accounts with standing leave for these messages."""
    hospital = Organisation(id=new_id(), code="H", name="青石镇中心卫生院", kind=OrganisationKind.TOWNSHIP_HOSPITAL)
    db.session.add(hospital)
    accounts = [new_id() for _ in range(_BULK)]
    app_id = current_client().appid
    rows = [{"id": one, "wechat_app_id": app_id, "openid": f"o{number:027}"} for number, one in enumerate(accounts)]
    db.session.execute(insert(Account), rows)
    grants = [{"account_id": one, "template": _KEY, "standing": True} for one in accounts]
    db.session.execute(insert(SubscriptionGrant), grants)
    db.session.commit()
    return accounts
