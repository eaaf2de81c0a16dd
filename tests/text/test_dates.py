"""Dates as people write them: rows D-01 to D-22 of the catalogue that are single dates."""

from datetime import date

import pytest

from papi_portal.text import DateError, TextError, parse_date, weekday_name


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("05/03/2026", date(2026, 3, 5)),
        ("5/3/2026", date(2026, 3, 5)),
        ("5.3.2026", date(2026, 3, 5)),
        ("05-03-2026", date(2026, 3, 5)),
        ("5 / 3 / 2026", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("2026-03-05T00:00:00", date(2026, 3, 5)),
        ("13/03/2026", date(2026, 3, 13)),
        ("29/02/2028", date(2028, 2, 29)),
        ("ngày 30 tháng 6 năm 2022", date(2022, 6, 30)),
        ("Ngày 30 tháng 06 năm 2022.", date(2022, 6, 30)),
        ("Thứ Năm, 05/03/2026", date(2026, 3, 5)),
        ("５/３/２０２６", date(2026, 3, 5)),
        ("1/1/2011", date(2011, 1, 1)),
        ("31/12/2045", date(2045, 12, 31)),
    ],
)
def test_usual_forms_are_read_day_first(raw, day):
    assert parse_date(raw) == day


@pytest.mark.parametrize("raw", ["30/6", "30.6", "ngày 30 tháng 6", "ngày 30/6"])
def test_a_date_without_year_takes_the_default_year_or_asks(raw):
    assert parse_date(raw, default_year=2021) == date(2021, 6, 30)
    with pytest.raises(DateError, match="thiếu năm"):
        parse_date(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("31/02/2022", "tháng 2/2022 có 28 ngày"),
        ("29/02/2026", "tháng 2/2026 có 28 ngày"),
        ("13/13/2026", "Không có tháng 13"),
        ("12/31/2026", "ngày trước, tháng sau"),
        ("00/01/2026", "Không có ngày 0"),
        ("32/01/2026", "tháng 1/2026 có 31 ngày"),
        ("1/1/0001", "ngoài khoảng 2011–2045"),
        ("1/1/99999", "ngoài khoảng 2011–2045"),
        ("1/1/2046", "ngoài khoảng 2011–2045"),
        ("1/6/26", "có phải 2026"),
        ("1/6/68", "chỉ có hai chữ số"),
        ("ngày 31 tháng 4 năm 2026", "tháng 4/2026 có 30 ngày"),
        ("ngày ba mươi mốt tháng tư", "không phải là ngày"),
        ("15/8 âm lịch", "dương lịch"),
        ("46387", "31/12/2026"),
        ("2026-02-30T00:00:00Z", "tháng 2/2026 có 28 ngày"),
        ("2026-03-05 23:59:00", "có cả giờ"),
        ("20260231", "viết liền"),
        ("31/12/2026; 30/6/2027", "có hai ngày"),
        ("31/12/2026 (gia hạn đến 31/3/2027)", "có hai ngày"),
        ("??/12/2026", "Chưa điền ngày"),
        ("…/…/2026", "Chưa điền ngày"),
        ("…/12/2026", "Chưa điền ngày"),
        ("ngày ... tháng ... năm 2026", "Chưa điền ngày"),
        ("__/__/____", "Chưa điền ngày"),
        ("", "Chưa điền ngày"),
        ("   ", "Chưa điền ngày"),
        ("Thứ Sáu, 05/03/2026", "là Thứ Năm"),
        ("tháng 6/2026", "không phải là ngày"),
        ("1²/3/2026", "không phải là ngày"),
        ("٣/٣/2026", "không phải là ngày"),
        ("3-6/2022", "không phải là ngày"),
        ("x" * 101, "tối đa 100"),
    ],
)
def test_what_is_no_date_is_refused_with_its_own_reason(raw, reason):
    with pytest.raises(DateError, match=reason):
        parse_date(raw)


def test_text_that_cannot_be_stored_is_refused_before_it_is_read():
    with pytest.raises(TextError):
        parse_date("1/1/2026\x00")


def test_weekdays_have_vietnamese_names():
    assert weekday_name(date(2026, 3, 5)) == "Thứ Năm"
    assert weekday_name(date(2026, 3, 8)) == "Chủ nhật"
