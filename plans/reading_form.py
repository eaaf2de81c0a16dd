"""The form that gives a document to be read."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import rights_of
from agencies.models import Province
from plans import evidence
from plans.forms import OnceForm, dated_name

if TYPE_CHECKING:
    from agencies.models import User

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
