"""Giving and taking rights, with effect on sessions that are open."""

from __future__ import annotations

import pytest

from backend.domain.accounts import queries, service
from backend.domain.accounts.errors import (
    NotOneself,
    RoleHeldAlready,
    RoleNotHeld,
    RoleUnfit,
    SessionEnded,
    TelephoneTaken,
)
from backend.domain.accounts.models import Person
from backend.domain.accounts.service import authenticate_console, authenticate_phone
from backend.foundation.actor import SYSTEM, Actor, Role
from backend.foundation.errors import Forbidden, NotFound
from tests.support.accounts import console_token_of, give_identity, phone_of
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def county(app: object) -> County:
    return make_county()


@pytest.fixture
def admin(county: County) -> Actor:
    """Return the administrator of the county hospital."""
    return acting(make_person(county.hospital, "李若", roles=[Role.ADMIN]), Role.ADMIN)


def phone_token(person: Person, role: Role | None = Role.STAFF) -> str:
    return phone_of(person, role)["Authorization"].removeprefix("Bearer ")


def test_a_granted_role_can_be_switched_to_at_once(county: County, admin: Actor) -> None:
    actor = authenticate_phone(phone_token(county.doctor))
    with pytest.raises(RoleNotHeld):
        service.switch_role(actor, Role.DEAN, county.hospital.id)
    service.grant_role(admin, county.doctor.id, Role.DEAN, county.hospital.id)
    switched = service.switch_role(actor, Role.DEAN, county.hospital.id)
    assert (switched.role, switched.organisation_id) == (Role.DEAN, county.hospital.id)


def test_a_role_is_held_in_one_organisation_only(county: County) -> None:
    actor = authenticate_phone(phone_token(county.doctor))
    with pytest.raises(RoleNotHeld):
        service.switch_role(actor, Role.STAFF, county.township.id)


def test_somebody_without_a_role_stands_in_the_first_that_is_granted(county: County, admin: Actor) -> None:
    newcomer = make_person(county.hospital, "郑明", roles=[])
    token = phone_token(newcomer, None)
    assert authenticate_phone(token).role is None
    service.grant_role(admin, newcomer.id, Role.DUTY, county.hospital.id)
    assert authenticate_phone(token).role is Role.DUTY


def test_a_revoked_role_is_gone_from_open_sessions_at_once(county: County, admin: Actor) -> None:
    service.grant_role(admin, county.doctor.id, Role.DEAN, county.hospital.id)
    on_phone, at_console = phone_token(county.doctor, Role.DEAN), console_token_of(county.doctor, Role.DEAN)
    assert authenticate_console(at_console).role is Role.DEAN
    service.revoke_role(admin, county.doctor.id, Role.DEAN, county.hospital.id)
    assert authenticate_phone(on_phone).role is Role.STAFF
    assert authenticate_console(at_console).role is Role.STAFF


def test_the_last_role_leaves_none(county: County, admin: Actor) -> None:
    token = console_token_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    service.revoke_role(admin, county.medical_affairs.id, Role.MEDICAL_AFFAIRS, county.hospital.id)
    actor = authenticate_console(token)
    assert (actor.role, actor.organisation_id) == (None, None)


def test_disabling_ends_the_console_too(county: County, admin: Actor) -> None:
    token = console_token_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    service.disable_person(admin, county.medical_affairs.id)
    with pytest.raises(SessionEnded):
        authenticate_console(token)


def test_rights_are_given_by_the_administrator_of_the_employer_only(county: County, admin: Actor) -> None:
    elsewhere = acting(make_person(county.township, "他人", roles=[Role.ADMIN]), Role.ADMIN)
    for use_case in (
        lambda actor: service.grant_role(actor, county.doctor.id, Role.DEAN, county.hospital.id),
        lambda actor: service.revoke_role(actor, county.doctor.id, Role.STAFF, county.hospital.id),
        lambda actor: service.disable_person(actor, county.doctor.id),
        lambda actor: service.enable_person(actor, county.doctor.id),
        lambda actor: service.set_initial_password(actor, county.doctor.id),
    ):
        for actor, error in ((elsewhere, NotFound), (county.overseer, Forbidden), (county.office, Forbidden)):
            with pytest.raises(error):
                use_case(actor)
    with pytest.raises(NotFound):
        service.grant_role(admin, county.doctor.id, Role.DIRECTOR, county.township.id)


def test_a_hospital_has_no_bureau_supervisor(county: County, admin: Actor) -> None:
    with pytest.raises(RoleUnfit):
        service.grant_role(admin, county.doctor.id, Role.BUREAU, county.hospital.id)


def test_a_role_is_granted_once_and_revoked_once(county: County, admin: Actor) -> None:
    with pytest.raises(RoleHeldAlready):
        service.grant_role(admin, county.doctor.id, Role.STAFF, county.hospital.id)
    service.revoke_role(admin, county.doctor.id, Role.STAFF, county.hospital.id)
    with pytest.raises(NotFound):
        service.revoke_role(admin, county.doctor.id, Role.STAFF, county.hospital.id)
    assert queries.list_roles(county.doctor.id) == []


def test_an_administrator_does_not_lock_out_themselves(county: County, admin: Actor) -> None:
    assert admin.person_id is not None
    with pytest.raises(NotOneself):
        service.disable_person(admin, admin.person_id)
    with pytest.raises(NotOneself):
        service.revoke_role(admin, admin.person_id, Role.ADMIN, county.hospital.id)


def test_a_person_whose_number_is_anothers_by_now_is_not_enabled(county: County, admin: Actor) -> None:
    give_identity(county.doctor, telephone="13800001111")
    service.disable_person(admin, county.doctor.id)
    give_identity(make_person(county.hospital, "接任者"), telephone="13800001111")
    with pytest.raises(TelephoneTaken):
        service.enable_person(admin, county.doctor.id)


def test_people_are_listed_within_the_own_organisation(county: County, admin: Actor) -> None:
    assert {person.name for person in queries.list_people(admin).items} == {"吕芬春", "秦明永", "李若"}
    assert [person.name for person in queries.list_people(admin, "芬").items] == ["吕芬春"]
    assert queries.list_people(admin, "%").items == []
    assert queries.list_people(admin, county.doctor.staff_number).total == 1
    with pytest.raises(Forbidden):
        queries.list_people(county.recipient)


def test_a_person_is_read_by_their_office_and_by_themselves(county: County, admin: Actor) -> None:
    for actor in (admin, county.office, county.visitor):
        assert queries.get_person(actor, county.doctor.id).name == "吕芬春"
    for actor, error in ((county.recipient, NotFound), (county.overseer, Forbidden), (county.stranger, NotFound)):
        with pytest.raises(error):
            queries.get_person(actor, county.doctor.id)


def test_the_system_may_do_what_an_administrator_may(county: County) -> None:
    service.grant_role(SYSTEM, county.doctor.id, Role.ADMIN, county.hospital.id)
    assert Role.ADMIN in {held.role for held in queries.list_roles(county.doctor.id)}
