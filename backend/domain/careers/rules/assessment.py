"""What of somebody's service goes into the physician's periodic assessment (医师定期考核), a cycle of two years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.rules.service_days import Conditions, Stay, count_service

_CYCLE_YEARS = 2


@dataclass(frozen=True)
class Assessment:
    """A cycle, and the service in it; days in halves."""

    first: date
    last: date
    calendar: int
    served: int
    evaluations: tuple[str, ...]
    refusals: int


def assess(stays: Sequence[Stay], refusals: Iterable[date], on: date) -> Assessment:
    """Return the service of the cycle that ends with the year of a day, up to that day.

    No rule's conditions apply here: what is countersigned counts, and nothing twice.
    """
    first = date(on.year - _CYCLE_YEARS + 1, 1, 1)
    within = [_from(stay, first) for stay in stays if stay.ends_on >= first]
    segments = count_service(Conditions(ServiceMeasure.CALENDAR_DAYS), within, on)
    served = count_service(Conditions(ServiceMeasure.SERVED_DAYS), within, on)
    return Assessment(
        first,
        on,
        sum(segment.counted for segment in segments),
        sum(segment.counted for segment in served),
        tuple(f"{segment.stay.place}：{segment.stay.evaluation_label}" for segment in segments),
        sum(first <= day <= on for day in refusals),
    )


def _from(stay: Stay, first: date) -> Stay:
    """Return what of a stay lies in the cycle; of a paper's served days no more than there are."""
    if stay.starts_on >= first:
        return stay
    return replace(stay, starts_on=first, served_days=min(stay.served_days, (stay.ends_on - first).days + 1))
