"""Several workers at once: nothing is claimed twice, and nobody is written to by two at a time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask

from backend.domain.notifications.service.delivery import Claim, claim_messages
from backend.extensions import db
from tests.support.accounts import make_account
from tests.support.factories import make_organisation
from tests.support.messages import message_of, owe

PEOPLE, EACH, WORKERS = 30, 3, 4


def test_workers_that_claim_at_once_share_what_is_due_one_message_a_person(own_app: Flask) -> None:
    with own_app.app_context():
        hospital = make_organisation()
        oldest: set[UUID] = set()
        for account in [make_account() for _ in range(PEOPLE)]:
            keys = [owe(account, hospital) for _ in range(EACH)]
            oldest.add(message_of(keys[0]).id)
        db.session.rollback()

    def work(_number: int) -> list[Claim]:
        with own_app.app_context():
            return [claim for _ in range(4) for claim in claim_messages(10)]

    with ThreadPoolExecutor(WORKERS) as threads:
        claimed = [claim for claims in threads.map(work, range(WORKERS)) for claim in claims]
    assert Counter(claim.id for claim in claimed) == dict.fromkeys(oldest, 1)
    assert max(Counter(claim.recipient_id for claim in claimed).values()) == 1
