"""The routes that phones call, with who may use them."""

from __future__ import annotations

from backend.domain.access.rules import Resource
from tests.architecture.rights import (
    Route,
    asking_for_changes,
    everybody,
    facts_of_hospital,
    filing_papers,
    listing,
    nobody_but_wechat,
    nobody_without_a_token,
    office_listing,
    own_organisation,
    row_of_pair,
    row_of_pair_but_not_ones_own,
    row_of_township,
    row_of_township_itself,
    the_one_concerned,
    whoever_is_logged_in,
    whoever_is_on_a_roster,
)
from tests.architecture.routes.asked import (
    CLAIM,
    CONFIRM,
    CORRECTION,
    DECIDE,
    LATER,
    LEAVE,
    PERSON,
    READ,
    RECORD,
    RECORD_NOW,
    SIGNED,
    TODAY,
    WRITE,
)
from tests.support.pictures import PNG

API = {
    "api.static": Route(everybody, ids={"filename": "swagger-ui/page.js"}),
    "api.docs": Route(everybody),
    "openapi.spec": Route(everybody),
    "api.session.log_in": Route(everybody, body={"code": "x"}),
    "api.session.refresh": Route(everybody, body={"refresh_token": "x"}),
    "api.session.log_out": Route(whoever_is_logged_in),
    "api.me.show": Route(whoever_is_logged_in),
    "api.me.switch_role": Route(
        lambda someone: whoever_is_logged_in(someone) or 403,  # a role that nobody here holds in the township
        body={"role": "education", "organisation_id": "{site_id}"},
    ),
    "api.me.bind": Route(whoever_is_logged_in, body={"phone_code": "x", "name": "某人", "identity_last4": "1234"}),
    "api.bank_accounts.show": Route(whoever_is_on_a_roster),
    "api.bank_accounts.put": Route(whoever_is_on_a_roster, body={"bank": "农业银行", "number": "6228480402564890018"}),
    "api.promotion.show": Route(whoever_is_logged_in),
    "api.promotion.show_certificate": Route(the_one_concerned),
    "api.attendance.show_today": Route(whoever_is_logged_in),
    "api.attendance.show_month": Route(whoever_is_logged_in, query={"month": f"{TODAY:%Y-%m}"}),
    "api.attendance.make_nonce": Route(whoever_is_logged_in),
    "api.reviews.show_exceptions": Route(listing(READ, Resource.CHECK_IN)),
    "api.reviews.explain": Route(row_of_pair(WRITE, Resource.CHECK_IN), body={"text": "在下村途中"}),
    "api.reviews.confirm": Route(
        row_of_pair(CONFIRM, Resource.CHECK_IN), body={"version": 0, "confirmation": "present"}
    ),
    "api.reviews.judge": Route(
        row_of_pair(DECIDE, Resource.CHECK_IN), body={"version": 0, "judgement": "accepted", "reason": "核实"}
    ),
    "api.attendance.check_in": Route(
        the_one_concerned, body={"dispatch_id": "{dispatch_id}", "kind": "out", "location": None}
    ),
    "api.attachments.upload": Route(whoever_is_on_a_roster, file=PNG),
    "api.attachments.fetch_for_check": Route(nobody_without_a_token, ids={"token": "forged"}),
    "api.attachments.download": Route(the_one_concerned),
    "api.leave_credits.show_own": Route(whoever_is_on_a_roster),
    "api.evaluations.show_all": Route(listing(READ, Resource.EVALUATION)),
    "api.evaluations.show": Route(row_of_pair(READ, Resource.EVALUATION)),
    "api.evaluations.write": Route(row_of_pair(WRITE, Resource.EVALUATION), body={"version": 1, "opinion": "同意"}),
    "api.evaluations.give_back": Route(row_of_pair(WRITE, Resource.EVALUATION), body={"version": 1, "reason": "请改"}),
    "api.evaluations.sign": Route(row_of_pair(WRITE, Resource.EVALUATION), body={"version": 1}),
    "api.evaluations.raise_objection": Route(
        row_of_pair(WRITE, Resource.EVALUATION), body={"version": 1, "reason": "等次偏低"}
    ),
    "api.evaluations.answer": Route(
        row_of_pair(WRITE, Resource.EVALUATION), body={"version": 1, "answer": "维持", "revise": False}
    ),
    "api.evaluations.show_pdf": Route(row_of_pair(READ, Resource.EVALUATION)),
    "api.evaluations.show_docx": Route(row_of_pair(READ, Resource.EVALUATION)),
    "api.timesheets.show_all": Route(listing(READ, Resource.TIMESHEET), query={"month": f"{TODAY:%Y-%m}"}),
    "api.timesheets.show": Route(row_of_pair(READ, Resource.TIMESHEET), ids={"month": f"{TODAY:%Y-%m}"}),
    "api.timesheets.submit": Route(
        row_of_pair(WRITE, Resource.TIMESHEET), body={"version": 0}, ids={"month": f"{TODAY:%Y-%m}"}
    ),
    "api.timesheets.countersign": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"version": 1}),
    "api.timesheets.countersign_together": Route(listing(DECIDE, Resource.TIMESHEET), body={"timesheets": []}),
    "api.timesheets.give_back": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"version": 1, "reason": "请核对"}),
    "api.timesheets.amend": Route(
        asking_for_changes,
        body={"duty_on": f"{TODAY}", "shift": "morning", "after": "absent", "leave_kind": None, "reason": "核对"},
    ),
    "api.timesheets.accept_amendment": Route(row_of_pair(DECIDE, Resource.TIMESHEET)),
    "api.timesheets.reject_amendment": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"reason": "不符"}),
    "api.timesheets.show_pdf": Route(row_of_pair(READ, Resource.TIMESHEET)),
    "api.timesheets.show_xlsx": Route(row_of_pair(READ, Resource.TIMESHEET)),
    "api.timesheets.put_scan": Route(filing_papers, body={"attachment_id": "{attachment_id}"}),
    "api.timesheets.show_scan": Route(row_of_pair(READ, Resource.TIMESHEET)),
    "api.corrections.show_all": Route(listing(READ, Resource.CORRECTION)),
    "api.corrections.request": Route(
        row_of_pair(WRITE, Resource.CORRECTION),
        body={
            "dispatch_id": "{dispatch_id}",
            "duty_on": str(TODAY),
            "shift": "morning",
            "kind": "in",
            "happened_at": f"{TODAY}T00:00:00+08:00",
            "reason": "手机没电",
        },
    ),
    "api.corrections.show": Route(row_of_pair(READ, Resource.CORRECTION), ids=CORRECTION),
    "api.corrections.cancel": Route(row_of_pair(WRITE, Resource.CORRECTION), body={"version": 1}, ids=CORRECTION),
    "api.corrections.accept": Route(row_of_pair(DECIDE, Resource.CORRECTION), body={"version": 1}, ids=CORRECTION),
    "api.corrections.reject": Route(
        row_of_pair(DECIDE, Resource.CORRECTION), body={"version": 1, "reason": "与现场不符"}, ids=CORRECTION
    ),
    "api.spot_checks.show_all": Route(listing(READ, Resource.SPOT_CHECK)),
    "api.spot_checks.show_open": Route(whoever_is_logged_in),
    "api.spot_checks.order": Route(
        row_of_pair(WRITE, Resource.SPOT_CHECK), body={"dispatch_id": "{dispatch_id}", "kind": "presence"}
    ),
    "api.spot_checks.answer": Route(the_one_concerned, body={"means": "surgery"}),
    "api.spot_checks.explain": Route(the_one_concerned, body={"text": "正在手术"}),
    "api.spot_checks.record_landline_call": Route(
        row_of_pair(DECIDE, Resource.SPOT_CHECK), body={"present": True, "note": "护士站接听", "version": 1}
    ),
    "api.spot_checks.review": Route(
        row_of_pair(DECIDE, Resource.SPOT_CHECK), body={"review": "excused", "reason": "核实", "version": 1}
    ),
    "api.calendar_feeds.show": Route(everybody, ids={"secret": "address-of-the-doctor"}),
    "api.calendar_feeds.give": Route(whoever_is_on_a_roster),
    "api.calendar_feeds.end": Route(whoever_is_on_a_roster),
    "api.clinics.search": Route(everybody),
    "api.clinics.show_filters": Route(everybody),
    "api.clinics.show": Route(everybody),
    "api.clinics.show_mine": Route(listing(READ, Resource.CLINIC)),
    "api.leave.show_all": Route(listing(READ, Resource.LEAVE)),
    "api.leave.request": Route(
        row_of_pair(WRITE, Resource.LEAVE),
        body={
            "dispatch_id": "{dispatch_id}",
            "kind": "sick",
            "starts_on": str(TODAY),
            "starts_with": "morning",
            "ends_on": str(TODAY),
            "ends_with": "morning",
            "reason": "发热",
        },
    ),
    "api.leave.show": Route(row_of_pair(READ, Resource.LEAVE), ids=LEAVE),
    "api.leave.cancel": Route(row_of_pair(WRITE, Resource.LEAVE), body={"version": 1}, ids=LEAVE),
    "api.leave.accept": Route(row_of_pair(DECIDE, Resource.LEAVE), body={"version": 1}, ids=LEAVE),
    "api.leave.reject": Route(
        row_of_pair(DECIDE, Resource.LEAVE), body={"version": 1, "reason": "人手不足"}, ids=LEAVE
    ),
    "api.leave.download": Route(row_of_pair(READ, Resource.LEAVE_PAPER), ids=LEAVE),
    "api.delegations.show_all": Route(listing(READ, Resource.DELEGATION)),
    "api.delegations.show_candidates": Route(
        row_of_township(WRITE, Resource.DELEGATION), query={"organisation_id": "{recipient_id}"}
    ),
    "api.delegations.give": Route(
        row_of_township(WRITE, Resource.DELEGATION),
        body={"person_id": "{nurse_id}", "starts_on": str(TODAY), "ends_on": str(LATER)},
    ),
    "api.delegations.end": Route(row_of_township(WRITE, Resource.DELEGATION)),
    "api.patients.show_all": Route(whoever_is_logged_in),
    "api.patients.add": Route(
        whoever_is_logged_in,
        body={
            "name": "罗桂兰",
            "relation": "parent",
            "identity_kind": "social_security_card",
            "identity_number": "A12345678",
        },
    ),
    "api.patients.change": Route(the_one_concerned, body={"telephone": "13900001234"}),
    "api.patients.remove": Route(the_one_concerned),
    "api.patients.find": Route(own_organisation(READ, Resource.PATIENT), body={"name": "罗桂兰"}),
    "api.patients.register": Route(
        own_organisation(WRITE, Resource.PATIENT),
        body={"name": "罗桂兰", "sex": "female", "identity_kind": "desk_word"},
    ),
    "api.patients.open_one": Route(row_of_township_itself(READ, Resource.PATIENT), body={"purpose": "电话通知停诊"}),
    "api.dispatches.show_all": Route(listing(READ, Resource.DISPATCH)),
    "api.dispatches.show": Route(row_of_pair(READ, Resource.DISPATCH)),
    "api.dispatches.show_rotations": Route(listing(READ, Resource.ROTATION)),
    "api.organisations.show_all": Route(whoever_is_logged_in),
    "api.organisations.show": Route(facts_of_hospital),
    "api.organisations.show_sites": Route(facts_of_hospital, query={"organisation_id": "{organisation_id}"}),
    "api.notifications.show_templates": Route(whoever_is_logged_in, query={"for": "booking"}),
    "api.wechat.greet": Route(nobody_but_wechat, query=SIGNED | {"echostr": "x"}),
    "api.wechat.take": Route(nobody_but_wechat, query=SIGNED),
    "api.bookings.book": Route(the_one_concerned, body={"clinic_id": "{clinic_id}", "patient_id": "{patient_id}"}),
    "api.bookings.show_all": Route(whoever_is_logged_in),
    "api.bookings.show": Route(the_one_concerned),
    "api.bookings.cancel": Route(the_one_concerned, body={"version": 1}),
    "api.bookings.move": Route(the_one_concerned, body={"clinic_id": "{clinic_id}", "version": 1}),
    "api.bookings.appeal": Route(the_one_concerned, body={"text": "路上塌方，到得晚"}),
    "api.desk.show_day": Route(row_of_pair(READ, Resource.BOOKING)),
    "api.desk.book": Route(row_of_pair(WRITE, Resource.BOOKING), body={"patient_id": "{patient_id}"}),
    "api.desk.add_places": Route(
        row_of_pair(CONFIRM, Resource.BOOKING), body={"period_id": "{patient_id}", "count": 1}
    ),
    "api.desk.enter": Route(row_of_pair(WRITE, Resource.BOOKING), body={"bookings": []}),
    "api.desk.register_by_ticket": Route(row_of_pair(WRITE, Resource.BOOKING), body={"ticket": "{ticket}"}),
    "api.desk.register_arrival": Route(row_of_pair(WRITE, Resource.BOOKING), body={"version": 1}),
    "api.desk.call_in": Route(row_of_pair(WRITE, Resource.BOOKING), body={"version": 1}),
    "api.desk.register_seen": Route(row_of_pair(WRITE, Resource.BOOKING), body={"version": 1}),
    "api.desk.register_no_show": Route(row_of_pair(DECIDE, Resource.BOOKING), body={"version": 1}),
    "api.desk.show_appeals": Route(listing(DECIDE, Resource.BOOKING)),
    "api.desk.decide": Route(
        row_of_pair(DECIDE, Resource.BOOKING), body={"decision": "excused", "reason": "属实", "version": 1}
    ),
    "api.waitlist.show_all": Route(whoever_is_logged_in),
    "api.waitlist.join": Route(the_one_concerned, body={"clinic_id": "{clinic_id}", "patient_id": "{patient_id}"}),
    "api.waitlist.leave": Route(the_one_concerned),
    "api.offers.show_all": Route(whoever_is_logged_in),
    "api.offers.show": Route(the_one_concerned),
    "api.offers.accept": Route(the_one_concerned),
    "api.offers.decline": Route(the_one_concerned),
    "api.activities.show_kinds": Route(whoever_is_logged_in),
    "api.activities.show_last": Route(whoever_is_logged_in, query={"kind": "lecture"}),
    "api.activities.show_all": Route(listing(READ, Resource.ACTIVITY)),
    "api.activities.create": Route(row_of_pair(WRITE, Resource.ACTIVITY), body=RECORD | {"kind": "ward_round"}),
    "api.activities.show": Route(row_of_pair(READ, Resource.ACTIVITY)),
    "api.activities.change": Route(row_of_pair(WRITE, Resource.ACTIVITY), body=RECORD_NOW),
    "api.activities.submit": Route(row_of_pair(WRITE, Resource.ACTIVITY), body={"version": 1}),
    "api.activities.recall": Route(row_of_pair(WRITE, Resource.ACTIVITY), body={"version": 1}),
    "api.activities.discard": Route(row_of_pair(WRITE, Resource.ACTIVITY), body={"version": 1}),
    "api.activities.show_file": Route(row_of_pair(READ, Resource.ACTIVITY), ids={"attachment_id": "{proof_id}"}),
    "api.activity_signing.show_waiting": Route(listing(DECIDE, Resource.ACTIVITY)),
    "api.activity_signing.countersign_together": Route(listing(DECIDE, Resource.ACTIVITY), body={"records": []}),
    "api.activity_signing.countersign": Route(row_of_pair(DECIDE, Resource.ACTIVITY), body={"version": 1}),
    "api.activity_signing.give_back": Route(
        row_of_pair(DECIDE, Resource.ACTIVITY), body={"version": 1, "reason": "请核对"}
    ),
    "api.activity_signing.amend": Route(row_of_pair(WRITE, Resource.ACTIVITY)),
    "api.activity_weeks.show_weeks": Route(whoever_is_logged_in),
    "api.activity_weeks.show_completeness": Route(listing(READ, Resource.ACTIVITY)),
    "api.figures.show": Route(listing(READ, Resource.ACTIVITY), query={"from": "2026-01-01", "to": "2026-12-31"}),
    "api.subsidy_receipts.show_all": Route(
        row_of_pair(READ, Resource.SUBSIDY_CLAIM), query={"dispatch_id": "{dispatch_id}"}
    ),
    "api.subsidy_receipts.add": Route(
        row_of_pair(WRITE, Resource.SUBSIDY_CLAIM),
        body={
            "dispatch_id": "{dispatch_id}",
            "number": "X1",
            "spent_on": str(TODAY),
            "amount": "36.50",
            "journey": "县城至青石镇",
            "attachment_id": None,
        },
    ),
    "api.subsidy_receipts.withdraw": Route(row_of_pair(WRITE, Resource.SUBSIDY_CLAIM)),
    "api.subsidy_receipts.download": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "api.subsidy_claims.show_all": Route(listing(READ, Resource.SUBSIDY_CLAIM)),
    "api.subsidy_claims.show": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "api.subsidy_claims.explain": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "api.subsidy_claims.submit": Route(row_of_pair(WRITE, Resource.SUBSIDY_CLAIM), body={"version": 1}),
    "api.subsidy_claims.approve": Route(row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": 1}),
    "api.subsidy_claims.approve_many": Route(
        office_listing(DECIDE, Resource.SUBSIDY_CLAIM), body={"claims": [{"id": CLAIM, "version": 1}]}
    ),
    "api.subsidy_claims.give_back": Route(
        row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": 1, "reason": "请补说明"}
    ),
    "api.subsidy_claims.reject": Route(
        row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": 1, "reason": "不符合规定"}
    ),
    "api.indicators.show_all": Route(listing(READ, Resource.INDICATOR)),
    "api.indicators.enter": Route(
        row_of_township(WRITE, Resource.INDICATOR),
        body={
            "organisation_id": "{recipient_id}",
            "month": f"{TODAY:%Y-%m}",
            "indicator": "outpatients",
            "value": 1,
            "source": "月报",
        },
    ),
    "api.closures.preview": Route(row_of_pair(READ, Resource.CLINIC)),
    "api.closures.close": Route(row_of_pair(DECIDE, Resource.CLINIC), body={"reason": "road", "version": 1}),
    "api.closures.replace": Route(
        row_of_pair_but_not_ones_own(DECIDE, Resource.CLINIC), body={"person_id": PERSON, "version": 1}
    ),
    "api.closures.show_all": Route(listing(READ, Resource.CLOSURE)),
    "api.closures.show": Route(row_of_pair(READ, Resource.CLOSURE)),
    "api.closures.review": Route(row_of_pair(DECIDE, Resource.CLOSURE), body={"review": "confirmed"}),
    "api.closures.show_calls": Route(row_of_pair(READ, Resource.CALL_LIST)),
    "api.closures.tick_off": Route(
        row_of_pair(WRITE, Resource.CALL_LIST),
        body={"outcome": "informed", "version": 1},
        ids={"booking_id": "{fallen_booking_id}"},
    ),
    "api.notifications.show_all": Route(whoever_is_logged_in),
    "api.notifications.read": Route(the_one_concerned),
}
