"""Read scores and percentages as Vietnamese offices write them."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _

from papi_portal.text.normalise import TextError, normalise, quoted

MAX_LENGTH = 20
MAX_RAW_LENGTH = 1_000

_FORMULA_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
_EXPONENT = re.compile(r"[0-9.,]+e[+-]?[0-9]+|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?P<unit>%|điểm)$", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]+")
_ONE_SEPARATOR = re.compile(r"(?P<head>[0-9]+)[.,](?P<tail>[0-9]+)")
_LEADING_SEPARATOR = re.compile(r"[.,][0-9]+")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:(?:\.[0-9]{3})+(?:,[0-9]+)?|(?:,[0-9]{3})+(?:\.[0-9]+)?"
    r"|(?: [0-9]{3})+(?:[.,][0-9]+)?)"
)
# Only the full-width forms: other scripts and superscripts are refused, not guessed.
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．％－＋（）", "0123456789,.%-+()")
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‑": "-"})


class NumberError(TextError):
    """A text is not a number, or not one the field can hold."""


def parse_decimal(
    raw: str, *, minimum: Decimal | int, maximum: Decimal | int, places: int
) -> Decimal:
    """Return the number in `raw`, rounded half-even to `places`; comma and dot both mean decimal.

    `39.140` and `1.234` have two readings; the range decides, and if it allows both the error
    asks. A percent sign is allowed only where `maximum` is 100. Raise `NumberError`.
    """
    text = _clean(raw, allows_percent=maximum == 100)
    sign, digits = _split_sign(text)
    readings = [sign * reading for reading in _readings(digits)]
    if not readings:
        raise NumberError(_not_a_number(text))
    quantum = Decimal(1).scaleb(-places)
    rounded = [value.quantize(quantum, ROUND_HALF_EVEN) for value in readings]
    fitting = [value for value in rounded if minimum <= value <= maximum]
    if len(fitting) > 1:
        message = _(
            "%(value)s có thể hiểu là %(first)s hoặc %(second)s. Hãy ghi không có dấu ngăn hàng "
            "nghìn, ví dụ %(second)s."
        )
        first, second = map(_with_comma, fitting[:2])
        raise NumberError(message % {"value": quoted(text), "first": first, "second": second})
    if fitting:
        return fitting[0]
    raise NumberError(_out_of_range(rounded[0], Decimal(minimum), Decimal(maximum), places))


def parse_percent(raw: str) -> int:
    """Return the progress in `raw` as whole percent 0..100. Raise `NumberError`."""
    if not raw.strip():
        raise NumberError(_("Chưa ghi tiến độ. Hãy nhập số nguyên từ 0 đến 100, ví dụ 60."))
    text = _clean(raw, allows_percent=True)
    sign, digits = _split_sign(text)
    readings = _readings(digits)
    if len(readings) != 1:
        message = _("Tiến độ %(value)s không rõ. Hãy nhập số nguyên từ 0 đến 100, ví dụ 60.")
        raise NumberError(message % {"value": quoted(text)})
    value = sign * readings[0]
    if value > 100:
        message = _("Tiến độ %(value)s vượt 100. Hãy nhập số nguyên từ 0 đến 100, ví dụ 60.")
    elif value < 0:
        message = _("Tiến độ %(value)s nhỏ hơn 0. Hãy nhập số nguyên từ 0 đến 100, ví dụ 60.")
    elif value != int(value):
        message = _(
            "Tiến độ %(value)s không phải số nguyên. Hãy nhập số nguyên từ 0 đến 100, ví dụ 60."
        )
    else:
        return int(value)
    raise NumberError(message % {"value": _with_comma(value)})


def _clean(raw: str, *, allows_percent: bool) -> str:
    if len(raw) > MAX_RAW_LENGTH:
        raise NumberError(_too_long(len(raw)))
    text = normalise(raw).translate(_FULL_WIDTH).translate(_MINUS).strip()
    if not text:
        raise NumberError(_("Chưa ghi số. Hãy nhập một số, ví dụ 39,14."))
    if error := _FORMULA_ERROR.search(text):
        raise NumberError(
            _("Ô có lỗi công thức %(error)s. Hãy sửa công thức hoặc nhập thẳng số, ví dụ 39,14.")
            % {"error": error[0]}
        )
    unit = _UNIT.search(text)
    if unit and (unit["unit"] != "%" or allows_percent):
        text = text[: unit.start()]
    if len(text) > MAX_LENGTH:
        raise NumberError(_too_long(len(text)))
    if _EXPONENT.fullmatch(text):
        raise NumberError(
            _("%(value)s: không dùng dạng mũ. Hãy ghi đủ các chữ số, ví dụ 1000.")
            % {"value": quoted(text)}
        )
    return text


def _split_sign(text: str) -> tuple[int, str]:
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1].strip()
    if text.startswith("-"):
        return -1, text[1:].strip()
    return 1, text.removeprefix("+").strip()


def _readings(text: str) -> list[Decimal]:
    """Return what unsigned digits can mean, the decimal reading first; nothing if no number."""
    if _WHOLE.fullmatch(text):
        return [Decimal(text)]
    if _LEADING_SEPARATOR.fullmatch(text):
        return [Decimal(f"0.{text[1:]}")]
    if match := _ONE_SEPARATOR.fullmatch(text):
        readings = [Decimal(f"{match['head']}.{match['tail']}")]
        if len(match["tail"]) == 3 and len(match["head"]) <= 3 and match["head"][0] != "0":
            readings.append(Decimal(match["head"] + match["tail"]))
        return readings
    if _GROUPED.fullmatch(text):
        return [_read_grouped(text)]
    return []


def _read_grouped(text: str) -> Decimal:
    """Return the value of `1.234,5`, `1,234.5`, `1 234,5`: the last sign is the decimal one."""
    separators = [char for char in text if not char.isdigit()]
    if len(set(separators)) == 1:
        return Decimal(re.sub("[., ]", "", text))
    whole, tail = text.rsplit(separators[-1], 1)
    return Decimal(f"{re.sub('[., ]', '', whole)}.{tail}")


def _out_of_range(value: Decimal, minimum: Decimal, maximum: Decimal, places: int) -> str:
    values = {
        "value": _with_comma(value),
        "minimum": _with_comma(minimum),
        "maximum": _with_comma(maximum),
    }
    if value < minimum:
        message = _(
            "%(value)s nhỏ hơn mức tối thiểu %(minimum)s. "
            "Hãy nhập số từ %(minimum)s đến %(maximum)s."
        )
        return message % values
    guess = _with_lost_comma(value, minimum, maximum, places)
    if guess is None:
        message = _(
            "%(value)s vượt mức tối đa %(maximum)s. Hãy nhập số từ %(minimum)s đến %(maximum)s."
        )
        return message % values
    message = _("%(value)s vượt mức tối đa %(maximum)s. Có phải %(guess)s?")
    return message % (values | {"guess": _with_comma(guess)})


def _with_lost_comma(
    value: Decimal, minimum: Decimal, maximum: Decimal, places: int
) -> Decimal | None:
    """A whole number above the range with a comma put back: 8,4 for 84, 39,1406 for 391406."""
    digits = f"{value.normalize():f}"
    if "." in digits:
        return None
    for at in range(1, len(digits)):
        guess = value.scaleb(-at).normalize()
        if minimum <= guess <= maximum and -int(guess.as_tuple().exponent) <= places:
            return guess
    return None


def _not_a_number(text: str) -> str:
    return _(
        "%(value)s không phải là số. Hãy chỉ ghi chữ số và dấu phẩy thập phân, ví dụ 39,14."
    ) % {"value": quoted(text)}


def _too_long(length: int) -> str:
    return _("Số dài %(length)s ký tự; tối đa %(limit)s. Hãy nhập lại, ví dụ 39,14.") % {
        "length": length,
        "limit": MAX_LENGTH,
    }


def _with_comma(value: Decimal) -> str:
    digits = f"{value:f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits).replace(".", ",")
