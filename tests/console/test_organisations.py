"""Organisations, departments and sites at the console."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.organisations.models import Department, Organisation, Site
from backend.extensions import db
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch

SITE = {
    "name": "河西分院",
    "longitude": "103.25",
    "latitude": "27.31",
    "coordinate_system": "GCJ-02",
    "radius_m": "300",
}


def find_site(name: str) -> Site:
    return db.session.scalars(select(Site).where(Site.name == name)).one()


def test_each_sees_the_tree_that_is_theirs(office: Office, bureau: Office, stranger: Office, county: County) -> None:
    assert "青石镇中心卫生院" in words_of(bureau.open("/organisations"))
    assert "青石镇中心卫生院" not in words_of(office.open("/organisations"))
    make_dispatch(county.doctor, county.township)
    assert "青石镇中心卫生院" in words_of(office.open("/organisations"))
    assert "青石镇中心卫生院" not in words_of(stranger.open("/organisations"))


def test_the_bureau_keeps_sites_and_departments_of_those_below(bureau: Office, county: County) -> None:
    path = f"/organisations/{county.township.id}"
    assert bureau.send(f"{path}/sites", **SITE).status_code == 302
    assert bureau.send(f"{path}/departments", name="中医科").status_code == 302
    words = words_of(bureau.open(path))
    assert "河西分院" in words
    assert "中医科" in words
    assert db.session.scalars(select(Department.name)).all() == ["中医科"]


def test_a_place_of_a_gps_receiver_is_converted_once(bureau: Office, county: County) -> None:
    bureau.send(f"/organisations/{county.township.id}/sites", **SITE | {"coordinate_system": "WGS-84"})
    moved = find_site("河西分院")
    assert 0.0005 < abs(float(moved.longitude) - 103.25) < 0.01
    assert 0.0005 < abs(float(moved.latitude) - 27.31) < 0.01


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"longitude": "27.31", "latitude": "103.25"}, "是否与纬度填反"),
        ({"longitude": "NaN"}, "请填写数字"),
        ({"longitude": "1e999"}, "经度应在73到136之间"),
        ({"radius_m": "10"}, "半径应在20到5000米之间"),
        ({"radius_m": "三百"}, "请填写整数"),
        ({"radius_m": "9" * 400}, "半径应在20到5000米之间"),
        ({"coordinate_system": "MARS"}, "请选择坐标系"),
        ({"name": "院本部"}, "已有同名派驻点"),
        ({"name": ""}, "请填写。"),
    ],
)
def test_an_impossible_site_is_refused_with_words(
    bureau: Office, county: County, changes: dict[str, Any], sentence: str
) -> None:
    response = bureau.send(f"/organisations/{county.township.id}/sites", **SITE | changes)
    assert response.status_code in (409, 422)
    assert sentence in words_of(response)
    assert len(db.session.scalars(select(Site)).all()) == 1


def test_full_width_digits_are_understood(bureau: Office, county: County) -> None:
    changes = {"longitude": "１０３．２５", "radius_m": "３００"}
    assert bureau.send(f"/organisations/{county.township.id}/sites", **SITE | changes).status_code == 302


def test_a_site_is_moved(bureau: Office, county: County) -> None:
    path = f"/organisations/{county.township.id}/sites/{county.site.id}"
    assert "103.200000" in bureau.open(path).text
    assert bureau.send(path, **SITE).status_code == 302
    assert find_site("河西分院").id == county.site.id
    elsewhere = f"/organisations/{county.other_township.id}/sites/{county.site.id}"
    assert bureau.open(elsewhere).status_code == 404


def test_the_bureau_adds_and_changes_organisations(bureau: Office, county: County) -> None:
    path = f"/organisations/{county.bureau.id}"
    new = {"code": "53019999", "name": "新建卫生院", "kind": "township_hospital"}
    assert bureau.send(f"{path}/children", **new).status_code == 302
    added = db.session.scalars(select(Organisation).where(Organisation.code == "53019999")).one()
    assert added.parent_id == county.bureau.id
    assert "机构代码已经存在" in words_of(bureau.send(f"{path}/children", **new))
    assert bureau.send(f"/organisations/{added.id}", name="改名卫生院", address="新街1号").status_code == 302
    assert "改名卫生院" in words_of(bureau.open(f"/organisations/{added.id}"))
    assert bureau.send(f"/organisations/{added.id}", name="").status_code == 422


def test_readers_see_no_forms_and_strangers_nothing(
    office: Office, stranger: Office, visitor: Office, county: County
) -> None:
    make_dispatch(county.doctor, county.township)
    path = f"/organisations/{county.township.id}"
    assert "登记派驻点" not in words_of(office.open(path))
    for sender in (office, visitor):
        assert sender.send(f"{path}/sites", **SITE).status_code == 404
    assert office.send(f"/organisations/{county.hospital.id}/departments", name="新科").status_code == 403
    for suffix in ("", f"/sites/{county.site.id}"):
        assert stranger.open(f"{path}{suffix}").status_code == 404
    for suffix in ("", "/sites", "/departments", "/children", f"/sites/{county.site.id}"):
        assert stranger.send(f"{path}{suffix}", **SITE).status_code == 404
