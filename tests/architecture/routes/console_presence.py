"""The console's routes about dispatches and presence."""

from __future__ import annotations

from backend.domain.access.rules import Action, Resource
from tests.architecture.rights import (
    Route,
    asking_for_changes,
    everybody,
    export_of,
    listing,
    nobody_but_a_tablet,
    row_of_hospital,
    row_of_pair,
    row_of_township,
    uploading_papers,
)
from tests.architecture.routes.asked import (
    CONFIRM,
    CORRECTION,
    DECIDE,
    LATER,
    LEAVE,
    MONTH,
    PERSON,
    READ,
    REASON,
    TODAY,
    WRITE,
)
from tests.support.pictures import PNG

PRESENCE = {
    "console.today.show": Route(listing(READ, Resource.CHECK_IN)),
    "console.exceptions.show_list": Route(listing(READ, Resource.CHECK_IN)),
    "console.exceptions.show": Route(row_of_pair(READ, Resource.CHECK_IN)),
    "console.exceptions.confirm": Route(
        row_of_pair(CONFIRM, Resource.CHECK_IN), body={"version": "0", "confirmation": "present"}
    ),
    "console.exceptions.judge": Route(
        row_of_pair(DECIDE, Resource.CHECK_IN), body={"version": "0", "judgement": "accepted", "reason": "核实"}
    ),
    "console.exceptions.question": Route(row_of_pair(DECIDE, Resource.CHECK_IN)),
    "console.spot_checks.show_list": Route(listing(READ, Resource.SPOT_CHECK)),
    "console.spot_checks.show_people": Route(listing(READ, Resource.SPOT_CHECK)),
    "console.spot_checks.show_new": Route(row_of_pair(WRITE, Resource.SPOT_CHECK)),
    "console.spot_checks.order": Route(row_of_pair(WRITE, Resource.SPOT_CHECK), body={"kind": "presence"}),
    "console.spot_checks.show": Route(row_of_pair(READ, Resource.SPOT_CHECK)),
    "console.spot_checks.record": Route(
        row_of_pair(DECIDE, Resource.SPOT_CHECK), body={"version": "1", "present": "yes", "note": "护士站接听"}
    ),
    "console.spot_checks.review": Route(
        row_of_pair(DECIDE, Resource.SPOT_CHECK), body={"version": "1", "review": "excused", "reason": "核实"}
    ),
    "console.rotations.show_list": Route(listing(READ, Resource.ROTATION)),
    "console.rotations.show": Route(row_of_pair(READ, Resource.ROTATION)),
    "console.dispatches.show_list": Route(listing(READ, Resource.DISPATCH)),
    "console.dispatches.show": Route(row_of_pair(READ, Resource.DISPATCH)),
    "console.dispatches.show_new": Route(listing(WRITE, Resource.DISPATCH)),
    "console.dispatches.create": Route(
        row_of_pair(WRITE, Resource.DISPATCH),
        body={
            "person_id": PERSON,
            "recipient_id": "{recipient_id}",
            "kind": "posted",
            "starts_on": str(TODAY),
            "ends_on": str(LATER),
            "halves": "0",
        },
    ),
    "console.dispatches.show_change": Route(row_of_pair(WRITE, Resource.DISPATCH)),
    "console.dispatches.change": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body={"version": "1", "ends_on": str(LATER), "halves": "0"}
    ),
    "console.dispatches.end_early": Route(row_of_pair(WRITE, Resource.DISPATCH), body=REASON | {"ends_on": str(TODAY)}),
    "console.dispatches.cancel": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body=REASON, ids={"dispatch_id": "{planned_dispatch_id}"}
    ),
    "console.dispatches.show_substitute": Route(row_of_pair(WRITE, Resource.DISPATCH)),
    "console.dispatches.substitute": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body=REASON | {"person_id": PERSON, "from_day": str(TODAY)}
    ),
    "console.dispatches.ask_location": Route(row_of_pair(READ, Resource.COORDINATES)),
    "console.dispatches.show_location": Route(row_of_pair(READ, Resource.COORDINATES), body={"reason": "核实"}),
    "console.timesheets.show_list": Route(listing(READ, Resource.TIMESHEET)),
    "console.timesheets.show_unsigned": Route(listing(READ, Resource.TIMESHEET)),
    "console.timesheets.show": Route(row_of_pair(READ, Resource.TIMESHEET), ids=MONTH),
    "console.timesheets.show_pdf": Route(row_of_pair(READ, Resource.TIMESHEET), ids=MONTH),
    "console.timesheets.show_xlsx": Route(row_of_pair(READ, Resource.TIMESHEET), ids=MONTH),
    "console.timesheets.submit": Route(row_of_pair(WRITE, Resource.TIMESHEET), body={"version": "1"}, ids=MONTH),
    "console.timesheets.confirm": Route(
        row_of_pair(Action.CONFIRM, Resource.CHECK_IN), body={"version": "0", "confirmation": "present"}
    ),
    "console.timesheets.countersign": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"version": "1"}),
    "console.timesheets.give_back": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body=REASON),
    "console.timesheets.amend": Route(
        asking_for_changes, body={"line": f"{TODAY}:morning", "after": "absent", "reason": "核对"}
    ),
    "console.timesheets.decide": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"decision": "accept"}),
    "console.timesheets.show_scan": Route(row_of_pair(READ, Resource.TIMESHEET)),
    "console.timesheets.add_scan": Route(uploading_papers, file=PNG),
    "console.timesheets.ask_together": Route(listing(DECIDE, Resource.TIMESHEET)),
    "console.timesheets.sign_together": Route(
        listing(DECIDE, Resource.TIMESHEET), body={"month": f"{TODAY:%Y-%m}", "chosen": "{timesheet_id}:1"}
    ),
    "console.timesheets.export": Route(export_of(Resource.TIMESHEET), body={"month": f"{TODAY:%Y-%m}"}),
    "console.dispatches.show_suspension_substitute": Route(row_of_pair(WRITE, Resource.DISPATCH)),
    "console.dispatches.post_suspension_substitute": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body={"person_id": PERSON}
    ),
    "console.requests.show_leaves": Route(listing(READ, Resource.LEAVE)),
    "console.requests.show_leave": Route(row_of_pair(READ, Resource.LEAVE), ids=LEAVE),
    "console.requests.accept_leave": Route(row_of_pair(DECIDE, Resource.LEAVE), body={"version": "1"}, ids=LEAVE),
    "console.requests.refuse_leave": Route(row_of_pair(DECIDE, Resource.LEAVE), body=REASON, ids=LEAVE),
    "console.requests.show_paper": Route(row_of_pair(READ, Resource.LEAVE_PAPER), ids=LEAVE),
    "console.requests.show_corrections": Route(listing(READ, Resource.CORRECTION)),
    "console.requests.show_correction": Route(row_of_pair(READ, Resource.CORRECTION), ids=CORRECTION),
    "console.requests.accept_correction": Route(
        row_of_pair(DECIDE, Resource.CORRECTION), body={"version": "1"}, ids=CORRECTION
    ),
    "console.requests.refuse_correction": Route(row_of_pair(DECIDE, Resource.CORRECTION), body=REASON, ids=CORRECTION),
    "console.requests.show_missed": Route(listing(READ, Resource.CHECK_IN)),
    "console.requests.decide_missed": Route(
        row_of_pair(DECIDE, Resource.CHECK_IN),
        body={"dispatch_id": "{dispatch_id}", "duty_on": str(TODAY), "shift": "morning", "reason": "无说明"},
    ),
    "console.requests.withdraw_missed": Route(row_of_pair(DECIDE, Resource.CHECK_IN)),
    "console.delegations.show_list": Route(listing(READ, Resource.DELEGATION)),
    "console.delegations.show_new": Route(listing(WRITE, Resource.DELEGATION)),
    "console.delegations.give": Route(
        row_of_township(WRITE, Resource.DELEGATION),
        body={"person_id": "{nurse_id}", "starts_on": str(TODAY), "ends_on": str(LATER)},
    ),
    "console.delegations.end": Route(row_of_township(WRITE, Resource.DELEGATION)),
    "console.tablet.show": Route(everybody),
    "console.tablet.pair": Route(everybody, body={"code": "ABCD-EFGH-JK23"}),
    "console.tablet.tell": Route(nobody_but_a_tablet),
    "console.site_tablets.show_list": Route(row_of_hospital(READ, Resource.SITE_TABLET)),
    "console.site_tablets.register": Route(row_of_hospital(WRITE, Resource.SITE_TABLET), body={"name": "门诊大厅"}),
    "console.site_tablets.revoke": Route(row_of_hospital(WRITE, Resource.SITE_TABLET)),
}
