"""One claim: each line with its why on one screen, the chain of approvals, and what may be done with it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, render_template

from backend.console.claims.blueprint import bp
from backend.console.claims.forms import ApproveForm, RedraftForm, RejectForm, ReturnForm
from backend.console.claims.strips import months_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import names_of
from backend.domain.attachments.rules import PICTURES
from backend.domain.audit.queries import events_about
from backend.domain.subsidies.queries.chosen import waiting_beside
from backend.domain.subsidies.queries.whole import DECISIONS, whole_claim
from backend.domain.subsidies.queries.why import why_all
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.drafting import may_redraft
from backend.domain.subsidies.service.receipts import read_receipt_file
from backend.foundation.downloads import content_disposition

Page = tuple[str, int]


@bp.get("/<uuid:claim_id>")
def show(claim_id: UUID) -> Page:
    """Show one claim whole."""
    return claim_page(claim_id)


@bp.get("/receipts/<uuid:receipt_id>/file")
def show_receipt(receipt_id: UUID) -> Response:
    """Give the photograph of a receipt; that somebody looked is kept."""
    file = read_receipt_file(current_actor(), receipt_id)
    disposition = content_disposition(file.filename, inline=file.content_type in PICTURES)
    return Response(file.content, mimetype=file.content_type, headers={"Content-Disposition": disposition})


def claim_page(claim_id: UUID, **submitted: Form) -> Page:
    """Return the page of a claim; `submitted` are the forms that were sent from it and refused."""
    actor = current_actor()
    whole = whole_claim(actor, claim_id)
    claim = whole.claim
    decides = may_as_office(actor, Action.DECIDE, Resource.SUBSIDY_CLAIM)
    before, after = waiting_beside(actor, claim_id) if decides else (None, None)
    events = events_about("subsidy_claim", claim_id)
    forms = {
        "approve_form": Form(ApproveForm()),
        "return_form": Form(ReturnForm()),
        "reject_form": Form(RejectForm()),
        "redraft_form": Form(RedraftForm()),
    }
    page = render_template(
        "claims/one.html",
        whole=whole,
        claim=claim,
        months=months_of(why_all(actor, claim_id)),
        may={action.value for action in whole.may.intersection(DECISIONS)},
        redrafts=may_redraft(actor, claim),
        own=decides and claim.person_id == actor.person_id and claim.status is ClaimStatus.SUBMITTED,
        before=before,
        after=after,
        events=events,
        names=names_of(event.person_id for event in events if event.person_id),
        **forms | submitted,
    )
    return page, max([form.status for form in submitted.values()], default=200)
