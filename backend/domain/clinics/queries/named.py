"""Loading clinics with whatever names them: who sees patients, where, and for which department."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.wording import what_label, where_label
from backend.extensions import db


def names_of_clinic() -> tuple[_AbstractLoad, ...]:
    """Return what loads a clinic's names with it."""
    return (
        joinedload(Clinic.expert),
        joinedload(Clinic.site),
        joinedload(Clinic.recipient),
        joinedload(Clinic.department),
    )


def get_named_clinic(clinic_id: UUID) -> Clinic:
    """Return a clinic that is known to exist, as it stands in the database now."""
    statement = select(Clinic).where(Clinic.id == clinic_id).options(*names_of_clinic())
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def expert_label(clinic: Clinic) -> str:
    """Return who is to be seen: 内科 吕芬春主治医师."""
    expert, department = clinic.expert, clinic.department
    return what_label(expert.name, expert.title, department.name if department else None)


def place_label(clinic: Clinic) -> str:
    """Return where."""
    return where_label(clinic.recipient.name, clinic.site.name)
