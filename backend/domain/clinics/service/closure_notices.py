"""What is told of a closed clinic: to who had booked, to who waited, and to the offices of both hospitals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from backend.domain.accounts.queries import holders_of
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.affected import Affected
from backend.domain.clinics.queries.named import expert_label, place_label
from backend.domain.clinics.rules.closures import REASON_LABELS, Remedy
from backend.domain.clinics.rules.sharing import Given
from backend.domain.clinics.rules.wording import when_field, window_label
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.actor import Role

_WITHOUT_PLACE = {
    Remedy.NONE: ("暂无可改约的号，请查看其他门诊", "暂时没有可以改约的号，请点开查看其他门诊，或等服务台与您联系。"),
    Remedy.REMOTE: ("请到服务台安排远程会诊", "您已到院，请到服务台，由专家为您远程会诊。"),
    Remedy.LOCAL_DOCTOR: ("请到服务台，由本院医生接诊", "您已到院，请到服务台，由本院医生为您接诊。"),
}


def told_key(one: Affected) -> str:
    """Return the dedupe key under which somebody is told that their place has fallen."""
    return f"{NoticeKind.CLINIC_CLOSED}:{one.offer.id if one.offer else one.booking.id}"


def place_is_held(
    closure: ClinicClosure, one: Affected, given: Given, target: Clinic, offer_id: UUID, held_until: datetime
) -> Owed | None:
    """Return the notice that a clinic is closed and a place elsewhere is held."""
    starts, until = clock.local(given.span.starts_at), clock.local(held_until)
    held = f"保留到{until.month}月{until.day}日{until:%H:%M}"
    advice = f"已留{starts.month}月{starts.day}日{starts:%H:%M}的号，请确认"
    what = f"已为您保留{expert_label(target)}{window_label(given.span.starts_at, given.span.ends_at)}的号"
    body = f"{_fell(closure, one)}{what}（{place_label(target)}），{held}，请点开确认。"
    return _to_patient(closure, one, advice, body, f"/patient/offer/index?id={offer_id}")


def no_place_is_held(closure: ClinicClosure, one: Affected, remedy: Remedy) -> Owed | None:
    """Return the notice that a clinic is closed and what they can do."""
    advice, what = _WITHOUT_PLACE[remedy]
    body = f"{_fell(closure, one)}{what}"
    return _to_patient(closure, one, advice, body, f"/patient/booking/index?id={one.booking.id}")


def waiting_is_over(closure: ClinicClosure, entries: Iterable[WaitlistEntry]) -> list[Owed]:
    """Return the notices to those who waited, whether or not a place was held for them."""
    clinic = closure.clinic
    what = f"{expert_label(clinic)}{window_label(clinic.starts_at, clinic.ends_at)}的门诊已停诊"
    notice = Notice(
        NoticeKind.CLINIC_CLOSED,
        "候补的门诊已停诊",
        f"{what}（{REASON_LABELS[closure.reason]}），候补已结束。",
        f"/patient/clinic/index?id={clinic.id}",
        _slots(closure, clinic.starts_at, "候补已结束，请查看其他门诊"),
    )
    return [
        Owed(
            notice=notice,
            dedupe_key=f"{notice.kind}:{entry.id}",
            account_id=entry.account_id,
            organisation_id=clinic.recipient_id,
        )
        for entry in entries
        if entry.account_id is not None
    ]


def report_to_offices(closure: ClinicClosure, affected: int, with_place: int) -> list[Owed]:
    """Return the notices to the offices of both hospitals, the expert and who was named to call."""
    clinic = closure.clinic
    body = (
        f"{expert_label(clinic)}{window_label(clinic.starts_at, clinic.ends_at)}（{place_label(clinic)}）"
        f"已停诊：{REASON_LABELS[closure.reason]}。涉及{affected}人，已留号{with_place}人。"
    )
    page = f"/office/closure/index?id={closure.id}"
    notice = Notice(NoticeKind.CLOSURE_REPORTED, "门诊已停诊", body, page)
    to_review = Notice(NoticeKind.CLOSURE_REPORTED, "停诊待审核", body + "由行政总值班办理，请审核。", page)
    offices = holders_of(Role.MEDICAL_AFFAIRS, clinic.supporting_id)
    others = [
        *holders_of(Role.DESK, clinic.recipient_id),
        *holders_of(Role.DIRECTOR, clinic.recipient_id),
        clinic.person_id,
        *([closure.caller_person_id] if closure.caller_person_id else []),
    ]
    told = dict.fromkeys(others, notice) | dict.fromkeys(offices, to_review if closure.needs_review else notice)
    told.pop(closure.closed_by_person_id or clinic.id, None)
    return [_to_office(closure, person_id, one) for person_id, one in told.items()]


def calls_wait(closure: ClinicClosure, callers: Collection[UUID], number: int) -> list[Owed]:
    """Return the notices to those who are to call that there is somebody to call."""
    clinic = closure.clinic
    body = (
        f"{expert_label(clinic)}{window_label(clinic.starts_at, clinic.ends_at)}已停诊，"
        f"还有{number}位患者没有通知到或没有答复，请打电话。"
    )
    notice = Notice(NoticeKind.CALLS_WAITING, "请电话通知患者", body, f"/office/calls/index?id={closure.id}")
    return [_to_office(closure, person_id, notice) for person_id in callers]


def _to_office(closure: ClinicClosure, person_id: UUID, notice: Notice) -> Owed:
    return Owed(notice=notice, dedupe_key=f"{notice.kind}:{closure.id}:{person_id}", person_id=person_id)


def _fell(closure: ClinicClosure, one: Affected) -> str:
    clinic = closure.clinic
    starts_at, ends_at = _window(one)
    note = f"（{closure.note}）" if closure.note else ""
    return (
        f"{masked_name(one.booking.patient.name)}您好：{expert_label(clinic)}{window_label(starts_at, ends_at)}的门诊"
        f"因故停诊，原因：{REASON_LABELS[closure.reason]}{note}。"
    )


def _to_patient(closure: ClinicClosure, one: Affected, advice: str, body: str, page: str) -> Owed | None:
    account_id = one.offer.account_id if one.offer else one.booking.account_id
    if account_id is None:
        return None
    slots = _slots(closure, _window(one)[0], advice)
    return Owed(
        notice=Notice(NoticeKind.CLINIC_CLOSED, "停诊通知", body, page, slots),
        dedupe_key=told_key(one),
        account_id=account_id,
        organisation_id=closure.clinic.recipient_id,
    )


def _slots(closure: ClinicClosure, starts_at: datetime, advice: str) -> dict[str, str]:
    return {
        "what": expert_label(closure.clinic),
        "when": when_field(starts_at),
        "reason": REASON_LABELS[closure.reason],
        "advice": advice,
    }


def _window(one: Affected) -> tuple[datetime, datetime]:
    offer: PlaceOffer | None = one.offer
    period = offer.place.period if offer else one.booking
    return period.starts_at, period.ends_at
