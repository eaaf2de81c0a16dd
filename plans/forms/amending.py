"""The document by which a plan is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField, DayField
from papi_portal import text
from plans.forms.plan import number_taken_message
from plans.forms.work import DocumentNumberField, OnceForm
from plans.models import Plan
from plans.states import PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = ("kind", "number", "issued_on", "title", "issuer", "signer_title", "signer_name")


class AmendmentForm(OnceForm):
    """The head of an amending document: number and date are what everything else refers to."""

    number = DocumentNumberField(
        label=gettext_lazy("Số, ký hiệu"),
        help_text=gettext_lazy("Ví dụ: 215/QĐ-UBND."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Loại văn bản"), choices=PlanKind)
    issued_on = DayField(
        label=gettext_lazy("Ngày ban hành"), help_text=gettext_lazy("Ví dụ: 15/9/2026.")
    )
    title = CleanCharField(label=gettext_lazy("Trích yếu"), max_length=500)
    issuer = CleanCharField(label=gettext_lazy("Cơ quan ban hành"), max_length=200)
    signer_title = CleanCharField(
        label=gettext_lazy("Chức vụ người ký"), max_length=100, required=False
    )
    signer_name = CleanCharField(label=gettext_lazy("Người ký"), max_length=100, required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        self.plan = plan
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "number" not in self.errors and not data.get("number"):
            self.add_error(
                "number",
                _("Kế hoạch chỉ sửa theo văn bản có số: hãy ghi số, ví dụ 215/QĐ-UBND."),
            )
        day, first = data.get("issued_on"), self.plan.issued_on
        if day and first and day < first:
            self.add_error(
                "issued_on",
                _("Ngày %(day)s trước ngày ban hành kế hoạch được sửa (%(first)s).")
                % {"day": f"{day:%d/%m/%Y}", "first": f"{first:%d/%m/%Y}"},
            )
        self._check_number(data)
        return data

    def head(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in HEAD}

    def _check_number(self, data: dict[str, Any]) -> None:
        number, day = data.get("number"), data.get("issued_on")
        if not number:
            return
        printed = text.parse_document_number(number).type
        if printed in PlanKind.values and data.get("kind") and printed != data["kind"]:
            self.add_error(
                "kind",
                _("Số “%(number)s” là số của %(printed)s: hãy chọn lại loại văn bản.")
                % {"number": number, "printed": PlanKind(printed).label},
            )
        same = Plan.objects.filter(province=self.plan.province, number=number)
        if day and same.filter(year=day.year).exists():
            self.add_error("number", number_taken_message(number, day.year))


class ApplyForm(OnceForm):
    """The consent to what was shown; stopping tasks is agreed to by itself."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agrees_to_stops = forms.BooleanField(
        label=gettext_lazy("Đồng ý dừng các nhiệm vụ nêu trên và các phần việc còn mở của chúng"),
        error_messages={
            "required": gettext_lazy("Có nhiệm vụ bị dừng: hãy xem danh sách rồi đánh dấu đồng ý.")
        },
    )

    def __init__(self, *args: Any, has_stops: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_stops:
            del self.fields["agrees_to_stops"]
