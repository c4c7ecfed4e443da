"""Agreements (对口支援协议): who supports whom, in which period."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.organisations.errors import AgreementInvalid, AgreementOverlaps
from backend.domain.organisations.models import Agreement
from backend.domain.organisations.queries import get_agreement, get_organisation, parties_to_pair, require_right
from backend.domain.organisations.rules.kinds import why_not_parties
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_SITUATIONS = {"agreements_one_at_a_time_excl": AgreementOverlaps}


def create_agreement(
    actor: Actor, *, supporting_id: UUID, recipient_id: UUID, starts_on: date, ends_on: date
) -> Agreement:
    """Record an agreement of a pair of hospitals.

    Raises:
        NotFound: an organisation does not exist, or the actor is no party to the pair.
        Forbidden: a party, but not in a role that may.
        AgreementInvalid: the parties or the dates make no sense.
        AgreementOverlaps: the pair has another one in this period.
    """
    with transaction() as session:
        supporting, recipient = get_organisation(supporting_id), get_organisation(recipient_id)
        parties = parties_to_pair(actor, supporting_id=supporting_id, recipient_id=recipient_id)
        require_right(actor, Action.WRITE, Resource.AGREEMENT, parties)
        wrong = why_not_parties(supporting.kind, recipient.kind, same=supporting_id == recipient_id)
        if wrong is not None:
            raise AgreementInvalid(wrong, fields={"recipient_id": [wrong]})
        _require_period(starts_on, ends_on)
        agreement = Agreement(
            id=new_id(), supporting_id=supporting_id, recipient_id=recipient_id, starts_on=starts_on, ends_on=ends_on
        )
        with refusals(_SITUATIONS):
            session.add(agreement)
        record_event(actor, "create_agreement", "agreement", agreement.id, recipient_id=str(recipient_id))
        return agreement


def change_agreement(actor: Actor, agreement_id: UUID, *, starts_on: date, ends_on: date) -> Agreement:
    """Change the period of an agreement, for a renewal or an early end.

    Raises:
        NotFound, Forbidden: it is not the actor's to change.
        AgreementInvalid, AgreementOverlaps: as in create_agreement.
    """
    with transaction():
        agreement = get_agreement(actor, agreement_id, Action.WRITE)
        _require_period(starts_on, ends_on)
        before = f"{agreement.starts_on}/{agreement.ends_on}"
        with refusals(_SITUATIONS):
            agreement.starts_on, agreement.ends_on = starts_on, ends_on
        record_event(
            actor, "change_agreement", "agreement", agreement_id, before=before, after=f"{starts_on}/{ends_on}"
        )
        return agreement


def _require_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise AgreementInvalid("结束日期早于开始日期，请修改。", fields={"ends_on": ["结束日期不能早于开始日期。"]})
