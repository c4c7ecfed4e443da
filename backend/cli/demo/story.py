"""The demo's last month and this one up to now, lived day by day through the services that any day goes through."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from backend.cli.demo.activities import log_activities
from backend.cli.demo.cast import Cast, instant
from backend.cli.demo.claims import plot_claims
from backend.cli.demo.clinics import hold_clinics
from backend.cli.demo.days import by_chance, live
from backend.cli.demo.doubts import plot_doubts
from backend.cli.demo.evaluations import plot_evaluations
from backend.cli.demo.plot import Plot
from backend.cli.demo.requests import plot_requests
from backend.cli.demo.sheets import plot_sheets
from backend.cli.demo.spot_checks import plot_spot_checks
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.service.closing import chase_unsigned, close_days
from backend.domain.dispatch.rules import days_between
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.service.notices import read_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor


def tell_story() -> int:
    """Live last month and this one up to now, in the present transaction; return how many taps were made."""
    plot = Plot(Cast())
    _plot_days(plot)
    plot_doubts(plot)
    plot_requests(plot)
    plot_spot_checks(plot)
    plot_sheets(plot)
    plot_claims(plot)
    plot_evaluations(plot)
    plot.happen()
    _read_old_notices(plot)
    hold_clinics(plot.cast)
    log_activities(plot.cast)
    live(instant(plot.cast.today, 0), plot.now, by_chance)
    return db.session.scalar(select(func.count()).select_from(CheckIn)) or 0


def _plot_days(plot: Plot) -> None:
    """Let taps be pressed, days be closed after their cut-off and signers be reminded, as jobs do each night."""
    for day in days_between(plot.cast.last_month, plot.cast.today):
        midnight = instant(day, 0)
        routine = (
            (instant(day, 4), partial(close_days, day)),
            (instant(day, 7, 30), chase_unsigned),
            (midnight + timedelta(days=1), partial(live, midnight, midnight + timedelta(days=1), plot.whim_of)),
        )
        for when, event in routine:
            if when <= plot.now:
                plot.at(when, event)


def _read_old_notices(plot: Plot) -> None:
    """Let people have read their notices but for those of yesterday and today."""
    old = select(InboxItem).where(InboxItem.created_at < instant(plot.cast.today, 0) - timedelta(days=1))
    for item in db.session.scalars(old).all():
        with clock.as_of(item.created_at + timedelta(hours=2)):
            read_notice(Actor(person_id=item.person_id, channel="command"), item.id)
