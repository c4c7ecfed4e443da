"""The approval desk: what waits for the one who looks, what needs an eye first; and the list of all claims in sight."""

from __future__ import annotations

from flask import render_template

from backend.console.claims.blueprint import bp
from backend.console.claims.forms import APPROVED_TOGETHER, ListForm, filter_in
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.queries import list_organisations
from backend.domain.organisations.rules.kinds import may_receive
from backend.domain.subsidies.queries.claims import desk_page
from backend.domain.subsidies.queries.filtering import query_of
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.foundation import clock

PAGE_SIZE = APPROVED_TOGETHER


@bp.get("")
def show_list() -> str:
    """Show what waits for the actor, or all claims that they may read."""
    actor, filters = current_actor(), Form.asked(ListForm())
    decides = may_as_office(actor, Action.DECIDE, Resource.SUBSIDY_CLAIM)
    which = filter_in(filters, waiting=decides)
    desk = desk_page(actor, which, page=filters.data["page"], page_size=PAGE_SIZE)
    kept = query_of(which) | ({"waiting": "false"} if decides and not which.waiting else {})
    clean = [row for row in desk.rows.items if which.waiting and not row.exceptions]
    visible = list_organisations(visible_organisations(actor, clock.today()))
    return render_template(
        "claims/list.html",
        page=desk.rows,
        totals=desk.totals,
        is_desk=which.waiting,
        decides=decides,
        reconciles=may_as_office(actor, Action.READ, Resource.SUBSIDY_BUDGET),
        choosable=which.waiting and bool(desk.rows.items),
        chosen={row.claim.id for row in clean},
        chosen_fen=sum(row.claim.total_fen for row in clean),
        filters=filters,
        kept=kept,
        narrowing=bool(kept.keys() - {"waiting"}),
        statuses=tuple(ClaimStatus),
        recipients=[one for one in visible if may_receive(one.kind)],
    )
