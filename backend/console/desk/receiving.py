"""The list of one clinic: who arrives by scanner, number or name, who is called, who was seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.desk.blueprint import bp, clinic_at_desk
from backend.console.desk.forms import Act, ActForm, ScanForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.clinics.errors.bookings import BookingNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.desk import DayList, count_desk_clinic, get_desk_booking, list_day
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.visits import may_mark_no_show, why_not_on_day
from backend.domain.clinics.service.arrivals import (
    Arrival,
    arrive,
    arrive_by_number,
    arrive_by_ticket,
    call,
    call_next,
    fulfil,
    withdraw_arrival,
)
from backend.domain.clinics.service.desk_cancelling import cancel_at_desk
from backend.domain.clinics.service.no_shows import mark_no_show
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Invalid

Page = tuple[str, int] | Response
_NUMBER = re.compile(r"[0-9]{1,4}号?")
_LIKE_A_TICKET = re.compile(r"BF[0-9]+\.", re.IGNORECASE)
_ACTS: Mapping[Act, tuple[Callable[[Actor, UUID, int], Booking], str]] = {
    Act.ARRIVE: (arrive, "已登记到诊"),
    Act.WITHDRAW: (withdraw_arrival, "已撤销到诊登记"),
    Act.CALL: (call, "请就诊"),
    Act.FULFIL: (fulfil, "已登记就诊"),
    Act.NO_SHOW: (mark_no_show, "已登记未到诊"),
    Act.CANCEL: (cancel_at_desk, "已取消预约，号已退回"),
}


@bp.get("/clinics/<uuid:clinic_id>")
def show(clinic_id: UUID) -> Page:
    """Show who comes to a clinic."""
    return _page(clinic_id, Form(ScanForm()))


@bp.post("/clinics/<uuid:clinic_id>/scan")
def scan(clinic_id: UUID) -> Page:
    """Register whom the scanner or the number names; find whom a name names."""
    actor, _clinic = clinic_at_desk(clinic_id)
    form = Form.submitted(ScanForm())
    if not form.is_valid:
        return _page(clinic_id, form)
    text = unicodedata.normalize("NFKC", form.data["scan"]).strip()
    if _LIKE_A_TICKET.match(text):
        return _arrived(clinic_id, form, form.attempt(lambda: _arrive_by_ticket(actor, text)))
    if _NUMBER.fullmatch(text):
        number = int(text.rstrip("号"))
        return _arrived(clinic_id, form, form.attempt(lambda: arrive_by_number(actor, clinic_id, number)))
    return _page(clinic_id, form, name=text)


@bp.post("/clinics/<uuid:clinic_id>/next")
def call_the_next(clinic_id: UUID) -> Page:
    """Call whoever's turn it is."""
    form = Form(ScanForm())
    called = form.attempt(lambda: call_next(current_actor(), clinic_id))
    if called is None:
        return _page(clinic_id, form)
    flash(f"请 {_who(called)} 就诊", "done")
    return _done(clinic_id)


@bp.post("/bookings/<uuid:booking_id>")
def act(booking_id: UUID) -> Page:
    """Do what was pressed beside a name."""
    actor, form = current_actor(), Form.submitted(ActForm())
    booking = get_desk_booking(actor, booking_id, Action.WRITE)
    clinic_id = booking.clinic_id
    if form.is_valid:
        service, told = _ACTS[form.data["act"]]
        done = form.attempt(lambda: service(actor, booking_id, form.data["version"]))
        if done is not None:
            flash(f"{_who(done)}：{told}", "done")
            return _done(clinic_id)
    errors = Form(ScanForm())
    errors.errors, errors.status = form.errors, form.status
    return _page(clinic_id, errors)


def _arrive_by_ticket(actor: Actor, text: str) -> Arrival:
    try:
        return arrive_by_ticket(actor, text)
    except BookingNotFound as missing:
        raise Invalid(missing.text) from None  # what was scanned is wrong, not this page


def _arrived(clinic_id: UUID, form: Form, arrival: Arrival | None) -> Page:
    if arrival is None:
        return _page(clinic_id, form)
    booking = arrival.booking
    elsewhere = "" if booking.clinic_id == clinic_id else f"（{booking.clinic.expert.name}的门诊）"
    told = f"此前已到诊（{clock.local(booking.arrived_at or clock.now()):%H:%M}）" if arrival.repeated else "已登记到诊"
    flash(f"{_who(booking)}{elsewhere}：{told}", "caution" if arrival.repeated else "done")
    return _done(clinic_id)


def _who(booking: Booking) -> str:
    return f"{booking.number}号 {masked_name(booking.patient.name)}"


def _done(clinic_id: UUID) -> Page:
    if _is_partial():
        return _page(clinic_id, Form(ScanForm()))
    return redirect(url_for("console.desk.show", clinic_id=clinic_id), 303)


def _page(clinic_id: UUID, form: Form, *, name: str = "") -> Page:
    actor, clinic = clinic_at_desk(clinic_id)
    day = list_day(actor, clinic_id)
    now, today = clock.now(), clock.today()
    rendered = render_template(
        "desk/day.html" if _is_partial() else "desk/one.html",
        day=day,
        rows=_named(day, name) if name else day.rows,
        name=name,
        counted=count_desk_clinic(clinic),
        clinic=clinic,
        is_closed=clinic.status is ClinicStatus.CLOSED,
        is_over=clinic.ends_at <= now,
        why_not_today=why_not_on_day(clinic.held_on, today, entered_later=False),
        last_called=_last_called(day),
        may_mark_no_show=lambda booking: may_mark_no_show(booking.ends_at, now),
        booked=BookingStatus.BOOKED,
        arrived=BookingStatus.ARRIVED,
        form=form,
    )
    return rendered, 200 if _is_partial() else form.status  # of a refusal htmx would show nothing


def _named(day: DayList, name: str) -> list[object]:
    return [row for row in day.rows if name in row.booking.patient.name]


def _last_called(day: DayList) -> Booking | None:
    in_the_room = [row.booking for row in day.rows if row.booking.status is BookingStatus.ARRIVED]
    called = [booking for booking in in_the_room if booking.called_at is not None]
    return max(called, key=lambda booking: booking.called_at or clock.now(), default=None)


def _is_partial() -> bool:
    return request.headers.get("HX-Request") == "true"
