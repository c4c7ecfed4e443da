"""Jobs of attendance, as the worker calls them."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.taps import CheckInKind, Fix
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation import clock
from backend.jobs.attendance import drop_old_locations
from tests.support.county import make_county
from tests.support.factories import make_dispatch


def test_the_nightly_job_drops_old_places_and_running_it_twice_changes_nothing(app: Flask) -> None:
    county = make_county()
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    record_tap(
        county.visitor,
        Tap(dispatch_id=dispatch.id, kind=CheckInKind.IN, key="key-00001", fix=Fix(Point(103.2, 27.3), 20)),
    )

    drop_old_locations()
    assert db.session.scalars(select(CheckIn.location)).one() is not None
    with time_machine.travel(clock.now() + timedelta(days=91)):
        drop_old_locations()
        drop_old_locations()

    assert db.session.scalars(select(CheckIn.location)).one() is None
