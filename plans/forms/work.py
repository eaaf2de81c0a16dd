"""The strings of one request into typed values: reports, requests, decisions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField, DayField
from papi_portal import text
from plans import evidence


class DocumentNumberField(CleanCharField):
    """The number of a document in its one way of writing, "149/KH-UBND"; empty is allowed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        number = super().clean(value)
        try:
            return text.parse_document_number(number).text if number else ""
        except text.TextError as error:
            raise ValidationError(error.message) from error


class OnceForm(forms.Form):
    """A form that counts once however often it is sent: `token` is made when it is shown."""

    # A page may show many of these forms; their tokens need no ids.
    token = forms.UUIDField(widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid4


class EvidenceForm(OnceForm):
    """A file, the number of a document, or both."""

    document_number = DocumentNumberField(
        label=gettext_lazy("Số văn bản"),
        help_text=gettext_lazy("Ví dụ: 215/BC-STTTT."),
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp kiểm chứng"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": evidence.ACCEPT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("PDF, Word, Excel hoặc ảnh chụp, tối đa %(max)s MB.") % {
            "max": settings.EVIDENCE_MAX_BYTES // 2**20
        }

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if upload:
            try:
                upload.evidence_type = evidence.check(upload)
            except evidence.EvidenceError as error:
                raise ValidationError(error.message) from error
        return upload


class ReportForm(EvidenceForm):
    """What an agency says of its work: percent, a sentence, whether it is done, the proof."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    percent_done = CleanCharField(label=gettext_lazy("Tiến độ, %"), max_length=10, required=False)
    is_completion = forms.BooleanField(label=gettext_lazy("Đã hoàn thành"), required=False)
    text = CleanCharField(
        label=gettext_lazy("Đã làm được gì"),
        multiline=True,
        max_length=2000,
    )
    field_order = ("text", "percent_done", "is_completion", "document_number", "file")

    def clean_percent_done(self) -> int | None:
        typed = self.cleaned_data["percent_done"]
        if not typed:
            return None
        try:
            return text.parse_percent(typed)
        except text.TextError as error:
            raise ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "percent_done" in self.errors:
            return data
        percent = data.get("percent_done")
        if data.get("is_completion"):
            if percent not in (None, 100):
                self.add_error(
                    "percent_done",
                    _(
                        "Đánh dấu “Đã hoàn thành” nhưng tiến độ là %(percent)s %%: hãy ghi 100 "
                        "hoặc bỏ dấu hoàn thành."
                    )
                    % {"percent": percent},
                )
            data["percent_done"] = 100
        elif percent is None:
            self.add_error("percent_done", _("Hãy ghi tiến độ, từ 0 đến 100."))
        return data


class ExtensionForm(OnceForm):
    reason = CleanCharField(label=gettext_lazy("Lý do"), multiline=True, max_length=1000)
    proposed_due_on = DayField(label=gettext_lazy("Hạn đề nghị"))


class ReasonForm(OnceForm):
    """The reason that goes with a return, a reopening or a stop."""

    reason = CleanCharField(
        label=gettext_lazy("Lý do"),
        multiline=True,
        max_length=1000,
        error_messages={"required": gettext_lazy("Hãy ghi lý do.")},
    )


class AcceptForm(ReasonForm):
    """Why a flag of the radar is left as it is; `figures` are those that were read."""

    figures = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput(attrs={"id": False}))


class CommentForm(EvidenceForm):
    text = CleanCharField(
        label=gettext_lazy("Nội dung trao đổi"), multiline=True, max_length=2000, required=False
    )
    field_order = ("text", "document_number", "file")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(n) for n in ("text", "document_number", "file")):
            self.add_error("text", _("Hãy viết vài chữ hoặc đính kèm tài liệu."))
        return data


class DirectionForm(OnceForm):
    text = CleanCharField(label=gettext_lazy("Nội dung"), multiline=True, max_length=2000)


class DecisionForm(OnceForm):
    decision = forms.ChoiceField(choices=(("approve", ""), ("refuse", "")))
    note = CleanCharField(
        label=gettext_lazy("Ý kiến"), multiline=True, max_length=500, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "refuse" and not data.get("note"):
            self.add_error("note", _("Hãy ghi lý do không đồng ý gia hạn."))
        return data
