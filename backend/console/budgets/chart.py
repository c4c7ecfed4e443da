"""The chart of a budget: what was used up to each month, stacked by state, against the budget's line."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.subsidies.queries.budgets import BudgetOfYear

WIDTH, HEIGHT = 620, 232
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 8, 14, 26
_FLOOR = HEIGHT - _BOTTOM
_STEPS = (1, 2, 5)
PARTS = ("paid", "approved", "committed")  # from the ground up


@dataclass(frozen=True)
class Bar:
    """A part of a month's column, in the chart's units."""

    part: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    """A line across, with its sum in yuan or ten thousands."""

    y: float
    label: str


@dataclass(frozen=True)
class Chart:
    """All that the template draws."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    months: tuple[tuple[float, str], ...]  # the middle of each column, and its label
    budget_y: float | None
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(year: BudgetOfYear, last_month: int) -> Chart:
    """Return the chart of a programme's year; months after the last one have no columns yet."""
    running = year.running[:last_month]
    highest = max([year.amount_fen or 0, *(use.total_fen for use in running)])
    step = _step(highest)
    top = max(step, -(-highest // step) * step)
    scale = (_FLOOR - _TOP) / top
    column = (WIDTH - _LEFT - _RIGHT) / 12
    bars = []
    for month, use in enumerate(running):
        y = float(_FLOOR)
        for part in PARTS:
            height = max(0, getattr(use, f"{part}_fen")) * scale
            y -= height
            if height:
                bars.append(_bar(part, _LEFT + month * column + column * 0.18, y, column * 0.64, height))
    return Chart(
        bars=tuple(bars),
        ticks=tuple(Tick(round(_FLOOR - fen * scale, 1), _axis_label(fen)) for fen in range(0, top + 1, step)),
        months=tuple((round(_LEFT + (month + 0.5) * column, 1), f"{month + 1}月") for month in range(12)),
        budget_y=None if year.amount_fen is None else round(_FLOOR - year.amount_fen * scale, 1),
    )


def _bar(part: str, x: float, y: float, width: float, height: float) -> Bar:
    return Bar(part, round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _step(highest_fen: int) -> int:
    """Return a round step in fen, 1, 2 or 5 times a power of ten, so that there are at most five lines."""
    unit = 100
    while True:
        for factor in _STEPS:
            if highest_fen <= 5 * unit * factor:
                return unit * factor
        unit *= 10


def _axis_label(fen: int) -> str:
    if fen >= 1_000_000:
        return f"{fen / 1_000_000:g} 万元"
    return f"{fen // 100:,} 元"
