"""What an entry of the table of kinds says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.domain.activities.rules.fields import Field


class ActivityKind(StrEnum):
    """What was done."""

    OUTPATIENT_CLINIC = "outpatient_clinic"
    WARD_ROUND = "ward_round"
    TEACHING_ROUND = "teaching_round"
    SURGERY_OWN = "surgery_own"
    SURGERY_DEMONSTRATED = "surgery_demonstrated"
    SURGERY_TAUGHT = "surgery_taught"
    CONSULTATION = "consultation"
    DIFFICULT_CASE = "difficult_case"
    CRITICAL_CASE = "critical_case"
    DEATH_CASE = "death_case"
    RESCUE = "rescue"
    LECTURE = "lecture"
    TRAINING = "training"
    COURSEWARE = "courseware"
    NEW_TECHNIQUE = "new_technique"
    FREE_CLINIC = "free_clinic"
    HOME_VISIT = "home_visit"
    REMOTE_CONSULTATION = "remote_consultation"
    REMOTE_IMAGING = "remote_imaging"
    REMOTE_ECG = "remote_ecg"
    REMOTE_ULTRASOUND = "remote_ultrasound"
    REMOTE_PATHOLOGY = "remote_pathology"
    REMOTE_LECTURE = "remote_lecture"


class Unit(StrEnum):
    """What a quantity counts."""

    PERSONS = "人"
    PERSON_TIMES = "人次"
    CASES = "例"
    OPERATIONS = "台次"
    TIMES = "次"


class Group(StrEnum):
    """Kinds that stand together where one is chosen."""

    CLINIC = "clinic"
    SURGERY = "surgery"
    CASES = "cases"
    TEACHING = "teaching"
    PUBLIC = "public"
    REMOTE = "remote"


class Proof(StrEnum):
    """A file by what it proves."""

    PHOTO = "photo"
    SIGN_IN_SHEET = "sign_in_sheet"
    MATERIAL = "material"
    OTHER = "other"


@dataclass(frozen=True)
class KindEntry:
    """One kind of record.

    `quantity`: the fields whose sum is the quantity, none where each record is one. `person_times`: the field that
    holds how many people it reached, in 人次. `title`: the field that names it in a list, none where the kind does.
    `proofs`: what a complete record of it shows. `teaches`: somebody of the recipient learns by it. `words`: what old
    ledgers call it, the label apart; the unit of those may be any of `units_said`, for example 例 for operations.
    """

    kind: ActivityKind
    label: str
    group: Group
    unit: Unit
    fields: tuple[Field, ...]
    quantity: tuple[str, ...] = ()
    person_times: str = ""
    title: str = ""
    proofs: tuple[Proof, ...] = ()
    teaches: bool = False
    words: tuple[str, ...] = ()
    units_said: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def clinical_fields(self) -> frozenset[str]:
        """The names of the fields that are about a patient."""
        return frozenset(field.name for field in self.fields if field.clinical)
