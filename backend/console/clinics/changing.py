"""Changing a clinic, and taking one out of the plan of which nothing has gone out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.clinics.blueprint import bp
from backend.console.clinics.forms import (
    PERIODS,
    ChangeForm,
    VersionForm,
    fee_fen_of,
    periods_of,
    presets_of,
    refuse_half_rows,
    say_once,
)
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.clinics import get_clinic, shares_of
from backend.domain.clinics.queries.weeks import people_at
from backend.domain.clinics.service.changing import ClinicChange, cancel_clinic, change_clinic
from backend.foundation.errors import BangfuError, Forbidden, NotFound

Page = str | tuple[str, int] | Response


@bp.get("/<uuid:clinic_id>/change")
def show_change(clinic_id: UUID) -> Page:
    """Ask what becomes different."""
    clinic = get_clinic(current_actor(), clinic_id, Action.WRITE)
    shares = shares_of(clinic.id)
    rows = {period.id: row for row, period in enumerate(clinic.periods)}
    places = {f"{of}_{rows[period_id]}": share.places for (period_id, of), share in shares.items() if of is not None}
    return _page(Form(ChangeForm(), **presets_of(clinic, places)), clinic)


@bp.post("/<uuid:clinic_id>/change")
def change(clinic_id: UUID) -> Page:
    """Change the clinic."""
    form = Form.submitted(ChangeForm())
    if form.is_valid:
        refuse_half_rows(form)
    if form.is_valid:
        wanted = ClinicChange(
            periods=periods_of(form.data),
            department_id=form.data["department_id"],
            local_doctor_id=form.data["local_doctor_id"],
            fee_fen=fee_fen_of(form.data),
            note=form.data["note"],
        )
        changed = form.attempt(lambda: change_clinic(current_actor(), clinic_id, wanted, form.data["version"]))
        say_once(form)
        if changed is not None:
            flash("坐诊已修改。", "done")
            return redirect(url_for("console.clinics.show", clinic_id=clinic_id))
    return _page(form, get_clinic(current_actor(), clinic_id, Action.WRITE))


@bp.post("/<uuid:clinic_id>/cancel")
def cancel(clinic_id: UUID) -> Page:
    """Take the clinic out of the plan."""
    form = Form.submitted(VersionForm())
    week = get_clinic(current_actor(), clinic_id, Action.WRITE).held_on
    if not form.is_valid:
        flash("提交的内容与页面不符，请刷新页面后再试。", "problem")
        return redirect(url_for("console.clinics.show", clinic_id=clinic_id))
    try:
        cancel_clinic(current_actor(), clinic_id, form.data["version"])
    except (NotFound, Forbidden):
        raise
    except BangfuError as error:
        flash(error.text, "problem")
        return redirect(url_for("console.clinics.show", clinic_id=clinic_id))
    flash("坐诊已取消，已通知专家。", "done")
    return redirect(url_for("console.clinics.show_week", week=week))


def _page(form: Form, clinic: Clinic) -> Page:
    page = render_template(
        "clinics/change.html", form=form, clinic=clinic, doctors=people_at(clinic.recipient_id), rows=PERIODS
    )
    return page, form.status
