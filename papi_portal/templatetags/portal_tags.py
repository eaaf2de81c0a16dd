"""What every template needs and no app owns: icons, bars, dates and numbers as written here."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# The parts of a bar, from the left; `rest` is due and not done, the ground is what is not due yet.
BAR_PARTS = ("done", "late", "rest")


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """Draw a symbol of `static/icons/sprite.svg`; the word beside it says what it means."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        f"icon {css_class}".strip(),
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def bar(total: float, done: float = 0, late: float = 0, rest: float = 0) -> SafeString:
    """Draw parts of `total` side by side; hidden from screen readers, so print the figures too."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="bar-bg" width="100" height="8"/>{}</svg>',
        format_html_join(
            "",
            '<rect class="bar-{}" x="{}" width="{}" height="8"/>',
            bar_segments(total, (done, late, rest)),
        ),
    )


def bar_segments(total: float, values: tuple[float, ...]) -> list[tuple[str, str, str]]:
    """Return name, start and width in percent of each part that is not empty, never beyond 100."""
    segments: list[tuple[str, str, str]] = []
    start = 0.0
    for name, value in zip(BAR_PARTS, values, strict=True):
        width = min(100 * float(value) / float(total), 100 - start) if total else 0
        if width > 0:
            segments.append((name, f"{start:.2f}", f"{width:.2f}"))
            start += width
    return segments


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """Write a day as 05/03/2026; a moment is first brought to local time."""
    if not isinstance(value, date):
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day:02}/{value.month:02}/{value.year}"


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """Write a moment as 09:40 05/03/2026 in local time."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour:02}:{local.minute:02} {vn_date(local)}"


@register.filter
def vn_number(value: Decimal | float | None, places: int | None = None) -> str:
    """Write a number with decimal comma and dots between thousands; `places` rounds half up."""
    if value is None or isinstance(value, str):
        return ""
    if places is not None:
        # number_format only cuts digits off.
        value = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def initials(name: str) -> str:
    """Return two letters for a round mark: of "Trần Thị Hằng" TH, the given name last."""
    words = str(name).split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
