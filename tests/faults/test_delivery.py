"""Messages while everything around them fails: none lost, none doubled, nothing stuck."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from backend.config import Settings
from backend.domain.accounts.models import Account
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import UNKNOWN_BLOCKS_FOR, DeliveryStatus
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service.again import send_again
from backend.domain.notifications.service.notices import DELIVER, Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.queue import enqueue
from dev.temporary import TemporaryServers
from tests.support.accounts import make_account
from tests.support.databases import create_clone
from tests.support.deployment import Deployment
from tests.support.factories import acting, make_organisation, make_person
from tests.support.messages import SEND, allow, closure_notice, sent_messages
from tests.support.servers import Addresses
from tests.support.standin import Standin

NOTICES, ROUNDS, WORKERS = 500, 10, 2
_PATIENCE_SECONDS = 240
_OPEN = (DeliveryStatus.OWED, DeliveryStatus.SENDING)


@pytest.fixture
def durable() -> Iterator[TemporaryServers]:
    """Return a PostgreSQL and a Valkey that keep what they are told, and that may be restarted."""
    with TemporaryServers(durable=True) as servers:
        yield servers


class Trouble:
    """A deployment whose workers a supervisor starts again, and what is done to it."""

    def __init__(self, settings: Settings, folder: Path, servers: TemporaryServers, standin: Standin) -> None:
        self.servers, self.standin = servers, standin
        self.deployment = Deployment(settings, folder)
        self.kills = 0
        self._random = random.Random(4)

    def start(self) -> None:
        self.deployment.start_web()
        self.supervise()

    def supervise(self) -> None:
        """Start the workers that have died, as a supervisor does."""
        for number in range(WORKERS):
            name = f"worker-{number}"
            process = self.deployment.processes.get(name)
            if process is None or process.poll() is not None:
                self.deployment.start_flask(name, "worker")

    def kill_a_worker(self) -> None:
        """Cut the power of one worker, with the job that it does: of one that does a job, if there is any."""
        names = [f"worker-{number}" for number in range(WORKERS)]
        self._random.shuffle(names)
        busy = [name for name in names if _children_of(self.deployment.processes[name].pid)]
        name = (busy or names)[0]
        for child in _children_of(self.deployment.processes[name].pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.deployment.kill(name)
        self.kills += 1

    def befall(self, number: int) -> None:
        """Let something happen in this round, beside the kill."""
        events: list[Callable[[], object]] = [
            lambda: self._fault(kind="http", status=503, times=8),
            lambda: self._fault(kind="errcode", errcode=-1, times=20),
            lambda: self._fault(kind="errcode", errcode=40001, times=20),
            lambda: self._fault(kind="html", times=8),
            lambda: self._fault(kind="accepted_then_timeout", seconds=6, times=8),
            self._flush,
            self.servers.restart_valkey,
            self.servers.restart_postgres,
            lambda: self._fault(kind="accepted_then_reset", times=8),
            lambda: self._fault(kind="reset", times=8),
        ]
        events[number % len(events)]()

    def _fault(self, **fault: object) -> None:
        self.standin.order("faults", path=SEND, **fault)

    def _flush(self) -> None:
        with Redis.from_url(self.servers.valkey.url) as client:
            client.flushall()


def _children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


@pytest.fixture
def trouble(durable: TemporaryServers, settings: Settings, standin: Standin, tmp_path: Path) -> Iterator[Trouble]:
    url = create_clone(Addresses(durable.postgres.port, durable.valkey.port, str(durable.folder)))
    own = dataclasses.replace(settings, database_url=url, redis_url=durable.valkey.url)
    trouble = Trouble(own, tmp_path, durable, standin)
    yield trouble
    trouble.deployment.stop()


@pytest.mark.slow
def test_500_notices_through_ten_kills_and_every_fault_are_neither_lost_nor_doubled_nor_stuck(
    trouble: Trouble, standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    with trouble.deployment.app.app_context():
        township = make_organisation()
        patients = [make_account() for _ in range(NOTICES)]
        openids = [patient.openid for patient in patients]
        for patient in patients:
            allow(standin, patient, TemplateKey.CLINIC_CHANGED)
        trouble.start()
        events = f"{trouble.deployment.url}/api/v1/wechat/events"
        standin.order("options", push_url=events, push_pause=3, send_seconds=0.2, sent_event_seconds=1)

        share = NOTICES // ROUNDS
        for number in range(ROUNDS):
            trouble.befall(number)
            owe_all(township, patients[number * share : (number + 1) * share])
            wait_for_sends(standin, within=5)
            trouble.kill_a_worker()
            trouble.supervise()
        came_to_rest = wait_until_settled(trouble)
        found = statuses()
        sent = Counter(message["touser"] for message in sent_messages(standin))
        send_unknown_again(township)
        wait_until_settled(trouble)
        in_the_end = Counter(message["touser"] for message in sent_messages(standin))
    figures = Counter(str(status) for status in found.values())
    unheard_of = [openid for openid, status in found.items() if status is DeliveryStatus.UNKNOWN and sent[openid]]
    lost = [
        openid
        for openid, status in found.items()
        if status in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED) and not sent[openid]
    ]
    with capsys.disabled():
        print(
            f"\n{NOTICES} notices, {trouble.kills} workers killed, {time.monotonic() - begun:.0f} s: "
            f"{dict(figures)}; taken by WeChat {sent.total()}, doubled {sum(n > 1 for n in sent.values())}, "
            f"lost {len(lost)}, unknown though taken {len(unheard_of)}; "
            f"once an office sent the unknown ones again: {in_the_end.total()} taken, each once"
        )
    assert came_to_rest, figures
    assert len(found) == NOTICES
    assert max(sent.values()) == 1
    assert (lost, unheard_of) == ([], [])
    assert figures["delivered"] + figures["unknown"] + figures["sent"] == NOTICES
    assert figures["delivered"] >= NOTICES // 2
    # Whatever was not taken is shown as such: an office that sends it again doubles nothing.
    assert in_the_end == dict.fromkeys(openids, 1)


def owe_all(organisation: Organisation, patients: list[Account]) -> None:
    owe_notices(
        [
            Owed(
                notice=closure_notice(),
                dedupe_key=f"closed:{patient.id}",
                account_id=patient.id,
                organisation_id=organisation.id,
            )
            for patient in patients
        ]
    )


def send_unknown_again(township: Organisation) -> None:
    """Send again by hand, as an office may after ten minutes."""
    unknown = select(OutboxMessage).where(OutboxMessage.status == DeliveryStatus.UNKNOWN)
    messages = list(db.session.scalars(unknown))
    for message in messages:
        assert message.sent_at is not None
        message.sent_at -= UNKNOWN_BLOCKS_FOR
    db.session.commit()
    desk = acting(make_person(township, roles=[Role.DESK]), Role.DESK)
    assert send_again(desk, [message.id for message in messages]).left == ()


def wait_for_sends(standin: Standin, *, within: float) -> None:
    """Return when something has been sent since, or when that takes too long: then there is trouble enough."""
    before, ends = len(standin.received(SEND)), time.monotonic() + within
    while len(standin.received(SEND)) < before + 5 and time.monotonic() < ends:
        time.sleep(0.05)


def wait_until_settled(trouble: Trouble) -> bool:
    """Let the relay run as the scheduler does, though more often, until nothing is owed or on its way."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends:
        trouble.supervise()
        enqueue(DELIVER)
        time.sleep(2)
        open_ones = [status for status in statuses().values() if status in _OPEN]
        if not open_ones:
            time.sleep(12)  # for the last events, each pushed up to three times
            return True
    return False


def statuses() -> dict[str, DeliveryStatus]:
    statement = select(Account.openid, OutboxMessage.status).join(Account, Account.id == OutboxMessage.account_id)
    found = {row.openid: row.status for row in db.session.execute(statement)}
    db.session.rollback()
    return found
