"""What a person decides when a plan ends or an agency is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField
from agencies.models import Agency
from plans.forms.work import OnceForm

if TYPE_CHECKING:
    from collections.abc import Sequence

KEEP, STOP = "giu", "dung"


class ConsentForm(forms.Form):
    """To giving out a plan that ends work of another."""

    agrees = forms.BooleanField(
        label=gettext_lazy("Đồng ý dừng các phần việc nêu trên khi giao việc"),
        error_messages={
            "required": gettext_lazy("Hãy xem danh sách rồi đánh dấu đồng ý trước khi giao việc.")
        },
    )


class CloseForm(OnceForm):
    reason = CleanCharField(
        label=gettext_lazy("Lý do kết thúc"),
        max_length=500,
        help_text=gettext_lazy("Ví dụ: Hết thời gian thực hiện, đã báo cáo UBND tỉnh."),
    )
    open_work = forms.ChoiceField(
        label=gettext_lazy("Phần việc còn mở"),
        widget=forms.RadioSelect,
        choices=(
            (
                KEEP,
                gettext_lazy("Để nguyên: báo cáo vẫn tính là chưa hoàn thành, không nhắc nữa"),
            ),
            (STOP, gettext_lazy("Dừng: không tính nữa, ghi lý do ở từng phần việc")),
        ),
        error_messages={
            "required": gettext_lazy("Hãy chọn: để nguyên hay dừng các phần việc còn mở.")
        },
    )

    def __init__(self, *args: Any, has_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_open:
            del self.fields["open_work"]


class HandOverForm(OnceForm):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Chuyển cho"),
        queryset=Agency.objects.none(),
        empty_label=gettext_lazy("(hãy chọn)"),
        error_messages={"required": gettext_lazy("Hãy chọn cơ quan nhận việc.")},
    )
    ground = CleanCharField(
        label=gettext_lazy("Căn cứ"),
        max_length=300,
        help_text=gettext_lazy("Số, ngày của văn bản. Ví dụ: Nghị quyết 18/NQ-HĐND ngày 1/3/2025."),
    )
    work = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Phần việc"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Chưa chọn phần việc nào: đánh dấu ít nhất một dòng."),
            "invalid_choice": gettext_lazy(
                "Danh sách phần việc vừa thay đổi: hãy tải lại trang rồi chọn lại."
            ),
        },
    )

    def __init__(
        self, *args: Any, takers: Sequence[Agency], work: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        to, rows = self.fields["to"], self.fields["work"]
        assert isinstance(to, forms.ModelChoiceField)
        assert isinstance(rows, forms.TypedMultipleChoiceField)
        to.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in takers])
        # The heirs on record stand first, which no order of the table gives.
        to.widget.choices = [
            ("", str(to.empty_label)),
            *((agency.pk, agency.name) for agency in takers),
        ]
        rows.choices = [(pk, str(pk)) for pk in work]
