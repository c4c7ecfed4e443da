"""Printing who comes to a clinic; who printed it is on record."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.accounts.rules import SEX_LABELS, Sex
from backend.domain.audit.service import record_event
from backend.domain.clinics.printing.day_list import PrintedBooking, PrintedDay
from backend.domain.clinics.queries.desk import get_desk_clinic, list_day, turn_of
from backend.domain.clinics.rules.bookings import STATUS_LABELS, BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.patients.rules import known_age, masked_name
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


def print_day(actor: Actor, clinic_id: UUID) -> PrintedDay:
    """Return the list of a clinic as it is printed, by period and number.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic; it is the desk that prints.
    """
    with transaction():
        clinic = get_desk_clinic(actor, clinic_id, Action.WRITE)
        bookings = sorted((row.booking for row in list_day(actor, clinic_id).rows), key=turn_of)
        record_event(
            actor, "print_day_list", "clinic", clinic_id, organisation_id=clinic.recipient_id, people=len(bookings)
        )
        return PrintedDay(
            organisation=clinic.recipient.name,
            site=clinic.site.name,
            expert=f"{clinic.expert.name} {clinic.expert.title}".strip(),
            department=clinic.department.name if clinic.department else "",
            local_doctor=clinic.local_doctor.name if clinic.local_doctor else "",
            day=clinic.held_on,
            starts_at=clinic.starts_at,
            ends_at=clinic.ends_at,
            closed=clinic.status is ClinicStatus.CLOSED,
            rows=[
                PrintedBooking(
                    number=booking.number,
                    extra=booking.place.extra,
                    starts_at=booking.starts_at,
                    ends_at=booking.ends_at,
                    name_masked=masked_name(booking.patient.name),
                    sex_label="" if booking.patient.sex is Sex.UNKNOWN else SEX_LABELS[booking.patient.sex],
                    age=known_age(booking.patient.born_on, booking.held_on),
                    remark="" if booking.status is BookingStatus.BOOKED else STATUS_LABELS[booking.status],
                )
                for booking in bookings
            ],
            printed_at=clock.now(),
        )
