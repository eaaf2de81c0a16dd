"""The one normaliser and the readers of names, dates, deadlines, numbers and document numbers."""

from papi_portal.text.dates import DateError, parse_date, weekday_name
from papi_portal.text.deadlines import (
    Deadline,
    DeadlineError,
    DeadlineKind,
    describe,
    parse_deadline,
)
from papi_portal.text.documents import (
    DocumentNumber,
    DocumentNumberError,
    parse_document_number,
)
from papi_portal.text.names import (
    agency_keys,
    expand,
    fold,
    initials,
    match_key,
    nearest,
    sort_key,
)
from papi_portal.text.normalise import LegacyFontError, TextError, normalise, quoted
from papi_portal.text.numbers import NumberError, parse_decimal, parse_percent
from papi_portal.text.periods import Recurrence, period_instances
from papi_portal.text.shifting import shift_day, shift_years, years_in

__all__ = [
    "DateError",
    "Deadline",
    "DeadlineError",
    "DeadlineKind",
    "DocumentNumber",
    "DocumentNumberError",
    "LegacyFontError",
    "NumberError",
    "Recurrence",
    "TextError",
    "agency_keys",
    "describe",
    "expand",
    "fold",
    "initials",
    "match_key",
    "nearest",
    "normalise",
    "parse_date",
    "parse_deadline",
    "parse_decimal",
    "parse_document_number",
    "parse_percent",
    "period_instances",
    "quoted",
    "shift_day",
    "shift_years",
    "sort_key",
    "weekday_name",
    "years_in",
]
