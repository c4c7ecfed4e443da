"""When jobs run by themselves; times are China's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backend.jobs import (
    accounts,
    activities,
    activity_figures,
    attachments,
    attendance,
    audit,
    careers,
    clinics,
    closures,
    exports,
    notifications,
    spot_checks,
    subsidies,
    waitlist,
)
from backend.jobs.imports import sweep_imports


@dataclass(frozen=True)
class Scheduled:
    """A job without arguments, and when it is due, as cron writes it."""

    job: Callable[[], None]
    cron: str


SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled(sweep_imports, "* * * * *"),
    Scheduled(notifications.deliver_messages, "* * * * *"),
    Scheduled(spot_checks.run_spot_checks, "* * * * *"),
    Scheduled(waitlist.run_waitlists, "* * * * *"),
    Scheduled(closures.remind_of_calls, "*/5 * * * *"),
    Scheduled(clinics.owe_reminders, "* * * * *"),
    Scheduled(clinics.sweep_conflicts, "25 * * * *"),
    Scheduled(spot_checks.plan_spot_checks, "5 6 * * *"),
    Scheduled(audit.seal_audit_events, "*/10 * * * *"),
    Scheduled(attendance.drop_old_locations, "30 3 * * *"),
    Scheduled(attachments.drop_loose_files, "15 3 * * *"),
    Scheduled(attachments.sweep_storage, "20 3 * * *"),
    Scheduled(attachments.check_pictures, "*/5 * * * *"),
    Scheduled(attendance.weigh_new_taps, "* * * * *"),
    Scheduled(attendance.weigh_taps_again, "30 2 * * *"),
    Scheduled(exports.sweep_exports, "*/10 * * * *"),
    Scheduled(attendance.close_days, "0 4 * * *"),
    Scheduled(subsidies.draft_subsidy_claims, "* * * * *"),
    Scheduled(subsidies.draft_subsidy_adjustments, "30 5 * * *"),
    Scheduled(subsidies.reconcile_subsidies, "0 5 * * *"),
    Scheduled(attendance.chase_unsigned_timesheets, "30 7 * * *"),
    Scheduled(activities.remind_signers, "0 16 * * *"),
    Scheduled(activity_figures.fold_activity_figures, "*/5 * * * *"),
    Scheduled(activities.remind_of_weeks, "30 16 * * 4"),
    Scheduled(careers.open_evaluations, "40 7 * * *"),
    Scheduled(careers.grant_earned_leave, "50 7 * * *"),
    Scheduled(notifications.drop_old_events, "40 3 * * *"),
    Scheduled(accounts.drop_old_sessions, "45 3 * * *"),
)
