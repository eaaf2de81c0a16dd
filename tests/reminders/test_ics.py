"""What calendar programs are given to read: any text, escaped and folded as RFC 5545 asks."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from plans.reminders import ics
from plans.reminders.agenda import Agenda, Entry
from tests.factories import at

TODAY = date(2026, 10, 12)
NOW = at(2026, 10, 12, 9)

SOME_TEXT = st.text(
    st.one_of(
        st.sampled_from(",;:\\\"\n\r\t\x00\x07\x0b\x85\u2028\u202e'=ạđẨ😀👩‍👩‍👧"),
        st.characters(),
    ),
    max_size=300,
)


def ical(name, title, text):
    entry = Entry("viec-1@x", TODAY, title, text, "https://x/viec/1/", 0)
    return ics.written(Agenda(name, (entry,)), NOW)


@given(SOME_TEXT, SOME_TEXT, SOME_TEXT)
def test_any_text_comes_back_and_no_text_makes_a_line_of_its_own(name, title, text):
    content = ical(name, title, text)
    plain = ical("x", "x", "x")
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    for found, given_text in (
        # The library knows no type for these two, and so leaves their escapes to the reader.
        (unescaped(calendar["x-wr-calname"]), name),
        (unescaped(calendar["name"]), name),
        (event["summary"], title),
        (event["description"], text),
    ):
        assert str(found) == clean(given_text)
    assert property_names(content) == property_names(plain)


def unescaped(value):
    """A TEXT of RFC 5545, section 3.3.11, as a reader of calendars understands it."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def clean(text):
    """What a calendar may hold of a text."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def property_names(content):
    unfolded = content.replace(b"\r\n ", b"")
    return [re.split(rb"[:;]", line)[0] for line in unfolded.split(b"\r\n")]


@pytest.mark.parametrize("letter", ["x", "ậ", "😀", ",", ";", "\\", "\n", "A\r\nBEGIN:VEVENT\r\n"])
def test_lines_of_twenty_thousand_characters_are_folded_on_octets(letter):
    text = letter * (20_000 // len(letter))
    content = ical(text, text, text)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter is cut in two
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert Calendar.from_ical(content).walk("VEVENT")[0]["description"] == clean(text)
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 1


def test_the_moment_of_writing_is_utc():
    assert b"DTSTAMP:20261012T020000Z" in ical("x", "x", "x")
