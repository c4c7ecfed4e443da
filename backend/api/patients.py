"""/patients: for whom one may book, and whom the desk finds and registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.patients import (
    ContactInput,
    DeskPatientOut,
    DeskPatientsOut,
    FindInput,
    OpenInput,
    PatientInput,
    PatientOut,
    PatientsOut,
    PrivateOut,
    RegistrationInput,
)
from backend.domain.clinics.queries.suspensions import suspensions_of
from backend.domain.clinics.service.patients import find_patients, open_patient, remove_patient
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.queries import list_links
from backend.domain.patients.rules import IDENTITY_LABELS, RELATION_LABELS, Relation, known_age, masked_name
from backend.domain.patients.service.adding import add_patient, register_patient
from backend.domain.patients.service.changing import change_contact
from backend.domain.patients.service.records import PatientForm
from backend.foundation import clock

bp = APIBlueprint("patients", __name__, url_prefix="/patients", tag="就诊人")


@bp.get("")
@bp.output(PatientsOut)
@bp.doc(summary="本人的就诊人")
def show_all() -> dict[str, Any]:
    links = list_links(current_actor())
    return {"items": _linked(links)}


@bp.post("")
@bp.input(PatientInput)
@bp.output(PatientOut, status_code=201)
@bp.doc(summary="添加就诊人", responses={403: "没有权限", 409: "已达上限", 429: "尝试次数过多"})
def add(json_data: dict[str, Any]) -> dict[str, Any]:
    relation = json_data.pop("relation")
    return _linked([add_patient(current_actor(), relation, PatientForm(**json_data))])[0]


@bp.put("/<uuid:patient_id>")  # a mini-program knows no PATCH
@bp.input(ContactInput)
@bp.output(PatientOut)
@bp.doc(summary="修改就诊人的联系方式", responses={404: "没有这位就诊人"})
def change(patient_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _linked([change_contact(current_actor(), patient_id, **json_data)])[0]


@bp.delete("/<uuid:patient_id>")
@bp.output({}, 204)
@bp.doc(summary="移除就诊人", responses={404: "没有这位就诊人", 409: "还有未就诊的预约"})
def remove(patient_id: UUID) -> str:
    remove_patient(current_actor(), patient_id)
    return ""


@bp.post("/find")
@bp.input(FindInput)
@bp.output(DeskPatientsOut)
@bp.doc(summary="服务台查找就诊人（留痕）", responses={403: "没有权限"})
def find(json_data: dict[str, Any]) -> dict[str, Any]:
    return {"items": _at_desk(find_patients(current_actor(), **json_data))}


@bp.post("/register")
@bp.input(RegistrationInput)
@bp.output(DeskPatientOut, status_code=201)
@bp.doc(summary="服务台登记就诊人", responses={403: "没有权限", 429: "尝试次数过多"})
def register(json_data: dict[str, Any]) -> dict[str, Any]:
    return _at_desk([register_patient(current_actor(), PatientForm(**json_data))])[0]


@bp.post("/<uuid:patient_id>/open")
@bp.input(OpenInput)
@bp.output(PrivateOut)
@bp.doc(summary="服务台查看就诊人完整信息（留痕）", responses={403: "没有权限", 404: "没有这位就诊人"})
def open_one(patient_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    patient, private = open_patient(current_actor(), patient_id, **json_data)
    return {
        "name": patient.name,
        "telephone": private.telephone,
        "address": private.address,
        "identity_number": private.identity_number,
    }


def _linked(links: Sequence[PatientLink]) -> list[dict[str, Any]]:
    # A suspension is from the phone's places; residents are booked out of the family doctors'.
    suspended = suspensions_of([link.patient_id for link in links if link.relation is not Relation.RESIDENT])
    masked = _masked([link.patient for link in links], suspended)
    return [
        masked[link.patient_id] | {"relation": link.relation, "relation_label": RELATION_LABELS[link.relation]}
        for link in links
    ]


def _at_desk(patients: Sequence[Patient]) -> list[dict[str, Any]]:
    masked = _masked(patients, suspensions_of([patient.id for patient in patients]))
    return [masked[patient.id] | {"address_given": patient.address is not None} for patient in patients]


def _masked(patients: Sequence[Patient], suspended: Mapping[UUID, date]) -> dict[UUID, dict[str, Any]]:
    return {
        patient.id: {
            "id": patient.id,
            "name_masked": masked_name(patient.name),
            "sex": patient.sex,
            "age": known_age(patient.born_on, clock.today()),
            "identity_label": IDENTITY_LABELS[patient.identity_kind],
            "identity_masked": patient.identity_masked,
            "telephone_masked": patient.telephone_masked,
            "may_book": patient.id not in suspended,
            "why_not_book": _why_not_book(suspended.get(patient.id)),
        }
        for patient in patients
    }


def _why_not_book(until: date | None) -> str | None:
    if until is None:
        return None
    last = until - timedelta(days=1)
    return f"多次预约未到，手机预约暂停至{last.month}月{last.day}日，需要就诊请到现场服务台。"
