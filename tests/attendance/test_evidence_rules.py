"""Rules of evidence: nonces, rotating codes, what a tap comes to by itself, and which of several counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attendance.rules.evidence import Outcome, Weight, supersedes, weigh_tap, worse
from backend.domain.attendance.rules.nonces import compose_nonce, why_stale
from backend.domain.attendance.rules.site_codes import code_of, step_at, tablet_of
from backend.domain.attendance.rules.taps import REASON_TEXTS, CheckInKind, Judgement, Reason, Verdict
from backend.foundation.ids import new_id

NOON = datetime(2026, 9, 2, 4, 0, tzinfo=UTC)


def prove_for(key: str) -> Callable[[int], bytes]:
    return lambda issued_ms: hashlib.sha256(f"{key}:{issued_ms}".encode()).digest()


@pytest.mark.parametrize(
    ("seconds", "why"), [(0, None), (59, None), (61, Reason.NONCE_EXPIRED), (-4, None), (-6, Reason.NONCE_EXPIRED)]
)
def test_a_nonce_serves_for_a_minute(seconds: int, why: Reason | None) -> None:
    nonce = compose_nonce(NOON, prove_for("a"))
    assert why_stale(nonce, NOON + timedelta(seconds=seconds), prove_for("a")) is why


def test_a_nonce_proves_nothing_for_another_key() -> None:
    assert why_stale(compose_nonce(NOON, prove_for("a")), NOON, prove_for("b")) is Reason.NONCE_WRONG


def test_a_nonce_cannot_be_made_younger() -> None:
    proof = compose_nonce(NOON, prove_for("a")).partition(".")[2]
    later = NOON + timedelta(minutes=5)
    forged = f"{round(later.timestamp() * 1000)}.{proof}"
    assert why_stale(forged, later, prove_for("a")) is Reason.NONCE_WRONG


@pytest.mark.parametrize("nonce", ["", ".", "x.y", "1", "9" * 40 + ".x", "１２３.x", "-1.x", "1.字"])
def test_what_is_no_nonce_is_wrong_and_none_is_missing(nonce: str) -> None:
    assert why_stale(nonce, NOON, prove_for("a")) is Reason.NONCE_WRONG
    assert why_stale(None, NOON, prove_for("a")) is Reason.NONCE_MISSING


def digest(tablet_id: UUID, step: int) -> bytes:
    return hashlib.sha256(f"{tablet_id}:{step}".encode()).digest()


ONE, OTHER = new_id(), new_id()


def test_a_code_has_eight_digits_and_is_another_every_half_minute_and_on_every_tablet() -> None:
    codes = {code_of(tablet, step, digest) for tablet in (ONE, OTHER) for step in range(500)}
    assert len(codes) == 1000
    assert all(len(code) == 8 and code.isdigit() for code in codes)


@pytest.mark.parametrize(("steps", "holds"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_holds_one_step_before_and_after(steps: int, holds: bool) -> None:
    code = code_of(ONE, step_at(NOON) + steps, digest)
    assert tablet_of(code, NOON, [OTHER, ONE], digest) == (ONE if holds else None)
    assert tablet_of(code, NOON, [OTHER], digest) is None


def place(verdict: Verdict, *reasons: Reason, beyond_m: float = 5_000) -> Judgement:
    return Judgement(verdict, reasons, beyond_m=beyond_m if verdict is Verdict.OUTSIDE else 0)


@pytest.mark.parametrize(
    ("verdict", "late", "staleness", "code_holds", "outcome", "reasons"),
    [
        (Verdict.INSIDE, False, None, None, Outcome.VERIFIED, ()),
        (Verdict.UNCERTAIN, False, None, None, Outcome.UNCERTAIN, ()),
        (Verdict.OUTSIDE, False, None, None, Outcome.SUSPECT, ()),
        (Verdict.INSIDE, False, Reason.NONCE_EXPIRED, None, Outcome.UNCERTAIN, (Reason.NONCE_EXPIRED,)),
        (Verdict.OUTSIDE, False, Reason.NONCE_MISSING, None, Outcome.SUSPECT, (Reason.NONCE_MISSING,)),
        (Verdict.UNCERTAIN, False, None, True, Outcome.VERIFIED, (Reason.SITE_CODE,)),
        (Verdict.INSIDE, False, Reason.NONCE_MISSING, True, Outcome.VERIFIED, (Reason.SITE_CODE,)),
        (Verdict.OUTSIDE, False, None, True, Outcome.SUSPECT, (Reason.SITE_CODE_OUTSIDE,)),
        (Verdict.UNCERTAIN, True, None, True, Outcome.UNCERTAIN, (Reason.SITE_CODE,)),
        (Verdict.UNCERTAIN, True, None, False, Outcome.UNCERTAIN, (Reason.SITE_CODE_UNCHECKED,)),
    ],
)
def test_a_tap_comes_to_what_all_of_it_tells(
    verdict: Verdict,
    late: bool,
    staleness: Reason | None,
    code_holds: bool | None,
    outcome: Outcome,
    reasons: tuple[Reason, ...],
) -> None:
    evidence = weigh_tap(place(verdict), late=late, staleness=staleness, code_holds=code_holds)
    assert (evidence.outcome, evidence.reasons) == (outcome, reasons)
    assert evidence.supported == (Reason.SITE_CODE in reasons)


@pytest.mark.parametrize(
    ("beyond_m", "outcome"), [(1, Outcome.UNCERTAIN), (999, Outcome.UNCERTAIN), (1000, Outcome.SUSPECT)]
)
def test_a_place_just_outside_is_in_doubt_and_only_a_far_one_is_suspect(beyond_m: float, outcome: Outcome) -> None:
    for late in (False, True):
        assert weigh_tap(place(Verdict.OUTSIDE, beyond_m=beyond_m), late=late).outcome is outcome
    assert not weigh_tap(place(Verdict.OUTSIDE, beyond_m=beyond_m), late=False, code_holds=True).supported


def test_what_the_place_says_stays_beside_what_the_rest_says() -> None:
    evidence = weigh_tap(place(Verdict.UNCERTAIN, Reason.LOCATION_DENIED), late=False, code_holds=True)
    assert evidence.reasons == (Reason.LOCATION_DENIED, Reason.SITE_CODE)


@given(st.sampled_from(Outcome), st.sampled_from(Outcome))
def test_of_two_outcomes_the_worse_remains(one: Outcome, other: Outcome) -> None:
    assert worse(one, other) is worse(other, one)
    assert worse(one, Outcome.VERIFIED) is one
    assert worse(one, Outcome.SUSPECT) is Outcome.SUSPECT


weights = st.builds(
    Weight,
    st.sampled_from(Outcome),
    st.sampled_from(Verdict),
    st.integers(0, 10_000).map(lambda seconds: NOON + timedelta(seconds=seconds)),
)


def earliest_or_latest(kind: CheckInKind, taps: list[Weight]) -> datetime:
    return (min if kind is CheckInKind.IN else max)(tap.tapped_at for tap in taps)


@given(st.sampled_from(CheckInKind), st.lists(weights, min_size=1, unique_by=lambda tap: tap.tapped_at))
def test_the_tap_that_counts_does_not_depend_on_the_order_of_arrival(kind: CheckInKind, taps: list[Weight]) -> None:
    def counting(order: list[Weight]) -> Weight:
        effective = order[0]
        for tap in order[1:]:
            if supersedes(kind, tap, effective):
                effective = tap
        return effective

    assert counting(taps) == counting(list(reversed(taps)))
    verified = [tap for tap in taps if tap.outcome is Outcome.VERIFIED]
    if verified:
        assert counting(taps).tapped_at == earliest_or_latest(kind, verified)


def test_an_uncertain_place_with_a_code_counts_before_an_earlier_one_without() -> None:
    without = Weight(Outcome.UNCERTAIN, Verdict.UNCERTAIN, NOON)
    with_code = Weight(Outcome.VERIFIED, Verdict.UNCERTAIN, NOON + timedelta(minutes=5))
    assert supersedes(CheckInKind.IN, with_code, without)
    assert not supersedes(CheckInKind.IN, without, with_code)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence_in_chinese(reason: Reason) -> None:
    assert REASON_TEXTS[reason].endswith("。")
