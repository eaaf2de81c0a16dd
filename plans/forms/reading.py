"""The forms that give a document to be read and take over what was read of it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import rights_of
from agencies.models import Province
from plans import drafting, evidence
from plans.forms.plan import PlanForm, dated_name
from plans.forms.work import OnceForm

if TYPE_CHECKING:
    from agencies.models import User
    from plans.models import Reading
    from plans.reader import Draft
    from plans.reviewing import Counts

MAX_DOCUMENT_BYTES = 20 * 2**20
DOCUMENT_KINDS = ("docx", "pdf", "txt", "html", "htm")
MAX_PASTED = 400_000


class ReadingForm(OnceForm):
    """A document to be read: a file or pasted text, for one of the person's provinces."""

    province = forms.ModelChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"), queryset=Province.objects.none()
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp văn bản"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("Word (.docx), PDF có chữ, .txt hoặc .html, tối đa 20 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(f".{kind}" for kind in DOCUMENT_KINDS)}
        ),
    )
    # As pasted: the reader needs its tabs and line ends, and mends old fonts itself.
    text = forms.CharField(
        label=gettext_lazy("Hoặc dán chữ của văn bản"),
        required=False,
        strip=False,
        max_length=MAX_PASTED,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["province"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Province.objects.filter(pk__in=rights_of(user).office_provinces)
        choice.label_from_instance = dated_name  # type: ignore[method-assign,assignment]  # Django's own way

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if not upload:
            return upload
        name = evidence.shown_name(upload)
        kind = PurePath(upload.name or "").suffix.lower().lstrip(".")
        if kind not in DOCUMENT_KINDS:
            raise ValidationError(
                _("Không đọc được tệp “%(name)s”: chỉ nhận .docx, .pdf, .txt, .html.")
                % {"name": name}
            )
        if not upload.size:
            raise ValidationError(
                _("Tệp “%(name)s” rỗng (0 byte): hãy mở tệp kiểm tra rồi chọn lại.")
                % {"name": name}
            )
        if upload.size > MAX_DOCUMENT_BYTES:
            raise ValidationError(
                _("Tệp “%(name)s” lớn %(size)s MB, vượt mức %(max)s MB: hãy tách phần kế hoạch.")
                % {
                    "name": name,
                    "size": upload.size // 2**20,
                    "max": MAX_DOCUMENT_BYTES // 2**20,
                }
            )
        return upload

    def clean_text(self) -> str:
        pasted: str = self.cleaned_data["text"]
        return pasted if pasted.strip() else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data.get("file") and data.get("text"):
            self.add_error("text", _("Chỉ chọn một: tệp hoặc chữ dán vào."))
        elif not data.get("file") and not data.get("text"):
            self.add_error("file", _("Hãy chọn một tệp hoặc dán chữ của văn bản."))
        return data


class ReviewForm(PlanForm):
    """The head of a plan as read from a document, and what must be answered before it is made.

    `version` is that of the head under review.
    """

    is_province_confirmed = forms.BooleanField(
        label=gettext_lazy("Đúng, ghi cho tỉnh, thành phố đã chọn ở trên"), required=False
    )
    leaves_rest = forms.BooleanField(
        label=gettext_lazy("Để lại những dòng chưa xem"), required=False
    )

    def __init__(
        self, *args: Any, reading: Reading, draft: Draft, counts: Counts, **kwargs: Any
    ) -> None:
        self.reading = reading
        self.draft = draft
        self.counts = counts
        # Per field what a colleague has saved since the person read it.
        self.theirs: dict[str, str] = {}
        super().__init__(*args, **kwargs)
        order = list(self.fields)
        order.insert(order.index("province") + 1, order.pop(order.index("is_province_confirmed")))
        self.order_fields(order)

    def province_doubt(self) -> str:
        """Why the province has to be confirmed as the form stands now; empty if it need not be."""
        typed = self["province"].value()
        choice = self.fields["province"]
        assert isinstance(choice, forms.ModelChoiceField)
        try:
            province = choice.clean(typed)
        except ValidationError:
            return ""
        return drafting.province_doubt(self.draft, self.reading, province)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        province = data.get("province")
        if province is not None and not data.get("is_province_confirmed"):
            doubt = drafting.province_doubt(self.draft, self.reading, province)
            if doubt:
                told = _("%(doubt)s Hãy đánh dấu nếu đúng, hoặc chọn lại tỉnh, thành phố.")
                self.add_error("is_province_confirmed", told % {"doubt": doubt})
        self._check_rows(data)
        return data

    def _check_rows(self, data: dict[str, Any]) -> None:
        counts = self.counts
        if counts.total and not counts.accepted:
            self.add_error(
                "leaves_rest",
                _("Chưa nhận nhiệm vụ nào: hãy nhận từng dòng, hoặc bấm “Nhận tất cả”."),
            )
        elif counts.undecided and not data.get("leaves_rest"):
            told = _(
                "Còn %(count)s dòng chưa xem, sẽ không vào bản nháp: hãy nhận hoặc bỏ từng dòng, "
                "hoặc đánh dấu “Để lại những dòng chưa xem”."
            )
            self.add_error("leaves_rest", told % {"count": counts.undecided})
