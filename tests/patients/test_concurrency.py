"""Two relatives who add one person at once, each in a thread and connection of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from backend.domain.patients.errors import TooManyPatients
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import IdentityKind, Relation
from backend.domain.patients.service.adding import add_patient
from backend.domain.patients.service.records import PatientForm
from backend.extensions import db
from backend.foundation.actor import Actor
from tests.support.clinics import make_account


def accounts(app: Flask, number: int) -> list[Actor]:
    with app.app_context():
        made = [Actor(account_id=make_account().id) for _ in range(number)]
        db.session.commit()
        return made


def card(number: str) -> PatientForm:
    return PatientForm(name="罗桂兰", identity_kind=IdentityKind.SOCIAL_SECURITY_CARD, identity_number=number)


def added(app: Flask, actor: Actor, number: str) -> bool:
    with app.app_context():
        try:
            add_patient(actor, Relation.RELATIVE, card(number))
        except TooManyPatients:
            return False
        return True


def test_of_relatives_who_come_at_once_all_are_linked_to_one_record(own_app: Flask) -> None:
    relatives = accounts(own_app, 12)
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(lambda actor: added(own_app, actor, "A12345678"), relatives))
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Patient)) == 1
        assert db.session.scalar(select(func.count()).select_from(PatientLink)) == 12


def test_an_account_that_adds_many_at_once_has_no_more_than_its_number(own_app: Flask) -> None:
    (actor,) = accounts(own_app, 1)
    numbers = [f"B{number:08}" for number in range(10)]
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(lambda number: added(own_app, actor, number), numbers)) == 6
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Patient)) == 6


def test_a_form_sent_twice_at_once_links_once(own_app: Flask) -> None:
    (actor,) = accounts(own_app, 1)
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(lambda _again: added(own_app, actor, "A12345678"), range(6)))
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PatientLink)) == 1
