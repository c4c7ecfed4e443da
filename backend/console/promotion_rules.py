"""The rules of promotion: all versions, proposing one, and deciding about it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.words.promotion import rule_state
from backend.domain.access.rules import Action, Resource
from backend.domain.careers.models.promotion import PromotionRule
from backend.domain.careers.queries.promotion_rules import (
    demand_of,
    get_promotion_rule,
    list_promotion_rules,
    may_decide_rule,
    may_withdraw_rule,
)
from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.rules.drafts import PromotionRuleDraft
from backend.domain.careers.rules.promotion import MEASURE_LABELS, ServiceMeasure
from backend.domain.careers.service.promotion_rules import approve_rule, propose_rule, reject_rule, withdraw_rule
from backend.domain.organisations.queries import require_list_right
from backend.foundation import clock

bp = Blueprint("promotion_rules", __name__, url_prefix="/promotion-rules")
Page = str | tuple[str, int] | Response
_NAME = validate.Length(max=100, error="请控制在100字以内。")


class RuleForm(FormSchema):
    """A rule as it is proposed."""

    title = fields.String(required=True, validate=_NAME)
    name = fields.String(required=True, validate=_NAME)
    starts_on = fields.Date(required=True)
    until = fields.Date(load_default=None)
    measure = fields.Enum(ServiceMeasure, by_value=True, required=True)
    required_days = fields.Integer(required=True)
    minimum_dispatch_days = fields.Integer(load_default=None)
    days_a_week = fields.Integer(load_default=None)
    needs_evaluation = fields.Boolean(load_default=False)
    refusal_blocks_months = fields.Integer(load_default=None)
    document_title = fields.String(required=True, validate=_NAME)
    document_number = fields.String(required=True, validate=_NAME)


class DecideRuleForm(FormSchema):
    """What is done with a proposed rule."""

    version = fields.Integer(required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))


@bp.get("")
def show_list() -> Page:
    """Show every version of every rule at the actor's organisation and above it."""
    return _rules_page()


@bp.get("/new")
def show_new() -> Page:
    """Show the form of a new rule, or of a new version of one."""
    require_list_right(current_actor(), Action.WRITE, Resource.PROMOTION_RULE)
    return _rule_page(Form.draft(RuleForm()))


@bp.post("/new")
def propose() -> Page:
    """Propose a rule; another person approves it."""
    actor, form = current_actor(), Form.submitted(RuleForm())
    require_list_right(actor, Action.WRITE, Resource.PROMOTION_RULE)
    if form.is_valid:
        draft = PromotionRuleDraft(**form.data)
        if form.attempt(lambda: propose_rule(actor, draft)) is not None:
            flash("规则已提出，已通知有权批准的人。批准前不生效。", "done")
            return redirect(url_for("console.promotion_rules.show_list"))
    return _rule_page(form)


@bp.post("/<uuid:promotion_rule_id>/approve")
def approve(promotion_rule_id: UUID) -> Page:
    """Approve a proposed rule."""
    actor = current_actor()
    get_promotion_rule(actor, promotion_rule_id, Action.DECIDE)
    return _decide(lambda version, _reason: approve_rule(actor, promotion_rule_id, version), "规则已批准。")


@bp.post("/<uuid:promotion_rule_id>/reject")
def reject(promotion_rule_id: UUID) -> Page:
    """Refuse a proposed rule."""
    actor = current_actor()
    get_promotion_rule(actor, promotion_rule_id, Action.DECIDE)
    return _decide(
        lambda version, reason: reject_rule(actor, promotion_rule_id, version, reason=reason), "规则未予批准。"
    )


@bp.post("/<uuid:promotion_rule_id>/withdraw")
def withdraw(promotion_rule_id: UUID) -> Page:
    """Take back a rule that the actor proposed."""
    actor = current_actor()
    get_promotion_rule(actor, promotion_rule_id, Action.WRITE)
    return _decide(lambda version, _reason: withdraw_rule(actor, promotion_rule_id, version), "规则已撤回。")


def _decide(act: Callable[[int, str], PromotionRule], done: str) -> Page:
    form = Form.submitted(DecideRuleForm())
    if form.is_valid and form.attempt(lambda: act(form.data["version"], form.data["reason"])) is not None:
        flash(done, "done")
        return redirect(url_for("console.promotion_rules.show_list"))
    return _rules_page(form)


def _rules_page(refused: Form | None = None) -> Page:
    actor = current_actor()
    page = render_template(
        "promotion_rules/list.html",
        by_title=list_promotion_rules(actor),
        proposes=may_as_office(actor, Action.WRITE, Resource.PROMOTION_RULE),
        may_decide=lambda rule: may_decide_rule(actor, rule),
        may_withdraw=lambda rule: may_withdraw_rule(actor, rule),
        sees_list=may_as_office(actor, Action.READ, Resource.PROMOTION),
        own_organisation_id=actor.organisation_id,
        today=clock.today(),
        rule_state=rule_state,
        asks=lambda rule: sentence_of(demand_of(rule, rule.organisation.name)),
        refused=refused,
    )
    return (page, refused.status) if refused is not None else page


def _rule_page(form: Form) -> Page:
    measures = [(measure.value, label) for measure, label in MEASURE_LABELS.items()]
    return render_template("promotion_rules/new.html", form=form, measures=measures), form.status
