"""Move the years that a text names, as when last year's plan is set again for this year."""

import re
from datetime import date

# A year alone or at the end of a date. "12/2025/NQ-HĐND" is the number of a document, "2025 hộ"
# cannot be told from a year: where that matters, people are asked.
_YEAR = re.compile(r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?![0-9]|/[^\W\d_])")
_SHORT_YEAR = re.compile(
    r"(?<![0-9/.-])(?P<day>[0-9]{1,2}[/.-][0-9]{1,2}[/.-])(?P<year>[0-9]{2})(?![0-9/.-])"
)
_LEAP_DAY = re.compile(
    r"(?<![0-9/.-])29(?P<rest>\s*(?:[/.-]\s*|\s+tháng\s+)0?2\s*(?:[/.-]|,?\s+năm)\s*)"
    r"(?P<year>[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)


def years_in(text: str) -> list[int]:
    """The years that `text` names, each once, in their order."""
    return list(dict.fromkeys(int(match["year"]) for match in _YEAR.finditer(text)))


def shift_years(text: str, years: int) -> str:
    """`text` with every year in it moved by `years`: "Quý II/2025" by 1 is "Quý II/2026".

    29/2 becomes 28/2 where the new year has none. Words without a year stay as they are.
    """
    moved = _YEAR.sub(lambda match: str(int(match["year"]) + years), text)
    moved = _SHORT_YEAR.sub(
        lambda match: f"{match['day']}{(int(match['year']) + years) % 100:02d}", moved
    )
    return _LEAP_DAY.sub(_without_leap_day, moved)


def shift_day(day: date, years: int) -> date:
    """The same day `years` later; 28/2 for a 29/2 that the year does not have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _without_leap_day(match: re.Match[str]) -> str:
    year = int(match["year"])
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return match[0] if is_leap else f"28{match['rest']}{match['year']}"
