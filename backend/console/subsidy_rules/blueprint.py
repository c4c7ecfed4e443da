"""The blueprint of all pages about rules of subsidies, and the words that they share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.organisations.queries import parties_to_own
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyRule
from backend.domain.subsidies.queries.rules import audience_text, months_of, terms_of
from backend.domain.subsidies.rules.programmes import ITEM_KIND_LABELS
from backend.domain.subsidies.rules.terms import condition_texts, sum_text

bp = Blueprint("subsidy_rules", __name__, url_prefix="/subsidy-rules")
Page = str | tuple[str, int] | Response


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "audience_text": audience_text,
        "item_kind_label": ITEM_KIND_LABELS.__getitem__,
        "months_text": lambda rule: months_of(rule).text(),
        "last_month_before": last_month_before,
        "sum_of": sum_of,
        "conditions_of": conditions_of,
    }


def sum_of(rule: SubsidyRule, item: SubsidyItem) -> str:
    """Return what a version pays, in words."""
    return sum_text(item.kind, terms_of(rule))


def conditions_of(rule: SubsidyRule, item: SubsidyItem) -> tuple[str, ...]:
    """Return under which conditions, in words."""
    return condition_texts(item.kind, terms_of(rule))


def last_month_before(rule: SubsidyRule) -> str:
    """Return the month before a version begins, in words."""
    last = months_of(rule).start - timedelta(days=1)
    return f"{last.year}年{last.month}月"


def may_in(organisation_id: UUID, action: Action) -> bool:
    """Tell whether the actor may do this with the rules that an organisation sets."""
    actor = current_actor()
    return may(actor.role, action, Resource.SUBSIDY_RULE, parties_to_own(actor, organisation_id))
