"""What a person chooses when a plan is made from an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField
from plans.carrying import MAX_YEARS, Choice
from plans.forms.work import OnceForm
from plans.models import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.models import Agency
    from plans.carrying import Gone, Line

STAY, END = "o-lai", "dung"
OLD_WORK = (
    (STAY, gettext_lazy("Vẫn mở trong kế hoạch cũ, cùng làm với kế hoạch mới")),
    (END, gettext_lazy("Dừng, ghi “chuyển sang kế hoạch …”, vào lúc kế hoạch mới được giao việc")),
)
ALL, UNFINISHED = "tat-ca", "chua-xong"
SCOPES = (
    (UNFINISHED, gettext_lazy("Chỉ nhiệm vụ còn phần việc chưa xong")),
    (ALL, gettext_lazy("Mọi nhiệm vụ")),
)


class ViewForm(forms.Form):
    """What the list of tasks is shown for; a wrong value falls back to the usual one."""

    nam = forms.IntegerField(
        label=gettext_lazy("Dời thời hạn thêm (năm)"),
        min_value=0,
        max_value=MAX_YEARS,
        error_messages={
            "invalid": gettext_lazy("Số năm phải là số nguyên từ 0 đến 10, ví dụ 1."),
            "required": gettext_lazy("Hãy ghi số năm, ví dụ 1."),
        },
    )
    chi = forms.ChoiceField(label=gettext_lazy("Mang theo"), choices=SCOPES)
    vao = forms.ModelChoiceField(
        label=gettext_lazy("Đưa vào"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=gettext_lazy("Một kế hoạch mới"),
    )

    def __init__(self, *args: Any, drafts: Sequence[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["vao"]
        assert isinstance(into, forms.ModelChoiceField)
        into.queryset = Plan.objects.filter(pk__in=[draft.pk for draft in drafts])


class CarryForm(OnceForm):
    """The chosen tasks and the answers to what was asked about them."""

    title = CleanCharField(label=gettext_lazy("Trích yếu của kế hoạch mới"), max_length=500)
    with_targets = forms.BooleanField(
        label=gettext_lazy("Chép cả mục tiêu, năm dời theo"), required=False
    )
    old_work = forms.ChoiceField(
        label=gettext_lazy("Phần việc còn mở của nhiệm vụ cũ"),
        choices=OLD_WORK,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Hãy chọn: vẫn mở hay dừng khi giao kế hoạch mới.")
        },
    )
    tasks = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Nhiệm vụ mang theo"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Chưa chọn nhiệm vụ nào: đánh dấu ít nhất một dòng."),
            "invalid_choice": gettext_lazy("Danh sách nhiệm vụ đã thay đổi: hãy tải lại trang."),
        },
    )
    renamed = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Đổi năm trong tên"), coerce=int, required=False
    )

    def __init__(
        self,
        *args: Any,
        lines: Sequence[Line],
        gone: Sequence[Gone],
        years: int,
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.gone = gone
        self._choices("tasks", [line.task.pk for line in lines])
        self._choices("renamed", [line.task.pk for line in lines if line.asks_name])
        if not is_new:
            del self.fields["title"], self.fields["with_targets"]
        if not any(line.is_unfinished for line in lines):
            del self.fields["old_work"]
        for row in gone:
            self.fields[f"heir_{row.agency.pk}"] = _heir_field(row)

    def heir_fields(self) -> list[forms.BoundField]:
        return [self[f"heir_{row.agency.pk}"] for row in self.gone]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        stray = set(data.get("renamed", [])) - set(data.get("tasks", []))
        data["renamed"] = set(data.get("renamed", [])) - stray
        return data

    def choice(self) -> Choice:
        data = self.cleaned_data
        heirs = {
            row.agency.pk: heir
            for row in self.gone
            if (heir := data.get(f"heir_{row.agency.pk}")) is not None
        }
        return Choice(
            years=self.years,
            tasks=frozenset(data["tasks"]),
            renamed=frozenset(data["renamed"]),
            heirs=heirs,
            ends_origin=data.get("old_work") == END,
        )

    def _choices(self, name: str, keys: list[int]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(key, str(key)) for key in keys]


KEEP = "giu"


def _heir_field(row: Gone) -> forms.Field:
    """Who takes over from an agency that is gone; nothing is chosen beforehand."""
    by_key: dict[str, Agency] = {str(heir.pk): heir for heir in row.heirs}

    def heir_of(key: str) -> Agency | None:
        if key != KEEP and key not in by_key:
            raise ValidationError(_("Danh sách cơ quan đã thay đổi: hãy tải lại trang."))
        return by_key.get(key)

    return forms.TypedChoiceField(
        label=row.agency.name,
        choices=[
            ("", _("(hãy chọn)")),
            *((key, heir.name) for key, heir in by_key.items()),
            (KEEP, _("Giữ chữ cũ, sửa trong bảng sau")),
        ],
        # What the succession on record leaves no doubt about is offered first.
        initial=str(row.heirs[0].pk) if len(row.heirs) == 1 else "",
        coerce=heir_of,
        empty_value=None,
        error_messages={
            "required": _("Hãy chọn cơ quan kế thừa của “%(agency)s” hoặc giữ chữ cũ.")
            % {"agency": row.agency.name}
        },
    )
