"""Every route of the application, with who may use it. A new one must take its place here."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.access.rules import Action, Resource
from backend.foundation import clock
from tests.architecture.rights import (
    Route,
    asking_for_changes,
    everybody,
    export_of,
    facts_of_hospital,
    filing_papers,
    listing,
    listing_of_any,
    nobody_but_a_tablet,
    nobody_but_wechat,
    nobody_finds_it,
    nobody_without_a_token,
    office_listing,
    own_organisation,
    redrafting_claims,
    row_of_hospital,
    row_of_pair,
    row_of_pair_but_not_ones_own,
    row_of_township,
    row_of_township_itself,
    the_one_concerned,
    uploading_papers,
    whoever_is_logged_in,
    whoever_is_on_a_roster,
)
from tests.support.pictures import PNG

READ, WRITE, DECIDE, CONFIRM = Action.READ, Action.WRITE, Action.DECIDE, Action.CONFIRM
_TODAY = clock.today()
_LATER = _TODAY + timedelta(days=30)
_SITE = {"name": "新点", "longitude": "103.3", "latitude": "27.4", "coordinate_system": "GCJ-02", "radius_m": "200"}
_REASON = {"version": "1", "reason": "工作需要"}
_MONTH = {"month": f"{_TODAY:%Y-%m}"}
_RECORD_NOW = {"occurred_on": f"{_TODAY}", "fields": {"patients": 3}, "version": 1}
_RECORD = {"occurred_on": f"{_TODAY}", "fields": {"patients": 3}, "dispatch_id": "{dispatch_id}"}
_SIGNED = {"signature": "x", "timestamp": "1", "nonce": "x"}
_PERSON = "{colleague_id}"
_CLAIM = "00000000-0000-7000-8000-000000000000"
_LEAVE = {"request_id": "{leave_id}"}
_CORRECTION = {"request_id": "{correction_id}"}
_ITEM = {"item_id": "{subsidy_item_id}"}
_RULE = {"rule_id": "{subsidy_rule_id}"}
_INDICATORS = {"organisation_id": "{recipient_id}", "year": "2026", "month": "1"}

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
    "api.attendance.show_month": Route(whoever_is_logged_in, query={"month": f"{_TODAY:%Y-%m}"}),
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
    "api.timesheets.show_all": Route(listing(READ, Resource.TIMESHEET), query={"month": f"{_TODAY:%Y-%m}"}),
    "api.timesheets.show": Route(row_of_pair(READ, Resource.TIMESHEET), ids={"month": f"{_TODAY:%Y-%m}"}),
    "api.timesheets.submit": Route(
        row_of_pair(WRITE, Resource.TIMESHEET), body={"version": 0}, ids={"month": f"{_TODAY:%Y-%m}"}
    ),
    "api.timesheets.countersign": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"version": 1}),
    "api.timesheets.countersign_together": Route(listing(DECIDE, Resource.TIMESHEET), body={"timesheets": []}),
    "api.timesheets.give_back": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"version": 1, "reason": "请核对"}),
    "api.timesheets.amend": Route(
        asking_for_changes,
        body={"duty_on": f"{_TODAY}", "shift": "morning", "after": "absent", "leave_kind": None, "reason": "核对"},
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
            "duty_on": str(_TODAY),
            "shift": "morning",
            "kind": "in",
            "happened_at": f"{_TODAY}T00:00:00+08:00",
            "reason": "手机没电",
        },
    ),
    "api.corrections.show": Route(row_of_pair(READ, Resource.CORRECTION), ids=_CORRECTION),
    "api.corrections.cancel": Route(row_of_pair(WRITE, Resource.CORRECTION), body={"version": 1}, ids=_CORRECTION),
    "api.corrections.accept": Route(row_of_pair(DECIDE, Resource.CORRECTION), body={"version": 1}, ids=_CORRECTION),
    "api.corrections.reject": Route(
        row_of_pair(DECIDE, Resource.CORRECTION), body={"version": 1, "reason": "与现场不符"}, ids=_CORRECTION
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
            "starts_on": str(_TODAY),
            "starts_with": "morning",
            "ends_on": str(_TODAY),
            "ends_with": "morning",
            "reason": "发热",
        },
    ),
    "api.leave.show": Route(row_of_pair(READ, Resource.LEAVE), ids=_LEAVE),
    "api.leave.cancel": Route(row_of_pair(WRITE, Resource.LEAVE), body={"version": 1}, ids=_LEAVE),
    "api.leave.accept": Route(row_of_pair(DECIDE, Resource.LEAVE), body={"version": 1}, ids=_LEAVE),
    "api.leave.reject": Route(
        row_of_pair(DECIDE, Resource.LEAVE), body={"version": 1, "reason": "人手不足"}, ids=_LEAVE
    ),
    "api.leave.download": Route(row_of_pair(READ, Resource.LEAVE_PAPER), ids=_LEAVE),
    "api.delegations.show_all": Route(listing(READ, Resource.DELEGATION)),
    "api.delegations.show_candidates": Route(
        row_of_township(WRITE, Resource.DELEGATION), query={"organisation_id": "{recipient_id}"}
    ),
    "api.delegations.give": Route(
        row_of_township(WRITE, Resource.DELEGATION),
        body={"person_id": "{nurse_id}", "starts_on": str(_TODAY), "ends_on": str(_LATER)},
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
    "api.wechat.greet": Route(nobody_but_wechat, query=_SIGNED | {"echostr": "x"}),
    "api.wechat.take": Route(nobody_but_wechat, query=_SIGNED),
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
    "api.activities.create": Route(row_of_pair(WRITE, Resource.ACTIVITY), body=_RECORD | {"kind": "ward_round"}),
    "api.activities.show": Route(row_of_pair(READ, Resource.ACTIVITY)),
    "api.activities.change": Route(row_of_pair(WRITE, Resource.ACTIVITY), body=_RECORD_NOW),
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
            "spent_on": str(_TODAY),
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
        office_listing(DECIDE, Resource.SUBSIDY_CLAIM), body={"claims": [{"id": _CLAIM, "version": 1}]}
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
            "month": f"{_TODAY:%Y-%m}",
            "indicator": "outpatients",
            "value": 1,
            "source": "月报",
        },
    ),
    "api.closures.preview": Route(row_of_pair(READ, Resource.CLINIC)),
    "api.closures.close": Route(row_of_pair(DECIDE, Resource.CLINIC), body={"reason": "road", "version": 1}),
    "api.closures.replace": Route(
        row_of_pair_but_not_ones_own(DECIDE, Resource.CLINIC), body={"person_id": _PERSON, "version": 1}
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

CONSOLE = {
    "console.static": Route(everybody, ids={"filename": "console.css"}),
    "console.closures.show_list": Route(listing(READ, Resource.CLOSURE)),
    "console.closures.show_new": Route(row_of_pair(DECIDE, Resource.CLINIC)),
    "console.closures.close": Route(row_of_pair(DECIDE, Resource.CLINIC), body={"reason": "road", "version": "1"}),
    "console.closures.substitute": Route(
        row_of_pair_but_not_ones_own(DECIDE, Resource.CLINIC), body={"person": _PERSON, "version": "1"}
    ),
    "console.closures.show": Route(row_of_pair(READ, Resource.CLOSURE)),
    "console.closures.review": Route(row_of_pair(DECIDE, Resource.CLOSURE), body={"review": "confirmed"}),
    "console.closures.show_calls": Route(row_of_pair(READ, Resource.CALL_LIST)),
    "console.closures.tick_off": Route(
        row_of_pair(WRITE, Resource.CALL_LIST),
        body={"outcome": "informed", "version": "1"},
        ids={"booking_id": "{fallen_booking_id}"},
    ),
    "console.unknown": Route(nobody_finds_it, ids={"unknown": "nothing"}),
    "console.session.show_log_in": Route(everybody),
    "console.session.log_in": Route(everybody, body={"staff_number": "nobody", "password": "nothing"}),
    "console.session.log_out": Route(whoever_is_logged_in),
    "console.session.home": Route(whoever_is_logged_in),
    "console.session.welcome": Route(whoever_is_logged_in),
    "console.session.show_password": Route(whoever_is_logged_in),
    "console.session.change_password": Route(whoever_is_logged_in),
    "console.session.switch_role": Route(
        lambda someone: whoever_is_logged_in(someone) or 403, body={"identity": "education:{site_id}"}
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
    "console.notices.show_list": Route(whoever_is_logged_in),
    "console.notices.read": Route(the_one_concerned),
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
    "console.promotion.show_list": Route(office_listing(READ, Resource.PROMOTION)),
    "console.promotion.export": Route(
        lambda someone: 403 if someone.is_concerned else row_of_hospital(READ, Resource.PROMOTION)(someone),
        body={"organisation": "{organisation_id}", "title": "副主任医师", "on": f"{_TODAY}"},
    ),
    "console.promotion.show": Route(row_of_hospital(READ, Resource.PROMOTION, own_record=True)),
    "console.promotion.enter": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.file_paper": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.show_paper": Route(row_of_hospital(READ, Resource.PROMOTION, own_record=True)),
    "console.promotion.withdraw": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.refuse": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.withdraw_a_refusal": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.issue": Route(row_of_hospital(WRITE, Resource.PROMOTION), body={"title": "副主任医师"}),
    "console.promotion.show_certificate": Route(row_of_hospital(READ, Resource.PROMOTION, own_record=True)),
    "console.promotion.revoke": Route(row_of_hospital(WRITE, Resource.PROMOTION), body={"reason": "有误"}),
    "console.promotion_rules.show_list": Route(office_listing(READ, Resource.PROMOTION_RULE)),
    "console.promotion_rules.show_new": Route(office_listing(WRITE, Resource.PROMOTION_RULE)),
    "console.promotion_rules.propose": Route(office_listing(WRITE, Resource.PROMOTION_RULE)),
    "console.promotion_rules.approve": Route(row_of_hospital(DECIDE, Resource.PROMOTION_RULE), body={"version": "1"}),
    "console.promotion_rules.reject": Route(row_of_hospital(DECIDE, Resource.PROMOTION_RULE), body=_REASON),
    "console.promotion_rules.withdraw": Route(row_of_hospital(WRITE, Resource.PROMOTION_RULE), body={"version": "1"}),
    "console.rotations.show_list": Route(listing(READ, Resource.ROTATION)),
    "console.rotations.show": Route(row_of_pair(READ, Resource.ROTATION)),
    "console.dispatches.show_list": Route(listing(READ, Resource.DISPATCH)),
    "console.dispatches.show": Route(row_of_pair(READ, Resource.DISPATCH)),
    "console.dispatches.show_new": Route(listing(WRITE, Resource.DISPATCH)),
    "console.dispatches.create": Route(
        row_of_pair(WRITE, Resource.DISPATCH),
        body={
            "person_id": _PERSON,
            "recipient_id": "{recipient_id}",
            "kind": "posted",
            "starts_on": str(_TODAY),
            "ends_on": str(_LATER),
            "halves": "0",
        },
    ),
    "console.dispatches.show_change": Route(row_of_pair(WRITE, Resource.DISPATCH)),
    "console.dispatches.change": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body={"version": "1", "ends_on": str(_LATER), "halves": "0"}
    ),
    "console.dispatches.end_early": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body=_REASON | {"ends_on": str(_TODAY)}
    ),
    "console.dispatches.cancel": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body=_REASON, ids={"dispatch_id": "{planned_dispatch_id}"}
    ),
    "console.dispatches.show_substitute": Route(row_of_pair(WRITE, Resource.DISPATCH)),
    "console.dispatches.substitute": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body=_REASON | {"person_id": _PERSON, "from_day": str(_TODAY)}
    ),
    "console.dispatches.ask_location": Route(row_of_pair(READ, Resource.COORDINATES)),
    "console.dispatches.show_location": Route(row_of_pair(READ, Resource.COORDINATES), body={"reason": "核实"}),
    "console.evaluations.show_list": Route(listing(READ, Resource.EVALUATION)),
    "console.evaluations.show": Route(row_of_pair(READ, Resource.EVALUATION)),
    "console.evaluations.show_pdf": Route(row_of_pair(READ, Resource.EVALUATION)),
    "console.evaluations.show_docx": Route(row_of_pair(READ, Resource.EVALUATION)),
    "console.evaluations.write": Route(
        row_of_pair(WRITE, Resource.EVALUATION), body={"version": "1", "opinion": "同意"}
    ),
    "console.evaluations.give_back": Route(row_of_pair(WRITE, Resource.EVALUATION), body=_REASON),
    "console.evaluations.sign": Route(row_of_pair(WRITE, Resource.EVALUATION), body={"version": "1"}),
    "console.evaluations.raise_objection": Route(row_of_pair(WRITE, Resource.EVALUATION), body=_REASON),
    "console.evaluations.answer": Route(
        row_of_pair(WRITE, Resource.EVALUATION), body={"version": "1", "answer": "维持", "outcome": "uphold"}
    ),
    "console.timesheets.show_list": Route(listing(READ, Resource.TIMESHEET)),
    "console.timesheets.show_unsigned": Route(listing(READ, Resource.TIMESHEET)),
    "console.timesheets.show": Route(row_of_pair(READ, Resource.TIMESHEET), ids=_MONTH),
    "console.timesheets.show_pdf": Route(row_of_pair(READ, Resource.TIMESHEET), ids=_MONTH),
    "console.timesheets.show_xlsx": Route(row_of_pair(READ, Resource.TIMESHEET), ids=_MONTH),
    "console.timesheets.submit": Route(row_of_pair(WRITE, Resource.TIMESHEET), body={"version": "1"}, ids=_MONTH),
    "console.timesheets.confirm": Route(
        row_of_pair(Action.CONFIRM, Resource.CHECK_IN), body={"version": "0", "confirmation": "present"}
    ),
    "console.timesheets.countersign": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"version": "1"}),
    "console.timesheets.give_back": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body=_REASON),
    "console.timesheets.amend": Route(
        asking_for_changes, body={"line": f"{_TODAY}:morning", "after": "absent", "reason": "核对"}
    ),
    "console.timesheets.decide": Route(row_of_pair(DECIDE, Resource.TIMESHEET), body={"decision": "accept"}),
    "console.timesheets.show_scan": Route(row_of_pair(READ, Resource.TIMESHEET)),
    "console.timesheets.add_scan": Route(uploading_papers, file=PNG),
    "console.timesheets.ask_together": Route(listing(DECIDE, Resource.TIMESHEET)),
    "console.timesheets.sign_together": Route(
        listing(DECIDE, Resource.TIMESHEET), body={"month": f"{_TODAY:%Y-%m}", "chosen": "{timesheet_id}:1"}
    ),
    "console.timesheets.export": Route(export_of(Resource.TIMESHEET), body={"month": f"{_TODAY:%Y-%m}"}),
    "console.activities.show_list": Route(listing(READ, Resource.ACTIVITY)),
    "console.activities.show": Route(row_of_pair(READ, Resource.ACTIVITY)),
    "console.activities.show_file": Route(row_of_pair(READ, Resource.ACTIVITY), ids={"attachment_id": "{proof_id}"}),
    "console.activities.countersign": Route(row_of_pair(DECIDE, Resource.ACTIVITY), body={"version": "1"}),
    "console.activities.give_back": Route(row_of_pair(DECIDE, Resource.ACTIVITY), body=_REASON),
    "console.activities.ask_together": Route(office_listing(DECIDE, Resource.ACTIVITY)),
    "console.activities.sign_together": Route(
        office_listing(DECIDE, Resource.ACTIVITY), body={"chosen": "{record_id}:1"}
    ),
    "console.claims.show_list": Route(listing(READ, Resource.SUBSIDY_CLAIM)),
    "console.claims.show": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "console.claims.show_reconciliation": Route(office_listing(READ, Resource.SUBSIDY_BUDGET)),
    "console.claims.ask_together": Route(office_listing(DECIDE, Resource.SUBSIDY_CLAIM)),
    "console.claims.approve_together": Route(
        office_listing(DECIDE, Resource.SUBSIDY_CLAIM), body={"chosen": "{claim_id}:1"}
    ),
    "console.claims.approve": Route(row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": "1"}),
    "console.claims.give_back": Route(row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body=_REASON),
    "console.claims.reject": Route(
        row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": "1", "refusal": "当月未到岗"}
    ),
    "console.claims.show_receipt": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "console.claims.redraft": Route(redrafting_claims),
    "console.claims.export": Route(export_of(Resource.SUBSIDY_CLAIM)),
    "console.activities.export": Route(export_of(Resource.ACTIVITY)),
    "console.exports.show": Route(the_one_concerned),
    "console.exports.ask_again": Route(the_one_concerned),
    "console.exports.download": Route(the_one_concerned),
    "console.verification.show": Route(everybody),
    "console.dispatches.show_suspension_substitute": Route(row_of_pair(WRITE, Resource.DISPATCH)),
    "console.dispatches.post_suspension_substitute": Route(
        row_of_pair(WRITE, Resource.DISPATCH), body={"person_id": _PERSON}
    ),
    "console.requests.show_leaves": Route(listing(READ, Resource.LEAVE)),
    "console.requests.show_leave": Route(row_of_pair(READ, Resource.LEAVE), ids=_LEAVE),
    "console.requests.accept_leave": Route(row_of_pair(DECIDE, Resource.LEAVE), body={"version": "1"}, ids=_LEAVE),
    "console.requests.refuse_leave": Route(row_of_pair(DECIDE, Resource.LEAVE), body=_REASON, ids=_LEAVE),
    "console.requests.show_paper": Route(row_of_pair(READ, Resource.LEAVE_PAPER), ids=_LEAVE),
    "console.requests.show_corrections": Route(listing(READ, Resource.CORRECTION)),
    "console.requests.show_correction": Route(row_of_pair(READ, Resource.CORRECTION), ids=_CORRECTION),
    "console.requests.accept_correction": Route(
        row_of_pair(DECIDE, Resource.CORRECTION), body={"version": "1"}, ids=_CORRECTION
    ),
    "console.requests.refuse_correction": Route(
        row_of_pair(DECIDE, Resource.CORRECTION), body=_REASON, ids=_CORRECTION
    ),
    "console.requests.show_missed": Route(listing(READ, Resource.CHECK_IN)),
    "console.requests.decide_missed": Route(
        row_of_pair(DECIDE, Resource.CHECK_IN),
        body={"dispatch_id": "{dispatch_id}", "duty_on": str(_TODAY), "shift": "morning", "reason": "无说明"},
    ),
    "console.requests.withdraw_missed": Route(row_of_pair(DECIDE, Resource.CHECK_IN)),
    "console.activity_figures.show": Route(listing(READ, Resource.ACTIVITY)),
    "console.activity_weeks.show": Route(listing(READ, Resource.ACTIVITY)),
    "console.indicators.show_year": Route(listing(READ, Resource.INDICATOR)),
    "console.indicators.show_month": Route(row_of_township(WRITE, Resource.INDICATOR), ids=_INDICATORS),
    "console.indicators.enter_month": Route(row_of_township(WRITE, Resource.INDICATOR), ids=_INDICATORS),
    "console.delegations.show_list": Route(listing(READ, Resource.DELEGATION)),
    "console.delegations.show_new": Route(listing(WRITE, Resource.DELEGATION)),
    "console.delegations.give": Route(
        row_of_township(WRITE, Resource.DELEGATION),
        body={"person_id": "{nurse_id}", "starts_on": str(_TODAY), "ends_on": str(_LATER)},
    ),
    "console.delegations.end": Route(row_of_township(WRITE, Resource.DELEGATION)),
    "console.imports.show_upload": Route(
        listing_of_any(WRITE, Resource.ROSTER_IMPORT, Resource.LEDGER_IMPORT, Resource.INDICATOR)
    ),
    "console.imports.upload": Route(own_organisation(WRITE, Resource.ROSTER_IMPORT), body={"kind": "roster"}),
    "console.imports.template": Route(own_organisation(WRITE, Resource.ROSTER_IMPORT)),
    "console.imports.show": Route(row_of_hospital(READ, Resource.ROSTER_IMPORT)),
    "console.imports.confirm": Route(row_of_hospital(WRITE, Resource.ROSTER_IMPORT)),
    "console.imports.withdraw": Route(row_of_hospital(WRITE, Resource.ROSTER_IMPORT), body={"reason": "导错了"}),
    "console.imports.findings": Route(row_of_hospital(READ, Resource.ROSTER_IMPORT)),
    "console.binding_requests.show_list": Route(listing(READ, Resource.BINDING_REQUEST)),
    "console.binding_requests.decide": Route(
        row_of_hospital(DECIDE, Resource.BINDING_REQUEST), body={"decision": "accept"}
    ),
    "console.people.show_list": Route(listing(READ, Resource.PERSON)),
    "console.people.show": Route(row_of_hospital(READ, Resource.PERSON, own_record=True)),
    "console.people.grant": Route(
        row_of_hospital(WRITE, Resource.PERSON), body={"role": "dean", "organisation_id": "{organisation_id}"}
    ),
    "console.people.revoke": Route(
        row_of_hospital(WRITE, Resource.PERSON),
        body={"role": "staff", "organisation_id": "{organisation_id}"},
        ids={"person_id": _PERSON},
    ),
    "console.people.disable": Route(row_of_hospital(WRITE, Resource.PERSON), ids={"person_id": _PERSON}),
    "console.people.enable": Route(row_of_hospital(WRITE, Resource.PERSON), ids={"person_id": _PERSON}),
    "console.people.give_password": Route(row_of_hospital(WRITE, Resource.PERSON), ids={"person_id": _PERSON}),
    "console.organisations.show_tree": Route(whoever_is_logged_in),
    "console.organisations.show": Route(facts_of_hospital),
    "console.organisations.show_site": Route(facts_of_hospital),
    "console.organisations.change": Route(row_of_hospital(WRITE, Resource.ORGANISATION), body={"name": "新名"}),
    "console.organisations.add_child": Route(
        row_of_hospital(WRITE, Resource.ORGANISATION),
        body={"name": "新院", "code": "530199999", "kind": "village_clinic"},
    ),
    "console.organisations.add_a_department": Route(
        row_of_hospital(WRITE, Resource.ORGANISATION), body={"name": "新科"}
    ),
    "console.organisations.add_a_site": Route(row_of_hospital(WRITE, Resource.ORGANISATION), body=_SITE),
    "console.organisations.change_a_site": Route(row_of_hospital(WRITE, Resource.ORGANISATION), body=_SITE),
    "console.tablet.show": Route(everybody),
    "console.tablet.pair": Route(everybody, body={"code": "ABCD-EFGH-JK23"}),
    "console.tablet.tell": Route(nobody_but_a_tablet),
    "console.site_tablets.show_list": Route(row_of_hospital(READ, Resource.SITE_TABLET)),
    "console.site_tablets.register": Route(row_of_hospital(WRITE, Resource.SITE_TABLET), body={"name": "门诊大厅"}),
    "console.site_tablets.revoke": Route(row_of_hospital(WRITE, Resource.SITE_TABLET)),
    "console.agreements.show_list": Route(listing(READ, Resource.AGREEMENT)),
    "console.agreements.show_new": Route(listing(WRITE, Resource.AGREEMENT)),
    "console.agreements.create": Route(
        row_of_pair(WRITE, Resource.AGREEMENT),
        body={
            "supporting_id": "{organisation_id}",
            "recipient_id": "{recipient_id}",
            "starts_on": str(_LATER),
            "ends_on": str(_LATER),
        },
    ),
    "console.agreements.show": Route(row_of_pair(READ, Resource.AGREEMENT)),
    "console.agreements.change": Route(
        row_of_pair(WRITE, Resource.AGREEMENT), body={"starts_on": str(_TODAY), "ends_on": str(_LATER)}
    ),
    "console.subsidy_rules.show_list": Route(listing(READ, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.show_holding": Route(own_organisation(READ, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.show_new_programme": Route(listing(WRITE, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.open_programme": Route(listing(WRITE, Resource.SUBSIDY_RULE), body={"name": "误餐补助"}),
    "console.subsidy_rules.show_programme": Route(row_of_hospital(READ, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.create_item": Route(
        row_of_hospital(WRITE, Resource.SUBSIDY_RULE), body={"name": "误餐费", "kind": "per_day"}
    ),
    "console.subsidy_rules.show_item": Route(row_of_hospital(READ, Resource.SUBSIDY_RULE), ids=_ITEM),
    "console.subsidy_rules.propose": Route(row_of_hospital(WRITE, Resource.SUBSIDY_RULE), ids=_ITEM),
    "console.subsidy_rules.show": Route(row_of_hospital(READ, Resource.SUBSIDY_RULE), ids=_RULE),
    "console.subsidy_rules.approve": Route(
        row_of_hospital(DECIDE, Resource.SUBSIDY_RULE), body={"version": "1"}, ids=_RULE
    ),
    "console.subsidy_rules.reject": Route(row_of_hospital(DECIDE, Resource.SUBSIDY_RULE), body=_REASON, ids=_RULE),
    "console.subsidy_rules.withdraw": Route(
        row_of_hospital(WRITE, Resource.SUBSIDY_RULE), body={"version": "1"}, ids=_RULE
    ),
    "console.budgets.show_year": Route(listing(READ, Resource.SUBSIDY_BUDGET)),
    "console.budgets.show": Route(row_of_hospital(WRITE, Resource.SUBSIDY_BUDGET), ids={"year": "2026"}),
    "console.budgets.change": Route(
        row_of_hospital(WRITE, Resource.SUBSIDY_BUDGET), body={"amount": "1000"}, ids={"year": "2026"}
    ),
    "console.payments.show_list": Route(office_listing(READ, Resource.PAYMENT_RUN)),
    "console.payments.show_new": Route(office_listing(WRITE, Resource.PAYMENT_RUN)),
    "console.payments.prepare": Route(office_listing(WRITE, Resource.PAYMENT_RUN)),
    "console.payments.show": Route(row_of_hospital(READ, Resource.PAYMENT_RUN)),
    "console.payments.release": Route(row_of_hospital(DECIDE, Resource.PAYMENT_RUN), body={"version": "1"}),
    "console.payments.refuse": Route(row_of_hospital(DECIDE, Resource.PAYMENT_RUN), body=_REASON),
    "console.payments.masked": Route(row_of_hospital(READ, Resource.PAYMENT_RUN), ids={"ending": "csv"}),
    "console.payments.full": Route(row_of_hospital(WRITE, Resource.PAYMENT_RUN), ids={"ending": "csv"}),
    "console.payments.upload_answer": Route(row_of_hospital(WRITE, Resource.PAYMENT_RUN), file=b"x"),
    "console.payments.mark_as_paid": Route(
        row_of_hospital(WRITE, Resource.PAYMENT_RUN), body={"paid_on": str(_TODAY), "bank_reference": ""}
    ),
    "console.payments.mark_as_failed": Route(row_of_hospital(WRITE, Resource.PAYMENT_RUN), body={"reason": "户名不符"}),
    "console.payments.show_accounts": Route(office_listing(READ, Resource.BANK_ACCOUNT)),
    "console.payments.show_account": Route(
        row_of_hospital(WRITE, Resource.BANK_ACCOUNT, own_record=True), ids={"person_id": "{doctor_id}"}
    ),
    "console.payments.enter_account": Route(
        row_of_hospital(WRITE, Resource.BANK_ACCOUNT, own_record=True),
        body={"bank": "农业银行", "number": "6228480402564890018"},
        ids={"person_id": "{doctor_id}"},
    ),
    "console.settings.show_list": Route(own_organisation(READ, Resource.SETTING)),
    "console.settings.show_chain": Route(
        row_of_hospital(READ, Resource.SETTING), ids={"organisation_id": "{organisation_id}"}
    ),
    "console.settings.change_chain": Route(
        row_of_hospital(WRITE, Resource.SETTING),
        body={
            "label1": "财务",
            "role1": "finance",
            "effective_on": f"{_TODAY}",
            "document_title": "通知",
            "document_number": "1号",
        },
        ids={"organisation_id": "{organisation_id}"},
    ),
    "console.settings.show": Route(
        row_of_hospital(READ, Resource.SETTING), ids={"key": "attendance.coordinates_kept_days"}
    ),
    "console.settings.change": Route(
        row_of_hospital(WRITE, Resource.SETTING),
        body={"value": "5", "effective_on": str(_TODAY)},
        ids={"key": "attendance.coordinates_kept_days"},
    ),
    "console.calendars.show_list": Route(own_organisation(READ, Resource.CALENDAR)),
    "console.calendars.show": Route(row_of_hospital(READ, Resource.CALENDAR), ids={"year": "2041"}),
    "console.calendars.read": Route(
        row_of_hospital(READ, Resource.CALENDAR), body={"notice": "1月1日放假"}, ids={"year": "2041"}
    ),
    "console.calendars.enter": Route(
        row_of_hospital(WRITE, Resource.CALENDAR),
        body={"version": "0", "free_days": "2041-01-01", "document_title": "通知", "document_number": "1号"},
        ids={"year": "2041"},
    ),
    "console.patients.show_find": Route(own_organisation(READ, Resource.PATIENT)),
    "console.patients.find": Route(own_organisation(READ, Resource.PATIENT), body={"name": "罗桂兰"}),
    "console.patients.show": Route(row_of_township_itself(READ, Resource.PATIENT)),
    "console.patients.open_one": Route(row_of_township_itself(READ, Resource.PATIENT), body={"purpose": "电话通知"}),
    "console.patients.change": Route(
        row_of_township_itself(WRITE, Resource.PATIENT), body={"telephone": "13900001234"}
    ),
    "console.deliveries.show_list": Route(listing(READ, Resource.MESSAGE)),
    "console.deliveries.send_some_again": Route(
        row_of_hospital(WRITE, Resource.MESSAGE), body={"chosen": "{message_id}"}
    ),
    "console.clinics.show_week": Route(listing(READ, Resource.CLINIC)),
    "console.clinics.show_new": Route(listing(WRITE, Resource.CLINIC)),
    "console.clinics.preview": Route(listing(WRITE, Resource.CLINIC)),
    "console.clinics.create": Route(listing(WRITE, Resource.CLINIC)),
    "console.clinics.show": Route(row_of_pair(READ, Resource.CLINIC)),
    "console.clinics.show_change": Route(row_of_pair(WRITE, Resource.CLINIC)),
    "console.clinics.change": Route(row_of_pair(WRITE, Resource.CLINIC), body={"version": "1"}),
    "console.clinics.cancel": Route(row_of_pair(WRITE, Resource.CLINIC), body={"version": "1"}),
    "console.audit.show_trail": Route(listing(READ, Resource.AUDIT_TRAIL)),
}

OTHERS = {
    "static": Route(everybody, ids={"filename": "nothing"}),
    "health.alive": Route(everybody),
    "health.ready": Route(everybody),
    "health.metrics": Route(everybody),  # the proxy in front keeps it inside: docs/operations.md
}

ROUTES = API | CONSOLE | OTHERS
