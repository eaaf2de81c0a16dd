"""Icons, bars, dates and numbers as every page writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from papi_portal.templatetags import portal_tags


def test_a_day_is_written_with_day_first_and_two_digits():
    assert portal_tags.vn_date(date(2026, 3, 5)) == "05/03/2026"


def test_a_moment_is_written_in_local_time():
    moment = datetime(2026, 3, 4, 17, 5, tzinfo=UTC)
    assert portal_tags.vn_date(moment) == "05/03/2026"
    assert portal_tags.vn_datetime(moment) == "00:05 05/03/2026"


def test_a_missing_day_is_written_as_nothing():
    assert portal_tags.vn_date(None) == ""
    assert portal_tags.vn_datetime(None) == ""


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("44.0925"), 2, "44,09"),
        (Decimal("5.125"), 2, "5,13"),
        (1234567, None, "1.234.567"),
        (Decimal("5.40"), None, "5,40"),
        (0, 1, "0,0"),
        (-0.06, 2, "-0,06"),
        (None, 2, ""),
    ],
)
def test_a_number_is_written_with_decimal_comma_and_rounded_half_up(value, places, written):
    assert portal_tags.vn_number(value, places) == written


def test_the_parts_of_a_bar_stand_side_by_side():
    assert portal_tags.bar_segments(10, (5, 2, 0)) == [
        ("done", "0.00", "50.00"),
        ("late", "50.00", "20.00"),
    ]


def test_a_bar_never_runs_over_its_end():
    assert portal_tags.bar_segments(4, (3, 3, 0))[1] == ("late", "75.00", "25.00")


def test_a_bar_of_nothing_is_empty():
    assert portal_tags.bar_segments(0, (0, 0, 0)) == []
    assert "bar-done" not in portal_tags.bar(0)


@pytest.mark.parametrize(
    ("name", "letters"), [("Trần Thị Hằng", "TH"), ("Hằng", "H"), ("", "?"), ("đào an", "ĐA")]
)
def test_initials_are_of_the_family_name_and_the_given_name(name, letters):
    assert portal_tags.initials(name) == letters
