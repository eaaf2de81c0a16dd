"""Years in a text moved: dates, quarters, ranges; numbers of documents stay as they are."""

from datetime import date

import pytest

from papi_portal.text import shift_day, shift_years, years_in

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("written", "years", "moved"),
    [
        ("Quý II/2025", 1, "Quý II/2026"),
        ("30/6/2025", 1, "30/6/2026"),
        ("30-6-2025", 2, "30-6-2027"),
        ("30/6/25", 1, "30/6/26"),
        ("31/12/99", 1, "31/12/00"),
        ("trước ngày 15/11/2025", 1, "trước ngày 15/11/2026"),
        ("từ 1/3/2025 đến 30/6/2025", 1, "từ 1/3/2026 đến 30/6/2026"),
        ("giai đoạn 2021-2025", 5, "giai đoạn 2026-2030"),
        ("6 tháng đầu năm 2025", 1, "6 tháng đầu năm 2026"),
        ("29/2/2024", 1, "28/2/2025"),
        ("29/02/2024", 4, "29/02/2028"),
        ("ngày 29 tháng 2 năm 2024", 1, "ngày 28 tháng 2 năm 2025"),
        ("thường xuyên", 1, "thường xuyên"),
        ("hằng quý", 1, "hằng quý"),
        ("30/6", 1, "30/6"),
        ("theo Nghị quyết 12/2025/NQ-HĐND", 1, "theo Nghị quyết 12/2025/NQ-HĐND"),
        ("", 1, ""),
    ],
)
def test_years_move_and_the_rest_stays(written, years, moved):
    assert shift_years(written, years) == moved


def test_moving_there_and_back_gives_the_same():
    written = "Quý IV/2025, chậm nhất 30/11/2025"
    assert shift_years(shift_years(written, 3), -3) == written


def test_a_leap_day_becomes_the_day_before_in_a_year_without_it():
    assert shift_day(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert shift_day(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_years_are_found_once_each():
    assert years_in("năm 2025 và năm 2025, sau 2021") == [2025, 2021]
