"""Being bound to the roster: number, name and last four together, or medical affairs decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from backend.domain.accounts import queries, service
from backend.domain.accounts.errors import (
    AlreadyBound,
    BindingNotMatched,
    BindingRequestDecided,
    PersonDisabled,
    PhoneCodeInvalid,
    RejectionNeedsReason,
    SessionEnded,
    TooManyBindingAttempts,
    WeChatBoundMeanwhile,
    WeChatBusy,
)
from backend.domain.accounts.models import Account, BindingRequest, Person
from backend.domain.accounts.rules import BindingKind, BindingStatus
from backend.domain.accounts.service import Claim
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound
from tests.support.accounts import give_identity, make_account
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person
from tests.support.standin import Standin

pytestmark = pytest.mark.usefixtures("app")
NUMBER, NEW_NUMBER = "13800001111", "13900002222"
Claiming = Callable[..., Claim]


@pytest.fixture
def county(app: object) -> County:
    county = make_county()
    give_identity(county.doctor, telephone=NUMBER, tail="123X")
    return county


@pytest.fixture
def claiming(standin: Standin) -> Claiming:
    """Return what makes the claim that the doctor is entitled to make, changed as told."""

    def claim(number: str = NUMBER, name: str = "吕芬春", tail: str = "123X", **staff: str) -> Claim:
        return Claim(phone_code=standin.phone_code(number), name=name, identity_tail=tail, **staff)

    return claim


def log_in(standin: Standin, openid: str) -> service.PhoneSession:
    return service.log_in_phone(standin.login_code(openid))


def person_of(openid: str) -> object:
    return db.session.scalar(select(Account.person_id).where(Account.openid == openid))


def open_request() -> BindingRequest:
    statement = select(BindingRequest).where(BindingRequest.status == BindingStatus.REQUESTED)
    return db.session.scalars(statement).one()


def test_number_name_and_digits_together_bind_at_once(county: County, standin: Standin, claiming: Claiming) -> None:
    begun = log_in(standin, "doctor")
    assert service.bind_account(begun.actor, claiming()) is BindingStatus.ACCEPTED
    actor = service.authenticate_phone(begun.tokens.access_token)
    assert (actor.person_id, actor.role, actor.organisation_id) == (county.doctor.id, Role.STAFF, county.hospital.id)


@pytest.mark.parametrize(
    "wrong", [{"number": NEW_NUMBER}, {"name": "吕芬秋"}, {"tail": "1234"}], ids=["number", "name", "digits"]
)
@pytest.mark.usefixtures("county")
def test_one_of_the_three_wrong_binds_nobody_and_is_not_named(
    standin: Standin, claiming: Claiming, wrong: dict[str, str]
) -> None:
    begun = log_in(standin, "thief")
    with pytest.raises(BindingNotMatched) as caught:
        service.bind_account(begun.actor, claiming(**wrong))
    assert caught.value.fields == {}
    assert person_of("thief") is None
    assert db.session.scalars(select(BindingRequest)).all() == []


def test_a_person_without_digits_on_the_roster_cannot_be_claimed(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    county.doctor.identity_tail_hash = None
    db.session.commit()
    with pytest.raises(BindingNotMatched):
        service.bind_account(log_in(standin, "doctor").actor, claiming())


def test_a_disabled_person_cannot_be_claimed(county: County, standin: Standin, claiming: Claiming) -> None:
    county.doctor.disabled_at = clock.now()
    db.session.commit()
    staff = {"organisation_code": county.hospital.code, "staff_number": county.doctor.staff_number}
    with pytest.raises(BindingNotMatched):
        service.bind_account(log_in(standin, "doctor").actor, claiming(**staff))


def test_the_same_digits_of_two_people_are_kept_as_different_bytes(county: County) -> None:
    colleague = give_identity(make_person(county.hospital, "李若"), telephone=NEW_NUMBER, tail="123X")
    assert county.doctor.identity_tail_hash != colleague.identity_tail_hash


@pytest.mark.usefixtures("county")
def test_a_bound_wechat_is_not_bound_again(standin: Standin, claiming: Claiming) -> None:
    begun = log_in(standin, "doctor")
    service.bind_account(begun.actor, claiming())
    with pytest.raises(AlreadyBound):
        service.bind_account(begun.actor, claiming())


@pytest.mark.usefixtures("county")
def test_a_phone_code_works_once_and_wechats_silence_is_not_held_against_anybody(
    standin: Standin, claiming: Claiming
) -> None:
    begun, claim = log_in(standin, "doctor"), claiming(name="别人")
    with pytest.raises(BindingNotMatched):
        service.bind_account(begun.actor, claim)
    with pytest.raises(PhoneCodeInvalid):
        service.bind_account(begun.actor, claim)
    standin.order("faults", kind="errcode", path="/wxa/business/getuserphonenumber", errcode=-1, times=9)
    for _ in range(9):
        with pytest.raises(WeChatBusy):
            service.bind_account(begun.actor, claiming())
    assert service.bind_account(begun.actor, claiming()) is BindingStatus.ACCEPTED


@pytest.mark.usefixtures("county")
def test_after_six_failures_even_the_right_digits_wait(standin: Standin, claiming: Claiming) -> None:
    begun = log_in(standin, "thief")
    for number in range(6):
        with pytest.raises(BindingNotMatched):
            service.bind_account(begun.actor, claiming(tail=f"000{number}"))
    with pytest.raises(TooManyBindingAttempts):
        service.bind_account(begun.actor, claiming())


@pytest.mark.usefixtures("county")
def test_a_fresh_wechat_account_does_not_bring_fresh_guesses(standin: Standin, claiming: Claiming) -> None:
    for number in range(6):
        with pytest.raises(BindingNotMatched):
            service.bind_account(log_in(standin, f"thief {number}").actor, claiming(tail=f"000{number}"))
    with pytest.raises(TooManyBindingAttempts):
        service.bind_account(log_in(standin, "thief 7").actor, claiming())


def test_a_new_wechat_waits_for_medical_affairs_and_then_replaces_the_old_one(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    old = log_in(standin, "old")
    service.bind_account(old.actor, claiming())
    new = log_in(standin, "new")
    assert service.bind_account(new.actor, claiming()) is BindingStatus.REQUESTED
    assert service.authenticate_phone(old.tokens.access_token).person_id == county.doctor.id
    assert person_of("new") is None

    request = open_request()
    assert (request.kind, request.person_id) == (BindingKind.NEW_WECHAT, county.doctor.id)
    service.decide_binding_request(county.office, request.id, accept=True)

    assert (person_of("old"), person_of("new")) == (None, county.doctor.id)
    with pytest.raises(SessionEnded):
        service.authenticate_phone(old.tokens.access_token)
    actor = service.authenticate_phone(new.tokens.access_token)
    assert (actor.person_id, actor.role) == (county.doctor.id, Role.STAFF)


def test_a_new_number_waits_for_medical_affairs_and_then_replaces_the_old_one(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    staff = {"organisation_code": county.hospital.code, "staff_number": county.doctor.staff_number}
    begun = log_in(standin, "doctor")
    assert service.bind_account(begun.actor, claiming(NEW_NUMBER, **staff)) is BindingStatus.REQUESTED
    assert county.doctor.telephone_masked == "138****1111"

    request = open_request()
    assert request.kind is BindingKind.NEW_TELEPHONE
    service.decide_binding_request(county.office, request.id, accept=True)

    db.session.expire_all()
    assert county.doctor.telephone_hash == queries.telephone_hash(NEW_NUMBER)
    assert county.doctor.telephone_masked == "139****2222"
    assert person_of("doctor") == county.doctor.id


@pytest.mark.parametrize("wrong", [{"name": "吕芬秋"}, {"tail": "1234"}])
def test_a_new_number_needs_name_and_digits_all_the_same(
    county: County, standin: Standin, claiming: Claiming, wrong: dict[str, str]
) -> None:
    staff = {"organisation_code": county.hospital.code, "staff_number": county.doctor.staff_number}
    with pytest.raises(BindingNotMatched):
        service.bind_account(log_in(standin, "thief").actor, claiming(NEW_NUMBER, **wrong, **staff))


def test_a_recycled_number_leaves_the_one_who_had_it_before(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    retired = give_identity(make_person(county.hospital, "李若"), telephone=NEW_NUMBER, tail="0000")
    staff = {"organisation_code": county.hospital.code, "staff_number": county.doctor.staff_number}
    service.bind_account(log_in(standin, "doctor").actor, claiming(NEW_NUMBER, **staff))
    service.decide_binding_request(county.office, open_request().id, accept=True)
    db.session.expire_all()
    assert (retired.telephone_hash, retired.telephone_masked) == (None, "")
    assert county.doctor.telephone_hash == queries.telephone_hash(NEW_NUMBER)


def test_a_rejected_request_moves_nothing_and_tells_why(county: County, standin: Standin, claiming: Claiming) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    request = open_request()
    with pytest.raises(RejectionNeedsReason):
        service.decide_binding_request(county.office, request.id, accept=False, reason=" ")
    service.decide_binding_request(county.office, request.id, accept=False, reason="请本人到医务科核实。")
    assert (person_of("old"), person_of("new")) == (county.doctor.id, None)
    texts = db.session.scalars(select(InboxItem.body).where(InboxItem.person_id == county.doctor.id)).all()
    assert any("请本人到医务科核实" in text for text in texts)


def test_medical_affairs_and_the_person_hear_of_a_request(county: County, standin: Standin, claiming: Claiming) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    told = [tuple(row) for row in db.session.execute(select(InboxItem.person_id, InboxItem.title))]
    assert sorted(told, key=str) == sorted(
        [(county.medical_affairs.id, "待审核的绑定申请"), (county.doctor.id, "有人申请绑定您的身份")], key=str
    )


@pytest.mark.usefixtures("county")
def test_asking_twice_is_one_request_and_asking_otherwise_replaces_it(standin: Standin, claiming: Claiming) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    new = log_in(standin, "new")
    service.bind_account(new.actor, claiming())
    first = open_request()
    service.bind_account(new.actor, claiming())
    assert open_request().id == first.id

    person = db.session.scalars(select(Person).where(Person.name == "吕芬春")).one()
    staff = {"organisation_code": person.organisation.code, "staff_number": person.staff_number}
    service.bind_account(new.actor, claiming(NEW_NUMBER, **staff))
    assert open_request().kind is BindingKind.NEW_TELEPHONE
    db.session.refresh(first)
    assert first.status is BindingStatus.REJECTED


def test_a_request_is_decided_once(county: County, standin: Standin, claiming: Claiming) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    request = open_request()
    service.decide_binding_request(county.office, request.id, accept=True)
    for accept in (True, False):
        with pytest.raises(BindingRequestDecided):
            service.decide_binding_request(county.office, request.id, accept=accept, reason="晚了。")


def test_only_medical_affairs_of_the_employer_decides(county: County, standin: Standin, claiming: Claiming) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    request_id = open_request().id
    dean = acting(county.doctor, Role.DEAN)
    for actor, error in (
        (county.stranger, NotFound),
        (county.recipient, NotFound),
        (dean, Forbidden),
        (Actor(), NotFound),
    ):
        with pytest.raises(error):
            service.decide_binding_request(actor, request_id, accept=True)
    assert person_of("new") is None


def test_a_request_of_one_who_was_bound_or_disabled_since_can_only_be_rejected(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    request = open_request()
    request.account.person_id = make_person(county.hospital, "李若").id
    db.session.commit()
    with pytest.raises(WeChatBoundMeanwhile):
        service.decide_binding_request(county.office, request.id, accept=True)
    request.account.person_id = None
    county.doctor.disabled_at = clock.now()
    db.session.commit()
    with pytest.raises(PersonDisabled):
        service.decide_binding_request(county.office, request.id, accept=True)
    service.decide_binding_request(county.office, request.id, accept=False, reason="已离职。")


def test_offices_see_and_count_the_requests_of_their_own_people(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    assert [request.person.name for request in queries.list_binding_requests(county.office)] == ["吕芬春"]
    waiting = [
        queries.standing_of(actor, person.id).open_binding_requests
        for actor, person in ((county.office, county.medical_affairs), (county.recipient, county.director))
    ]
    assert waiting == [1, 0]
    assert queries.list_binding_requests(county.stranger) == []
    with pytest.raises(Forbidden):
        queries.list_binding_requests(county.recipient)


def test_binding_leaves_a_trail_without_names_numbers_or_digits(
    county: County, standin: Standin, claiming: Claiming
) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    service.decide_binding_request(county.office, open_request().id, accept=True)
    events = db.session.scalars(select(AuditEvent)).all()
    actions = [event.action for event in events]
    assert {"bind_account", "request_binding", "accepted_binding"} <= set(actions)
    told = "".join(str(event.details) for event in events)
    assert not any(secret in told for secret in (NUMBER, "吕芬春", "123X"))


def test_an_account_that_lost_its_person_is_a_patients(county: County, standin: Standin, claiming: Claiming) -> None:
    service.bind_account(log_in(standin, "old").actor, claiming())
    service.bind_account(log_in(standin, "new").actor, claiming())
    service.decide_binding_request(county.office, open_request().id, accept=True)
    again = log_in(standin, "old")
    assert (again.actor.person_id, again.actor.role) == (None, None)


def test_a_patient_can_be_anybody_but_is_bound_to_nobody(county: County) -> None:
    assert not queries.is_bound(county.doctor.id)
    make_account()
    assert not queries.is_bound(county.doctor.id)
    make_account(county.doctor)
    assert queries.is_bound(county.doctor.id)
