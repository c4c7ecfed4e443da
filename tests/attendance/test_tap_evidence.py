"""What a single tap proves: its nonce, the installation, and a site's rotating code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.service.site_codes import code_shown, judge_code
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from backend.foundation.prepared import Prepared
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person, make_site, make_tablet
from tests.support.phone import ask_nonce, make_phone
from tests.support.statements import counted_statements

EIGHT = datetime(2026, 9, 2, 8, 0, tzinfo=SHANGHAI)
KEY = "key-00001"
AT_THE_SITE = {"longitude": 103.2, "latitude": 27.3, "accuracy_m": 20, "coordinate_system": "GCJ-02"}
BY_A_TOWER = AT_THE_SITE | {"accuracy_m": 800}
AT_HOME = AT_THE_SITE | {"longitude": 103.5}


@pytest.fixture(autouse=True)
def _eight_in_the_morning() -> Iterator[None]:
    with time_machine.travel(EIGHT, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), sites=[county.site])


@pytest.fixture
def phone(county: County) -> dict[str, str]:
    return make_phone(county.doctor)


def nonce(client: FlaskClient, phone: dict[str, str], key: str = KEY) -> str:
    return str(ask_nonce(client, phone, key).get_json()["nonce"])


def tap(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch, key: str = KEY, **given: Any) -> Any:
    body = {"dispatch_id": str(dispatch.id), "kind": "in", "location": AT_THE_SITE} | given
    return client.post("/api/v1/check-ins", json=body, headers=phone | {"Idempotency-Key": key})


def told(response: Any) -> tuple[str, list[str]]:
    assert response.status_code in (200, 201), response.text
    check_in = response.get_json()["check_in"]
    return check_in["outcome"], [reason["code"] for reason in check_in["reasons"]]


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]["code"]


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(CheckIn)) or 0


def offline(tapped_at: datetime, *, ahead: timedelta = timedelta(0)) -> dict[str, str]:
    """Return the clock of a phone that runs ahead by so much, which sends now what it tapped then."""
    seen = tapped_at - timedelta(hours=1)
    return {
        "tapped_at": (tapped_at + ahead).isoformat(),
        "sent_at": (clock.now() + ahead).isoformat(),
        "last_server_time": seen.isoformat(),
        "last_server_seen_at": (seen + ahead).isoformat(),
    }


def test_a_tap_at_the_site_with_its_nonce_is_verified(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    response = tap(client, phone, dispatch, nonce=nonce(client, phone))
    assert told(response) == ("verified", [])
    assert response.get_json()["check_in"]["outcome_label"] == "可信"
    assert response.get_json()["check_in"]["review"] is None


@pytest.mark.parametrize(("reads_a_code", "statements"), [(False, 2), (True, 3)])
def test_only_a_tap_that_brings_a_code_takes_a_third_statement(
    client: FlaskClient,
    phone: dict[str, str],
    county: County,
    dispatch: Dispatch,
    monkeypatch: pytest.MonkeyPatch,
    reads_a_code: bool,
    statements: int,
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    given = {"nonce": nonce(client, phone)} | ({"code": code} if reads_a_code else {})
    sent, fetch = [], Prepared.fetch

    def counting(statement: Prepared, *rest: Any) -> Any:
        sent.append(statement)
        return fetch(statement, *rest)

    monkeypatch.setattr(Prepared, "fetch", counting)
    assert dispatch.id  # read afresh, so that the test itself asks nothing below
    with counted_statements() as others:
        assert told(tap(client, phone, dispatch, **given))[0] == "verified"
    assert (len(sent), others) == (statements, [])


def test_a_nonce_says_until_when_it_serves_and_leaves_nothing_behind(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    answer = ask_nonce(client, phone, KEY)
    assert answer.status_code == 201
    assert answer.get_json()["expires_at"] == "2026-09-02T08:01:00+08:00"
    assert rows() == 0


@pytest.mark.parametrize(
    ("of_key", "seconds", "reason"),
    [(None, 0, "nonce_missing"), ("key-00002", 0, "nonce_wrong"), (KEY, 61, "nonce_expired")],
)
def test_an_online_fix_that_cannot_be_known_to_be_of_now_is_at_most_uncertain_and_is_kept(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch, of_key: str | None, seconds: int, reason: str
) -> None:
    given = {"nonce": nonce(client, phone, of_key)} if of_key else {}
    with time_machine.travel(EIGHT + timedelta(seconds=seconds), tick=False):
        response = tap(client, phone, dispatch, **given)
    assert told(response) == ("uncertain", [reason])
    assert response.get_json()["check_in"]["verdict"] == "inside"


def test_the_nonce_of_another_person_is_wrong(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    other = make_phone(make_person(county.hospital, "沈雪远"))
    assert told(tap(client, phone, dispatch, nonce=nonce(client, other))) == ("uncertain", ["nonce_wrong"])


def test_a_nonce_serves_one_row_only(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch) -> None:
    used = nonce(client, phone)
    tap(client, phone, dispatch, nonce=used)
    assert told(tap(client, phone, dispatch, nonce=used)) == ("verified", [])
    assert rows() == 1
    assert told(tap(client, phone, dispatch, "key-00002", nonce=used)) == ("uncertain", ["nonce_wrong"])


def test_a_tap_outside_is_suspect_with_the_best_nonce(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    response = tap(client, phone, dispatch, nonce=nonce(client, phone), location=AT_HOME)
    assert told(response) == ("suspect", ["outside_fence"])


def test_an_offline_tap_needs_no_nonce_and_is_never_suspect_for_being_late(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    response = tap(client, phone, dispatch, offline=offline(EIGHT - timedelta(hours=1)))
    assert told(response) == ("uncertain", ["late_upload"])


def test_a_better_tap_takes_the_place_of_one_without_a_nonce(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    tap(client, phone, dispatch)
    second = tap(client, phone, dispatch, "key-00002", nonce=nonce(client, phone, "key-00002"))
    assert second.get_json()["check_in"]["effective"] is True


def test_the_installation_is_kept_as_a_hash_only(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    tap(client, phone, dispatch, installation="installation-0001")
    kept = db.session.scalars(select(CheckIn.installation_hash)).one()
    assert kept is not None
    assert len(kept) == 32
    assert b"installation" not in kept


@pytest.mark.parametrize("installation", ["short", "x" * 65, "含有中文的安装标识字符串啊啊啊啊", 1])
def test_an_installation_of_another_form_is_422(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch, installation: object
) -> None:
    assert tap(client, phone, dispatch, installation=installation).status_code == 422


def test_the_code_of_the_sites_tablet_supports_a_place_that_is_not_certain(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    tablet = make_tablet(county.site)
    code = code_shown(tablet.id, EIGHT)
    response = tap(client, phone, dispatch, nonce=nonce(client, phone), location=BY_A_TOWER, code=code)
    assert told(response) == ("verified", ["accuracy_crosses_fence", "site_code"])
    assert response.get_json()["check_in"]["verdict"] == "uncertain"
    assert db.session.scalars(select(CheckIn.site_tablet_id)).one() == tablet.id


def test_a_code_is_the_way_for_whoever_tells_no_place(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    response = tap(client, phone, dispatch, location=None, location_denied=True, code=code)
    assert told(response) == ("verified", ["location_denied", "site_code"])


def test_a_code_never_overrides_outside_and_is_not_used_up_by_it(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    away = tap(client, phone, dispatch, nonce=nonce(client, phone), location=AT_HOME, code=code)
    assert told(away) == ("suspect", ["outside_fence", "site_code_outside"])
    there = tap(client, phone, dispatch, "key-00002", location=BY_A_TOWER, code=code)
    assert told(there)[0] == "verified"


def test_codes_are_not_guessed_one_after_the_other(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    for _ in range(10):
        assert refusal(tap(client, phone, dispatch, code="00000000")) == (409, "site_code_invalid")
    assert refusal(tap(client, phone, dispatch, code=code)) == (429, "too_many_attempts")
    assert told(tap(client, phone, dispatch, nonce=nonce(client, phone)))[0] == "verified"


@pytest.mark.parametrize("seconds", [-61, 61])
def test_a_code_that_no_tablet_shows_now_is_refused_and_nothing_is_written(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch, seconds: int
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT + timedelta(seconds=seconds))
    assert refusal(tap(client, phone, dispatch, code=code)) == (409, "site_code_invalid")
    assert rows() == 0


def test_a_refused_code_may_be_read_again_under_the_same_key(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    tablet = make_tablet(county.site)
    tap(client, phone, dispatch, code="00000000")
    assert told(tap(client, phone, dispatch, code=code_shown(tablet.id, EIGHT)))[0] == "verified"


def test_a_revoked_tablet_and_the_tablet_of_another_site_show_nothing_that_holds(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    revoked, elsewhere = make_tablet(county.site), make_tablet(make_site(county.other_township))
    revoked.revoked_at = EIGHT
    db.session.commit()
    for tablet in (revoked, elsewhere):
        assert refusal(tap(client, phone, dispatch, code=code_shown(tablet.id, EIGHT))) == (409, "site_code_invalid")
        assert judge_code(dispatch.id, code_shown(tablet.id, EIGHT), EIGHT) is None


def test_a_tablet_that_one_has_registered_oneself_is_no_witness(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    own = make_tablet(county.site)
    own.registered_by_person_id = county.doctor.id
    db.session.commit()
    assert refusal(tap(client, phone, dispatch, code=code_shown(own.id, EIGHT))) == (409, "site_code_invalid")


def test_a_code_serves_once_a_day_shift_and_kind(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    tap(client, phone, dispatch, code=code)
    assert refusal(tap(client, phone, dispatch, "key-00002", code=code)) == (409, "site_code_used")
    assert told(tap(client, phone, dispatch, "key-00003", kind="out", code=code))[0] == "verified"
    assert rows() == 2


def test_two_people_may_read_the_same_code(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    colleague = make_person(county.hospital, "沈雪远")
    theirs = make_dispatch(colleague, county.township, starts_on=date(2026, 9, 1), sites=[county.site])
    code = code_shown(make_tablet(county.site).id, EIGHT)
    assert told(tap(client, phone, dispatch, code=code))[0] == "verified"
    assert told(tap(client, make_phone(colleague), theirs, code=code))[0] == "verified"


def test_another_code_under_the_same_key_is_another_request(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    tap(client, phone, dispatch)
    assert refusal(tap(client, phone, dispatch, code=code)) == (422, "idempotency_key_reused")


def test_a_tap_with_a_code_whose_answer_was_lost_may_come_again_after_the_code_is_over(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)
    first = tap(client, phone, dispatch, code=code)
    with time_machine.travel(EIGHT + timedelta(minutes=10), tick=False):
        again = tap(client, phone, dispatch, code=code, offline=offline(EIGHT))
    assert (again.status_code, again.get_json()["check_in"]) == (200, first.get_json()["check_in"])


@pytest.mark.parametrize("code", ["1234567", "123456789", "1234567a", "１２３４５６７８", 12345678, ""])
def test_a_code_of_another_form_is_422(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch, code: object
) -> None:
    assert refusal(tap(client, phone, dispatch, code=code)) == (422, "invalid")


SEVEN = EIGHT - timedelta(hours=1)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=2), -timedelta(minutes=2)])
def test_an_offline_code_is_checked_at_the_time_of_the_tap_however_the_phones_clock_is_set(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch, ahead: timedelta
) -> None:
    code = code_shown(make_tablet(county.site).id, SEVEN)
    response = tap(client, phone, dispatch, code=code, offline=offline(SEVEN, ahead=ahead))
    assert told(response) == ("uncertain", ["late_upload", "site_code"])


def test_an_offline_code_that_does_not_hold_leaves_an_offline_tap_as_it_is(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, EIGHT)  # shown when it is sent, not when it was tapped
    response = tap(client, phone, dispatch, code=code, offline=offline(SEVEN))
    assert told(response) == ("uncertain", ["late_upload", "site_code_unchecked"])


def test_an_offline_code_of_a_clock_that_is_not_believed_is_not_counted(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, SEVEN)
    unknown = offline(SEVEN) | {"last_server_time": None, "last_server_seen_at": None}
    response = tap(client, phone, dispatch, code=code, offline=unknown)
    assert told(response) == ("uncertain", ["late_upload", "phone_clock_disagrees", "site_code_unchecked"])


def test_an_offline_code_for_a_duty_that_has_one_is_not_counted_and_not_refused(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    code = code_shown(make_tablet(county.site).id, SEVEN)
    with time_machine.travel(SEVEN, tick=False):
        tap(client, phone, dispatch, code=code)
    second = tap(client, phone, dispatch, "key-00002", code=code, offline=offline(SEVEN))
    assert told(second) == ("uncertain", ["late_upload", "site_code_unchecked"])
