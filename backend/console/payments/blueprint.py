"""The blueprint of all pages about payments, and what their states look like on them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from markupsafe import Markup

from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.words import state
from backend.domain.access.rules import Action, Resource
from backend.domain.subsidies.models.payments import Payment, PaymentRun
from backend.domain.subsidies.rules.payments import LEFT_OUT_TEXTS, payment_reference, run_label
from backend.domain.subsidies.rules.statuses import (
    PAYMENT_STATUS_LABELS,
    RUN_STATUS_LABELS,
    PaymentStatus,
    RunStatus,
)

bp = Blueprint("payments", __name__, url_prefix="/payments")

_RUNS = {RunStatus.PREPARED: "warn", RunStatus.RELEASED: "on", RunStatus.REFUSED: "bad", RunStatus.SETTLED: "good"}
_PAYMENTS = {
    PaymentStatus.WAITING: "calm",
    PaymentStatus.PAID: "good",
    PaymentStatus.FAILED: "bad",
    PaymentStatus.CANCELLED: "calm",
}


@bp.context_processor
def _words() -> dict[str, Any]:
    actor = current_actor()
    return {
        "run_state": run_state,
        "payment_state": payment_state,
        "label_of": label_of,
        "reference_of": _reference_of,
        "left_out_text": LEFT_OUT_TEXTS.__getitem__,
        "prepares": may_as_office(actor, Action.WRITE, Resource.PAYMENT_RUN),
        "keeps_accounts": may_as_office(actor, Action.WRITE, Resource.BANK_ACCOUNT),
    }


def run_state(value: RunStatus) -> Markup:
    """Return where a run stands."""
    return state(RUN_STATUS_LABELS[value], _RUNS[value])


def payment_state(value: PaymentStatus) -> Markup:
    """Return where a payment stands."""
    return state(PAYMENT_STATUS_LABELS[value], _PAYMENTS[value])


def label_of(run: PaymentRun) -> str:
    """Return how a run is called."""
    return run_label(run.year, run.number)


def _reference_of(payment: Payment) -> str:
    return payment_reference(payment.run.year, payment.run.number, payment.position)
