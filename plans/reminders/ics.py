"""A calendar of work as iCalendar (RFC 5545), for whatever program subscribes to it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vDuration, vText

if TYPE_CHECKING:
    from datetime import datetime

    from plans.reminders.agenda import Agenda, Entry

READ_AGAIN_AFTER = timedelta(hours=6)
ONE_DAY = timedelta(days=1)
# What no text of a calendar may hold (RFC 5545, 3.3.11), and what some readers take for line ends.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def written(agenda: Agenda, now: datetime) -> bytes:
    """All of `agenda`, made at `now`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Cong PAPI//Lich cong viec//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # The library escapes what it knows; names it does not know have to come as text.
    calendar.add("name", _text(agenda.name))
    calendar.add("x-wr-calname", _text(agenda.name))
    calendar.add("refresh-interval", vDuration(READ_AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN_AFTER))
    for entry in agenda.entries:
        calendar.add_component(_event(entry, now))
    return calendar.to_ical()


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + ONE_DAY)
    event.add("sequence", entry.sequence)
    if entry.changed_at is not None:
        event.add("last-modified", entry.changed_at)
    event.add("summary", _text(entry.title))
    event.add("description", _text(entry.text))
    event.add("url", entry.url)
    # A due date does not take up the day.
    event.add("transp", "TRANSPARENT")
    return event


def _text(value: str) -> vText:
    return vText(_FORBIDDEN.sub(" ", value))
