"""The form of the head of a plan, and what is said of a number that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import rights_of
from agencies.formfields import CleanCharField, DayField
from agencies.models import Province
from agencies.querysets import valid_on
from agencies.services import Directory, UnknownAgencyError
from indicators.models import Index
from papi_portal import text
from plans import services
from plans.forms.work import DocumentNumberField, OnceForm
from plans.models import Plan, Target
from plans.states import MAX_TARGETS, PlanKind

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from agencies.models import User


class PlanForm(OnceForm):
    """The head of a plan. `province` is asked only of those who keep the files of several."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    province = forms.ModelChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"), queryset=Province.objects.none()
    )
    number = DocumentNumberField(
        label=gettext_lazy("Số, ký hiệu"),
        help_text=gettext_lazy("Ví dụ: 149/KH-UBND. Để trống nếu văn bản chưa có số."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Loại văn bản"), choices=PlanKind)
    issued_on = DayField(
        label=gettext_lazy("Ngày ban hành"),
        required=False,
        help_text=gettext_lazy("Ví dụ: 30/3/2021."),
    )
    title = CleanCharField(
        label=gettext_lazy("Trích yếu"),
        max_length=500,
        help_text=gettext_lazy("Nội dung ghi dưới chữ KẾ HOẠCH."),
    )
    issuer = CleanCharField(label=gettext_lazy("Cơ quan ban hành"), max_length=200)
    signer_name = CleanCharField(label=gettext_lazy("Người ký"), max_length=100, required=False)
    signer_title = CleanCharField(
        label=gettext_lazy("Chức vụ người ký"), max_length=100, required=False
    )
    period_start = DayField(label=gettext_lazy("Thực hiện từ ngày"))
    period_end = DayField(label=gettext_lazy("Đến ngày"))
    monitor = CleanCharField(
        label=gettext_lazy("Cơ quan theo dõi"),
        max_length=200,
        help_text=gettext_lazy("Gõ vài chữ hoặc tên tắt, ví dụ: snv."),
    )
    indices = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Chỉ số"),
        queryset=Index.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một chỉ số.")},
    )
    based_on = CleanCharField(
        label=gettext_lazy("Căn cứ"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Ví dụ: Kết luận 95-KL/TU ngày 10/11/2021."),
    )
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Thực hiện kế hoạch cấp trên, nhiều năm"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=gettext_lazy("(không)"),
    )
    supersedes = forms.ModelChoiceField(
        label=gettext_lazy("Thay thế kế hoạch"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=gettext_lazy("(không)"),
        help_text=gettext_lazy("Kế hoạch ấy kết thúc khi kế hoạch này được giao việc."),
    )
    targets = CleanCharField(
        label=gettext_lazy("Mục tiêu"),
        multiline=True,
        required=False,
        max_length=6000,
        help_text=gettext_lazy("Mỗi dòng một mục tiêu, như trong văn bản."),
    )

    def __init__(self, *args: Any, user: User, plan: Plan | None = None, **kwargs: Any) -> None:
        self.plan = plan
        self.directory: Directory | None = None
        super().__init__(*args, **kwargs)
        provinces = Province.objects.filter(pk__in=rights_of(user).office_provinces)
        choice = self.fields["province"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = provinces
        choice.label_from_instance = dated_name  # type: ignore[method-assign,assignment]  # Django's own way
        # As they are typed the server says what it understands of them.
        self.fields["targets"].widget.attrs.update(
            {
                "hx-post": reverse("plans:read_targets"),
                "hx-trigger": "input changed delay:500ms",
                "hx-target": "#targets-read",
                "hx-swap": "outerHTML",
                "hx-sync": "this:replace",
            }
        )
        self._offer_plans(provinces)
        self.fields["monitor"].widget.attrs.update(
            {"data-suggest": "agencies", "autocomplete": "off"}
        )

    def _offer_plans(self, provinces: QuerySet[Province]) -> None:
        """Plans of the person's provinces; what a plan replaces is settled once it is given out."""
        known = Plan.objects.filter(province__in=provinces).to_carry_from().newest_first()
        if self.plan is not None:
            known = known.exclude(pk=self.plan.pk).exclude(parent=self.plan)
        self.fields["parent"].queryset = known  # type: ignore[attr-defined]
        if self.plan is not None and (not self.plan.is_draft or self.plan.is_amendment):
            del self.fields["supersedes"]
        else:
            self.fields["supersedes"].queryset = known.active()  # type: ignore[attr-defined]

    def clean_targets(self) -> list[Target]:
        lines = [line.strip(" -+•\t") for line in self.cleaned_data["targets"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MAX_TARGETS:
            raise ValidationError(
                _("Có %(count)s mục tiêu, tối đa %(max)s: mỗi dòng chỉ ghi một mục tiêu.")
                % {"count": len(lines), "max": MAX_TARGETS}
            )
        for row, line in enumerate(lines, start=1):
            if len(line) > 500:
                raise ValidationError(
                    _("Mục tiêu dòng %(row)s dài %(length)s ký tự, tối đa 500.")
                    % {"row": row, "length": len(line)}
                )
        dimensions = services.dimensions_by_key()
        return [services.target_of(line, dimensions) for line in lines]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_province_stays(data)
        start, end, issued_on = (
            data.get(name) for name in ("period_start", "period_end", "issued_on")
        )
        if start and end and end < start:
            self.add_error(
                "period_end",
                _("Ngày kết thúc %(end)s trước ngày bắt đầu %(start)s.")
                % {"end": f"{end:%d/%m/%Y}", "start": f"{start:%d/%m/%Y}"},
            )
        self._check_kind(data)
        day = issued_on or start
        if day and data.get("province"):
            self._check_province(data["province"], day)
            self._find_monitor(data, day)
            data["year"] = day.year
            if data.get("province"):  # an error on a field takes its value away
                self._check_number_is_free(data)
        return data

    def _check_province_stays(self, data: dict[str, Any]) -> None:
        """Work that was given out names the province too, and would be left behind."""
        plan, province = self.plan, data.get("province")
        if plan is None or province is None or province.pk == plan.province_id:
            return
        if plan.is_amendment:
            self.add_error(
                "province", _("Văn bản sửa đổi thuộc cùng đơn vị với kế hoạch mà nó sửa.")
            )
        elif not plan.is_draft:
            self.add_error(
                "province", _("Kế hoạch đã giao việc nên không chuyển sang đơn vị khác được.")
            )

    def _check_kind(self, data: dict[str, Any]) -> None:
        if not data.get("number"):
            return
        printed = text.parse_document_number(data["number"]).type
        if printed in PlanKind.values and data.get("kind") and printed != data["kind"]:
            self.add_error(
                "kind",
                _("Số “%(number)s” là số của %(printed)s, không phải %(chosen)s.")
                % {
                    "number": data["number"],
                    "printed": PlanKind(printed).label,
                    "chosen": PlanKind(data["kind"]).label,
                },
            )

    def _check_province(self, province: Province, day: date) -> None:
        if Province.objects.filter(valid_on(day), pk=province.pk).exists():
            return
        others = self.fields["province"].queryset.filter(valid_on(day))  # type: ignore[attr-defined]
        self.add_error(
            "province",
            _("Ngày %(day)s chưa có hoặc không còn đơn vị này; hãy chọn: %(others)s.")
            % {
                "day": f"{day:%d/%m/%Y}",
                "others": "; ".join(dated_name(other) for other in others) or "-",
            },
        )

    def _find_monitor(self, data: dict[str, Any], day: date) -> None:
        if not data.get("monitor") or "province" in self.errors:
            return
        self.directory = Directory(data["province"].pk, day)
        try:
            named = self.directory.find(data["monitor"])
        except UnknownAgencyError as error:
            self.add_error("monitor", f"{error.message}.")
            return
        if named.agency is None:
            self.add_error("monitor", _("Cơ quan theo dõi phải là một cơ quan, không phải nhóm."))
        else:
            data["monitor"] = named.agency

    def _check_number_is_free(self, data: dict[str, Any]) -> None:
        if not data.get("number"):
            return
        same = Plan.objects.filter(
            province=data["province"], year=data["year"], number=data["number"]
        )
        if self.plan is not None:
            same = same.exclude(pk=self.plan.pk)
        taken_by = same.first()
        if taken_by is not None:
            self.add_error("number", number_taken_message(data["number"], data["year"], taken_by))


def number_taken_message(number: str, year: int, taken_by: Plan | None = None) -> str:
    """What to tell of a number in use; the province's own offices may read whose it is."""
    values = {"year": year, "number": number}
    if taken_by is None:
        told = _("Năm %(year)s tỉnh đã có văn bản số “%(number)s”: hãy xem lại số hoặc ngày.")
        return told % values
    told = _(
        "Năm %(year)s tỉnh đã có văn bản số “%(number)s”: “%(title)s” (%(state)s). "
        "Hãy mở kế hoạch ấy, hoặc xem lại số và ngày."
    )
    title = Truncator(taken_by.title).chars(80)
    return told % {**values, "title": title, "state": taken_by.get_status_display().lower()}


def dated_name(province: Province) -> str:
    if province.valid_to:
        return _("%(name)s (đến hết %(day)s)") % {
            "name": province.name,
            "day": f"{province.valid_to:%d/%m/%Y}",
        }
    return province.name
