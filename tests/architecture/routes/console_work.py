"""The console's routes about what is done at the recipients."""

from __future__ import annotations

from backend.domain.access.rules import Resource
from tests.architecture.rights import (
    Route,
    export_of,
    listing,
    office_listing,
    row_of_pair,
    row_of_township,
)
from tests.architecture.routes.asked import (
    DECIDE,
    INDICATORS,
    READ,
    REASON,
    WRITE,
)

WORK = {
    "console.activities.show_list": Route(listing(READ, Resource.ACTIVITY)),
    "console.activities.show": Route(row_of_pair(READ, Resource.ACTIVITY)),
    "console.activities.show_file": Route(row_of_pair(READ, Resource.ACTIVITY), ids={"attachment_id": "{proof_id}"}),
    "console.activities.countersign": Route(row_of_pair(DECIDE, Resource.ACTIVITY), body={"version": "1"}),
    "console.activities.give_back": Route(row_of_pair(DECIDE, Resource.ACTIVITY), body=REASON),
    "console.activities.ask_together": Route(office_listing(DECIDE, Resource.ACTIVITY)),
    "console.activities.sign_together": Route(
        office_listing(DECIDE, Resource.ACTIVITY), body={"chosen": "{record_id}:1"}
    ),
    "console.activities.export": Route(export_of(Resource.ACTIVITY)),
    "console.activity_figures.show": Route(listing(READ, Resource.ACTIVITY)),
    "console.activity_weeks.show": Route(listing(READ, Resource.ACTIVITY)),
    "console.indicators.show_year": Route(listing(READ, Resource.INDICATOR)),
    "console.indicators.show_month": Route(row_of_township(WRITE, Resource.INDICATOR), ids=INDICATORS),
    "console.indicators.enter_month": Route(row_of_township(WRITE, Resource.INDICATOR), ids=INDICATORS),
}
