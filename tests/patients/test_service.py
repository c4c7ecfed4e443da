"""One record for one person, whoever comes with their paper; and what of it is in plain."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from backend.domain.accounts.rules import Sex
from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.patients import HasLiveBookings
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.patients import find_patients, open_patient, remove_patient
from backend.domain.patients.errors import (
    IdentityNameMismatch,
    SelfAlreadyAdded,
    TooManyPatientAttempts,
    TooManyPatients,
)
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.queries import find_account_of, get_linked_patient, list_links, read_private
from backend.domain.patients.rules import IdentityKind, Relation
from backend.domain.patients.service.adding import ADDED_A_DAY, add_patient, register_patient
from backend.domain.patients.service.changing import change_contact, end_link
from backend.domain.patients.service.records import PatientForm
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, Invalid, NotFound
from tests.support.clinics import make_account, make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

MOTHER = PatientForm(
    name="罗桂兰",
    identity_kind=IdentityKind.ID_CARD,
    identity_number="11010519491231002X",
    telephone="139 0000 1234",
    address="青石镇河口村三组",
)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def somebody() -> Actor:
    account = make_account()
    db.session.commit()
    return Actor(account_id=account.id, channel="phone")


def desk_of(county: County) -> Actor:
    return acting(make_person(county.township, "何春燕", roles=[Role.DESK]), Role.DESK)


def card(number: str, name: str = "罗桂兰") -> PatientForm:
    return PatientForm(name=name, identity_kind=IdentityKind.SOCIAL_SECURITY_CARD, identity_number=number)


def test_a_person_is_one_record_however_many_relatives_add_them(app: Flask) -> None:
    son, daughter = somebody(), somebody()
    first = add_patient(son, Relation.PARENT, MOTHER)
    second = add_patient(daughter, Relation.PARENT, dataclasses.replace(MOTHER, telephone=None, name=" 罗桂兰 "))
    assert first.patient_id == second.patient_id
    assert get_linked_patient(daughter, first.patient_id).telephone_masked == "139****1234"


def test_adding_again_changes_nothing(app: Flask) -> None:
    son = somebody()
    assert add_patient(son, Relation.PARENT, MOTHER).id == add_patient(son, Relation.SELF, MOTHER).id
    assert [link.relation for link in list_links(son)] == [Relation.PARENT]


def test_what_is_private_is_not_in_the_table_in_plain(app: Flask) -> None:
    patient = add_patient(somebody(), Relation.PARENT, MOTHER).patient
    db.session.commit()
    row = db.session.scalar(text("SELECT string_agg(p::text, '') FROM patients p"))
    for secret in ("13900001234", "19491231002", "河口村"):
        assert secret not in row
        assert secret.encode().hex() not in row
    private = read_private(patient)
    assert (private.telephone, private.identity_number) == ("13900001234", "11010519491231002X")
    assert private.address == "青石镇河口村三组"
    assert (patient.sex, str(patient.born_on)) == (Sex.FEMALE, "1949-12-31")


def test_a_known_number_under_another_name_is_refused_and_links_nobody(app: Flask) -> None:
    add_patient(somebody(), Relation.PARENT, MOTHER)
    stranger = somebody()
    with pytest.raises(IdentityNameMismatch):
        add_patient(stranger, Relation.RELATIVE, dataclasses.replace(MOTHER, name="张三丰"))
    assert not list_links(stranger)


def test_names_cannot_be_tried_on_a_number_one_after_the_other(app: Flask) -> None:
    add_patient(somebody(), Relation.PARENT, MOTHER)
    for name in ("张三", "李四", "王五", "赵六", "孙七"):
        with pytest.raises(IdentityNameMismatch):
            add_patient(somebody(), Relation.RELATIVE, dataclasses.replace(MOTHER, name=name))
    with pytest.raises(TooManyPatientAttempts):  # even the right one, from any account
        add_patient(somebody(), Relation.RELATIVE, MOTHER)


def test_numbers_cannot_be_tried_by_one_account_one_after_the_other(app: Flask) -> None:
    stranger = somebody()
    for number in range(5):
        add_patient(somebody(), Relation.SELF, card(f"A{number}2345678"))
        with pytest.raises(IdentityNameMismatch):
            add_patient(stranger, Relation.RELATIVE, card(f"A{number}2345678", "张三"))
    with pytest.raises(TooManyPatientAttempts):
        add_patient(stranger, Relation.RELATIVE, card("B12345678"))


def test_nor_by_adding_and_removing_by_turns(app: Flask) -> None:
    stranger = somebody()
    for number in range(ADDED_A_DAY):
        link = add_patient(stranger, Relation.RELATIVE, card(f"C{number:08}"))
        end_link(stranger, link.patient_id)
    with pytest.raises(TooManyPatientAttempts):
        add_patient(stranger, Relation.RELATIVE, card("D12345678"))


def test_an_account_acts_for_six_and_a_village_doctor_for_the_village(county: County) -> None:
    account = somebody()
    doctor = dataclasses.replace(
        account, role=Role.VILLAGE_DOCTOR, person_id=county.doctor.id, organisation_id=county.township.id
    )
    for number in range(6):
        add_patient(account, Relation.RELATIVE, card(f"E{number:08}"))
    with pytest.raises(TooManyPatients):
        add_patient(account, Relation.RELATIVE, card("E99999999"))
    assert add_patient(doctor, Relation.RESIDENT, card("E99999999")).relation is Relation.RESIDENT


def test_only_a_village_doctor_has_residents(app: Flask) -> None:
    with pytest.raises(Forbidden):
        add_patient(somebody(), Relation.RESIDENT, MOTHER)


def test_one_is_oneself_once(app: Flask) -> None:
    account = somebody()
    mine = add_patient(account, Relation.SELF, MOTHER)
    with pytest.raises(SelfAlreadyAdded):
        add_patient(account, Relation.SELF, card("F12345678"))
    assert find_account_of(mine.patient_id) == account.account_id
    assert db.session.scalar(select(Patient.id).where(Patient.identity_kind == "social_security_card")) is None


def test_nobody_is_added_on_the_desk_s_word_from_a_phone(app: Flask) -> None:
    with pytest.raises(Invalid) as refused:
        add_patient(somebody(), Relation.SELF, PatientForm(name="罗桂兰", identity_kind=IdentityKind.DESK_WORD))
    assert "服务台" in refused.value.fields["identity_kind"][0]


def test_everything_that_is_wrong_is_said_at_once(app: Flask) -> None:
    wrong = dataclasses.replace(MOTHER, name="罗😀", identity_number="110105194912310021", telephone="123")
    with pytest.raises(Invalid) as refused:
        add_patient(somebody(), Relation.SELF, wrong)
    assert set(refused.value.fields) == {"name", "identity_number", "telephone"}


def test_whoever_acts_for_a_patient_changes_how_to_reach_them(app: Flask) -> None:
    son = somebody()
    patient = add_patient(son, Relation.PARENT, MOTHER).patient
    change_contact(son, patient.id, telephone="0870-2261234")
    assert (read_private(patient).telephone, read_private(patient).address) == ("08702261234", "青石镇河口村三组")
    with pytest.raises(NotFound):
        change_contact(somebody(), patient.id, telephone="13900009999")


def test_a_link_that_has_ended_opens_nothing_and_can_be_made_again(app: Flask) -> None:
    son = somebody()
    link = add_patient(son, Relation.PARENT, MOTHER)
    remove_patient(son, link.patient_id)
    with pytest.raises(NotFound):
        get_linked_patient(son, link.patient_id)
    assert add_patient(son, Relation.PARENT, MOTHER).patient_id == link.patient_id


def test_nobody_lets_go_of_a_patient_who_is_expected(county: County) -> None:
    son = somebody()
    link = add_patient(son, Relation.PARENT, MOTHER)
    booking = make_booking(make_clinic(county.doctor, county.site), link.patient)
    booking.account_id = son.account_id
    db.session.commit()
    with pytest.raises(HasLiveBookings):
        remove_patient(son, link.patient_id)
    booking.account_id = None
    db.session.commit()
    remove_patient(son, link.patient_id)


def test_nobody_lets_go_of_a_patient_for_whom_a_place_is_held(county: County) -> None:
    son = somebody()
    link = add_patient(son, Relation.PARENT, MOTHER)
    make_dispatch(county.doctor, county.township)
    closing = make_clinic(county.doctor, county.site)
    make_clinic(county.doctor, county.site, held_on=closing.held_on + timedelta(days=7))
    make_booking(closing, link.patient).account_id = son.account_id
    db.session.commit()
    close_clinic(county.office, closing.id, 1, ClosureDraft(ClosureReason.ILL))
    with pytest.raises(HasLiveBookings):
        remove_patient(son, link.patient_id)


def test_the_desk_vouches_for_whom_it_knows_and_only_the_desk(county: County) -> None:
    form = PatientForm(name="罗桂兰", identity_kind=IdentityKind.DESK_WORD, sex=Sex.FEMALE)
    desk = desk_of(county)
    patient = register_patient(desk, form)
    assert patient.vouched_by_person_id == desk.person_id
    assert find_patients(desk, name="罗桂兰") == [patient]
    for other in (county.recipient, county.office, somebody()):
        with pytest.raises(Forbidden):
            register_patient(other, form)


def test_whom_a_desk_knows_is_one_record_by_name_and_telephone(county: County) -> None:
    desk, other = desk_of(county), desk_of(county)
    form = PatientForm(name="罗桂兰", identity_kind=IdentityKind.DESK_WORD, sex=Sex.FEMALE, telephone="13900001234")
    patient = register_patient(desk, form)
    assert register_patient(other, form).id == patient.id
    assert register_patient(desk, dataclasses.replace(form, telephone="13900005678")).id != patient.id
    assert register_patient(desk, dataclasses.replace(form, name="罗桂芳")).id != patient.id


def test_whom_a_desk_knows_without_a_telephone_is_one_record_only_if_the_form_was_sent_twice(county: County) -> None:
    desk, other = desk_of(county), desk_of(county)
    form = PatientForm(name="罗桂兰", identity_kind=IdentityKind.DESK_WORD, sex=Sex.FEMALE)
    patient = register_patient(desk, form)
    assert register_patient(desk, form).id == patient.id
    assert register_patient(other, form).id != patient.id
    patient.created_at -= timedelta(minutes=11)
    db.session.commit()
    assert register_patient(desk, form).id != patient.id


def test_the_paper_at_the_desk_outweighs_a_wrong_name_from_a_phone(county: County) -> None:
    stranger = somebody()
    link = add_patient(stranger, Relation.SELF, dataclasses.replace(MOTHER, name="张三丰"))
    patient = register_patient(desk_of(county), MOTHER)
    assert (patient.id, patient.name) == (link.patient_id, "罗桂兰")
    assert not list_links(stranger)
    with pytest.raises(IdentityNameMismatch):  # a second desk does not outweigh the first
        register_patient(desk_of(county), dataclasses.replace(MOTHER, name="张三丰"))


def test_by_name_a_desk_finds_only_whom_it_knows_and_by_a_full_number_anybody(county: County) -> None:
    desk, here, elsewhere = desk_of(county), make_patient("罗桂兰"), make_patient("罗桂芳", telephone="13900005678")
    make_booking(make_clinic(county.doctor, county.site), here)
    db.session.commit()
    assert find_patients(desk, name="罗桂") == [here]
    assert find_patients(desk, telephone="139 0000 5678") == [elsewhere]
    assert find_patients(desk, telephone="1390000567") == []
    assert find_patients(desk, name="罗桂兰", telephone="13900005678") == []


def test_a_household_book_is_found_by_number_and_name(county: County) -> None:
    desk = desk_of(county)
    form = PatientForm(name="罗桂兰", identity_kind=IdentityKind.HOUSEHOLD_BOOK, identity_number="530123456")
    patient = add_patient(somebody(), Relation.SELF, form).patient
    assert find_patients(desk, name="罗桂兰", identity_number="530123456") == [patient]


def test_a_desk_looks_for_something(county: County) -> None:
    for criteria in ({}, {"name": "罗"}):
        with pytest.raises(Invalid):
            find_patients(desk_of(county), **criteria)
    with pytest.raises(Forbidden):
        find_patients(county.recipient, name="罗桂兰")


def test_opening_a_patient_is_for_the_desk_that_knows_them_and_is_written_down_each_time(county: County) -> None:
    desk = desk_of(county)
    patient = add_patient(somebody(), Relation.SELF, MOTHER).patient
    with pytest.raises(NotFound):
        open_patient(desk, patient.id, purpose="电话通知停诊")
    make_booking(make_clinic(county.doctor, county.site), patient)
    db.session.commit()
    for _ in range(2):
        _patient, private = open_patient(desk, patient.id, purpose="电话通知停诊")
    assert private.telephone == "13900001234"
    with pytest.raises(Forbidden):
        open_patient(county.recipient, patient.id, purpose="看看")
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "open_patient")).all()
    assert [(event.person_id, event.subject_id) for event in events] == [(desk.person_id, patient.id)] * 2
    assert events[0].details == {"purpose": "电话通知停诊"}


def test_what_is_written_down_of_a_search_names_nobody(county: County) -> None:
    find_patients(desk_of(county), name="罗桂兰", telephone="13900001234")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "find_patients")).one()
    assert event.details == {"by": ["name", "telephone"], "found": 0}


def test_links_of_an_account_are_oneself_first(app: Flask) -> None:
    account = somebody()
    add_patient(account, Relation.PARENT, MOTHER)
    add_patient(account, Relation.SELF, card("G12345678"))
    assert [link.relation for link in list_links(account)] == [Relation.SELF, Relation.PARENT]
    assert db.session.scalar(select(PatientLink.id).where(PatientLink.ended_at.is_not(None))) is None
