"""Whatever is typed, the readers answer or refuse in words, and soon."""

import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papi_portal.text import (
    TextError,
    agency_keys,
    fold,
    initials,
    match_key,
    nearest,
    normalise,
    parse_date,
    parse_deadline,
    parse_decimal,
    parse_document_number,
    parse_percent,
    sort_key,
)

READERS = {
    "normalise": normalise,
    "lines": lambda raw: normalise(raw, multiline=True),
    "date": parse_date,
    "date with year": lambda raw: parse_date(raw, default_year=2026),
    "deadline": lambda raw: parse_deadline(
        raw,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        issued_on=date(2026, 3, 30),
    ),
    "deadline of five years": lambda raw: parse_deadline(
        raw, period_start=date(2021, 1, 1), period_end=date(2025, 12, 31)
    ),
    "document number": parse_document_number,
    "decimal": lambda raw: parse_decimal(raw, minimum=0, maximum=80, places=4),
    "percent": parse_percent,
}
KEYS = [fold, sort_key, initials, agency_keys, match_key, lambda raw: nearest(raw, ["Sở Nội vụ"])]

ANY_TEXT = st.text(st.characters(codec=None), max_size=2_000)
WORDS = [
    *("quý", "q", "tháng", "năm", "ngày", "trước", "đến", "hết", "từ", "hằng", "định kỳ"),
    *("thường xuyên", "lần", "theo", "I", "IV", "V", "l", "0", "1", "6", "12", "30", "31"),
    *("2026", "2021-2025", "KH", "UBND", "TU", *"/.-,;:()?…%"),
]
NEAR_MISSES = st.lists(st.sampled_from(WORDS), max_size=14).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)
SLOW_SHAPES = [
    "aaaa" * 12_000 + "!",
    "1/" * 25_000,
    "quý " * 12_000,
    "thường xuyên, " * 4_000,
    "1 " * 25_000,
    "-" * 50_000,
    " đến " * 10_000,
    "i" * 50_000,
    "(" * 50_000,
    "\u0301" * 50_000,
]


def answers_or_refuses(read, raw):
    try:
        read(raw)
    except TextError as error:
        assert error.message  # noqa: PT017


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
@settings(deadline=500, max_examples=150)
@given(ANY_TEXT | NEAR_MISSES)
@example("\u0130\u00df\ufb01\u2163/2026")
@example("ngày 00 tháng 00 năm 0000")
def test_any_text_is_read_or_refused_in_words(read, raw):
    answers_or_refuses(read, raw)


@pytest.mark.parametrize("key", KEYS)
@settings(deadline=500)
@given(ANY_TEXT)
def test_any_text_has_its_keys(key, raw):
    key(raw)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
@pytest.mark.parametrize("raw", SLOW_SHAPES, ids=range(len(SLOW_SHAPES)))
def test_no_shape_of_text_takes_long(read, raw):
    started = time.perf_counter()
    answers_or_refuses(read, raw)
    answers_or_refuses(read, raw[:300])
    answers_or_refuses(read, raw[:60])
    # Generous for a busy machine; a runaway expression would take minutes.
    assert time.perf_counter() - started < 2


@given(ANY_TEXT, st.booleans())
def test_normalised_text_stays_as_it_is(raw, multiline):
    try:
        clean = normalise(raw, multiline=multiline)
        again = normalise(clean, multiline=multiline)
    except TextError:
        return
    assert again == clean


@given(ANY_TEXT)
def test_a_folded_text_stays_as_it_is(raw):
    assert fold(fold(raw)) == fold(raw)


@given(st.dates(date(2011, 1, 1), date(2045, 12, 31)))
def test_a_written_date_reads_back_as_itself(day):
    assert parse_date(f"{day:%d/%m/%Y}") == day
    assert parse_date(f"{day:%Y-%m-%d}") == day
    assert parse_date(f"ngày {day.day} tháng {day.month} năm {day.year}") == day
