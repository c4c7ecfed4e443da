"""What offices see: HTML under /console."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask

from backend.console import (
    activities,
    activity_figures,
    activity_weeks,
    agreements,
    audit,
    binding_requests,
    budgets,
    calendars,
    claims,
    clinics,
    closures,
    delegations,
    deliveries,
    desk,
    dispatches,
    evaluations,
    exceptions,
    exports,
    failures,
    gate,
    imports,
    indicators,
    navigation,
    notices,
    organisations,
    patients,
    payments,
    people,
    presentation,
    promotion,
    promotion_rules,
    requests,
    rotations,
    session,
    settings,
    site_tablets,
    spot_checks,
    subsidy_rules,
    tablet,
    timesheets,
    today,
    verification,
)

PAGES = (
    session,
    desk,
    today,
    dispatches,
    clinics,
    closures,
    exceptions,
    timesheets,
    activities,
    claims,
    payments,
    exports,
    evaluations,
    verification,
    spot_checks,
    activity_figures,
    activity_weeks,
    indicators,
    subsidy_rules,
    budgets,
    requests,
    delegations,
    rotations,
    promotion,
    promotion_rules,
    imports,
    binding_requests,
    people,
    organisations,
    site_tablets,
    tablet,
    agreements,
    settings,
    calendars,
    patients,
    deliveries,
    audit,
    notices,
)


def register(app: APIFlask) -> None:
    """Hang the console into the application."""
    console = APIBlueprint(
        "console",
        __name__,
        url_prefix="/console",
        enable_openapi=False,
        static_folder="static",
        template_folder="templates",
    )
    gate.guard(console)
    failures.handle(console)
    for page in PAGES:
        console.register_blueprint(page.bp)
    presentation.equip(app)
    navigation.equip(console)
    app.register_blueprint(console)
