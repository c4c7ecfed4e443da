"""An expert's clinics as an iCalendar file (RFC 5545), which any calendar can subscribe to; it names no patient."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from backend.domain.clinics.queries.feeds import Feed, FeedEntry
from backend.domain.clinics.queries.named import place_label
from backend.domain.clinics.rules.wording import window_label

_EVERY = timedelta(hours=1)  # how often a calendar should look


def write_calendar(feed: Feed, now: datetime) -> bytes:
    """Return the file: times in UTC, one event a clinic, cancelled ones with what stands in their place."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bangfu//Clinics//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{feed.person.name} 坐诊")
    calendar.add("refresh-interval", _EVERY, parameters={"VALUE": "DURATION"})
    for entry in feed.entries:
        calendar.add_component(_event(entry, now))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: FeedEntry, now: datetime) -> Event:
    clinic = entry.clinic
    event = Event()
    event.add("uid", f"clinic-{clinic.id}@bangfu")
    event.add("sequence", clinic.version)  # it grows with each change, so that a calendar takes the later word
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", clinic.starts_at.astimezone(UTC))
    event.add("dtend", clinic.ends_at.astimezone(UTC))
    title = f"坐诊 {clinic.recipient.name}"
    event.add("summary", f"【{entry.cancelled_for}】{title}" if entry.cancelled_for else title)
    event.add("status", "CANCELLED" if entry.cancelled_for else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled_for else "OPAQUE")
    event.add("location", place_label(clinic))
    event.add("description", "\n".join(_lines(entry)))
    return event


def _lines(entry: FeedEntry) -> list[str]:
    clinic = entry.clinic
    lines = [f"时段：{window_label(period.starts_at, period.ends_at)}" for period in clinic.periods]
    if clinic.department is not None:
        lines.insert(0, f"科室：{clinic.department.name}")
    if clinic.local_doctor is not None:
        lines.append(f"跟诊：{clinic.local_doctor.name}")
    if clinic.note:
        lines.append(clinic.note)
    return lines
