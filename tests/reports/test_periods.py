"""Periods of reports: the windows of Nghị định 09/2019/NĐ-CP, Điều 12."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.reports import periods
from plans.reports.periods import PeriodError, PeriodKind, containing, parse, window

FIXED = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)
DAYS = st.dates(date(2011, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("code", "first", "last", "label"),
    [
        ("2026-M01", date(2025, 12, 15), date(2026, 1, 14), "tháng 01 năm 2026"),
        ("2026-M09", date(2026, 8, 15), date(2026, 9, 14), "tháng 09 năm 2026"),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14), "quý I năm 2026"),
        ("2026-Q3", date(2026, 6, 15), date(2026, 9, 14), "quý III năm 2026"),
        ("2026-H1", date(2025, 12, 15), date(2026, 6, 14), "6 tháng đầu năm 2026"),
        ("2026-H2", date(2026, 6, 15), date(2026, 12, 14), "6 tháng cuối năm 2026"),
        ("2026", date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
    ],
)
def test_a_period_has_the_window_of_the_decree_and_its_official_name(code, first, last, label):
    period = parse(code)
    assert (period.first, period.last, period.label, period.code) == (first, last, label, code)


def test_any_dates_are_a_period_that_names_its_days():
    period = parse("2026-01-01..2026-03-31")
    assert period.kind == PeriodKind.CUSTOM
    assert period.label == "từ ngày 01/01/2026 đến ngày 31/3/2026"
    assert parse(period.code) == period


@pytest.mark.parametrize(
    "code",
    [
        "",
        "Q3",
        "2026-Q5",
        "2026-Q0",
        "2026-M13",
        "2026-H3",
        "0000",
        "9999",
        "2026-02-30..2026-03-01",
    ],
)
def test_what_is_no_period_is_refused_with_a_reason(code):
    with pytest.raises(PeriodError) as refusal:
        parse(code)
    assert refusal.value.message


def test_days_that_run_backwards_are_refused():
    with pytest.raises(PeriodError, match="đổi lại hai ngày"):
        parse("2026-03-31..2026-01-01")


@given(kind=st.sampled_from(FIXED), day=DAYS)
def test_each_day_lies_in_one_period_of_each_kind_and_periods_leave_no_gap(kind, day):
    period = containing(kind, day)
    assert period.first <= day <= period.last
    assert parse(period.code) == period
    assert containing(kind, period.last + timedelta(days=1)).first == period.last + timedelta(
        days=1
    )
    assert periods.before(period).last + timedelta(days=1) == period.first


@given(kind=st.sampled_from(FIXED), today=DAYS)
def test_the_last_closed_period_is_over_and_the_next_is_not(kind, today):
    closed = periods.last_closed(kind, today)
    assert closed.last < today
    assert containing(kind, closed.last + timedelta(days=1)).last >= today


def test_the_period_before_any_dates_is_as_long():
    before = periods.before(periods.custom(date(2026, 4, 1), date(2026, 4, 30)))
    assert (before.first, before.last) == (date(2026, 3, 2), date(2026, 3, 31))


def test_the_fifteenth_of_december_belongs_to_the_next_year():
    assert containing(PeriodKind.YEAR, date(2026, 12, 15)) == window(PeriodKind.YEAR, 2027)
    assert containing(PeriodKind.YEAR, date(2026, 12, 14)) == window(PeriodKind.YEAR, 2026)
