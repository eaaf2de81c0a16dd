"""Form fields that all apps share: text through the one normaliser, dates as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from papi_portal import text


class CleanCharField(forms.CharField):
    """Text through the one normaliser; several lines only when `multiline`."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        kwargs.setdefault("error_messages", {"required": _("Chưa ghi, xin điền ô này.")})
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        try:
            clean = text.normalise(str(value or ""), multiline=self.multiline)
        except text.TextError as error:
            raise ValidationError(error.message) from error
        return clean or ""


class DayField(forms.CharField):
    """A day as people write it (30/3/2021, 30-3-2021, 2021-03-30); gives a date or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("error_messages", {"required": _("Chưa ghi ngày, ví dụ 30/3/2021.")})
        attrs = {"inputmode": "numeric", "autocomplete": "off", "placeholder": _("ngày/tháng/năm")}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        # The length is checked before the text is looked into.
        self.run_validators(value)
        try:
            return text.parse_date(value)
        except text.TextError as error:
            raise ValidationError(error.message) from error

    def run_validators(self, value: Any) -> None:
        if isinstance(value, str):
            super().run_validators(value)
