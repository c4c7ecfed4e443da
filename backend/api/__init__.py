"""What phones call: JSON under /api/v1."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask

from backend.api import activities as activities_door
from backend.api import activity_signing as activity_signing_door
from backend.api import activity_weeks as activity_weeks_door
from backend.api import attachments as attachments_door
from backend.api import attendance as attendance_door
from backend.api import authentication, envelope, errors, openapi, parsing
from backend.api import bank_accounts as bank_accounts_door
from backend.api import bookings as bookings_door
from backend.api import calendar_feeds as calendar_feeds_door
from backend.api import clinics as clinics_door
from backend.api import closures as closures_door
from backend.api import corrections as corrections_door
from backend.api import delegations as delegations_door
from backend.api import desk as desk_door
from backend.api import dispatches as dispatches_door
from backend.api import evaluations as evaluations_door
from backend.api import figures as figures_door
from backend.api import indicators as indicators_door
from backend.api import leave as leave_door
from backend.api import leave_credits as leave_credits_door
from backend.api import me as me_door
from backend.api import notifications as notifications_door
from backend.api import offers as offers_door
from backend.api import organisations as organisations_door
from backend.api import patients as patients_door
from backend.api import promotion as promotion_door
from backend.api import reviews as reviews_door
from backend.api import session as session_door
from backend.api import spot_checks as spot_checks_door
from backend.api import subsidy_claims as subsidy_claims_door
from backend.api import subsidy_receipts as subsidy_receipts_door
from backend.api import timesheets as timesheets_door
from backend.api import waitlist as waitlist_door
from backend.api import wechat as wechat_door

_DOORS = (
    session_door,
    me_door,
    organisations_door,
    dispatches_door,
    attendance_door,
    reviews_door,
    timesheets_door,
    spot_checks_door,
    attachments_door,
    activities_door,
    corrections_door,
    leave_door,
    leave_credits_door,
    delegations_door,
    patients_door,
    bookings_door,
    calendar_feeds_door,
    desk_door,
    notifications_door,
    wechat_door,
    clinics_door,
    waitlist_door,
    offers_door,
    closures_door,
    activity_signing_door,
    activity_weeks_door,
    figures_door,
    indicators_door,
    subsidy_claims_door,
    subsidy_receipts_door,
    evaluations_door,
    bank_accounts_door,
    promotion_door,
)


def register(app: APIFlask) -> None:
    """Hang the API into the application."""
    api = APIBlueprint("api", __name__, url_prefix="/api/v1", enable_openapi=False, static_folder="static")
    for door in _DOORS:
        api.register_blueprint(door.bp)
    api.before_request(authentication.authenticate)
    api.before_request(parsing.refuse_unread_query)
    openapi.add_page(api)
    errors.register(app, api)
    app.register_blueprint(api)
    envelope.register(app)
    openapi.register(app)
