"""Subsidies of the demo's last month: drafted from signed sheets, handed in, on their way through the offices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from backend.cli.demo.cast import instant
from backend.cli.demo.plot import Plot
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.service.bank_accounts import set_bank_account
from backend.domain.subsidies.service.claims import approve_claim, return_claim, submit_claim
from backend.domain.subsidies.service.drafting import draft_claims
from backend.domain.subsidies.service.receipts import ReceiptDraft, add_receipt
from backend.extensions import db
from backend.foundation.actor import Actor

_A_DAY = timedelta(days=1)
_WITH_TICKETS = (13, 14)
_HANDED_IN = (13, 14, 20, 9, 15, 22, 17, 23)
_PAST_MEDICAL_AFFAIRS = (13, 14, 20, 9, 17)
_PAST_FINANCE = (13, 14, 17)  # of whom 17, who is paid by the month, needs the dean
_GIVEN_BACK = 15
_ACCOUNTS = {
    13: ("中国农业银行青禾县支行", "101355500004401"),
    14: ("青禾县农村信用合作联社", "530555000123455"),
    20: ("中国工商银行青禾支行", "240255500098761"),
}


def plot_claims(plot: Plot) -> None:
    """Let claims be drafted once the sheets are signed, and some of them be decided.

    Where nothing could be countersigned, as the year's calendar is not loaded, there is nothing to claim.
    """
    cast, signed = plot.cast, plot.cast.this_month + _A_DAY
    if not cast.calendar_is_loaded:
        return
    plot.at(instant(signed, 18), _draft)
    for number in _ACCOUNTS:
        plot.at(instant(signed, 19), partial(_keep_account, plot, number))
    for number in _WITH_TICKETS:
        plot.at(instant(signed, 20), partial(_enter_tickets, plot, number))
    for place, number in enumerate(_HANDED_IN):
        plot.at(instant(signed + _A_DAY, 8, 10 + place), _deed(plot, number, submit_claim, cast.doctor(number)))
    for place, number in enumerate(_PAST_MEDICAL_AFFAIRS):
        approve = _deed(plot, number, approve_claim, cast.medical_affairs)
        plot.at(instant(signed + _A_DAY, 14, 30 + place), approve)
    give_back = partial(return_claim, reason="本月有两天公出，请在说明中写明去向后再提交。")
    plot.at(instant(signed + _A_DAY, 14, 50), _deed(plot, _GIVEN_BACK, give_back, cast.medical_affairs))
    for place, number in enumerate(_PAST_FINANCE):
        plot.at(instant(signed + 2 * _A_DAY, 9, 15 + place), _deed(plot, number, approve_claim, cast.finance))


def _draft() -> None:
    while draft_claims():
        pass  # of one person one month at a time


def _keep_account(plot: Plot, number: int) -> None:
    bank, account = _ACCOUNTS[number]
    who = plot.cast.doctor(number)
    set_bank_account(who, who.person_id, bank=bank, number=account)


def _enter_tickets(plot: Plot, number: int) -> None:
    dispatch = plot.cast.dispatch(number)
    days = plot.cast.due_last_month(number, 0), plot.cast.due_last_month(number, -1)
    for place, (day, journey) in enumerate(zip(days, ("青禾—受援点", "受援点—青禾"), strict=True)):
        ticket = ReceiptDraft(number=f"QH{day:%m%d}{number:03d}{place}", spent_on=day, amount="23.50", journey=journey)
        add_receipt(plot.cast.doctor(number), dispatch.id, ticket)


def _deed(plot: Plot, number: int, act: Callable[..., object], who: Actor) -> Callable[[], object]:
    """Return what somebody does with the claim of a doctor once it is time."""

    def do() -> None:
        statement = select(SubsidyClaim).where(SubsidyClaim.dispatch_id == plot.cast.dispatch(number).id)
        claim = db.session.scalars(statement).one()
        act(who, claim.id, claim.version)

    return do
