"""Claims handed in, and decided step by step by those whose turn it is."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.claims import approve_claim, submit_claim
from backend.foundation.actor import Role
from tests.subsidies.approval_world import Office, make_claim, make_office

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def test_a_claim_goes_through_the_steps_that_its_sum_needs(office: Office) -> None:
    claim = submit_claim(office.doctor, make_claim(office).id, 1, explanation="本月值班较多")
    assert (claim.status, claim.step, claim.round, claim.explanation) == (ClaimStatus.SUBMITTED, 1, 1, "本月值班较多")

    claim = approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 2)
    assert (claim.status, claim.step) == (ClaimStatus.SUBMITTED, 2)
    claim = approve_claim(office.actor(Role.FINANCE), claim.id, 3)
    assert (claim.status, claim.step) == (ClaimStatus.APPROVED, None)
    assert [row.step_label for row in claim.decisions] == ["经办", "财务"]
