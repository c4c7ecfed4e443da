"""The approval desk: what waits for whom, what needs an eye first, what it all comes to."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.queries.claim_rows import ClaimRow, ClaimTotals
from backend.domain.subsidies.queries.claims import ClaimFilter, desk_page, list_claims, waiting_for
from backend.domain.subsidies.queries.whole import actions_open, whole_claim
from backend.domain.subsidies.rules.approval import StepState
from backend.domain.subsidies.rules.exceptions import is_changed
from backend.domain.subsidies.rules.statuses import ClaimAction, ClaimStatus, LineSort
from backend.domain.subsidies.service.claims import approve_claim, return_claim, submit_claim
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from tests.subsidies.approval_world import OCTOBER, SEPTEMBER, Office, make_office
from tests.support.factories import acting, make_dispatch, make_person, make_setting
from tests.support.statements import counted_statements
from tests.support.subsidies import make_claim

pytestmark = pytest.mark.usefixtures("app")
WAITING = ClaimStatus.SUBMITTED


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def add_line(claim: SubsidyClaim, *, reverses: SubsidyLine | None = None, withheld: str = "") -> None:
    """Add a line that takes back another whole, or one that pays nothing."""
    like = reverses or claim.lines[0]
    amount = -like.amount_fen if reverses else 0
    line = SubsidyLine(
        id=new_id(),
        claim_id=claim.id,
        position=9 + len(claim.lines),
        item_id=like.item_id,
        rule_id=like.rule_id,
        person_id=claim.person_id,
        month=like.month,
        timesheet_id=like.timesheet_id,
        sort=LineSort.REVERSAL if reverses else LineSort.GRANT,
        amount_fen=amount,
        inputs=like.inputs,
        withheld=withheld,
        exclusion=like.exclusion,
        in_force=False,
        reverses_id=reverses.id if reverses else None,
    )
    db.session.add(line)
    claim.total_fen += amount
    db.session.commit()


def notes(row: ClaimRow) -> dict[str, str]:
    return {one.code: one.text for one in row.exceptions}


def test_what_needs_an_eye_comes_first_each_with_its_reason(office: Office) -> None:
    make_setting(office.hospital, "attendance.timesheet_needs_scan", "是", effective_on=SEPTEMBER)
    make_setting(office.hospital, "attendance.timesheet_needs_scan", None, effective_on=OCTOBER)
    office.budget(150)
    sent = [office.someone_sent() for _number in range(6)]
    plain, explained, withheld, difference, changed, too_much = (
        office.claim(status=WAITING, step=2, dispatch=one, days=days)
        for one, days in zip(sent, (10, 10, 10, 10, 13, 16), strict=True)
    )
    explained.explanation = "值夜班较多"
    add_line(withheld, withheld="too_few_days")
    add_line(plain, withheld="no_receipts")  # as expected where nobody travelled
    paid = office.claim(month=SEPTEMBER, dispatch=sent[3], days=2, status=ClaimStatus.PAID)
    add_line(difference, reverses=paid.lines[0])
    before = office.claim(month=SEPTEMBER, dispatch=sent[4], status=WAITING, step=2)
    make_claim(sent[4], SEPTEMBER, rule=office.rule, timesheet=before.timesheet, status=ClaimStatus.REJECTED)

    found = {row.claim.id: notes(row) for row in waiting_for(office.actor(Role.FINANCE)).items}

    assert found == {
        explained.id: {"explained": "本人附有说明"},
        withheld.id: {"withheld": "下乡补贴未发：出勤天数不足"},
        difference.id: {"difference": "含以前月份差额-20.00元", "changed": "比上月+60.00元（上月20.00元）"},
        changed.id: {"changed": "比上月+30.00元（上月100.00元）"},
        before.id: {"scan_missing": "缺签字盖章的考勤表扫描件"},  # asked for in September alone
        too_much.id: {"budget": "对口支援补助2026年预算只剩130.00元"},
        plain.id: {},
    }
    assert list(found)[-2:] == sorted([plain.id, too_much.id])  # budgets are told claim by claim


def test_a_fifth_more_or_less_is_no_change_and_a_first_month_neither() -> None:
    assert not is_changed(12_000, 10_000)
    assert is_changed(12_001, 10_000)
    assert is_changed(7_999, 10_000)
    assert not is_changed(8_000, 10_000)
    assert is_changed(1, 0)
    assert not is_changed(10_000, None)


def test_totals_are_of_all_pages_and_the_difference_of_those_that_had_a_month_before(office: Office) -> None:
    for days in (10, 12, 15):
        office.claim(status=WAITING, step=2, dispatch=office.someone_sent(), days=days)
    one = office.someone_sent()
    office.claim(month=SEPTEMBER, dispatch=one, days=5, status=ClaimStatus.PAID)
    office.claim(status=WAITING, step=2, dispatch=one, days=10)

    first = desk_page(office.actor(Role.FINANCE), ClaimFilter(waiting=True), page_size=3)
    beyond = desk_page(office.actor(Role.FINANCE), ClaimFilter(waiting=True), page=3, page_size=3)

    assert (len(first.rows.items), first.rows.total) == (3, 4)
    assert first.rows.items[0].difference_fen == 5_000
    totals = ClaimTotals(
        count=4, total_fen=47_000, exceptional=1, exceptional_fen=10_000, compared_fen=10_000, last_month_fen=5_000
    )
    assert first.totals == totals
    assert first.totals.difference_fen == 5_000
    assert (beyond.rows.items, beyond.totals) == ([], totals)


def test_a_page_of_the_desk_takes_three_statements_however_much_waits(office: Office) -> None:
    office.budget(100)
    make_setting(office.hospital, "attendance.timesheet_needs_scan", "是")
    approver = office.actor(Role.FINANCE)
    counts = []
    for _round in range(2):
        for _number in range(3):
            office.claim(status=WAITING, step=2, dispatch=office.someone_sent())
        db.session.expunge_all()
        with counted_statements() as statements:
            page = desk_page(approver, ClaimFilter(waiting=True, month=OCTOBER))
            assert all(row.claim.person.name and row.claim.recipient.name for row in page.rows.items)
        counts.append((len(page.rows.items), len(statements)))
    assert counts == [(3, 3), (6, 3)]


def test_filters_narrow_what_one_may_read(office: Office) -> None:
    mine = office.claim()
    other = office.claim(month=SEPTEMBER, status=ClaimStatus.PAID, dispatch=office.someone_sent())
    other.person.name = "尉迟远"
    db.session.commit()

    def found(actor: Actor, **which: object) -> list[object]:
        return [row.claim.id for row in list_claims(actor, ClaimFilter(**which)).items]  # type: ignore[arg-type]

    finance = office.actor(Role.FINANCE)
    assert found(finance) == [mine.id, other.id]  # the latest month first
    assert found(finance, month=SEPTEMBER) == found(finance, text="尉迟") == [other.id]
    assert found(finance, text=mine.person.staff_number) == found(finance, status=ClaimStatus.DRAFT) == [mine.id]
    assert found(finance, recipient_id=office.county.other_township.id) == []
    assert found(office.doctor) == found(office.doctor, mine=True) == [mine.id]
    assert found(finance, mine=True) == []
    assert found(office.county.recipient) == found(office.county.overseer) == [mine.id, other.id]
    assert found(office.county.stranger) == []
    for actor, which in (
        (office.doctor, ClaimFilter(waiting=True)),
        (office.county.recipient, ClaimFilter(waiting=True)),
    ):
        with pytest.raises(Forbidden):
            list_claims(actor, which)


def test_what_waits_for_somebody_is_just_what_they_may_decide(office: Office) -> None:
    everything = make_person(office.hospital, roles=[Role.MEDICAL_AFFAIRS, Role.FINANCE, Role.DEAN])
    own = make_dispatch(everything, office.county.township, starts_on=SEPTEMBER)
    claims = [
        office.claim(status=WAITING, step=1),
        office.claim(status=WAITING, step=1, dispatch=own),
        office.claim(status=WAITING, step=1, dispatch=office.someone_sent(), days=16),
        *(office.claim(status=one, dispatch=office.someone_sent()) for one in (ClaimStatus.DRAFT, ClaimStatus.PAID)),
    ]
    approve_claim(acting(everything, Role.MEDICAL_AFFAIRS), claims[0].id, 1)
    returned = return_claim(acting(everything, Role.MEDICAL_AFFAIRS), claims[2].id, 1, reason="请说明")
    submit_claim(acting(returned.person, Role.STAFF), returned.id, 2)
    roles = (Role.MEDICAL_AFFAIRS, Role.FINANCE, Role.DEAN)
    actors = [acting(everything, role) for role in roles] + [office.actor(role) for role in roles]

    for actor in actors:
        waiting = {row.claim.id for row in waiting_for(actor).items}
        assert waiting == {one.id for one in claims if ClaimAction.APPROVE in actions_open(actor, one)}
    assert {row.claim.id for row in waiting_for(actors[0]).items} == {returned.id}  # another round
    assert not waiting_for(actors[1]).items  # decided it as another


def test_a_claim_whole_shows_its_steps_and_what_may_be_done(office: Office) -> None:
    claim = submit_claim(office.doctor, office.claim(days=10).id, 1)
    approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 2)

    shown = whole_claim(office.actor(Role.FINANCE), claim.id)
    assert [(one.step.label, one.state) for one in shown.steps] == [
        ("经办", StepState.DONE),
        ("财务", StepState.CURRENT),
        ("分管院长", StepState.SKIPPED),
    ]
    assert shown.may == {ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.REJECT}
    assert whole_claim(office.doctor, claim.id).may == frozenset()
    assert [one.sentence for one in shown.lines] == ["10 天 × 10.00 元 = 100.00 元"]

    return_claim(office.actor(Role.FINANCE), claim.id, 3, reason="请说明夜班")
    own = whole_claim(office.doctor, claim.id)
    assert (own.return_reason, own.may, own.may_add_receipt) == ("请说明夜班", frozenset({ClaimAction.SUBMIT}), False)
    submit_claim(office.doctor, claim.id, 4)
    again = whole_claim(office.doctor, claim.id)
    assert (again.return_reason, len(again.earlier)) == ("", 2)
    assert again.steps[0].state is StepState.CURRENT


def test_the_account_is_shown_to_its_owner_and_to_finance_alone(office: Office) -> None:
    claim = office.claim(status=ClaimStatus.PAID)
    masked = {
        name: (shown.payment.account_masked if shown.payment else None)
        for name, shown in {
            "owner": whole_claim(office.doctor, claim.id),
            "finance": whole_claim(office.actor(Role.FINANCE), claim.id),
            "dean": whole_claim(office.actor(Role.DEAN), claim.id),
            "recipient": whole_claim(office.county.recipient, claim.id),
        }.items()
    }
    assert masked == {"owner": "6228 **** **** 1234", "finance": "6228 **** **** 1234", "dean": "", "recipient": ""}
