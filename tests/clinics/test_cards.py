"""Cards: what the database writes of a clinic is what the rules in Python say of it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from backend.api.schemas.clinic_cards import ClinicCardOut
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.waitlist import WaitlistEntry
from backend.domain.clinics.queries.cards import ClinicCard, cards_of
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.rules.wording import fee_label
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import Point, distance_m
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from tests.support.clinics import make_booking, make_clinic, make_patient, places_of
from tests.support.factories import make_department, make_organisation, make_person, make_site
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")
ALL_CHANNELS = {Channel.PHONE: 2, Channel.REFERRAL: 1, Channel.FAMILY_DOCTOR: 1, Channel.DESK: 1}
TWO_PERIODS = ((time(8), time(9)), (time(9), time(10)))


@pytest.fixture
def clinic() -> Clinic:
    """Return tomorrow's clinic, released, each period with two places by phone and one of each other channel."""
    hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL)
    township = make_organisation()
    return make_clinic(
        make_person(hospital),
        make_site(township),
        department=make_department(township),
        periods=TWO_PERIODS,
        places=ALL_CHANNELS,
    )


def card_of(clinic: Clinic) -> ClinicCard:
    db.session.flush()
    return cards_of([clinic.id])[clinic.id]


def shift(clinic: Clinic, **instants: timedelta) -> None:
    """Move instants of a clinic to so long from now."""
    for name, distance in instants.items():
        setattr(clinic, name, clock.now() + distance)


def test_a_card_has_the_shape_that_the_document_tells(clinic: Clinic) -> None:
    card = card_of(clinic)
    assert set(card) == set(ClinicCardOut().fields)
    assert set(card["expert"]) == {"id", "name", "title", "hospital"}
    assert card["id"] == str(clinic.id)
    assert card["day"] == str(clinic.held_on)
    assert card["starts_at"] == clock.local(clinic.starts_at).isoformat(timespec="seconds")
    assert card["weekday_label"] == "星期" + "一二三四五六日"[clinic.held_on.weekday()]
    assert card["expert"]["hospital"] == "云岭县人民医院"
    assert card["site"] | {"id": ""} == {
        "id": "",
        "name": "院本部",
        "organisation": "青石镇中心卫生院",
        "address": "",
        "longitude": 103.2,
        "latitude": 27.3,
    }
    assert (card["department"], card["distance_m"], card["waiting"]) == ("内科", None, 0)


def test_before_its_moment_no_place_can_be_had(clinic: Clinic) -> None:
    shift(clinic, release_at=timedelta(minutes=1))
    assert card_of(clinic) | {"state": "not_released", "state_label": "待放号", "free": 0} == card_of(clinic)


def test_places_of_referrals_and_family_doctors_flow_over_to_the_phone_and_the_desks_never_do(clinic: Clinic) -> None:
    shift(clinic, overflow_at=timedelta(minutes=1))
    assert (card_of(clinic)["state"], card_of(clinic)["free"]) == ("bookable", 4)
    shift(clinic, overflow_at=-timedelta(minutes=1))
    assert card_of(clinic)["free"] == 8


def test_places_that_are_booked_held_or_withdrawn_are_not_free(clinic: Clinic) -> None:
    shift(clinic, overflow_at=timedelta(minutes=1))
    make_booking(clinic, make_patient(), number=1)
    places_of(clinic)[1].state = PlaceState.HELD
    assert card_of(clinic)["free"] == 2
    for place in places_of(clinic):
        if place.state is PlaceState.FREE and place.channel is Channel.PHONE:
            place.state = PlaceState.WITHDRAWN
    assert card_of(clinic) | {"state": "full", "state_label": "已约满", "free": 0} == card_of(clinic)


def test_a_period_that_is_over_has_no_free_places(clinic: Clinic) -> None:
    first, second = clinic.periods
    ten = timedelta(minutes=10)
    shift(clinic, starts_at=-2 * ten, ends_at=2 * ten, phone_until=ten, overflow_at=-ten, cancel_until=-3 * ten)
    first.starts_at, first.ends_at = clock.now() - 2 * ten, clock.now() - ten
    second.starts_at, second.ends_at = clock.now() - ten, clock.now() + 2 * ten
    assert card_of(clinic)["free"] == 4


def test_a_clinic_is_over_for_the_phone_before_it_ends(clinic: Clinic) -> None:
    ten = timedelta(minutes=10)
    shift(clinic, phone_until=-ten, overflow_at=-2 * ten)
    assert (card_of(clinic)["state"], card_of(clinic)["state_label"]) == ("over", "手机预约已截止")
    shift(clinic, starts_at=-3 * ten, ends_at=-ten, release_at=-4 * ten, cancel_until=-4 * ten)
    assert (card_of(clinic)["state"], card_of(clinic)["state_label"]) == ("over", "已结束")


def test_a_closed_clinic_says_so(clinic: Clinic) -> None:
    clinic.status = ClinicStatus.CLOSED
    assert card_of(clinic) | {"state": "closed", "state_label": "停诊", "free": 0} == card_of(clinic)


def test_who_waits_is_counted(clinic: Clinic) -> None:
    db.session.add(WaitlistEntry(id=new_id(), clinic_id=clinic.id, patient_id=make_patient().id))
    assert card_of(clinic)["waiting"] == 1


@pytest.mark.parametrize("fen", [0, 5, 1500, 1550, 100_000])
def test_the_fee_is_called_as_the_rule_calls_it(clinic: Clinic, fen: int) -> None:
    clinic.fee_fen = fen
    assert card_of(clinic)["fee_label"] == fee_label(fen)


def test_the_distance_is_the_rules_to_the_metre(clinic: Clinic) -> None:
    here = Point(103.25, 27.41)
    told = cards_of([clinic.id], near=here)[clinic.id]["distance_m"]
    assert told == round(distance_m(here, Point(103.2, 27.3)))


def test_however_many_cards_take_one_statement(clinic: Clinic) -> None:
    other = make_clinic(make_person(clinic.supporting), clinic.site)
    db.session.flush()
    with counted_statements() as statements:
        assert len(cards_of([clinic.id, other.id])) == 2
    assert len(statements) == 1
    assert cards_of([]) == {}
