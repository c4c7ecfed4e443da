"""People and their rights at the console."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from backend.domain.accounts.models import RoleHolding
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_person


def roles(county: County) -> set[Role]:
    return set(db.session.scalars(select(RoleHolding.role).where(RoleHolding.person_id == county.doctor.id)))


def test_people_are_found_by_name_and_number(admin: Office, county: County) -> None:
    words = words_of(admin.open("/people"))
    assert "吕芬春" in words
    assert "郑明卫" not in words  # of another organisation
    assert "秦明永" not in admin.open("/people", text="吕芬").text.split("<tbody>")[1]
    assert "没有找到“谁”" in words_of(admin.open("/people", text="谁"))


def test_roles_are_given_and_taken(admin: Office, county: County) -> None:
    path = f"/people/{county.doctor.id}"
    identity = {"role": "dean", "organisation_id": str(county.hospital.id)}
    assert admin.send(f"{path}/grant", **identity).status_code == 302
    assert roles(county) == {Role.STAFF, Role.DEAN}
    again = admin.send(f"{path}/grant", **identity)
    assert again.status_code == 409
    assert "该人员已有这个身份" in words_of(again)
    assert admin.send(f"{path}/revoke", **identity).status_code == 302
    assert roles(county) == {Role.STAFF}


def test_the_right_to_sign_for_a_director_is_not_given_here(admin: Office, county: County) -> None:
    path = f"/people/{county.doctor.id}"
    assert "授权代签人" not in words_of(admin.open(path)).split("授予身份")[1]
    refused = admin.send(f"{path}/grant", role="delegate", organisation_id=str(county.hospital.id))
    assert refused.status_code == 422
    assert "由受援院长在“授权代签”中按日期授予" in words_of(refused)


def test_a_role_that_does_not_fit_is_refused_with_words(admin: Office, county: County) -> None:
    path = f"/people/{county.doctor.id}/grant"
    unfit = admin.send(path, role="bureau", organisation_id=str(county.hospital.id))
    assert unfit.status_code == 422
    assert "督查身份只能设在卫生健康局" in words_of(unfit)
    assert admin.send(path, role="king", organisation_id=str(county.hospital.id)).status_code == 422
    assert admin.send(path, role="director", organisation_id=str(county.township.id)).status_code == 404


def test_an_initial_password_is_shown_once_and_must_be_changed(app: Flask, admin: Office, county: County) -> None:
    shown = admin.send(f"/people/{county.doctor.id}/password")
    found = re.search(r'id="initial-password">([^<]+)<', shown.text)
    assert found
    assert found[1] not in admin.open(f"/people/{county.doctor.id}").text


def test_disabling_and_enabling(admin: Office, county: County) -> None:
    path = f"/people/{county.doctor.id}"
    admin.send(f"{path}/disable")
    assert "已停用" in words_of(admin.open(path))
    admin.send(f"{path}/enable")
    assert "已停用" not in words_of(admin.open(path))


def test_nobody_disables_themselves(app: Flask, county: County) -> None:
    person = make_person(county.hospital, "方立新", roles=[Role.ADMIN])
    refused = Office(app, person, Role.ADMIN).send(f"/people/{person.id}/disable")
    assert refused.status_code == 409
    assert "不能停用本人" in words_of(refused)


def test_medical_affairs_reads_and_does_not_write(office: Office, county: County) -> None:
    path = f"/people/{county.doctor.id}"
    assert "停用账号" not in words_of(office.open(path))
    for action in ("disable", "enable", "password"):
        assert office.send(f"{path}/{action}").status_code == 403
    assert office.send(f"{path}/grant", role="dean", organisation_id=str(county.hospital.id)).status_code == 403


def test_others_are_kept_out(
    director: Office, bureau: Office, stranger: Office, visitor: Office, county: County
) -> None:
    path = f"/people/{county.doctor.id}"
    assert [one.open("/people").status_code for one in (director, bureau, visitor)] == [403, 403, 403]
    assert stranger.open(path).status_code == 404
    assert stranger.send(f"{path}/disable").status_code == 404
