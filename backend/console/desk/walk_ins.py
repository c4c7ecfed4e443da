"""A place for somebody before the desk, today or for later: find or register them, then book, beyond capacity too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from backend.console.desk.blueprint import bp, clinic_at_desk, is_to_come
from backend.console.desk.forms import BookForm, FindForm, RegisterForm
from backend.console.forms import Form
from backend.domain.accounts.rules import SEX_LABELS, Sex
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.desk import count_desk_clinic, find_patient, list_free_at_desk
from backend.domain.clinics.service.desk import DeskRequest, book_at_desk
from backend.domain.clinics.service.patients import find_patients
from backend.domain.patients.models import Patient
from backend.domain.patients.rules import IDENTITY_LABELS, masked_name
from backend.domain.patients.service.adding import register_patient
from backend.domain.patients.service.records import PatientForm
from backend.foundation import clock
from backend.foundation.ids import new_id

Page = tuple[str, int] | Response
_FOUND_BY = ("name", "telephone", "identity_number")


@bp.get("/clinics/<uuid:clinic_id>/walk-in")
def show_walk_in(clinic_id: UUID) -> Page:
    """Ask who they are."""
    return _page(clinic_id)


@bp.post("/clinics/<uuid:clinic_id>/walk-in/find")
def find(clinic_id: UUID) -> Page:
    """Look for a patient; who is not found can be registered with what was typed."""
    actor, _clinic = clinic_at_desk(clinic_id)
    form = Form.submitted(FindForm())
    if not form.is_valid:
        return _page(clinic_id, find_form=form)
    found = form.attempt(lambda: find_patients(actor, **form.data))
    if found is None:
        return _page(clinic_id, find_form=form)
    typed = MultiDict((name, form.value(name)) for name in _FOUND_BY)
    register_form = Form(RegisterForm(), typed) if not found else None
    return _page(clinic_id, find_form=form, register_form=register_form, found=found)


@bp.post("/clinics/<uuid:clinic_id>/walk-in/register")
def register(clinic_id: UUID) -> Page:
    """Keep somebody who is not known yet, and go on to book."""
    actor, _clinic = clinic_at_desk(clinic_id)
    form = Form.submitted(RegisterForm())
    patient = form.attempt(lambda: register_patient(actor, PatientForm(**form.data))) if form.is_valid else None
    if patient is None:
        return _page(clinic_id, register_form=form)
    return _page(clinic_id, found=[patient], registered=True)


@bp.post("/clinics/<uuid:clinic_id>/walk-in")
def book(clinic_id: UUID) -> Page:
    """Book for whom was chosen; who stands here has arrived."""
    actor, _clinic = clinic_at_desk(clinic_id)
    form = Form.submitted(BookForm())
    patient = find_patient(form.data["patient_id"]) if form.data.get("patient_id") else None
    if form.is_valid and patient is None:
        form.refuse("请先查找或登记患者，再选择。")
    if not form.is_valid:
        return _page(clinic_id, book_form=form, found=[patient] if patient else None)
    asked = dict(form.data)
    key = asked.pop("key")
    made = form.attempt(lambda: book_at_desk(actor, clinic_id, DeskRequest(**asked), key=key))
    if made is None:
        return _page(clinic_id, book_form=form, found=[patient] if patient else None)
    booking = made.booking
    hours = f"{clock.local(booking.starts_at):%H:%M}–{clock.local(booking.ends_at):%H:%M}"
    kind = "加号" if booking.place.extra else "挂号"
    told = "，已登记到诊" if booking.arrived_at else ""
    flash(f"已{kind}：{booking.number}号 {masked_name(booking.patient.name)}，{hours}{told}", "done")
    return redirect(url_for("console.desk.show", clinic_id=clinic_id), 303)


def _page(
    clinic_id: UUID,
    *,
    find_form: Form | None = None,
    register_form: Form | None = None,
    book_form: Form | None = None,
    found: Sequence[Patient] | None = None,
    registered: bool = False,
) -> Page:
    _actor, clinic = clinic_at_desk(clinic_id)
    is_today = clinic.held_on == clock.today()
    chosen = found[0].id if found and len(found) == 1 else None
    forms = [form for form in (find_form, register_form, book_form) if form is not None]
    rendered = render_template(
        "desk/walk_in.html",
        clinic=clinic,
        counted=count_desk_clinic(clinic),
        periods=_periods(clinic),
        is_today=is_today,
        is_open=is_to_come(clinic),
        find_form=find_form or Form(FindForm()),
        register_form=register_form or Form(RegisterForm()),
        asks_to_register=register_form is not None,
        book_form=book_form or Form(BookForm(), key=new_id(), arrived=is_today, patient_id=chosen),
        found=found,
        registered=registered,
        sexes=[(sex.value, label) for sex, label in SEX_LABELS.items() if sex is not Sex.UNKNOWN],
        identity_kinds=[(kind.value, label) for kind, label in IDENTITY_LABELS.items()],
    )
    return rendered, max((form.status for form in forms), default=200)


def _periods(clinic: Clinic) -> list[tuple[UUID, str]]:
    free = list_free_at_desk(clinic)
    return [
        (
            period.id,
            f"{clock.local(period.starts_at):%H:%M}–{clock.local(period.ends_at):%H:%M}，"
            + (f"余 {free[period.id]} 个号" if free.get(period.id) else "无号，须加号"),
        )
        for period in clinic.periods
        if period.ends_at > clock.now()
    ]
