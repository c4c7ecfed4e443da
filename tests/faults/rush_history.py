"""What happened in a rush for places, as its clients saw it, and whether that can be true.

As Jepsen does: every request is written down before it is sent and when it is answered, or is not; afterwards the
whole history is held against the rows that the database ended with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

FULL, ALREADY = "clinic_full", "already_booked"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the history: `kind` is invoke, ok, refused, or unknown where no answer came in time."""

    at: float
    client: int
    patient: str
    kind: str
    code: str = ""  # of a refusal
    booking: str = ""  # of an ok
    number: int = 0
    waitlist: bool = False  # the refusal offers it


@dataclass(frozen=True)
class Row:
    """A booking as the database has it."""

    id: str
    place: str
    number: int
    patient: str


def problems_of(history: Collection[Event], rows: Collection[Row], places: int) -> list[str]:
    """Return in words what cannot be: nothing, if the rush was fair and exact."""
    return [*_of_rows(rows, places), *_of_answers(history, rows), *_of_losers(history, rows, places)]


def _of_rows(rows: Collection[Row], places: int) -> Iterator[str]:
    if len(rows) != places:
        yield f"{len(rows)} sold of {places}"
    for name, values in (
        ("place", [row.place for row in rows]),
        ("number", [str(row.number) for row in rows]),
        ("patient", [row.patient for row in rows]),
    ):
        yield from (f"{name} {value} sold {count} times" for value, count in Counter(values).items() if count > 1)


def _of_answers(history: Iterable[Event], rows: Iterable[Row]) -> Iterator[str]:
    """Hold successes against rows: each is there as it was told, and what is there was told to somebody."""
    kept = {row.id: row for row in rows}
    told: set[str] = set()
    for event in history:
        if event.kind != "ok":
            continue
        row = kept.get(event.booking)
        told.add(event.booking)
        if row is None:
            yield f"client {event.client} was told of booking {event.booking}, which is not there"
        elif (row.patient, row.number) != (event.patient, event.number):
            yield f"client {event.client} was told number {event.number}, but the booking is another"
    yield from (f"booking {booking} was told to nobody" for booking in kept.keys() - told)


def _of_losers(history: Collection[Event], rows: Iterable[Row], places: int) -> Iterator[str]:
    """Hold refusals against rows: whoever has nothing was told so, and offered the waitlist, and not too early."""
    patients = {row.patient for row in rows}
    begun = _first_invocations(history, patients)
    answers: dict[int, list[Event]] = defaultdict(list)
    for event in history:
        if event.kind in ("ok", "refused"):
            answers[event.client].append(event)
    for client, patient in {event.client: event.patient for event in history}.items():
        given = answers[client]
        if not given:
            yield f"client {client} never got an answer"
        elif patient not in patients and not any(event.code == FULL and event.waitlist for event in given):
            yield f"client {client} has nothing, and was not offered the waitlist"
        for event in given:
            if event.code == ALREADY and patient not in patients:
                yield f"client {client} was told that the patient is booked, who is not"
            if event.code == FULL and sum(at < event.at for at in begun) < places:
                yield f"client {client} was told that it is full while fewer than {places} winners had asked"


def _first_invocations(history: Iterable[Event], patients: Collection[str]) -> list[float]:
    first: dict[str, float] = {}
    for event in history:
        if event.kind == "invoke" and event.patient in patients:
            first[event.patient] = min(event.at, first.get(event.patient, event.at))
    return list(first.values())
