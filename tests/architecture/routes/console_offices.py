"""The console's routes about accounts, organisations, settings and files."""

from __future__ import annotations

from backend.domain.access.rules import Resource
from tests.architecture.rights import (
    Route,
    everybody,
    facts_of_hospital,
    listing,
    listing_of_any,
    nobody_finds_it,
    own_organisation,
    row_of_hospital,
    row_of_pair,
    the_one_concerned,
    whoever_is_logged_in,
)
from tests.architecture.routes.asked import (
    DECIDE,
    LATER,
    PERSON,
    READ,
    SITE,
    TODAY,
    WRITE,
)

OFFICES = {
    "console.static": Route(everybody, ids={"filename": "console.css"}),
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
    "console.notices.show_list": Route(whoever_is_logged_in),
    "console.notices.read": Route(the_one_concerned),
    "console.exports.show": Route(the_one_concerned),
    "console.exports.ask_again": Route(the_one_concerned),
    "console.exports.download": Route(the_one_concerned),
    "console.verification.show": Route(everybody),
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
        ids={"person_id": PERSON},
    ),
    "console.people.disable": Route(row_of_hospital(WRITE, Resource.PERSON), ids={"person_id": PERSON}),
    "console.people.enable": Route(row_of_hospital(WRITE, Resource.PERSON), ids={"person_id": PERSON}),
    "console.people.give_password": Route(row_of_hospital(WRITE, Resource.PERSON), ids={"person_id": PERSON}),
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
    "console.organisations.add_a_site": Route(row_of_hospital(WRITE, Resource.ORGANISATION), body=SITE),
    "console.organisations.change_a_site": Route(row_of_hospital(WRITE, Resource.ORGANISATION), body=SITE),
    "console.agreements.show_list": Route(listing(READ, Resource.AGREEMENT)),
    "console.agreements.show_new": Route(listing(WRITE, Resource.AGREEMENT)),
    "console.agreements.create": Route(
        row_of_pair(WRITE, Resource.AGREEMENT),
        body={
            "supporting_id": "{organisation_id}",
            "recipient_id": "{recipient_id}",
            "starts_on": str(LATER),
            "ends_on": str(LATER),
        },
    ),
    "console.agreements.show": Route(row_of_pair(READ, Resource.AGREEMENT)),
    "console.agreements.change": Route(
        row_of_pair(WRITE, Resource.AGREEMENT), body={"starts_on": str(TODAY), "ends_on": str(LATER)}
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
            "effective_on": f"{TODAY}",
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
        body={"value": "5", "effective_on": str(TODAY)},
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
    "console.deliveries.show_list": Route(listing(READ, Resource.MESSAGE)),
    "console.deliveries.send_some_again": Route(
        row_of_hospital(WRITE, Resource.MESSAGE), body={"chosen": "{message_id}"}
    ),
    "console.audit.show_trail": Route(listing(READ, Resource.AUDIT_TRAIL)),
}
