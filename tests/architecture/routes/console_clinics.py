"""The console's routes about clinics and patients."""

from __future__ import annotations

from backend.domain.access.rules import Resource
from tests.architecture.rights import (
    Route,
    listing,
    office_listing,
    own_organisation,
    row_of_pair,
    row_of_pair_but_not_ones_own,
    row_of_township_itself,
)
from tests.architecture.routes.asked import (
    DECIDE,
    PERSON,
    READ,
    WRITE,
)

CLINICS = {
    "console.closures.show_list": Route(listing(READ, Resource.CLOSURE)),
    "console.closures.show_new": Route(row_of_pair(DECIDE, Resource.CLINIC)),
    "console.closures.close": Route(row_of_pair(DECIDE, Resource.CLINIC), body={"reason": "road", "version": "1"}),
    "console.closures.substitute": Route(
        row_of_pair_but_not_ones_own(DECIDE, Resource.CLINIC), body={"person": PERSON, "version": "1"}
    ),
    "console.closures.show": Route(row_of_pair(READ, Resource.CLOSURE)),
    "console.closures.review": Route(row_of_pair(DECIDE, Resource.CLOSURE), body={"review": "confirmed"}),
    "console.closures.show_calls": Route(row_of_pair(READ, Resource.CALL_LIST)),
    "console.closures.tick_off": Route(
        row_of_pair(WRITE, Resource.CALL_LIST),
        body={"outcome": "informed", "version": "1"},
        ids={"booking_id": "{fallen_booking_id}"},
    ),
    "console.desk.show_days": Route(office_listing(DECIDE, Resource.BOOKING)),
    "console.desk.show": Route(row_of_pair(WRITE, Resource.BOOKING)),
    "console.desk.scan": Route(row_of_pair(WRITE, Resource.BOOKING), body={"scan": "999"}),
    "console.desk.call_the_next": Route(row_of_pair(WRITE, Resource.BOOKING)),
    "console.desk.act": Route(row_of_pair(WRITE, Resource.BOOKING), body={"version": "1", "act": "arrive"}),
    "console.desk.show_pdf": Route(row_of_pair(WRITE, Resource.BOOKING)),
    "console.desk.show_afterwards": Route(row_of_pair(WRITE, Resource.BOOKING)),
    "console.desk.enter_afterwards": Route(row_of_pair(WRITE, Resource.BOOKING)),
    "console.desk.show_walk_in": Route(row_of_pair(WRITE, Resource.BOOKING)),
    "console.desk.find": Route(row_of_pair(WRITE, Resource.BOOKING), body={"name": "某人"}),
    "console.desk.register": Route(
        row_of_pair(WRITE, Resource.BOOKING), body={"name": "某人", "sex": "female", "identity_kind": "desk_word"}
    ),
    "console.desk.book": Route(
        row_of_pair(WRITE, Resource.BOOKING), body={"patient_id": "{patient_id}", "key": "made-for-this-test"}
    ),
    "console.desk.show_appeals": Route(office_listing(DECIDE, Resource.BOOKING)),
    "console.desk.decide": Route(
        row_of_pair(DECIDE, Resource.BOOKING), body={"version": "1", "decision": "excused", "reason": "属实"}
    ),
    "console.patients.show_find": Route(own_organisation(READ, Resource.PATIENT)),
    "console.patients.find": Route(own_organisation(READ, Resource.PATIENT), body={"name": "罗桂兰"}),
    "console.patients.show": Route(row_of_township_itself(READ, Resource.PATIENT)),
    "console.patients.open_one": Route(row_of_township_itself(READ, Resource.PATIENT), body={"purpose": "电话通知"}),
    "console.patients.change": Route(
        row_of_township_itself(WRITE, Resource.PATIENT), body={"telephone": "13900001234"}
    ),
    "console.clinics.show_week": Route(listing(READ, Resource.CLINIC)),
    "console.clinics.show_new": Route(listing(WRITE, Resource.CLINIC)),
    "console.clinics.preview": Route(listing(WRITE, Resource.CLINIC)),
    "console.clinics.create": Route(listing(WRITE, Resource.CLINIC)),
    "console.clinics.show": Route(row_of_pair(READ, Resource.CLINIC)),
    "console.clinics.show_change": Route(row_of_pair(WRITE, Resource.CLINIC)),
    "console.clinics.change": Route(row_of_pair(WRITE, Resource.CLINIC), body={"version": "1"}),
    "console.clinics.cancel": Route(row_of_pair(WRITE, Resource.CLINIC), body={"version": "1"}),
}
