"""What is typed to ask for a report, to write beside its figures, to issue it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.formfields import CleanCharField, DayField
from papi_portal import text
from plans.reports import choices, periods, services
from plans.reports.codes import as_kept
from plans.reports.scope import Scope
from plans.reports.states import PeriodChoice, ReportKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from agencies.models import Agency, Province
    from plans.models import Plan
    from plans.reports.kinds.kind import Section
    from plans.reports.periods import Period

LARGEST_FILE = 50 * 1024 * 1024


class PeriodForm(forms.Form):
    """A period from a list, or any two dates; `scope` is what is asked for once it is valid."""

    period = forms.ChoiceField(
        label=_("Kỳ báo cáo"),
        help_text=_("Kỳ tính theo Nghị định 09/2019/NĐ-CP: từ ngày 15 đến ngày 14."),
        error_messages={"required": _("Hãy chọn kỳ báo cáo.")},
    )
    first_day = DayField(label=_("Từ ngày"), required=False)
    last_day = DayField(label=_("Đến hết ngày"), required=False)

    scope: Scope

    def __init__(
        self, *args: Any, kind: ReportKind, since: date | None, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.today = today
        offered: Any = choices.offered(since, today)
        self.fields["period"].choices = offered  # type: ignore[attr-defined]
        self.initial.setdefault("period", choices.default(kind, since, today))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.scope = self.scope_of(self._period(data))
                services.check(self.scope, self.today)
            except periods.PeriodError as error:
                self.add_error("last_day", error.message)
            except services.ReportError as error:
                self.add_error("period", error.message)
        return data

    def _period(self, data: dict[str, Any]) -> Period:
        first, last = data["first_day"], data["last_day"]
        # Who wrote days means them, whatever the list still says.
        if data["period"] != choices.ANY_DATES and not (first or last):
            return periods.parse(data["period"])
        if not (first and last):
            raise periods.PeriodError(gettext("Hãy ghi cả hai ngày, ví dụ 15/6/2026 và 14/9/2026."))
        return periods.custom(first, last)

    def scope_of(self, period: Period) -> Scope:
        raise NotImplementedError


class PlanReportForm(PeriodForm):
    """A report of one plan; a letter asks for the agencies as well."""

    def __init__(
        self, *args: Any, plan: Plan, overdue: Sequence[tuple[Agency, int]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, since=services.first_day(plan), **kwargs)
        self.plan = plan
        self.agencies = {agency.pk: agency for agency, _count in overdue}
        if self.kind == ReportKind.URGING:
            self.fields["agencies"] = forms.TypedMultipleChoiceField(
                label=_("Gửi các cơ quan"),
                coerce=int,
                choices=[(agency.pk, _standing(agency, count)) for agency, count in overdue],
                widget=forms.CheckboxSelectMultiple,
                # Who is only asked is not late, and is written to when somebody means to.
                initial=[agency.pk for agency, _count in overdue if not agency.is_requested],
                error_messages={"required": _("Hãy chọn ít nhất một cơ quan.")},
            )
            self.order_fields(["agencies", "period"])

    def scope_of(self, period: Period) -> Scope:
        chosen = [self.agencies[pk] for pk in self.cleaned_data.get("agencies", ())]
        return Scope(self.kind, self.plan.province, period, self.plan, tuple(chosen))


def _standing(agency: Agency, count: int) -> str:
    words = gettext("%(agency)s: %(count)s phần việc quá hạn")
    if agency.is_requested:
        words = gettext("%(agency)s (được đề nghị phối hợp): %(count)s phần việc")
    return words % {"agency": agency.name, "count": count}


class AgencyReportForm(PeriodForm):
    agency = forms.TypedChoiceField(
        label=_("Cơ quan"),
        coerce=int,
        widget=forms.Select(
            attrs={"data-combobox": "", "data-placeholder": _("Gõ tên cơ quan, không cần dấu")}
        ),
        error_messages={
            "required": _("Hãy chọn cơ quan."),
            "invalid_choice": _("Hãy chọn một cơ quan trong danh sách."),
        },
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, since=None, **kwargs)
        self.agencies = {agency.pk: agency for agency in agencies}
        listed = [(agency.pk, agency.name) for agency in agencies]
        first = [] if len(listed) == 1 else [("", _("Chọn cơ quan"))]
        self.fields["agency"].choices = [*first, *listed]  # type: ignore[attr-defined]
        self.order_fields(["agency"])

    def scope_of(self, period: Period) -> Scope:
        agency = self.agencies[self.cleaned_data["agency"]]
        return Scope(self.kind, agency.province, period, agencies=(agency,))


class ProvinceReportForm(PeriodForm):
    province = forms.TypedChoiceField(label=_("Tỉnh"), coerce=int)

    def __init__(self, *args: Any, provinces: Sequence[Province], **kwargs: Any) -> None:
        super().__init__(*args, since=None, **kwargs)
        self.provinces = {province.pk: province for province in provinces}
        listed = [(province.pk, province.name) for province in provinces]
        self.fields["province"].choices = listed  # type: ignore[attr-defined]
        self.order_fields(["province"])

    def scope_of(self, period: Period) -> Scope:
        return Scope(self.kind, self.provinces[self.cleaned_data["province"]], period)


class TextsForm(forms.Form):
    """The paragraphs of each section of a report."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in sections:
            self.fields[section.key] = CleanCharField(
                multiline=True,
                label=section.title,
                help_text=section.hint,
                required=False,
                # No maxlength: a browser cuts what is pasted beyond it without a word.
                validators=[partial(check_length, section)],
                widget=forms.Textarea(attrs={"rows": 7, **_counter(section)}),
                # What the section said when it was opened travels with it: see `mine`.
                show_hidden_initial=True,
            )

    def texts(self) -> dict[str, str]:
        return {key: text for key, text in self.cleaned_data.items() if key != "version"}

    def mine(self) -> dict[str, str]:
        """Only the sections that were changed here."""
        return {key: text for key, text in self.texts().items() if key in self.changed_data}

    def disputed(self, theirs: Mapping[str, str]) -> dict[str, str]:
        """Those of `mine` that somebody else has meanwhile made into another text."""
        return {
            key: text
            for key, text in self.mine().items()
            if theirs.get(key, "") not in (self._before(key), text)
        }

    def _before(self, key: str) -> str:
        return str(self.fields[key].to_python(self.data.get(self.add_initial_prefix(key))) or "")


def check_length(section: Section, typed: str) -> None:
    """Raise `ValidationError` for more than the section has room for."""
    over = len(typed) - section.max_letters
    if over > 0:
        words = gettext("Dài quá: tối đa %(most)s ký tự, đang có %(have)s, hãy rút bớt %(over)s.")
        have = {"most": section.max_letters, "have": len(typed), "over": over}
        raise ValidationError(words % have)
    lines = sum(bool(line.strip()) for line in typed.splitlines())
    if section.max_lines and lines > section.max_lines:
        words = gettext("Nhiều dòng quá: tối đa %(most)s dòng, đang có %(have)s, hãy nối bớt.")
        raise ValidationError(words % {"most": section.max_lines, "have": lines})


def _counter(section: Section) -> dict[str, Any]:
    """For portal.js, which counts while one types, where there is little room."""
    if section.max_lines is None:
        return {}
    most = {"most": section.max_letters, "lines": section.max_lines}
    return {
        "data-most-letters": section.max_letters,
        "data-most-lines": section.max_lines,
        "data-fits": gettext("Đã gõ {letters}/%(most)s ký tự, {lines}/%(lines)s dòng.") % most,
        "data-over": gettext("Quá dài: {letters}/%(most)s ký tự, {lines}/%(lines)s dòng.") % most,
    }


class IssueForm(forms.Form):
    """What the clerk reads off the signed paper."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    number = CleanCharField(
        label=_("Số, ký hiệu"),
        max_length=50,
        error_messages={"required": _("Hãy ghi số, ký hiệu, ví dụ 149/BC-SNV.")},
    )
    day = DayField(label=_("Ngày ký"))
    signer = CleanCharField(
        label=_("Người ký"),
        max_length=100,
        help_text=_("Họ và tên, không ghi học hàm, học vị."),
        error_messages={"required": _("Hãy ghi họ và tên người ký.")},
    )

    def __init__(self, *args: Any, symbol: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext("Như trên bản đã ký, ví dụ: 05/%(symbol)s.")
        self.fields["number"].help_text = words % {"symbol": symbol}

    def clean_number(self) -> str:
        """In the one way of writing, so that 5/BC-SNV is not another number than 05/BC-SNV."""
        try:
            return text.parse_document_number(self.cleaned_data["number"]).text
        except text.TextError as error:
            raise ValidationError(error.message) from error

    def issue(self) -> services.Issue:
        data = self.cleaned_data
        return services.Issue(data["number"], data["day"], data["signer"])


class ScheduleForm(forms.Form):
    """At which cut-offs a report of the plan is made, and who is told."""

    kinds = forms.MultipleChoiceField(
        label=_("Tự lập báo cáo tiến độ khi hết"),
        choices=[choice for choice in PeriodChoice.choices if choice[0] != PeriodChoice.CUSTOM],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Lập ngay sau ngày chốt số liệu (ngày 14). Bỏ chọn hết để thôi lập."),
    )
    readers = forms.TypedMultipleChoiceField(
        label=_("Báo cho"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Người được báo nhận một thông báo trong cổng khi báo cáo lập xong."),
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].choices = people  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    ma = CleanCharField(
        label=_("Mã xác minh"),
        max_length=40,
        help_text=_("Mười chữ và số in ở trang cuối, ví dụ ABCDE-23456."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Hãy ghi mã in ở trang cuối của văn bản.")},
    )

    def clean_ma(self) -> str:
        code = as_kept(self.cleaned_data["ma"])
        if not code:
            raise ValidationError(
                _(
                    "Mã gồm đúng mười chữ và số, không có số 0, số 1 và các chữ I, L, O, U. "
                    "Hãy xem lại."
                )
            )
        return code


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp cần so"),
        help_text=_(
            "Chọn tệp hoặc kéo thả vào trang: PDF, Word, Excel, JSON, đến 50 MB. "
            "Cổng không giữ lại tệp."
        ),
        error_messages={
            "required": _("Hãy chọn tệp cần so."),
            "empty": _("Tệp rỗng. Hãy chọn tệp khác."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("Tệp lớn hơn 50 MB nên không thể là tệp của cổng."))
        return file
