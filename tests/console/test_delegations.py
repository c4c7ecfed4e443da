"""Who signs for a director, at the console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domain.accounts.models import Person, RoleHolding
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_person


@pytest.fixture
def nurse(county: County) -> Person:
    return make_person(county.township, "韦护士长", roles=[])


def days(first: int = 0, last: int = 6) -> dict[str, str]:
    today = clock.today()
    return {name: str(today + timedelta(days=n)) for name, n in (("starts_on", first), ("ends_on", last))}


def lent() -> list[RoleHolding]:
    return list(db.session.scalars(select(RoleHolding).where(RoleHolding.role == Role.DELEGATE)))


def test_a_director_goes_from_the_empty_list_over_the_search_to_the_delegation(
    director: Office, nurse: Person, county: County
) -> None:
    assert "还没有授权" in words_of(director.open("/delegations"))
    found = director.open("/delegations/new", text="韦")
    assert f"person_id={nurse.id}" in found.text
    assert county.director.name not in words_of(found).split("第一步")[1]
    form = director.open("/delegations/new", person_id=str(nurse.id), organisation_id=str(county.township.id))
    assert "授权 韦护士长 代签" in words_of(form)
    assert days()["ends_on"] in form.text
    saved = director.send("/delegations/new", person_id=str(nurse.id), **days())
    assert saved.location == "/console/delegations"
    words = words_of(director.open("/delegations"))
    assert "韦护士长" in words
    assert "生效中 郑明卫" in words


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"starts_on": "gestern"}, "请填写日期"),
        ({"starts_on": "2020-01-01"}, "开始日期不能早于今天"),
        ({"ends_on": "2099-01-01"}, "一次授权最长一年"),
        ({"ends_on": None}, "请填写。"),
        ({"role": "admin"}, "提交的内容与页面不符"),
    ],
)
def test_what_is_wrong_is_said_and_the_person_stays_chosen(
    director: Office, nurse: Person, given: dict[str, str], sentence: str
) -> None:
    refused = director.send("/delegations/new", person_id=str(nurse.id), **days() | given)
    assert refused.status_code == 422
    assert sentence in words_of(refused)
    assert "授权 韦护士长 代签" in words_of(refused)
    assert lent() == []


def test_who_signs_anyway_or_works_elsewhere_cannot_be_chosen(director: Office, county: County, nurse: Person) -> None:
    for person in (county.director, make_person(county.other_township)):
        page = director.open("/delegations/new", person_id=str(person.id))
        assert "第一步：选择人员" in words_of(page)
    assert director.send("/delegations/new", person_id=str(county.director.id), **days()).status_code == 422
    assert director.open("/delegations/new", person_id="nonsense").status_code == 200


def test_it_is_ended_at_once(director: Office, nurse: Person) -> None:
    director.send("/delegations/new", person_id=str(nurse.id), **days())
    path = f"/delegations/{lent()[0].id}/end"
    assert director.send(path).status_code == 302
    assert lent() == []
    assert "授权已结束" in words_of(director.open("/delegations"))
    assert director.send(path).status_code == 404


def test_a_bureau_chooses_the_place_first(bureau: Office, nurse: Person, county: County) -> None:
    page = bureau.open("/delegations/new")
    assert "请先选择单位" in words_of(page)
    assert county.foreign_hospital.name not in page.text
    chosen = bureau.open("/delegations/new", organisation_id=str(county.township.id))
    assert "韦护士长" in words_of(chosen)
    assert bureau.send("/delegations/new", person_id=str(nurse.id), **days()).status_code == 302
    assert "莫清源" in words_of(bureau.open("/delegations"))


def test_others_see_no_entry_and_may_not_name_anybody(
    office: Office, stranger: Office, nurse: Person, county: County
) -> None:
    for other, code in ((office, 403), (stranger, 403)):
        assert other.open("/delegations").status_code == code
        assert other.open("/delegations/new").status_code == code
    assert "授权代签" not in words_of(office.open("/today"))
    assert stranger.send("/delegations/new", person_id=str(nurse.id), **days()).status_code == 404
    assert office.send("/delegations/new", person_id=str(nurse.id), **days()).status_code == 404
