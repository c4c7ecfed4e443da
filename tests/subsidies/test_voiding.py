"""A claim that is refused pays nothing any more, and what it took back counts again."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from backend.domain.subsidies.errors.drafting import ClaimAdjusted
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.rules.statuses import ClaimStatus, LineSort
from backend.domain.subsidies.service.voiding import void_lines
from backend.extensions import db
from backend.foundation.ids import new_id
from tests.support.county import make_county
from tests.support.factories import make_dispatch
from tests.support.subsidies import make_claim, make_item, make_programme, make_rule

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def taking_back(line: SubsidyLine, claim: SubsidyClaim) -> SubsidyLine:
    """Let a later claim take back a line of an earlier one."""
    line.in_force = False
    db.session.flush()
    names = ("item_id", "rule_id", "person_id", "month", "timesheet_id", "inputs", "exclusion")
    reversal = SubsidyLine(
        id=new_id(),
        claim_id=claim.id,
        position=2,
        sort=LineSort.REVERSAL,
        amount_fen=-line.amount_fen,
        in_force=False,
        reverses_id=line.id,
        **{name: getattr(line, name) for name in names},
    )
    db.session.add(reversal)
    db.session.commit()
    return reversal


@pytest.fixture
def two_claims(app: Flask) -> tuple[SubsidyClaim, SubsidyClaim]:
    county = make_county()
    dispatch = make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31))
    rule = make_rule(make_item(make_programme(county.bureau)))
    return (
        make_claim(dispatch, SEPTEMBER, rule=rule, status=ClaimStatus.PAID),
        make_claim(dispatch, OCTOBER, rule=rule, status=ClaimStatus.SUBMITTED),
    )


def test_what_a_refused_claim_took_back_is_in_force_again_and_may_be_taken_back_again(
    two_claims: tuple[SubsidyClaim, SubsidyClaim],
) -> None:
    earlier, later = two_claims
    taking_back(earlier.lines[0], later)
    void_lines(later)
    db.session.expire_all()
    assert earlier.lines[0].in_force
    assert {(line.in_force, line.voided) for line in later.lines} == {(False, True)}
    taking_back(earlier.lines[0], drafted_anew(later))


def drafted_anew(claim: SubsidyClaim) -> SubsidyClaim:
    """Return a third claim for the same month, as one drafted anew."""
    claim.status, claim.step = ClaimStatus.REJECTED, None
    db.session.commit()
    return make_claim(claim.dispatch, OCTOBER, rule=claim.lines[0].rule, timesheet=claim.timesheet)


def test_a_claim_of_which_a_line_was_taken_back_later_cannot_be_refused(
    two_claims: tuple[SubsidyClaim, SubsidyClaim],
) -> None:
    earlier, later = two_claims
    taking_back(earlier.lines[0], later)
    with pytest.raises(ClaimAdjusted):
        void_lines(earlier)
