"""Offices of the small county."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.foundation.actor import Role
from tests.support.console import Office
from tests.support.county import County, make_county
from tests.support.factories import make_person


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def office(app: Flask, county: County) -> Office:
    """Medical affairs of the supporting hospital."""
    return Office(app, county.medical_affairs, Role.MEDICAL_AFFAIRS)


@pytest.fixture
def director(app: Flask, county: County) -> Office:
    """The director of the township hospital."""
    return Office(app, county.director, Role.DIRECTOR)


@pytest.fixture
def admin(app: Flask, county: County) -> Office:
    """The administrator of the supporting hospital."""
    return Office(app, make_person(county.hospital, "方立新", roles=[Role.ADMIN]), Role.ADMIN)


@pytest.fixture
def bureau(app: Flask, county: County) -> Office:
    """Somebody of the bureau above both hospitals."""
    return Office(app, make_person(county.bureau, "莫清源", roles=[Role.BUREAU]), Role.BUREAU)


@pytest.fixture
def stranger(app: Flask, county: County) -> Office:
    """Medical affairs of a hospital in another county."""
    person = make_person(county.foreign_hospital, "田文博", roles=[Role.MEDICAL_AFFAIRS])
    return Office(app, person, Role.MEDICAL_AFFAIRS)


@pytest.fixture
def visitor(app: Flask, county: County) -> Office:
    """The doctor, in the role of one who is sent."""
    return Office(app, county.doctor, Role.STAFF)
