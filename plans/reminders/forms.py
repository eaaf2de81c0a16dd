"""The strings of one request into typed values: rungs, days off, absences, a day to look at."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField, DayField
from agencies.models import User
from papi_portal import text
from plans.forms import DocumentNumberField
from plans.reminders.ladder import MAX_DAYS, MAX_RUNGS, Rule, described
from plans.reminders.models import CalendarDay, CalendarDecision, Leave
from plans.reminders.services import NewDecision
from plans.reminders.states import REPEATED_KINDS, RUNG_KINDS, Audience, Kind, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.models import Province

MAX_DAYS_OF_DECISION = 60
LONGEST_LEAVE = timedelta(days=366)
FIRST_YEAR, LAST_YEAR = 2020, 2045
_RANGE = re.compile(r"\s+(?:-|–|đến)\s+|–|\.\.")


class WholeNumberField(forms.IntegerField):
    """A whole number; what is none is said in Vietnamese."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "size": 4, "autocomplete": "off"}
        super().__init__(
            widget=forms.TextInput(attrs=attrs),
            error_messages={
                "required": gettext_lazy("Chưa ghi số nào."),
                "invalid": gettext_lazy("Hãy ghi một số nguyên, ví dụ 7."),
                "min_value": gettext_lazy("Hãy ghi từ %(limit_value)s trở lên."),
                "max_value": gettext_lazy("Hãy ghi nhiều nhất là %(limit_value)s."),
            },
            **kwargs,
        )


class RungForm(forms.Form):
    """One rung; a row without its kind is left out."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Khi nào"),
        required=False,
        choices=[("", "—"), *((kind.value, kind.label) for kind in RUNG_KINDS)],
    )
    days = WholeNumberField(
        label=gettext_lazy("Số ngày"), required=False, min_value=0, max_value=MAX_DAYS
    )
    unit = forms.ChoiceField(label=gettext_lazy("Đếm theo"), choices=Unit, initial=Unit.DAY)
    repeat_days = WholeNumberField(
        label=gettext_lazy("Nhắc lại sau mỗi (ngày)"),
        required=False,
        min_value=1,
        max_value=MAX_DAYS,
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Nhắc ai"),
        required=False,
        choices=Audience,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def sentence(self) -> str:
        """What the rung says, stored or typed; empty while it says nothing."""
        if not self.is_bound:
            return str(self.initial.get("sentence", ""))
        rule = self.rule if self.is_valid() else None
        return described(rule) if rule else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("kind") or self.errors:
            return data
        kind = Kind(data["kind"])
        if data.get("days") is None:
            self.add_error("days", _("Chưa ghi số ngày, ví dụ 7."))
        elif not data["days"] and kind in {Kind.OVERDUE, Kind.ESCALATION, Kind.SILENCE}:
            self.add_error("days", _("Hãy ghi từ 1 ngày trở lên."))
        if not data.get("audience"):
            self.add_error("audience", _("Chọn ít nhất một người được nhắc."))
        if data.get("repeat_days") and kind not in REPEATED_KINDS:
            self.add_error("repeat_days", _("Nấc này chỉ nhắc một lần: hãy để trống ô này."))
        return data

    @property
    def rule(self) -> Rule | None:
        """What a valid row says; None for one left out."""
        data = self.cleaned_data
        if not data.get("kind") or data.get("DELETE"):
            return None
        return Rule(
            kind=Kind(data["kind"]),
            days=data["days"],
            audience=frozenset(Audience(each) for each in data["audience"]),
            unit=Unit(data["unit"]),
            repeat_days=data.get("repeat_days") or 0,
        )


class BaseLadderForms(BaseFormSet):
    """All rungs of a ladder; no two of one kind on the same day."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Bỏ nấc này khi lưu")

    def clean(self) -> None:
        seen = set()
        for form in self.forms:
            if form.errors or (rule := form.rule) is None:
                continue
            key = (rule.kind, rule.days, rule.unit)
            if key in seen:
                form.add_error("days", _("Đã có một nấc như thế ở trên: hãy gộp người được nhắc."))
            seen.add(key)
        if not seen and not any(form.errors for form in self.forms):
            raise ValidationError(_("Chưa có nấc nào: hãy giữ ít nhất một nấc."))

    @property
    def rules(self) -> list[Rule]:
        return [form.rule for form in self.forms if form.rule is not None]


LadderForms = formset_factory(
    RungForm,
    formset=BaseLadderForms,
    extra=1,
    max_num=MAX_RUNGS,
    absolute_max=MAX_RUNGS,
    validate_max=True,
    can_delete=True,
)


def initial_rungs(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    return [
        {
            "kind": rule.kind.value,
            "days": rule.days,
            "unit": rule.unit.value,
            "repeat_days": rule.repeat_days or None,
            "audience": [each.value for each in rule.audience],
            "sentence": described(rule),
        }
        for rule in rules
    ]


class DecisionForm(forms.Form):
    """A document about days off; its days are typed one by one or as "16/2 - 20/2"."""

    number = DocumentNumberField(
        label=gettext_lazy("Số văn bản"), help_text=gettext_lazy("Ví dụ: 10519/TB-BNV.")
    )
    year = WholeNumberField(label=gettext_lazy("Năm"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    is_yearly = forms.BooleanField(
        label=gettext_lazy("Đây là lịch nghỉ lễ, Tết của cả năm"), required=False
    )
    closed = CleanCharField(
        label=gettext_lazy("Ngày nghỉ"),
        multiline=True,
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Mỗi dòng một ngày hoặc một khoảng: 31/8/2026, 16/2/2026 - 20/2/2026."
        ),
    )
    worked = CleanCharField(
        label=gettext_lazy("Ngày làm bù"),
        multiline=True,
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Ví dụ: 22/8/2026. Ngày lễ mà đơn vị vẫn làm cũng ghi ở đây."),
    )
    note = CleanCharField(label=gettext_lazy("Ghi chú"), required=False, max_length=300)

    def __init__(self, *args: Any, province: Province, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province = province
        number = self.fields["number"]
        number.required = True
        number.error_messages["required"] = _("Chưa ghi số văn bản, ví dụ 10519/TB-BNV.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("closed", "worked"):
            if name in data:
                try:
                    data[name] = days_in(data[name], data.get("year"))
                except text.TextError as error:
                    self.add_error(name, error.message)
        if not self.errors:
            self._check(data)
        return data

    def _check(self, data: dict[str, Any]) -> None:
        closed, worked = data["closed"], data["worked"]
        if both := closed & worked:
            day = f"{min(both):%d/%m/%Y}"
            self.add_error("worked", _("Ngày %(day)s vừa nghỉ vừa làm bù.") % {"day": day})
        if not (closed or worked or data["is_yearly"]):
            self.add_error("closed", _("Hãy ghi ít nhất một ngày nghỉ hoặc một ngày làm bù."))
        if len(closed | worked) > MAX_DAYS_OF_DECISION:
            told = _("Tối đa %(limit)s ngày một văn bản.") % {"limit": MAX_DAYS_OF_DECISION}
            self.add_error("closed", told)
        known = CalendarDecision.objects.filter(province=self.province, year=data["year"])
        if known.filter(number=data["number"]).exists():
            self.add_error("number", _("Văn bản này đã được nhập."))
        days = CalendarDay.objects.filter(province=self.province, day__in=closed | worked)
        if taken := days.select_related("decision").first():
            values = {"day": f"{taken.day:%d/%m/%Y}", "number": taken.decision.number}
            self.add_error("closed", _("Ngày %(day)s đã có trong %(number)s.") % values)

    @property
    def new(self) -> NewDecision:
        data = self.cleaned_data
        return NewDecision(**{name: data[name] for name in NewDecision.__dataclass_fields__})


def days_in(typed: str, year: int | None) -> frozenset[date]:
    """Each day of "31/8/2026, 16/2 - 20/2"; raise `TextError` for what is no day."""
    found: set[date] = set()
    for part in filter(None, (part.strip() for part in re.split(r"[\n,;]", typed))):
        ends = [text.parse_date(end, default_year=year) for end in _RANGE.split(part)]
        if len(ends) > 2 or ends[-1] < ends[0]:
            raise text.TextError(
                _("“%(part)s” không phải một khoảng ngày. Ví dụ: 16/2/2026 - 20/2/2026.")
                % {"part": part[:60]}
            )
        length = (ends[-1] - ends[0]).days + 1
        if length > MAX_DAYS_OF_DECISION:
            raise text.TextError(
                _("“%(part)s” dài %(days)s ngày; tối đa %(limit)s.")
                % {"part": part[:60], "days": length, "limit": MAX_DAYS_OF_DECISION}
            )
        found |= {ends[0] + timedelta(days=number) for number in range(length)}
    return frozenset(found)


class LeaveForm(forms.Form):
    """From when to when somebody is away, and who reads the letters."""

    delegate = forms.ModelChoiceField(
        label=gettext_lazy("Người nhận thay"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Chọn người"),
        error_messages={
            "required": gettext_lazy("Chưa chọn người nhận thay."),
            "invalid_choice": gettext_lazy("Chọn một người trong danh sách."),
        },
    )
    starts_on = DayField(label=gettext_lazy("Từ ngày"))
    ends_on = DayField(label=gettext_lazy("Đến hết ngày"))
    reason = CleanCharField(label=gettext_lazy("Lý do"), required=False, max_length=200)

    def __init__(
        self, *args: Any, person: User, delegates: Sequence[User], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.today = person, today
        field = self.fields["delegate"]
        field.queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[delegate.pk for delegate in delegates]
        ).order_by("full_name", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if not (first and last):
            return data
        if last < first:
            self.add_error("ends_on", _("Ngày cuối phải từ %(day)s trở đi.") % _shown(first))
        elif last < self.today:
            self.add_error(
                "ends_on", _("Ngày cuối đã qua: hãy ghi từ %(day)s.") % _shown(self.today)
            )
        elif last - first > LONGEST_LEAVE:
            self.add_error("ends_on", _("Mỗi lần vắng tối đa một năm."))
        elif other := Leave.objects.filter(
            user=self.person, starts_on__lte=last, ends_on__gte=first
        ).first():
            self.add_error(
                "starts_on",
                _("Trùng với lần vắng đã nhập từ %(first)s đến %(last)s.")
                % {"first": f"{other.starts_on:%d/%m/%Y}", "last": f"{other.ends_on:%d/%m/%Y}"},
            )
        return data

    @property
    def leave(self) -> Leave:
        return Leave(user=self.person, **self.cleaned_data)


def _shown(day: date) -> dict[str, str]:
    return {"day": f"{day:%d/%m/%Y}"}


class DayForm(forms.Form):
    """Which day to look at."""

    ngay = DayField(label=gettext_lazy("Ngày"), required=False)
