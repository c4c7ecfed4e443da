"""How values look on a page: days, moments, metres; and addresses of assets that change with their content."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from flask import Flask, url_for

from backend.console import words
from backend.domain.dispatch.rules import WEEKDAY_LABELS
from backend.foundation.clock import local

_STATIC = Path(__file__).parent / "static"


def equip(app: Flask) -> None:
    """Give the templates their filters and words."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, **words.names())
    app.jinja_env.filters.update(
        day=day,
        long_day=long_day,
        moment=moment,
        clock_time=clock_time,
        clock_seconds=clock_seconds,
        metres=metres,
        **words.filters(),
    )


def day(value: date | None) -> str:
    """Return 2026-11-21."""
    return value.isoformat() if value else "—"


def long_day(value: date) -> str:
    """Return 2026年11月21日 星期六."""
    return f"{value.year}年{value.month}月{value.day}日 星期{WEEKDAY_LABELS[value.weekday()]}"


def moment(value: datetime | None) -> str:
    """Return 2026-11-21 08:05 in Shanghai's time."""
    return local(value).strftime("%Y-%m-%d %H:%M") if value else "—"


def clock_time(value: datetime | None) -> str:
    """Return 08:05 in Shanghai's time."""
    return local(value).strftime("%H:%M") if value else ""


def clock_seconds(value: datetime) -> str:
    """Return 08:05:30 in Shanghai's time."""
    return local(value).strftime("%H:%M:%S")


def metres(value: float | None) -> str:
    """Return 85 米, or 3.2 公里 from a kilometre on."""
    if value is None:
        return ""
    return f"{value:.0f} 米" if value < 1000 else f"{value / 1000:.1f} 公里"


def asset(name: str) -> str:
    """Return the address of a static file, another one for each content, so that browsers may keep it."""
    return url_for("console.static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]
