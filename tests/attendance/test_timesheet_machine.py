"""Whatever happens in whatever order: a countersigned month never changes, and days are the sum of their evidence."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.attendance.concluding import EPOCH, conclude_shifts
from backend.domain.attendance.errors.timesheets import MonthLocked
from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DayClosing, DutyShift
from backend.domain.attendance.queries.timesheets import Sheet, get_sheet
from backend.domain.attendance.rules.evidence import Confirmation, Outcome
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.attendance.service.amendments import Change, decide_amendment, request_amendment
from backend.domain.attendance.service.reviews import confirm_presence
from backend.domain.attendance.service.timesheets import countersign_timesheet, return_timesheet, submit_timesheet
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import BangfuError
from tests.support.county import make_county
from tests.support.factories import make_dispatch
from tests.support.timesheets import make_tap

# The last week of a leap February: a month's border, and the night of the 29th.
MONTH, FIRST, LAST = date(2024, 2, 1), date(2024, 2, 26), date(2024, 2, 29)
DAYS = tuple(date(2024, 2, day) for day in range(26, 30))
SHIFTS = tuple(Shift)
NOW = datetime(2024, 3, 4, 9, tzinfo=SHANGHAI)
Key = tuple[date, Shift]
keys = st.tuples(st.sampled_from(DAYS), st.sampled_from(SHIFTS))


class Month(RuleBasedStateMachine):
    """The real services on one side, on the other a plain model: dictionaries of what was said of each shift."""

    @initialize()
    def begin(self) -> None:
        db.session.expunge_all()
        self.county = make_county()
        pattern = WeeklyPattern.of(range(1, 8), SHIFTS)
        self.dispatch = make_dispatch(
            self.county.doctor, self.county.township, starts_on=FIRST, ends_on=LAST, pattern=pattern
        )
        self.taps: dict[Key, tuple[CheckIn, Outcome]] = {}
        self.confirmed: dict[Key, Confirmation] = {}
        self.corrected: set[Key] = set()
        self.on_leave: set[Key] = set()
        self.closed: set[date] = set()
        self.kept: dict[Key, Standing] | None = None  # the lines of a month that was handed in
        self.is_signed = False
        self.amended: dict[Key, Standing] = {}

    @property
    def sheet(self) -> Sheet:
        return get_sheet(self.county.office, self.dispatch.id, MONTH)

    def model_of(self, key: Key) -> Standing:
        """Say how a shift stands, as a person would who reads the rules aloud."""
        day, shift = key
        if key in self.corrected:
            return Standing.CORRECTED
        if self.counts(key):
            return Standing.PRESENT
        if key in self.on_leave:
            return Standing.LEAVE
        if key in self.taps:
            return Standing.NOT_COUNTED if self.confirmed.get(key) is Confirmation.ABSENT else Standing.IN_DOUBT
        night = (date.fromordinal(day.toordinal() - 1), Shift.NIGHT)
        if shift is not Shift.NIGHT and (self.counts(night) or night in self.corrected):
            return Standing.NIGHT_REST
        return Standing.NOT_CHECKED_IN if day in self.closed else Standing.OPEN

    def counts(self, key: Key) -> bool:
        if key not in self.taps:
            return False
        said = self.confirmed.get(key)
        return said is Confirmation.PRESENT if said else self.taps[key][1] is Outcome.VERIFIED

    def model(self) -> dict[Key, Standing]:
        live = {(day, shift): self.model_of((day, shift)) for day in DAYS for shift in SHIFTS}
        return (live if self.kept is None else self.kept) | self.amended

    @rule(key=keys, outcome=st.sampled_from(Outcome))
    def tap(self, key: Key, outcome: Outcome) -> None:
        if key not in self.taps:
            self.taps[key] = (make_tap(self.dispatch, *key, outcome), outcome)

    @rule(key=keys, word=st.sampled_from(Confirmation))
    def confirm(self, key: Key, word: Confirmation) -> None:
        if key not in self.taps or key in self.confirmed or self.taps[key][1] is Outcome.VERIFIED:
            return
        try:
            confirm_presence(self.county.recipient, self.taps[key][0].id, 0, word)
        except MonthLocked:
            assert self.is_signed
            return
        assert not self.is_signed
        self.confirmed[key] = word
        if self.kept is not None:
            self.follow_what_was_said(key[0])

    def follow_what_was_said(self, day: date) -> None:
        """A month that was handed in follows what is said of its evidence; what came later is no part of it."""
        for touched, shift in list(self.kept or ()):
            key = (touched, shift)
            if 0 <= (touched - day).days <= 1 and self.evidence_of(key) == self.handed_in_with[key]:
                assert self.kept is not None
                self.kept[key] = self.model_of(key)

    def evidence_of(self, key: Key) -> tuple[bool, bool, bool]:
        return key in self.taps, key in self.corrected, key in self.on_leave

    @rule(key=keys)
    def correct(self, key: Key) -> None:
        if key in self.corrected:
            return
        db.session.add(
            CorrectionRequest(
                dispatch_id=self.dispatch.id,
                person_id=self.dispatch.person_id,
                duty_on=key[0],
                shift=key[1],
                kind=CheckInKind.IN,
                happened_at=NOW,
                reason="手机没电",
                status=RequestStatus.ACCEPTED,
                decided_by_person_id=self.county.director.id,
                decided_at=NOW,
            )
        )
        db.session.commit()
        self.corrected.add(key)

    @rule(key=keys)
    def grant_leave(self, key: Key) -> None:
        if key in self.on_leave:
            return
        number = (key[0] - EPOCH).days * 3 + SHIFTS.index(key[1])
        db.session.add(
            LeaveRequest(
                dispatch_id=self.dispatch.id,
                person_id=self.dispatch.person_id,
                kind=LeaveKind.PERSONAL,
                starts_on=key[0],
                starts_with=key[1],
                ends_on=key[0],
                ends_with=key[1],
                halves=Range(number, number + 1),
                reason="家中有事",
                needs_supporting=False,
                is_long=False,
                status=RequestStatus.ACCEPTED,
            )
        )
        db.session.commit()
        self.on_leave.add(key)

    @rule(day=st.sampled_from(DAYS))
    def close(self, day: date) -> None:
        if day in self.closed:
            return
        conclude_shifts([self.dispatch.id], day, day, closing=True)
        db.session.add(DayClosing(supporting_id=self.county.hospital.id, day=day, finished_at=clock.now()))
        db.session.commit()
        self.closed.add(day)

    @rule()
    def close_all(self) -> None:
        for day in DAYS:
            self.close(day)

    @rule()
    def submit(self) -> None:
        expected = self.kept is None and Standing.OPEN not in self.model().values()
        before = self.model()
        try:
            submit_timesheet(self.county.visitor, self.dispatch.id, MONTH, self.sheet.version)
        except BangfuError:
            assert not expected
        else:
            assert expected
            self.kept = before
            self.handed_in_with = {key: self.evidence_of(key) for key in before}

    @precondition(lambda self: self.kept is not None)
    @rule()
    def give_back(self) -> None:
        try:
            return_timesheet(self.county.recipient, self.sheet_id, self.sheet.version, reason="请核对")
        except BangfuError:
            assert self.is_signed
        else:
            assert not self.is_signed
            self.kept = None

    @precondition(lambda self: self.kept is not None)
    @rule()
    def countersign(self) -> None:
        assert self.kept is not None
        expected = not self.is_signed and Standing.IN_DOUBT not in self.kept.values()
        try:
            countersign_timesheet(self.county.recipient, self.sheet_id, self.sheet.version)
        except BangfuError:
            assert not expected
        else:
            assert expected
            self.is_signed = True

    @precondition(lambda self: self.is_signed)
    @rule(key=keys, after=st.sampled_from([Standing.PRESENT, Standing.ABSENT]))
    def amend(self, key: Key, after: Standing) -> None:
        if self.model()[key] is after:
            return
        change = Change(duty_on=key[0], shift=key[1], after=after, reason="事后核实")
        amendment = request_amendment(self.county.office, self.sheet_id, change)
        decide_amendment(self.county.recipient, self.sheet_id, amendment.id, accept=True)
        self.amended[key] = after

    @property
    def sheet_id(self) -> UUID:
        timesheet = self.sheet.timesheet
        assert timesheet is not None
        return timesheet.id

    @invariant()
    def the_lines_are_what_the_evidence_says(self) -> None:
        if hasattr(self, "dispatch"):
            lines = {(line.duty_on, line.shift): line.standing for line in self.sheet.lines}
            assert lines == self.model()

    @invariant()
    def the_days_are_the_sum_of_their_evidence(self) -> None:
        if not hasattr(self, "dispatch"):
            return
        served = {Standing.PRESENT, Standing.CORRECTED}
        model, figures = self.model(), self.sheet.figures
        assert figures.served == sum(model[day, shift] in served for day in DAYS for shift in SHIFTS[:2])
        assert figures.nights == sum(model[day, Shift.NIGHT] in served for day in DAYS)
        assert figures.due == 2 * len(DAYS)

    @invariant()
    def what_was_countersigned_stays_in_the_database_as_it_was(self) -> None:
        if hasattr(self, "dispatch") and self.is_signed:
            rows = db.session.scalars(select(DutyShift).where(DutyShift.dispatch_id == self.dispatch.id))
            assert {(row.duty_on, row.shift): row.standing for row in rows} == self.kept
            status = self.sheet.status
            assert status is TimesheetStatus.COUNTERSIGNED


def test_a_month_obeys_the_plain_model_whatever_happens(app: Flask) -> None:
    limits = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    with time_machine.travel(NOW, tick=False):
        run_state_machine_as_test(Month, settings=limits)
