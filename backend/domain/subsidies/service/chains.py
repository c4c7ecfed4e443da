"""Setting who approves claims: each chain holds from a day on, and is never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.organisations.queries import get_organisation, parties_to_own, require_right
from backend.domain.subsidies.errors.chains import ChainExists, ChainInvalid
from backend.domain.subsidies.models.approvals import ApprovalChain, ApprovalStep
from backend.domain.subsidies.rules.approval import Step, why_not_chain
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


def set_chain(
    actor: Actor,
    organisation_id: UUID,
    steps: Sequence[Step],
    *,
    effective_on: date,
    document_title: str,
    document_number: str,
) -> ApprovalChain:
    """Let claims go through these steps in an organisation and all below it from a day on.

    What was handed in before goes on by the chain with which it was handed in.

    Raises:
        NotFound: the organisation lies outside the actor's.
        Forbidden: the current role may not set.
        ChainInvalid: the steps cannot be a chain, or the document is not named.
        ChainExists: there is a chain from this very day on.
    """
    steps = [replace(step, position=number, label=step.label.strip()) for number, step in enumerate(steps, 1)]
    title, number = document_title.strip(), document_number.strip()
    with transaction() as session:
        get_organisation(organisation_id)
        require_right(actor, Action.WRITE, Resource.SETTING, parties_to_own(actor, organisation_id))
        _check(steps, title, number)
        chain = ApprovalChain(
            id=new_id(),
            organisation_id=organisation_id,
            effective_on=effective_on,
            document_title=title,
            document_number=number,
            set_by_person_id=actor.person_id,
            steps=[
                ApprovalStep(position=step.position, label=step.label, role=step.role, minimum_fen=step.minimum_fen)
                for step in steps
            ],
        )
        with refusals({"approval_chains_organisation_id_effective_on_key": ChainExists}):
            session.add(chain)
        record_event(
            actor,
            "set_approval_chain",
            "approval_chain",
            chain.id,
            organisation_id=organisation_id,
            effective_on=effective_on.isoformat(),
            steps=[{"role": step.role, "minimum_fen": step.minimum_fen} for step in steps],
        )
        return chain


def _check(steps: Sequence[Step], title: str, number: str) -> None:
    missing = {"document_title": title, "document_number": number}
    fields = {name: ["请填写。"] for name, given in missing.items() if not given}
    if fields:
        raise ChainInvalid("审批流程决定补贴能否发放，请填写依据文件和文号。", fields=fields)
    wrong = why_not_chain(steps)
    if wrong is not None:
        raise ChainInvalid(wrong)
