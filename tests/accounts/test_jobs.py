"""Jobs of accounts, as the worker calls them."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from backend.domain.accounts.models import Session
from backend.extensions import db
from backend.foundation import clock
from backend.jobs.accounts import drop_old_sessions
from tests.support.county import make_county
from tests.support.phone import make_phone


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Session)) or 0


def test_sessions_that_were_over_a_month_ago_go_and_live_ones_stay(app: Flask) -> None:
    county = make_county()
    make_phone(county.doctor)
    make_phone(None)
    ended = db.session.scalars(select(Session).where(Session.role.is_(None))).one()
    ended.ended_at = clock.now()
    db.session.commit()

    with time_machine.travel(clock.now() + timedelta(days=29)):
        drop_old_sessions()
    assert kept() == 2
    with time_machine.travel(clock.now() + timedelta(days=31)):
        drop_old_sessions()
    assert kept() == 1, "the one that has not ended may still be refreshed"
    with time_machine.travel(clock.now() + timedelta(days=61)):
        drop_old_sessions()
    assert kept() == 0
