"""/me/today and /check-ins: one's day, one's taps, one's month."""

from __future__ import annotations

import calendar
from dataclasses import asdict
from datetime import date
from typing import Any

from apiflask import APIBlueprint

from backend.api.authentication import authenticates_itself, bearer, current_actor
from backend.api.places import fix_of
from backend.api.schemas.attendance import (
    CheckInInput,
    IdempotencyInput,
    MonthInput,
    MonthOut,
    NonceInput,
    NonceOut,
    RecordedOut,
    TodayOut,
)
from backend.api.spot_checks import open_spot_check
from backend.domain.activities.queries.waiting import count_to_countersign
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.queries.months import MonthDay, month_of
from backend.domain.attendance.queries.taps import taps_of_day
from backend.domain.attendance.queries.todo import todo_of
from backend.domain.attendance.rules.days import DayState
from backend.domain.attendance.rules.evidence import CONFIRMATION_LABELS, JUDGEMENT_LABELS, OUTCOME_LABELS, Outcome
from backend.domain.attendance.rules.taps import (
    KIND_LABELS,
    REASON_TEXTS,
    VERDICT_LABELS,
    CheckInKind,
    PhoneClock,
    Reason,
)
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.attendance.service.taps import Recorded, Tap, record_tap
from backend.domain.attendance.tapping import Credential
from backend.domain.careers.queries.evaluations import count_evaluations_waiting
from backend.domain.clinics.queries.todo import clinic_todo_of
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import dispatches_of, find_duty, find_next_duty
from backend.domain.dispatch.rules import SHIFT_LABELS, WEEKDAY_LABELS, Shift, shift_at
from backend.domain.notifications.queries.inbox import count_unread
from backend.domain.organisations.queries import calendar_of
from backend.domain.subsidies.queries.todo import subsidy_todo_of
from backend.foundation import clock

bp = APIBlueprint("attendance", __name__, tag="签到")


@bp.post("/check-ins/nonces")
@bp.input(IdempotencyInput, location="headers")
@bp.input(NonceInput)
@bp.output(NonceOut, status_code=201, description="已签发")
@bp.doc(
    summary="签到前取得校验",
    description="先取校验，再定位，60秒内连同校验一起提交。只对这一个 Idempotency-Key 有效；离线签到不需要。",
)
def make_nonce(headers_data: dict[str, str], json_data: dict[str, Any]) -> dict[str, Any]:
    return asdict(issue_nonce(current_actor(), headers_data["key"]))


@bp.post("/check-ins")
@authenticates_itself
@bp.input(IdempotencyInput, location="headers")
@bp.input(CheckInInput)
@bp.output(RecordedOut, status_code=201, description="已记录")
@bp.doc(
    summary="签到或签退",
    description="不在点内也会记录，由人判断。重复提交（同一 Idempotency-Key 和内容）返回 200 和原记录。",
    responses={
        200: "同一次提交已记录过",
        404: "没有这次派驻",
        409: "不是派驻日，离线时间不可用，或动态码不对",
        429: "动态码输错过多",
    },
)
def check_in(headers_data: dict[str, str], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    recorded = record_tap(Credential(*bearer()), _tap(headers_data["key"], json_data))
    return {"check_in": describe_tap(recorded), "server_time": clock.now()}, 200 if recorded.repeated else 201


@bp.get("/check-ins")
@bp.input(MonthInput, location="query")
@bp.output(MonthOut)
@bp.doc(summary="本人某月的签到")
def show_month(query_data: dict[str, date]) -> dict[str, Any]:
    first = query_data["month"]
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    person_id = current_actor().person_id
    days = month_of(dispatches_of(person_id, first, last) if person_id else [], first, last)
    return {"month": f"{first:%Y-%m}", "days": [_described_day(day) for day in days], "summary": _summary(days)}


@bp.get("/me/today")
@bp.output(TodayOut)
@bp.doc(summary="本人今天的派驻和签到")
def show_today() -> dict[str, Any]:
    now = clock.now()
    day = clock.local(now).date()
    actor = current_actor()
    person_id = actor.person_id
    duty = find_duty(person_id, day) if person_id else None
    following = find_next_duty(person_id, day) if person_id and duty is None else None
    return {
        "server_time": now,
        "day": day,
        "weekday_label": _weekday(day),
        "holiday_label": calendar_of(actor.organisation_id, day, day).holiday_name(day),
        "duty": _described_duty(duty, day) if duty else None,
        "next": _described_next(*following) if following else None,
        "taps": [describe_tap(tap) for tap in taps_of_day(person_id, day)] if person_id else [],
        "notice_count": count_unread(actor),
        "spot_check": open_spot_check(actor),
        "todo": asdict(todo_of(actor))
        | asdict(clinic_todo_of(actor))
        | {"activities_to_sign": count_to_countersign(actor), "evaluations_waiting": count_evaluations_waiting(actor)}
        | asdict(subsidy_todo_of(actor)),
    }


def describe_tap(tap: CheckIn | Recorded) -> dict[str, Any]:
    """Return what `TapOut` shows of a tap: everything but its raw place."""
    return {
        "id": tap.id,
        "dispatch_id": tap.dispatch_id,
        "duty_on": tap.duty_on,
        "shift": tap.shift,
        "shift_label": SHIFT_LABELS[tap.shift],
        "kind": tap.kind,
        "kind_label": KIND_LABELS[tap.kind],
        "tapped_at": tap.tapped_at,
        "received_at": tap.received_at,
        "verdict": tap.verdict,
        "verdict_label": VERDICT_LABELS[tap.verdict],
        "outcome": tap.outcome,
        "outcome_label": OUTCOME_LABELS[tap.outcome],
        "distance_m": None if tap.distance_m is None else round(tap.distance_m),
        "accuracy_m": None if tap.accuracy_m is None else round(tap.accuracy_m),
        "site": tap.site,
        "late": tap.late,
        "effective": tap.effective,
        "reasons": [{"code": code, "text": REASON_TEXTS[Reason(code)]} for code in tap.reasons],
        "review": _described_review(tap.review) if tap.review else None,
    }


def _described_review(review: CheckInReview) -> dict[str, Any]:
    return {
        "explanation": review.explanation,
        "explained_at": review.explained_at,
        "confirmation": review.confirmation,
        "confirmation_label": CONFIRMATION_LABELS[review.confirmation] if review.confirmation else None,
        "confirmed_at": review.confirmed_at,
        "judgement": review.judgement,
        "judgement_label": JUDGEMENT_LABELS[review.judgement] if review.judgement else None,
        "judgement_reason": review.judgement_reason,
        "judged_at": review.judged_at,
        "version": review.version,
    }


def _tap(key: str, given: dict[str, Any]) -> Tap:
    offline = given.get("offline")
    return Tap(
        dispatch_id=given["dispatch_id"],
        kind=given["kind"],
        key=key,
        shift=given.get("shift"),
        fix=fix_of(given["location"]),
        denied=given["location_denied"],
        phone=PhoneClock(**offline) if offline else None,
        note=given["note"],
        nonce=given.get("nonce"),
        installation=given.get("installation"),
        code=given.get("code"),
    )


def _described_duty(duty: Dispatch, day: date) -> dict[str, Any]:
    shifts = duty.shifts_on(day)
    return {
        "dispatch_id": duty.id,
        "kind": duty.kind,
        "recipient": duty.recipient,
        "department": duty.department.name if duty.department else None,
        "starts_on": duty.starts_on,
        "ends_on": duty.ends_on,
        "shifts": _described_shifts(shifts),
        "current_shift": shift_at(clock.local(clock.now()).time(), leaving=False, claimed=shifts),
        "sites": duty.sites,
    }


def _described_next(duty: Dispatch, day: date) -> dict[str, Any]:
    shifts = _described_shifts(duty.shifts_on(day))
    return {"dispatch_id": duty.id, "recipient": duty.recipient, "day": day, "shifts": shifts}


def _described_shifts(shifts: tuple[Shift, ...]) -> list[dict[str, Any]]:
    return [{"shift": shift, "label": SHIFT_LABELS[shift]} for shift in shifts]


def _described_day(day: MonthDay) -> dict[str, Any]:
    return {
        "day": day.day,
        "weekday_label": _weekday(day.day),
        "working": day.working,
        "on_duty": bool(day.due),
        "required_shifts": day.due if day.working is not False else (),
        "taps": [describe_tap(tap) for tap in day.taps],
        "state": day.state,
    }


def _summary(days: list[MonthDay]) -> dict[str, int]:
    taps = [tap for day in days for tap in day.taps]
    return {
        "duty_days": sum(day.state is not DayState.OFF for day in days),
        "days_checked_in": sum(any(tap.kind is CheckInKind.IN for tap in day.taps) for day in days),
        "exceptions": sum(tap.outcome is not Outcome.VERIFIED for tap in taps),
    }


def _weekday(day: date) -> str:
    return f"星期{WEEKDAY_LABELS[day.weekday()]}"
