"""Patients (就诊人) at the desk: found by a form, never by an address; masked until opened for a purpose, on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.desk.forms import FindForm
from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.rules import SEX_LABELS, Sex
from backend.domain.clinics.queries.patients import get_patient, known_among
from backend.domain.clinics.service.patients import change_contact_at_desk, find_patients, open_patient
from backend.domain.organisations.queries import require_list_right
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import Private
from backend.domain.patients.rules import IDENTITY_LABELS, known_age, masked_name
from backend.foundation import clock

bp = Blueprint("patients", __name__, url_prefix="/patients")
Page = str | tuple[str, int] | Response
PURPOSES = ("电话通知停诊或改约", "本人要求核对信息", "联系家属", "转诊或开具证明")


class OpenForm(FormSchema):
    """For what a patient is opened."""

    purpose = fields.String(required=True, validate=validate.Length(max=50, error="请控制在50字以内。"))


class ContactForm(FormSchema):
    """How to reach a patient from now on; what is left empty stays."""

    telephone = fields.String(validate=validate.Length(max=24, error="请控制在24字以内。"))
    address = fields.String(validate=validate.Length(max=100, error="请控制在100字以内。"))


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "masked_name": masked_name,
        "identity_label": IDENTITY_LABELS.__getitem__,
        "sex_and_age": sex_and_age,
    }


def sex_and_age(patient: Patient) -> str:
    """Return 女 70岁, as far as it is known."""
    age = known_age(patient.born_on, clock.today())
    sex = SEX_LABELS[patient.sex] if patient.sex is not Sex.UNKNOWN else ""
    return " ".join(part for part in (sex, f"{age}岁" if age is not None else "") if part)


@bp.get("")
def show_find() -> Page:
    """Ask whom to look for."""
    require_list_right(current_actor(), Action.READ, Resource.PATIENT)
    return render_template("patients/find.html", form=Form(FindForm()), found=None, known=set())


@bp.post("/find")
def find() -> Page:
    """Show who was found, masked: the answer to the form itself, so that no name stands in an address."""
    actor, form = current_actor(), Form.submitted(FindForm())
    found = form.attempt(lambda: find_patients(actor, **form.data)) if form.is_valid else None
    known = known_among(actor.organisation_id, [one.id for one in found or ()]) if actor.organisation_id else set()
    return render_template("patients/find.html", form=form, found=found, known=known), form.status


@bp.get("/<uuid:patient_id>")
def show(patient_id: UUID) -> Page:
    """Show one patient, masked."""
    return _page(patient_id)


@bp.post("/<uuid:patient_id>/open")
def open_one(patient_id: UUID) -> Page:
    """Show one patient unmasked, this once: the next look needs a purpose again."""
    form = Form.submitted(OpenForm())
    opened = form.attempt(lambda: open_patient(current_actor(), patient_id, **form.data)) if form.is_valid else None
    return _page(patient_id, private=opened[1] if opened else None, open_form=form)


@bp.post("/<uuid:patient_id>/contact")
def change(patient_id: UUID) -> Page:
    """Keep another telephone number or address."""
    form = Form.submitted(ContactForm())
    telephone, address = form.data.get("telephone"), form.data.get("address")
    if form.is_valid:
        form.attempt(lambda: change_contact_at_desk(current_actor(), patient_id, telephone=telephone, address=address))
    if not form.is_valid:
        return _page(patient_id, contact_form=form)
    flash("联系方式已更新。", "done")
    return redirect(url_for("console.patients.show", patient_id=patient_id))


def _page(patient_id: UUID, *, private: Private | None = None, **submitted: Form) -> Page:
    forms = {"open_form": Form(OpenForm()), "contact_form": Form(ContactForm()), **submitted}
    page = render_template(
        "patients/one.html",
        patient=get_patient(current_actor(), patient_id),
        private=private,
        purposes=PURPOSES,
        **forms,
    )
    return page, max([form.status for form in submitted.values()], default=200)
