"""Collecting what all dispatches claim after the import, so that collisions are told with both rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from backend.domain.imports.queries.existing import KnownDispatch, KnownPattern, load_leaders
from backend.domain.imports.rules.claims import Claim, colliding_claims, halves_of, label_of_first
from backend.domain.imports.rules.findings import Findings
from backend.domain.imports.rules.rows import DispatchRow
from backend.domain.imports.rules.spans import Span
from backend.domain.imports.service.directory import Directory

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A dispatch of the file, and whether it is new or changed."""

    row: DispatchRow
    dispatch_id: UUID
    person_id: UUID
    recipient_id: UUID
    is_new: bool


class Collisions:
    """Claims on weekday halves by person, and leads by rotation and recipient."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._claims: list[Claim] = []
        self._leads: list[Claim] = []
        self._rotations: set[UUID] = set()
        self._spoken_of: set[UUID] = set()

    def speak_of(self, dispatch_id: UUID) -> None:
        """Let an existing dispatch count as the file has it."""
        self._spoken_of.add(dispatch_id)

    def take(self, claimant: Claimant, spans: Iterable[Span]) -> None:
        """Take up what a dispatch of the file claims."""
        self._claims += [
            Claim(
                who=claimant.person_id,
                dispatch=claimant.dispatch_id,
                starts_on=span.starts_on,
                ends_before=span.ends_before,
                halves=halves_of(span.pattern),
                row=claimant.row,
                is_new=claimant.is_new,
            )
            for span in spans
        ]

    def take_lead(self, claimant: Claimant, rotation_id: UUID, ends_on: date) -> None:
        """Take up that a dispatch of the file leads the team of its rotation at its recipient."""
        self._rotations.add(rotation_id)
        self._leads.append(
            Claim(
                who=(rotation_id, claimant.recipient_id),
                dispatch=claimant.dispatch_id,
                starts_on=claimant.row.starts_on,
                ends_before=ends_on + _ONE_DAY,
                row=claimant.row,
                is_new=claimant.is_new,
            )
        )

    def refuse(
        self,
        dispatches: Iterable[KnownDispatch],
        patterns: Mapping[UUID, Iterable[KnownPattern]],
        directory: Directory,
    ) -> None:
        """Note every collision, also with what the file does not speak of."""
        self._claims += self._other_claims(dispatches, patterns, directory)
        self._leads += self._other_leads()
        for late, early in colliding_claims(self._claims):
            if late.row is not None:
                half = label_of_first(late.halves & early.halves)
                message = f"同一人在{half}等时段与{early.called}重叠，请调整日期、星期或时段。"
                self._findings.error(late.row.finding("duty_claim_taken", message, "pattern"))
        for late, early in colliding_claims(self._leads):
            if late.row is not None:
                message = f"同一批次在这家受援单位已有队长（{early.called}），一队只能有一名队长，请改正。"
                self._findings.error(late.row.finding("second_leader", message, "leads_team"))

    def _other_claims(
        self,
        dispatches: Iterable[KnownDispatch],
        patterns: Mapping[UUID, Iterable[KnownPattern]],
        directory: Directory,
    ) -> Iterator[Claim]:
        for dispatch in dispatches:
            if dispatch.id in self._spoken_of:
                continue
            name = directory.by_id[dispatch.recipient_id].name
            for part in patterns.get(dispatch.id, ()):
                yield Claim(
                    who=dispatch.person_id,
                    dispatch=dispatch.id,
                    starts_on=part.starts_on,
                    ends_before=part.ends_before,
                    halves=halves_of(part.pattern),
                    known_as=f"系统中的另一次派驻（{name}，{dispatch.starts_on}至{dispatch.ends_on}）",
                )

    def _other_leads(self) -> Iterator[Claim]:
        for dispatch_id, rotation_id, recipient_id, starts_on, ends_on in load_leaders(self._rotations):
            if dispatch_id not in self._spoken_of:
                yield Claim(
                    who=(rotation_id, recipient_id),
                    dispatch=dispatch_id,
                    starts_on=starts_on,
                    ends_before=ends_on + _ONE_DAY,
                    known_as=f"系统中现任队长，{starts_on}至{ends_on}",
                )
