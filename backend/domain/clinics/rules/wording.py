"""How a clinic is put into words for patients: what, where, when, and with which number."""

from __future__ import annotations

from datetime import datetime

from backend.domain.dispatch.rules import WEEKDAY_LABELS
from backend.domain.notifications.rules.templates import written_time
from backend.foundation import clock


def what_label(expert: str, title: str, department: str | None) -> str:
    """Return who is to be seen: 内科 吕芬春主治医师."""
    return f"{department or ''} {expert}{title}".strip()


def where_label(organisation: str, site: str) -> str:
    """Return the place; a site is often named after its hospital, which is not said twice."""
    return site if organisation in site else f"{organisation}{site}"


def when_field(starts_at: datetime) -> str:
    """Return the instant as a template's field: 2026年10月1日 15:01."""
    return written_time(clock.local(starts_at))


def window_label(starts_at: datetime, ends_at: datetime) -> str:
    """Return the day and window in which one is asked to come: 10月1日（周四）9:00至9:30."""
    first, last = clock.local(starts_at), clock.local(ends_at)
    weekday = WEEKDAY_LABELS[first.weekday()]
    return f"{first.month}月{first.day}日（周{weekday}）{_hour(first)}至{_hour(last)}"


def number_label(number: int | str, starts_at: datetime, ends_at: datetime) -> str:
    """Return number and window, short enough for a template: 12号，9:00至9:30到院."""
    return f"{number}号，{_hour(clock.local(starts_at))}至{_hour(clock.local(ends_at))}到院"


def fee_label(fee_fen: int) -> str:
    """Return the fee that is shown, never charged: 免费, 15元, 7.50元."""
    if fee_fen == 0:
        return "免费"
    yuan, fen = divmod(fee_fen, 100)
    return f"{yuan}.{fen:02}元" if fen else f"{yuan}元"


def _hour(instant: datetime) -> str:
    return f"{instant.hour}:{instant:%M}"
