"""One version of a rule: what approving it would do, and approving, refusing or withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.subsidy_rules.blueprint import Page, bp, may_in
from backend.console.subsidy_rules.forms import DecisionForm, RefusalForm, TrialForm
from backend.domain.access.rules import Action
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.errors.rules import RuleOverlaps, TrialTooLarge
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.rules import count_lines_by, get_rule, months_of
from backend.domain.subsidies.rules.terms import gap_after
from backend.domain.subsidies.service.rules import approve_rule, reject_rule, versions_ended_by, withdraw_rule
from backend.domain.subsidies.service.what_if import Trial, what_if, years_to_try
from backend.foundation import clock


@bp.get("/<uuid:rule_id>")
def show(rule_id: UUID) -> Page:
    """Show a version."""
    return _page(rule_id, Form(RefusalForm()))


@bp.post("/<uuid:rule_id>/approve")
def approve(rule_id: UUID) -> Page:
    """Let a version hold."""
    get_rule(current_actor(), rule_id, Action.DECIDE)
    return _done(rule_id, Form.submitted(DecisionForm()), approve_rule, "规则已批准，从起始月份起执行。")


@bp.post("/<uuid:rule_id>/reject")
def reject(rule_id: UUID) -> Page:
    """Refuse a version."""
    get_rule(current_actor(), rule_id, Action.DECIDE)
    return _done(rule_id, Form.submitted(RefusalForm()), reject_rule, "已办理：不予批准。")


@bp.post("/<uuid:rule_id>/withdraw")
def withdraw(rule_id: UUID) -> Page:
    """Take back a version."""
    get_rule(current_actor(), rule_id, Action.WRITE)
    return _done(rule_id, Form.submitted(DecisionForm()), withdraw_rule, "规则已撤回。")


def _done(rule_id: UUID, form: Form, deed: Callable[..., SubsidyRule], said: str) -> Page:
    actor = current_actor()
    if form.is_valid and form.attempt(lambda: deed(actor, rule_id, **form.data)) is not None:
        flash(said, "done")
        return redirect(url_for("console.subsidy_rules.show", rule_id=rule_id))
    return _page(rule_id, form)


def _page(rule_id: UUID, form: Form) -> Page:
    actor = current_actor()
    rule = get_rule(actor, rule_id)
    ended: list[SubsidyRule] = []
    overlap = ""
    waits = rule.status is RuleStatus.PROPOSED
    if waits:
        try:
            ended = versions_ended_by(actor, rule_id)
        except RuleOverlaps as refused:
            overlap = refused.text
    gaps = [gap for gap in (gap_after(months_of(one), months_of(rule)) for one in ended) if gap is not None]
    years = years_to_try(actor, rule_id) if waits else []
    trial, too_large = _trial(rule_id, years)
    organisation_id = rule.item.programme.organisation_id
    is_own = rule.proposed_by_person_id == actor.person_id
    page = render_template(
        "subsidy_rules/one.html",
        rule=rule,
        item=rule.item,
        programme=rule.item.programme,
        form=form,
        ended=ended,
        gaps=gaps,
        computed=count_lines_by([one.id for one in ended], months_of(rule).start) if ended else 0,
        overlap=overlap,
        waits=waits,
        years=years,
        trial=trial,
        too_large=too_large,
        today=clock.today(),
        is_own=is_own,
        may_decide=waits and not is_own and may_in(organisation_id, Action.DECIDE),
        may_withdraw=waits and is_own and may_in(organisation_id, Action.WRITE),
    )
    return page, form.status


def _trial(rule_id: UUID, years: list[int]) -> tuple[Trial | None, str]:
    """Return the trial of the year that was asked for, or why it cannot be made."""
    year = Form.asked(TrialForm()).data.get("year")
    if year not in years:
        return None, ""
    try:
        return what_if(current_actor(), rule_id, year), ""
    except TrialTooLarge as refused:
        return None, refused.text
