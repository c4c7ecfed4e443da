"""Opening programmes, adding items and proposing versions of their rules."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.subsidy_rules.blueprint import Page, bp, may_in
from backend.console.subsidy_rules.forms import (
    TO_ALL,
    ItemForm,
    ProgrammeForm,
    ProposalForm,
    audiences,
    proposal_of,
)
from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.queries import require_list_right
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.queries.rules import get_item, get_programme, list_recipients
from backend.domain.subsidies.rules.programmes import ITEM_KIND_LABELS
from backend.domain.subsidies.service.rules import add_item, create_programme, propose_rule
from backend.foundation import clock
from backend.foundation.errors import Forbidden


@bp.get("/programmes/new")
def show_new_programme() -> Page:
    """Ask what a programme is called."""
    require_list_right(current_actor(), Action.WRITE, Resource.SUBSIDY_RULE)
    return render_template("subsidy_rules/new_programme.html", form=Form(ProgrammeForm()))


@bp.post("/programmes/new")
def open_programme() -> Page:
    """Open a programme in the actor's organisation."""
    actor, form = current_actor(), Form.submitted(ProgrammeForm())
    require_list_right(actor, Action.WRITE, Resource.SUBSIDY_RULE)
    organisation_id = actor.organisation_id
    if organisation_id is None:
        raise Forbidden
    if form.is_valid:
        programme = form.attempt(lambda: create_programme(actor, organisation_id=organisation_id, **form.data))
        if programme is not None:
            flash("项目已建立，请增加名目并提出规则。", "done")
            return redirect(url_for("console.subsidy_rules.show_programme", programme_id=programme.id))
    return render_template("subsidy_rules/new_programme.html", form=form), form.status


@bp.get("/programmes/<uuid:programme_id>")
def show_programme(programme_id: UUID) -> Page:
    """Show a programme with its items."""
    return _programme_page(programme_id, Form(ItemForm(), priority=0))


@bp.post("/programmes/<uuid:programme_id>/items")
def create_item(programme_id: UUID) -> Page:
    """Add an item."""
    actor, form = current_actor(), Form.submitted(ItemForm())
    get_programme(actor, programme_id, Action.WRITE)
    if form.is_valid:
        item = form.attempt(lambda: add_item(actor, programme_id, **form.data))
        if item is not None:
            flash("名目已增加，请提出规则。", "done")
            return redirect(url_for("console.subsidy_rules.show_item", item_id=item.id))
    return _programme_page(programme_id, form)


@bp.get("/items/<uuid:item_id>")
def show_item(item_id: UUID) -> Page:
    """Show an item with all versions of its rules."""
    return _item_page(item_id, Form(ProposalForm(), audience=TO_ALL, starts_on=f"{_next_month():%Y-%m}"))


@bp.post("/items/<uuid:item_id>/rules")
def propose(item_id: UUID) -> Page:
    """Propose a version."""
    actor, form = current_actor(), Form.submitted(ProposalForm())
    get_item(actor, item_id, Action.WRITE)
    if form.is_valid:
        rule = form.attempt(lambda: propose_rule(actor, item_id, proposal_of(form.data)))
        if rule is not None:
            flash("规则已提出，由另一人批准后执行。", "done")
            return redirect(url_for("console.subsidy_rules.show", rule_id=rule.id))
    return _item_page(item_id, form)


def _programme_page(programme_id: UUID, form: Form) -> Page:
    programme = get_programme(current_actor(), programme_id)
    page = render_template(
        "subsidy_rules/programme.html",
        programme=programme,
        form=form,
        kinds=list(ITEM_KIND_LABELS.items()),
        groups=sorted({item.exclusion for item in programme.items if item.exclusion}),
        month=clock.today().replace(day=1),
        may_write=may_in(programme.organisation_id, Action.WRITE),
    )
    return page, form.status


def _item_page(item_id: UUID, form: Form) -> Page:
    actor = current_actor()
    item = get_item(actor, item_id)
    programme = get_programme(actor, item.programme_id)
    may_write = may_in(programme.organisation_id, Action.WRITE)
    recipients = list_recipients(actor, programme.organisation_id) if may_write else []
    page = render_template(
        "subsidy_rules/item.html",
        programme=programme,
        item=item,
        versions=sorted(item.rules, key=lambda rule: (_RANKS[rule.status], rule.audience, rule.during.lower)),
        form=form,
        audiences=audiences(recipients),
        today=clock.today(),
        may_write=may_write,
    )
    return page, form.status


_RANKS = {RuleStatus.PROPOSED: 0, RuleStatus.APPROVED: 1, RuleStatus.REJECTED: 2, RuleStatus.WITHDRAWN: 3}


def _next_month() -> date:
    today = clock.today()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)
