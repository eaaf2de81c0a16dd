"""What is typed to ask for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.formfields import DayField
from plans.reports import services

if TYPE_CHECKING:
    from datetime import date

    from plans.models import Plan


class ReportForm(forms.Form):
    """The day whose figures are reported; from the day the work was given out until today."""

    as_of = DayField(
        label=_("Số liệu đến hết ngày"),
        help_text=_("Ví dụ: 30/4/2021. Ngày đã qua lấy số liệu như đã có vào cuối ngày đó."),
        error_messages={"required": _("Hãy ghi ngày chốt số liệu, ví dụ 30/4/2021.")},
    )

    def __init__(self, *args: Any, plan: Plan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("as_of", today)
        self.plan = plan
        self.today = today

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        try:
            services.check_as_of(self.plan, as_of, self.today)
        except services.ReportError as error:
            raise ValidationError(error.message) from error
        return as_of
