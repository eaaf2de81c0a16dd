"""Scores and percentages: rows N-01 to N-18 of the catalogue that concern one text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papi_portal.text import NumberError, parse_decimal, parse_percent


def score(raw):
    return parse_decimal(raw, minimum=0, maximum=80, places=4)


def amount(raw):
    return parse_decimal(raw, minimum=0, maximum=1_000_000, places=2)


@pytest.mark.parametrize(
    "raw", ["39,14", "39.14", "39.140", "39,140", "39,14 điểm", "３９，１４", "39.139999999999997"]
)
def test_comma_and_dot_are_both_decimal_in_a_score(raw):
    assert score(raw) == Decimal("39.14")


@pytest.mark.parametrize("raw", ["1.234,5", "1,234.5", "1\u00a0234,5", "1234,5", "1234.5"])
def test_the_last_separator_is_the_decimal_one(raw):
    assert amount(raw) == Decimal("1234.5")


def test_two_separators_of_one_kind_group_thousands():
    assert parse_decimal("1.234.567", minimum=0, maximum=10**7, places=0) == 1_234_567


@pytest.mark.parametrize("raw", ["1.234", "1,234"])
def test_the_range_decides_between_two_readings_or_the_error_asks(raw):
    assert parse_decimal(raw, minimum=0, maximum=10, places=3) == Decimal("1.234")
    assert parse_decimal(raw, minimum=100, maximum=10_000, places=0) == 1234
    with pytest.raises(NumberError, match="1,234 hoặc 1234"):
        parse_decimal(raw, minimum=0, maximum=10_000, places=3)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("39,14%", "không phải là số"),
        ("~39", "không phải là số"),
        ("≈39,14", "không phải là số"),
        ("39,14*", "không phải là số"),
        ("39²", "không phải là số"),
        ("٣٩", "không phải là số"),
        ("1,23,4", "không phải là số"),
        ("3 9", "không phải là số"),
        ("−5", "-5 nhỏ hơn mức tối thiểu 0"),
        ("–5", "-5 nhỏ hơn mức tối thiểu 0"),
        ("(5)", "-5 nhỏ hơn mức tối thiểu 0"),
        ("1e3", "không dùng dạng mũ"),
        ("1E+400", "không dùng dạng mũ"),
        ("NaN", "không dùng dạng mũ"),
        ("Infinity", "không dùng dạng mũ"),
        ("9" * 10_000, "tối đa 20"),
        ("9" * 21, "tối đa 20"),
        ("#REF!", "lỗi công thức #REF!"),
        ("#N/A", "lỗi công thức #N/A"),
        ("#DIV/0!", "lỗi công thức #DIV/0!"),
        ("391", "Có phải 39,1?"),
        ("9999", "vượt mức tối đa 80"),
        ("", "Chưa ghi số"),
        ("abc", "không phải là số"),
    ],
)
def test_what_is_no_score_is_refused_with_its_reason(raw, reason):
    with pytest.raises(NumberError, match=reason.replace("?", r"\?")):
        score(raw)


def test_a_forgotten_comma_is_guessed_in_the_message_only():
    with pytest.raises(NumberError, match="84 vượt mức tối đa 10. Có phải 8,4"):
        parse_decimal("84", minimum=1, maximum=10, places=2)


def test_a_percent_sign_is_allowed_where_the_range_ends_at_one_hundred():
    assert parse_decimal("83,28%", minimum=0, maximum=100, places=2) == Decimal("83.28")


@pytest.mark.parametrize(
    ("raw", "percent"),
    [("0", 0), ("60", 60), ("60 %", 60), ("100%", 100), ("５０", 50), ("50,0", 50)],
)
def test_progress_is_a_whole_percentage(raw, percent):
    assert parse_percent(raw) == percent


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("120", "Tiến độ 120 vượt 100"),
        ("101", "Tiến độ 101 vượt 100"),
        ("-1", "Tiến độ -1 nhỏ hơn 0"),
        ("50,5", "Tiến độ 50,5 không phải số nguyên"),
        ("0,85", "Tiến độ 0,85 không phải số nguyên"),
        ("1.000", "không rõ"),
        ("một nửa", "không rõ"),
        ("1e2", "dạng mũ"),
        ("", "Chưa ghi tiến độ"),
    ],
)
def test_progress_that_is_no_percentage_is_refused(raw, reason):
    with pytest.raises(NumberError, match=reason):
        parse_percent(raw)


@given(st.decimals(min_value=0, max_value=80, places=4))
def test_a_written_score_reads_back_as_itself(value):
    assert score(f"{value:f}".replace(".", ",")) == value
