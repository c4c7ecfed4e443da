"""A clinic entered in one batch after it, from the paper list, and what of it could not be done."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request

from backend.console.desk.blueprint import bp, clinic_at_desk
from backend.console.desk.forms import VISIT_PREFIX, AfterwardsForm, entries_of
from backend.console.forms import Form
from backend.domain.clinics.queries.desk import list_day
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.visits import may_mark_no_show
from backend.domain.clinics.service.day_lists import Entered, enter_attendance
from backend.foundation import clock

Page = tuple[str, int]
_OPEN = (BookingStatus.BOOKED, BookingStatus.ARRIVED)


@bp.get("/clinics/<uuid:clinic_id>/afterwards")
def show_afterwards(clinic_id: UUID) -> Page:
    """Show of whom it has yet to be said whether they were seen."""
    return _page(clinic_id)


@bp.post("/clinics/<uuid:clinic_id>/afterwards")
def enter_afterwards(clinic_id: UUID) -> Page:
    """Enter what the paper says, each line by itself."""
    actor, _clinic = clinic_at_desk(clinic_id)
    said = {name: text for name, text in request.form.items() if name.startswith(VISIT_PREFIX)}
    form = Form.submitted(AfterwardsForm())
    if not form.is_valid:
        return _page(clinic_id, form)
    entries = entries_of(form.data, said)
    if not entries:
        form.refuse("还没有选择，一条也没有登记。")
        return _page(clinic_id, form)
    return _page(clinic_id, form, enter_attendance(actor, clinic_id, entries))


def _page(clinic_id: UUID, form: Form | None = None, entered: Entered | None = None) -> Page:
    actor, clinic = clinic_at_desk(clinic_id)
    day = list_day(actor, clinic_id)
    now = clock.now()
    rows = [row.booking for row in day.rows if row.booking.status in _OPEN]
    rendered = render_template(
        "desk/afterwards.html",
        clinic=clinic,
        rows=rows,
        day=day,
        form=form or Form(AfterwardsForm()),
        entered=entered,
        left={one.booking_id: one.error.text for one in entered.left} if entered else {},
        may_mark_no_show=lambda booking: may_mark_no_show(booking.ends_at, now),
        arrived=BookingStatus.ARRIVED,
        is_early=clock.today() < clinic.held_on,
    )
    return rendered, form.status if form else 200
