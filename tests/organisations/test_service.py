"""Keeping organisations, sites, agreements and settings, with audit rows and scope."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.models import AuditEvent
from backend.domain.organisations.errors import (
    AgreementInvalid,
    AgreementOverlaps,
    DepartmentExists,
    OrganisationExists,
    OrganisationInvalid,
    SettingExists,
    SettingInvalid,
    SiteExists,
    SiteInvalid,
)
from backend.domain.organisations.models import Agreement, Organisation, Setting
from backend.domain.organisations.queries import (
    find_setting,
    list_agreements,
    list_hospitals_nearby,
    list_settings,
    require_list_right,
)
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import Point
from backend.domain.organisations.service import (
    OrganisationFacts,
    SiteFacts,
    add_department,
    add_organisation,
    add_site,
    change_agreement,
    change_organisation,
    change_site,
    create_agreement,
    set_setting,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound
from tests.support.county import County, make_county
from tests.support.factories import make_organisation

AGE = "dispatch.maximum_age"


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def admin_of(organisation: Organisation) -> Actor:
    return Actor(role=Role.ADMIN, organisation_id=organisation.id, channel="console")


def site(name: str = "河西分院", longitude: float = 103.25, latitude: float = 27.31, radius_m: int = 300) -> SiteFacts:
    return SiteFacts(name=name, centre=Point(longitude, latitude), radius_m=radius_m)


def agree(actor: Actor, county: County, **changes: Any) -> Agreement:
    given: dict[str, Any] = {
        "supporting_id": county.hospital.id,
        "recipient_id": county.township.id,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
    }
    return create_agreement(actor, **(given | changes))


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_every_change_leaves_an_audit_row_in_the_organisations_own_trail(county: County) -> None:
    added = add_site(county.overseer, county.township.id, site())
    change_site(county.overseer, added.id, site(radius_m=500))
    add_department(county.overseer, county.township.id, "中医科")
    change_organisation(county.overseer, county.township.id, OrganisationFacts(name="青石镇卫生院"))
    set_setting(
        admin_of(county.township),
        county.township.id,
        "attendance.coordinates_kept_days",
        60,
        effective_on=date(2026, 1, 1),
    )
    db.session.flush()
    assert actions() == ["add_site", "change_site", "add_department", "change_organisation", "set_setting"]
    assert set(db.session.scalars(select(AuditEvent.organisation_id))) == {county.township.id}


def test_an_administrator_keeps_their_own_organisation_and_no_other(county: County) -> None:
    add_site(admin_of(county.township), county.township.id, site())
    with pytest.raises(NotFound):
        add_site(admin_of(county.hospital), county.township.id, site("另一处"))
    with pytest.raises(Forbidden):
        add_site(county.recipient, county.township.id, site("另一处"))


def test_names_are_unique_within_an_organisation(county: County) -> None:
    add_department(county.overseer, county.township.id, "中医科")
    add_department(county.overseer, county.other_township.id, "中医科")
    with pytest.raises(DepartmentExists):
        add_department(county.overseer, county.township.id, " 中医科 ")


def test_a_site_of_the_same_name_is_refused(county: County) -> None:
    with pytest.raises(SiteExists):
        add_site(county.overseer, county.township.id, site("院本部"))


@pytest.mark.parametrize(
    "facts",
    [site(name=" "), site(longitude=27.31, latitude=103.25), site(radius_m=19), site(radius_m=5001)],
)
def test_a_site_that_cannot_be_is_refused_before_the_database(county: County, facts: SiteFacts) -> None:
    with pytest.raises(SiteInvalid) as refused:
        add_site(county.overseer, county.township.id, facts)
    assert refused.value.fields


def test_an_organisation_is_added_below_a_bureau(county: County) -> None:
    facts = OrganisationFacts(name="新建卫生院")
    kind = OrganisationKind.TOWNSHIP_HOSPITAL
    added = add_organisation(county.overseer, parent_id=county.bureau.id, code="53019999", kind=kind, facts=facts)
    assert added.parent_id == county.bureau.id
    with pytest.raises(OrganisationInvalid):
        add_organisation(county.overseer, parent_id=county.bureau.id, code=" ", kind=kind, facts=facts)
    with pytest.raises(Forbidden):
        add_organisation(county.office, parent_id=county.hospital.id, code="53018888", kind=kind, facts=facts)
    with pytest.raises(NotFound):
        add_organisation(county.overseer, parent_id=county.foreign_hospital.id, code="53018888", kind=kind, facts=facts)
    with pytest.raises(OrganisationExists):
        add_organisation(county.overseer, parent_id=county.bureau.id, code="53019999", kind=kind, facts=facts)


def test_an_agreement_is_each_partys_to_record(county: County) -> None:
    agree(county.office, county)
    agree(county.recipient, county, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    agree(county.overseer, county, starts_on=date(2028, 1, 1), ends_on=date(2028, 12, 31))
    assert list_agreements(county.office).total == 3
    assert list_agreements(county.stranger).total == 0
    with pytest.raises(NotFound):
        agree(county.stranger, county, starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))
    with pytest.raises(Forbidden):
        agree(admin_of(county.hospital), county, starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))


def test_two_agreements_of_a_pair_do_not_overlap(county: County) -> None:
    agree(county.office, county)
    with pytest.raises(AgreementOverlaps):
        agree(county.office, county, starts_on=date(2026, 12, 31), ends_on=date(2027, 12, 31))


def test_a_renewal_does_not_run_into_the_next_agreement(county: County) -> None:
    first = agree(county.office, county)
    agree(county.office, county, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    with pytest.raises(AgreementOverlaps):
        change_agreement(county.office, first.id, starts_on=first.starts_on, ends_on=date(2027, 1, 1))


def test_an_agreement_has_a_hospital_that_sends_and_one_that_receives(county: County) -> None:
    with pytest.raises(AgreementInvalid):
        agree(county.overseer, county, supporting_id=county.township.id, recipient_id=county.other_township.id)
    with pytest.raises(AgreementInvalid):
        agree(county.overseer, county, recipient_id=county.bureau.id)
    with pytest.raises(AgreementInvalid):
        agree(county.office, county, ends_on=date(2025, 12, 31))


def test_hospitals_nearby_are_those_of_the_same_tree(county: County) -> None:
    near = {one.name for one in list_hospitals_nearby(county.township.id)}
    assert near == {"云岭县人民医院", "青石镇中心卫生院", "元坝镇中心卫生院"}


def test_what_decides_rights_needs_its_document(county: County) -> None:
    admin = admin_of(county.hospital)
    for documents in ({}, {"document_title": "办法"}, {"document_number": "1号"}):
        with pytest.raises(SettingInvalid):
            set_setting(admin, county.hospital.id, AGE, 55, effective_on=date(2026, 1, 1), **documents)
    assert db.session.scalars(select(Setting)).all() == []


def test_a_setting_holds_from_its_day_on_until_it_is_ended(county: County) -> None:
    admin, at = admin_of(county.hospital), county.hospital.id
    document = {"document_title": "办法", "document_number": "1号"}
    set_setting(admin, at, AGE, 55, effective_on=date(2026, 1, 1), **document)
    set_setting(admin, at, AGE, None, effective_on=date(2026, 7, 1), **document)
    assert [find_setting(AGE, at, date(2026, month, 1)) for month in (1, 6, 7)] == [55, 55, None]
    with pytest.raises(SettingExists):
        set_setting(admin, at, AGE, 60, effective_on=date(2026, 7, 1), **document)
    with pytest.raises(NotFound):
        set_setting(admin, at, "no.such.key", 1, effective_on=date(2026, 7, 1))


def test_the_list_of_settings_agrees_with_what_is_in_force(county: County) -> None:
    document = {"document_title": "办法", "document_number": "1号"}
    set_setting(county.overseer, county.bureau.id, AGE, 60, effective_on=date(2026, 3, 1), **document)
    set_setting(county.overseer, county.hospital.id, AGE, 50, effective_on=date(2026, 1, 1), **document)
    set_setting(county.overseer, county.hospital.id, AGE, 45, effective_on=date(2027, 1, 1), **document)
    for day in (date(2025, 6, 1), date(2026, 6, 1), date(2027, 6, 1)):
        for state in list_settings(admin_of(county.hospital), county.hospital.id, day):
            assert state.value == find_setting(state.definition.key, county.hospital.id, day)


def test_staff_have_no_list_but_of_their_own(county: County) -> None:
    assert require_list_right(county.visitor, Action.READ, Resource.DISPATCH)
    for resource in (Resource.PERSON, Resource.SETTING, Resource.AUDIT_TRAIL, Resource.AGREEMENT):
        with pytest.raises(Forbidden):
            require_list_right(county.visitor, Action.READ, resource)


def test_a_bureau_keeps_itself_as_it_keeps_those_below(county: County) -> None:
    add_department(county.overseer, county.bureau.id, "医政股")
    with pytest.raises(NotFound):
        add_department(county.overseer, make_organisation("邻县卫生院").id, "中医科")
