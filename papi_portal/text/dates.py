"""Read a date as Vietnamese offices write it, day first."""

import re
from calendar import monthrange
from datetime import date, timedelta

from django.utils.translation import gettext as _

from papi_portal.text.normalise import TextError, normalise, plain, quoted, trimmed

MAX_LENGTH = 100
FIRST_YEAR = 2011
LAST_YEAR = 2045

_SEPARATED = re.compile(r"([0-9]{1,2})\s?([/.-])\s?([0-9]{1,2})(?:\s?\2\s?([0-9]{1,6}))?", re.ASCII)
_ISO = re.compile(
    r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})(?:[t ]00:00(?::00(?:\.0{1,6})?)?z?)?"
)
_ISO_WITH_TIME = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[t ].{1,40}")
_WORDED = re.compile(
    r"([0-9]{1,2})\s+thang\s+([0-9]{1,2})(?:\s*,?\s*nam\s+([0-9]{1,6}))?", re.ASCII
)
_COMPACT = re.compile(r"[0-9]{8}")
_EXCEL_SERIAL = re.compile(r"[0-9]{5}")
_WEEKDAY = re.compile(r"(thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\s?,?\s(?=[0-9n])")
_BLANK_FORM = re.compile(r"\?|_|\.{2,}|(?<![a-z])(?:dd|mm|xx|yyyy)(?![a-z])")
_LUNAR = re.compile(
    r"(?<![a-z])(?:am lich|al|tet|ram|m[uo]ng [0-9]{1,2}|thang (?:gieng|chap))(?![a-z])"
)
_DATE_IN_TEXT = re.compile(
    r"(?<![0-9/.-])[0-9]{1,2}(?:/[0-9]{1,2}(?:/[0-9]{4})?|([.-])[0-9]{1,2}\1[0-9]{4})(?![0-9/])"
    r"|[0-9]{1,2}\s+thang\s+[0-9]{1,2}(?![0-9])"
)
_EXCEL_EPOCH = date(1899, 12, 30)
_WEEKDAYS = ("hai", "ba", "tu", "nam", "sau", "bay", "nhat")


class DateError(TextError):
    """A text is not a date that exists and can be stored."""


class MissingYearError(DateError):
    """A date without its year, where nothing tells the year."""


def parse_date(raw: str, *, default_year: int | None = None) -> date:
    """Return the date in `raw`, 2011 to 2045; `default_year` is for a date without its year.

    Raise `DateError` for what is no date (a two-digit year is asked about, never guessed).
    """
    if len(raw) > MAX_LENGTH:
        raise DateError(
            _("Ngày dài %(length)s ký tự; tối đa %(limit)s. %(example)s")
            % {"length": len(raw), "limit": MAX_LENGTH, "example": _how_to_write()}
        )
    text = normalise(raw)
    key = trimmed(plain(text))
    refuse_blank_form(key)
    refuse_lunar(key)
    if (found := read_date(key, default_year)) is not None:
        return found
    if has_several_dates(key):
        raise DateError(
            _("%(value)s có hai ngày. Hãy chỉ ghi một ngày, ví dụ 28/02/2022.")
            % {"value": quoted(text)}
        )
    raise DateError(
        _("%(value)s không phải là ngày. %(example)s")
        % {"value": quoted(text), "example": _how_to_write()}
    )


def read_date(key: str, default_year: int | None) -> date | None:
    """Return the date that `key` (from `plain`) is, or None. Raise `DateError` for a false one."""
    weekday = _WEEKDAY.match(key)
    core = key[weekday.end() :] if weekday else key
    core = re.sub(r"^ngay(?: |(?=[0-9]))", "", core)
    if match := _SEPARATED.fullmatch(core):
        # 30.2022 and 12-2022 are no day and month.
        found = _build(match[4], match[3], match[1], default_year)
    elif match := _WORDED.fullmatch(core):
        found = _build(match[3], match[2], match[1], default_year)
    elif match := _ISO.fullmatch(core):
        found = _build(match[1], match[3], match[4], None)
    else:
        _refuse_near_misses(core)
        return None
    if weekday:
        _check_weekday(found, weekday[1])
    return found


def read_year(digits: str) -> int:
    """Return the four-digit year, 2011 to 2045, or raise `DateError`."""
    if len(digits) <= 2:
        guess = 2000 + int(digits)
        message = _("Năm “%(year)s” chỉ có hai chữ số. Hãy ghi đủ bốn chữ số, ví dụ 2026.")
        if FIRST_YEAR <= guess <= LAST_YEAR:
            message = _(
                "Năm “%(year)s” chỉ có hai chữ số: có phải %(guess)s? Hãy ghi đủ bốn chữ số."
            )
        raise DateError(message % {"year": digits, "guess": guess})
    year = int(digits)
    if len(digits) != 4 or not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(
            _(
                "Năm %(year)s nằm ngoài khoảng %(first)s–%(last)s. "
                "Hãy ghi năm bằng bốn chữ số, ví dụ 2026."
            )
            % {"year": digits, "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return year


def check_month(month: int) -> int:
    """Return `month`, or raise `DateError` if no year has it."""
    if 1 <= month <= 12:
        return month
    raise DateError(
        _(
            "Không có tháng %(month)s: một năm có 12 tháng. "
            "Hãy ghi ngày trước, tháng sau, ví dụ 28/02/2022."
        )
        % {"month": month}
    )


def refuse_blank_form(key: str) -> None:
    """Raise `DateError` if nothing, or only the dots of a printed form, is there."""
    if not key or _BLANK_FORM.search(key):
        raise DateError(_("Chưa điền ngày. %(example)s") % {"example": _how_to_write()})


def refuse_lunar(key: str) -> None:
    """Raise `DateError` for a date of the lunar calendar."""
    if _LUNAR.search(key):
        raise DateError(_("Chưa hiểu ngày âm lịch; hãy nhập ngày dương lịch, ví dụ 28/02/2022."))


def has_several_dates(key: str) -> bool:
    """Tell whether `key` names more than one day."""
    return sum(1 for _match in _DATE_IN_TEXT.finditer(key)) > 1


def has_date(key: str) -> bool:
    """Tell whether `key` names a day anywhere."""
    return _DATE_IN_TEXT.search(key) is not None


def month_end(year: int, month: int) -> date:
    """Return the last day of the month."""
    return date(year, month, monthrange(year, month)[1])


def weekday_name(day: date) -> str:
    """Return the Vietnamese name of the weekday of `day`."""
    names = (
        *(_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm")),
        *(_("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật")),
    )
    return names[day.weekday()]


def _build(year: str | None, month: str, day: str, default_year: int | None) -> date:
    number_of_month = check_month(int(month))
    known_year = read_year(year) if year is not None else default_year
    if known_year is None:
        raise MissingYearError(
            _("Ngày %(day)s/%(month)s thiếu năm. Hãy ghi đủ ngày, tháng, năm, ví dụ 28/02/2022.")
            % {"day": day, "month": month}
        )
    days = monthrange(known_year, number_of_month)[1]
    if 1 <= int(day) <= days:
        return date(known_year, number_of_month, int(day))
    raise DateError(
        _(
            "Không có ngày %(day)s: tháng %(month)s/%(year)s có %(days)s ngày. "
            "Hãy nhập dạng ngày/tháng/năm, ví dụ %(example)s."
        )
        % {
            "day": int(day),
            "month": number_of_month,
            "year": known_year,
            "days": days,
            "example": f"{date(known_year, number_of_month, days):%d/%m/%Y}",
        }
    )


def _check_weekday(day: date, written: str) -> None:
    last = written.split()[-1]
    index = int(last) - 2 if last.isdigit() else _WEEKDAYS.index(last)
    if index != day.weekday():
        raise DateError(
            _("Ngày %(day)s là %(weekday)s. Hãy sửa ngày hoặc bỏ tên thứ, ví dụ %(day)s.")
            % {"day": f"{day:%d/%m/%Y}", "weekday": weekday_name(day)}
        )


def _refuse_near_misses(core: str) -> None:
    """Raise `DateError` for what is a date to a machine only, saying which day it means."""
    if _EXCEL_SERIAL.fullmatch(core):
        day = _EXCEL_EPOCH + timedelta(days=int(core))
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            message = _("“%(value)s” có vẻ là số ngày của Excel. Nếu đúng, hãy nhập %(day)s.")
            raise DateError(message % {"value": core, "day": f"{day:%d/%m/%Y}"})
    if _COMPACT.fullmatch(core):
        message = _("“%(value)s” viết liền, không rõ ngày tháng. %(example)s")
        raise DateError(message % {"value": core, "example": _how_to_write()})
    if match := _ISO_WITH_TIME.fullmatch(core):
        read_date(match[1], None)
        message = _("“%(value)s” có cả giờ. Hãy chỉ nhập ngày, ví dụ 28/02/2022.")
        raise DateError(message % {"value": core})


def _how_to_write() -> str:
    return _("Hãy nhập dạng ngày/tháng/năm, ví dụ 28/02/2022.")
