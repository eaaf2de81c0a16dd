"""The forms of an import: the file, the meaning of its columns, the answers it needs."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField
from agencies.models import Province
from indicators.models import Index
from indicators.score_import import LIMITS
from indicators.score_import.headers import YEARS
from papi_portal.sheets import address
from papi_portal.sheets.guards import MAX_FILE, grouped
from plans import evidence
from plans.forms.plan import dated_name
from plans.forms.work import OnceForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.safestring import SafeString

    from papi_portal.sheets import Column, Preview
    from plans.importing.layout import Layout

KINDS_OF_FILE = ("xlsx", "csv", "ods")
DOUBTS = "doubts"


class SheetForm(OnceForm):
    """A spreadsheet; the province is asked only of who administers several."""

    province = forms.ModelChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"), queryset=Province.objects.none()
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp bảng tính"),
        allow_empty_file=True,
        help_text=gettext_lazy("Excel (.xlsx), .csv hoặc .ods, tối đa 20 MB và 5.000 dòng."),
        error_messages={"required": gettext_lazy("Hãy chọn một tệp .xlsx, .csv hoặc .ods.")},
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(f".{kind}" for kind in KINDS_OF_FILE)}
        ),
    )

    def __init__(self, *args: Any, provinces: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Province.objects.filter(pk__in=provinces)
        if len(choices) <= 1:
            del self.fields["province"]
            self.only_province = choices[0] if choices else None
            return
        choice = self.fields["province"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = choices
        choice.label_from_instance = dated_name  # type: ignore[method-assign,assignment]  # Django's own way

    @property
    def chosen_province(self) -> Province | None:
        chosen: Province | None = self.cleaned_data.get("province", None)
        return chosen or getattr(self, "only_province", None)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        told = {"name": evidence.shown_name(upload)}
        if PurePath(upload.name or "").suffix.lower().lstrip(".") not in KINDS_OF_FILE:
            raise ValidationError(
                _(
                    "Không nhận tệp “%(name)s”: hãy mở bằng Excel và lưu lại dạng .xlsx "
                    "(cũng nhận .csv, .ods)."
                )
                % told
            )
        if not upload.size:
            raise ValidationError(
                _("Tệp “%(name)s” rỗng (0 byte): không có dòng dữ liệu nào. Hãy chọn lại.") % told
            )
        if upload.size > MAX_FILE:
            sizes = {"size": upload.size // 2**20, "max": MAX_FILE // 2**20}
            raise ValidationError(
                _("Tệp “%(name)s” lớn %(size)s MB, vượt mức %(max)s MB: hãy tách thành nhiều tệp.")
                % {**told, **sizes}
            )
        return upload


class ScoreSheetForm(SheetForm):
    """A table of published scores: of which index, from where, and the year if no cell says it."""

    index = forms.ModelChoiceField(
        label=gettext_lazy("Chỉ số"),
        queryset=Index.objects.all(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Hãy chọn chỉ số, ví dụ PAPI.")},
    )
    source = CleanCharField(
        label=gettext_lazy("Nguồn công bố"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: Báo cáo PAPI 2024, UNDP, trang 61; papi.org.vn."),
        error_messages={
            "required": gettext_lazy("Chưa ghi nguồn. Ví dụ: Báo cáo PAPI 2024, UNDP, trang 61.")
        },
    )
    edition_year = forms.IntegerField(
        label=gettext_lazy("Năm của chỉ số"),
        required=False,
        min_value=min(YEARS),
        max_value=max(YEARS),
        help_text=gettext_lazy("Chỉ cần khi bảng không có cột “Năm”. Ví dụ: 2024."),
        error_messages={"invalid": gettext_lazy("Năm ghi bằng bốn chữ số, ví dụ 2024.")},
    )
    field_order = ("index", "source", "edition_year", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["index"].initial = Index.objects.filter(code="PAPI").first()
        told = {"rows": grouped(LIMITS.rows)}
        self.fields["file"].help_text = (
            _("Excel (.xlsx), .csv hoặc .ods, tối đa 20 MB và %(rows)s dòng.") % told
        )


class LayoutForm(forms.Form):
    """Which sheet is read and which column of it holds what."""

    def __init__(
        self, *args: Any, layout: Layout, columns: Sequence[Column], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [column.key for column in columns] if layout.headings else []
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Trang tính"),
            choices=[(name, name) for name in layout.sheets],
            initial=layout.sheet,
        )
        headings = [
            (str(at), f"{address(0, at)}: {heading[:60]}")
            for at, heading in layout.headings.items()
        ]
        for column in columns if layout.headings else ():
            self.fields[f"c_{column.key}"] = forms.ChoiceField(
                label=column.title,
                required=False,
                choices=[("", _("không có trong tệp")), *headings],
                initial=str(layout.columns.get(column.key, "")),
            )

    @property
    def chosen(self) -> dict[str, int]:
        """The column of each key; 0 for one that the file does not have."""
        return {key: int(self.cleaned_data.get(f"c_{key}") or 0) for key in self.keys}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for key in self.keys:
            name = f"c_{key}"
            at = data.get(name)
            if at and at in taken:
                self.add_error(
                    name,
                    _("Cột này đã chọn cho “%(other)s”.") % {"other": self.fields[taken[at]].label},
                )
            elif at:
                taken[at] = name
        return data


class ConfirmForm(OnceForm):
    """The answers to everything that the preview asks, and that its guesses were looked at."""

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in preview.questions:
            self.fields[f"q_{question.key}"] = forms.ChoiceField(
                label=question.message,
                choices=question.choices,
                widget=forms.RadioSelect,
                help_text=_places(question.places),
                error_messages={"required": _("Hãy chọn một câu trả lời ở dưới câu hỏi.")},
            )
        if preview.doubt_count:
            self.fields[DOUBTS] = forms.BooleanField(
                label=_("Đã xem %(count)s chỗ cổng đoán hoặc nghi ngờ, và đồng ý cách hiểu đó")
                % {"count": preview.doubt_count},
                error_messages={"required": _("Hãy xem các chỗ ấy rồi đánh dấu đồng ý.")},
            )

    @property
    def answers(self) -> dict[str, str]:
        return {
            name.removeprefix("q_"): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("q_")
        }


def _places(places: Iterable[str]) -> SafeString:
    """One line for each place; they quote cells of the file, and help texts are not escaped."""
    lines = format_html_join("", "<li>{}</li>", ((place,) for place in places))
    return format_html("<ul>{}</ul>", lines) if lines else lines
