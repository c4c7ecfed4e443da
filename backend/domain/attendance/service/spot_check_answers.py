"""Receiving a spot check, answering it in time, and explaining what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.domain.attendance.errors.spot_checks import SpotCheckOver
from backend.domain.attendance.errors.taps import SiteCodeInvalid
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.spot_checks import find_open_spot_check, get_own_spot_check
from backend.domain.attendance.rules.spot_checks import (
    ANSWER_WITHIN,
    AnswerMeans,
    SpotCheckAction,
    SpotCheckStatus,
    action_of,
)
from backend.domain.attendance.rules.taps import Fence, Fix, Verdict, judge_place
from backend.domain.attendance.service.site_codes import guessing_counted, judge_code
from backend.domain.attendance.service.spot_checks import in_time, joined, move, record, require_open_review
from backend.domain.organisations.models import Site
from backend.domain.organisations.rules.places import Point
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import encrypt
from backend.foundation.transaction import transaction


def receive_open_spot_check(actor: Actor) -> SpotCheck | None:
    """Return the spot check that the actor has to answer; to read it is to receive it, and its time begins.

    None when there is none, or when its time is over.
    """
    waiting = find_open_spot_check(actor.person_id) if actor.person_id else None
    if waiting is None:
        return None
    if waiting.status is SpotCheckStatus.DELIVERED:
        return waiting if in_time(waiting.answer_by) else None
    with transaction():
        spot_check = get_own_spot_check(actor, waiting.id)
        try:
            _deliver(actor, spot_check)
        except SpotCheckOver:
            return None
        return spot_check


def _deliver(actor: Actor, spot_check: SpotCheck) -> None:
    if spot_check.status is SpotCheckStatus.DELIVERED:
        return
    if spot_check.status is not SpotCheckStatus.SENT or not in_time(spot_check.deliver_by):
        raise SpotCheckOver
    move(spot_check, SpotCheckAction.DELIVER)
    spot_check.delivered_at = clock.now()
    spot_check.answer_by = spot_check.delivered_at + ANSWER_WITHIN
    record(actor, "receive_spot_check", spot_check)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody says who is asked where they are."""

    means: AnswerMeans
    fix: Fix | None = None
    denied: bool = False
    code: str = ""  # the site's rotating code
    note: str = ""


def answer_spot_check(actor: Actor, spot_check_id: UUID, answer: Answer) -> SpotCheck:
    """Answer a spot check in time; one that had not been read is delivered by it. Safe to repeat.

    Raises:
        NotFound: it is not the actor's own.
        SpotCheckOver: its time is over.
        SiteCodeInvalid: the code is no tablet's of these sites, or no longer shown.
        TooManyAttempts, Unavailable: see `site_codes.guessing_counted`.
    """
    with transaction():
        spot_check = get_own_spot_check(actor, spot_check_id)
        if spot_check.answered_at is not None and spot_check.answer_means is answer.means:
            return spot_check
        _deliver(actor, spot_check)
    with transaction():  # of its own: what was received stays so, whatever is wrong with the answer
        spot_check = get_own_spot_check(actor, spot_check_id)
        if not in_time(spot_check.answer_by):
            raise SpotCheckOver
        move(spot_check, action_of(answer.means))
        spot_check.answered_at = clock.now()
        spot_check.answer_means = answer.means
        spot_check.note = joined(spot_check.note, answer.note)
        if answer.means in (AnswerMeans.LOCATION, AnswerMeans.CODE):
            _judge(spot_check, answer)
        record(actor, "answer_spot_check", spot_check, means=answer.means, verdict=spot_check.verdict)
        return spot_check


def _judge(spot_check: SpotCheck, answer: Answer) -> None:
    judgement = judge_place(answer.fix, _fences(spot_check.dispatch.sites), denied=answer.denied)
    spot_check.verdict, spot_check.distance_m = judgement.verdict, judgement.distance_m
    if answer.means is AnswerMeans.CODE:
        with guessing_counted(spot_check.person_id):
            if judge_code(spot_check.dispatch_id, answer.code, clock.now()) is None:
                raise SiteCodeInvalid
        # A code supports presence where the place is uncertain or denied; it never overrides "outside".
        spot_check.verdict = Verdict.OUTSIDE if judgement.verdict is Verdict.OUTSIDE else Verdict.INSIDE
    if answer.fix is not None:
        place = f"{answer.fix.point.longitude:.6f},{answer.fix.point.latitude:.6f}"
        spot_check.accuracy_m = answer.fix.accuracy_m
        spot_check.location = encrypt(place, table="spot_checks", column="location", row_id=spot_check.id)


def _fences(sites: Sequence[Site]) -> list[Fence]:
    return [Fence(site.id, Point(float(site.longitude), float(site.latitude)), site.radius_m) for site in sites]


def explain_spot_check(actor: Actor, spot_check_id: UUID, text: str) -> SpotCheck:
    """Say why one did not answer, or where one was; until somebody has reviewed it.

    Raises:
        NotFound: it is not the actor's own.
        SpotCheckSettled: there is nothing to explain, or it has been reviewed.
    """
    with transaction():
        spot_check = get_own_spot_check(actor, spot_check_id)
        require_open_review(spot_check)
        spot_check.explanation = text.strip()
        spot_check.version += 1
        record(actor, "explain_spot_check", spot_check)
        return spot_check
