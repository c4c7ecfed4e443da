"""Evidence on a labelled synthetic set: what each rule finds of what it is for, and what it says of honest people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial

from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.taps import Reason
from benchmarks.evidence.cases import HONEST
from benchmarks.evidence.living import Lived, live
from benchmarks.figures import Figure, verify
from benchmarks.house import House

_LEAST_RECALL, _MOST_FALSE = 0.90, 0.01
_ONE_IS_SUSPECT: tuple[tuple[str, str, Reason], ...] = (
    ("a kilometre outside", "from home", Reason.OUTSIDE_FENCE),
    ("repeated coordinates", "mocked", Reason.REPEATED_COORDINATES),
    ("impossible speed", "two places", Reason.IMPOSSIBLE_SPEED),
    ("shared installation", "buddies", Reason.SHARED_INSTALLATION),
)
"""Rules that make a tap suspect, each with the case that it is for."""
_ONE_IS_IN_DOUBT: tuple[tuple[str, str, tuple[Reason, ...]], ...] = (
    ("outside the fence", "near by", (Reason.OUTSIDE_FENCE,)),
    ("nonce", "replayed", (Reason.NONCE_MISSING, Reason.NONCE_WRONG, Reason.NONCE_EXPIRED)),
    ("phone's clock", "turned clock", (Reason.PHONE_CLOCK_DISAGREES,)),
    ("code against place", "relayed code, place told", (Reason.SITE_CODE_OUTSIDE,)),
)
"""Rules that leave a tap in doubt at most; a tap that is refused counts as found."""
UNSEEN = ("mocked with jitter", "buddies, WeChat apart", "relayed code")


def run(house: House) -> list[Figure]:
    """Live the set, and count.

    Raises:
        Broken: an honest offline tap became suspect.
    """
    with house.app.app_context():
        begun = time.monotonic()
        lived = live()
        took = time.monotonic() - begun
    honest = [one for one in lived if one.press.case in HONEST]
    offline = [one for one in honest if one.press.clock is not None and one.outcome is Outcome.SUSPECT]
    verify(
        expected=0,
        found=len(offline),
        of="honest offline taps that are suspect",
    )
    figures = [Figure(f"evidence: {len(lived):,} presses, {len(honest):,} of them honest, lived in {took:.0f} s")]
    for rule, case, reason in _ONE_IS_SUSPECT:
        is_suspect = partial(_is_suspect_for, reason)
        figures += [
            _share(f"  {rule}: found of “{case}”", _of(lived, case), is_suspect, at_least=_LEAST_RECALL),
            _share(f"  {rule}: false flags", honest, is_suspect, at_most=_MOST_FALSE),
        ]
    for rule, case, reasons in _ONE_IS_IN_DOUBT:
        is_flagged = partial(_is_flagged, frozenset(reasons))
        figures += [
            _share(f"  {rule}: found of “{case}”", _of(lived, case), is_flagged, at_least=_LEAST_RECALL),
            _share(f"  {rule}: among the honest", honest, is_flagged),
        ]
    figures.append(Figure("what no rule sees: verified"))
    figures += [_share(f"  {case}", _of(lived, case), _is_verified) for case in UNSEEN]
    figures.append(Figure("honest taps: verified, uncertain, suspect"))
    return figures + [_outcomes(case, _of(honest, case)) for case in HONEST]


def _of(lived: Iterable[Lived], case: str) -> list[Lived]:
    return [one for one in lived if one.press.case == case]


def _is_suspect_for(reason: Reason, one: Lived) -> bool:
    return one.outcome is Outcome.SUSPECT and reason in one.reasons


def _is_flagged(reasons: frozenset[str], one: Lived) -> bool:
    return one.outcome is None or bool(one.reasons & reasons)


def _share(
    what: str,
    among: list[Lived],
    counts: Callable[[Lived], bool],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Figure:
    found = sum(map(counts, among))
    share = found / len(among)
    reached = f"{share:.1%} ({found:,} of {len(among):,})"
    if at_least is not None:
        return Figure(what, reached, f"≥ {at_least:.0%}", share >= at_least)
    if at_most is not None:
        return Figure(what, reached, f"≤ {at_most:.0%}", share <= at_most)
    return Figure(what, reached)


def _is_verified(one: Lived) -> bool:
    return one.outcome is Outcome.VERIFIED


def _outcomes(case: str, taps: list[Lived]) -> Figure:
    shares = [sum(one.outcome is outcome for one in taps) / len(taps) for outcome in Outcome]
    return Figure(f"  {case}", ", ".join(f"{share:.1%}" for share in shares))
