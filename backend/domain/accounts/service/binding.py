"""Binding a WeChat account to a person on the roster, by telephone number, name and last four ID digits together."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select, update

from backend.domain.accounts.errors import (
    AlreadyBound,
    AlreadyRequested,
    BindingNotMatched,
    PhoneCodeInvalid,
    TooManyBindingAttempts,
    WeChatBusy,
)
from backend.domain.accounts.models import Account, BindingRequest, Person, Session
from backend.domain.accounts.queries import holders_of, identity_tail_hash, telephone_hash
from backend.domain.accounts.rules import (
    BindingKind,
    BindingStatus,
    masked_telephone,
    normalised_name,
    normalised_staff_number,
    normalised_telephone,
)
from backend.domain.accounts.service.sessions import stand_in_default_role
from backend.domain.accounts.service.throttling import BINDING, counting_failures
from backend.domain.audit.service import record_event
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction
from backend.wechat.current import current_client
from backend.wechat.errors import WeChatError, WeChatUnavailable


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are; organisation and staff number only where the telephone number is new."""

    phone_code: str = field(repr=False)
    name: str = field(repr=False)
    identity_tail: str = field(repr=False)
    organisation_code: str | None = None
    staff_number: str | None = None


@dataclass(frozen=True)
class _Match:
    person: Person
    by_telephone: bool


def bind_account(actor: Actor, claim: Claim) -> BindingStatus:
    """Bind the actor's WeChat to the person of the claim, or ask medical affairs for it.

    A number of the roster with its owner's name and digits binds at once, unless the person has another WeChat.
    With another number, staff number, name and digits make a request.

    Raises:
        AlreadyBound: this WeChat has a person.
        PhoneCodeInvalid, WeChatBusy: WeChat does not say which number it is.
        BindingNotMatched: nobody is all of that.
        TooManyAttempts: 6 failures within an hour, of this account, this number or this staff number.
    """
    account = db.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise Forbidden
    if account.person_id is not None:
        raise AlreadyBound
    telephone = _telephone(claim.phone_code)
    limits = [(BINDING, f"account {account.id}"), (BINDING, f"telephone {telephone_hash(telephone).hex()}")]
    if claim.staff_number:
        limits.append((BINDING, f"staff {claim.organisation_code}/{normalised_staff_number(claim.staff_number)}"))
    with counting_failures(*limits, failure=BindingNotMatched, refusal=TooManyBindingAttempts):
        match = _matched(claim, telephone)
    with transaction():
        if match.by_telephone and not _is_bound(match.person.id):
            _bind(actor, account.id, match.person)
            return BindingStatus.ACCEPTED
        _request(actor, account, match, telephone)
        return BindingStatus.REQUESTED


def _telephone(code: str) -> str:
    try:
        phone = current_client().get_phone_number(code)
    except WeChatUnavailable as error:
        raise WeChatBusy(error.text) from error
    except WeChatError as error:
        raise PhoneCodeInvalid from error
    prefix = "" if phone.country_code in ("", "86") else f"+{phone.country_code}"
    return normalised_telephone(prefix + phone.number)


def _matched(claim: Claim, telephone: str) -> _Match:
    owner = _owner_of(telephone_hash(telephone))
    if owner is not None and _is_claimed(owner, claim):
        return _Match(owner, by_telephone=True)
    colleague = _by_staff_number(claim)
    if colleague is not None and _is_claimed(colleague, claim):
        return _Match(colleague, by_telephone=False)
    raise BindingNotMatched


def _owner_of(hashed: bytes) -> Person | None:
    statement = select(Person).where(Person.telephone_hash == hashed, Person.disabled_at.is_(None))
    return db.session.scalars(statement).one_or_none()


def _by_staff_number(claim: Claim) -> Person | None:
    if not claim.organisation_code or not claim.staff_number:
        return None
    statement = (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Organisation.code == claim.organisation_code,
            Person.staff_number == normalised_staff_number(claim.staff_number),
            Person.disabled_at.is_(None),
        )
    )
    return db.session.scalars(statement).one_or_none()


def _is_claimed(person: Person, claim: Claim) -> bool:
    if person.identity_tail_hash is None:
        return False
    tail_fits = hmac.compare_digest(person.identity_tail_hash, identity_tail_hash(person.id, claim.identity_tail))
    return tail_fits and normalised_name(person.name) == normalised_name(claim.name)


def _is_bound(person_id: UUID) -> bool:
    return db.session.scalar(select(Account.id).where(Account.person_id == person_id)) is not None


def _bind(actor: Actor, account_id: UUID, person: Person) -> None:
    join_account(account_id, person.id)
    record_event(actor, "bind_account", "person", person.id, organisation_id=person.organisation_id)


def join_account(account_id: UUID, person_id: UUID) -> None:
    """Join an account without a person to a person without an account; its live sessions get the person's role.

    Raises:
        AlreadyBound: one of the two has been bound a moment ago.
    """
    with transaction() as session, refusals({"accounts_person_key": AlreadyBound}):
        joined = session.execute(
            update(Account)
            .where(Account.id == account_id, Account.person_id.is_(None))
            .values(person_id=person_id, bound_at=clock.now())
            .returning(Account.id)
        ).first()
        if joined is None:
            raise AlreadyBound
        stand_in_default_role(Session.account_id == account_id, person_id)


def _request(actor: Actor, account: Account, match: _Match, telephone: str) -> None:
    person = match.person
    hashed = telephone_hash(telephone)
    kind = BindingKind.NEW_WECHAT if match.by_telephone else BindingKind.NEW_TELEPHONE
    with transaction() as session, refusals({"binding_requests_one_open_key": AlreadyRequested}):
        open_one = session.scalars(
            select(BindingRequest)
            .where(BindingRequest.account_id == account.id, BindingRequest.status == BindingStatus.REQUESTED)
            .with_for_update()
        ).one_or_none()
        if open_one is not None:
            if (open_one.person_id, open_one.kind, open_one.telephone_hash) == (person.id, kind, hashed):
                return
            open_one.status, open_one.decided_at = BindingStatus.REJECTED, clock.now()
            open_one.reason = "申请人重新提交了申请。"
            session.flush()
        request = BindingRequest(
            id=new_id(),
            account_id=account.id,
            person_id=person.id,
            kind=kind,
            telephone_hash=hashed,
            telephone_masked=masked_telephone(telephone),
        )
        session.add(request)
        session.flush()
        _tell(request, person)
        record_event(
            actor, "request_binding", "binding_request", request.id, organisation_id=person.organisation_id, kind=kind
        )


def _tell(request: BindingRequest, person: Person) -> None:
    what = "新的微信" if request.kind is BindingKind.NEW_WECHAT else "新的手机号"
    office = Notice(
        NoticeKind.BINDING_REQUESTED,
        "待审核的绑定申请",
        f"{person.name}（工号{person.staff_number}）申请用{what}绑定，请在“绑定申请”中核实本人后处理。",
    )
    for holder in holders_of(Role.MEDICAL_AFFAIRS, person.organisation_id):
        owe_notice(holder, office, dedupe_key=f"binding_requested:{request.id}:{holder}")
    owner = Notice(
        NoticeKind.BINDING_REQUESTED,
        "有人申请绑定您的身份",
        f"有人申请用{what}绑定您的身份，等待医务科审核。如不是您本人操作，请立即联系本单位医务科。",
    )
    owe_notice(person.id, owner, dedupe_key=f"binding_requested:{request.id}:self")
