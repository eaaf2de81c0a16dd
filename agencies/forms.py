"""The strings of one request into typed values: filters, agencies, invitations, posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField, DayField
from agencies.models import Agency, Province
from agencies.states import AgencyKind, Role

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

MAX_ALIASES = 40


class AgencySelect(forms.Select):
    """A list of agencies in which one types: every form of a name finds it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"data-combobox": "", **kwargs.pop("attrs", {})}, **kwargs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        agency = getattr(value, "instance", None)
        if isinstance(agency, Agency):
            option["attrs"]["data-keys"] = agency.search_text
            option["attrs"]["data-hint"] = agency.short_name
        return option


class EmailField(CleanCharField):
    """One address in plain letters, kept in lower case: it is the name people sign in by."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "email", "autocomplete": "off", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        email = super().clean(value).lower()
        if not email:
            return email
        try:
            forms.EmailField().clean(email)
        except ValidationError:
            is_address = False
        else:
            domain = email.rpartition("@")[2]
            is_address = email.isascii() and "." in domain and '"' not in email
        if not is_address:
            raise ValidationError(
                _("“%(email)s” không phải địa chỉ thư điện tử. Ví dụ: ten.ho@laocai.gov.vn."),
                params={"email": email[:50]},
            )
        return email


class AgencyFilter(forms.Form):
    """`?q=&loai=&ngay=&tinh=` of the list of agencies; a faulty one is shown and left out."""

    q = CleanCharField(
        label=gettext_lazy("Tên, tên ngắn hoặc ký hiệu"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "data-key-search": ""}),
    )
    loai = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        required=False,
        choices=[("", gettext_lazy("Tất cả")), *AgencyKind.choices],
    )
    ngay = DayField(label=gettext_lazy("Có vào ngày"), required=False)
    tinh = forms.ModelChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"),
        required=False,
        queryset=Province.objects.none(),
        empty_label=gettext_lazy("Tất cả"),
    )

    def __init__(self, *args: Any, provinces: QuerySet[Province], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tinh"].queryset = provinces  # type: ignore[attr-defined]


class AgencyForm(forms.ModelForm):
    """The names of an agency and the day on which it ends."""

    name = CleanCharField(label=gettext_lazy("Tên"), max_length=200)
    short_name = CleanCharField(label=gettext_lazy("Tên ngắn"), max_length=80, required=False)
    code = CleanCharField(
        label=gettext_lazy("Ký hiệu"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Như trong số văn bản: SNV, STTTT."),
    )
    aliases = CleanCharField(
        label=gettext_lazy("Tên khác"),
        multiline=True,
        required=False,
        max_length=8000,
        help_text=gettext_lazy("Mỗi dòng một tên, như các văn bản vẫn ghi."),
    )
    valid_to = DayField(
        label=gettext_lazy("Hoạt động đến hết ngày"),
        required=False,
        help_text=gettext_lazy("Để trống nếu cơ quan đang hoạt động."),
    )

    class Meta:
        model = Agency
        fields: ClassVar = ["name", "short_name", "code", "valid_to"]

    def clean_aliases(self) -> list[str]:
        names = list(dict.fromkeys(filter(None, self.cleaned_data["aliases"].split("\n"))))
        if len(names) > MAX_ALIASES:
            raise ValidationError(
                _("Có %(count)s tên; tối đa %(limit)s."),
                params={"count": len(names), "limit": MAX_ALIASES},
            )
        for name in names:
            if len(name) > 200:
                raise ValidationError(
                    _("“%(name)s…” dài %(length)s ký tự; tối đa 200."),
                    params={"name": name[:50], "length": len(name)},
                )
        return names

    def clean_valid_to(self) -> date | None:
        last: date | None = self.cleaned_data["valid_to"]
        first = self.instance.valid_from
        if last and first and last < first:
            raise ValidationError(
                _("Ngày cuối %(last)s sớm hơn ngày đầu %(first)s của cơ quan."),
                params={"last": f"{last:%d/%m/%Y}", "first": f"{first:%d/%m/%Y}"},
            )
        return last

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        agency = self.instance
        same = Agency.objects.filter(
            province=agency.province_id,
            name=name,
            gso_code=agency.gso_code,
            valid_from=agency.valid_from,
        )
        if same.exclude(pk=agency.pk).exists():
            raise ValidationError(_("Tỉnh đã có một cơ quan khác mang tên này."))
        return name


class InviteForm(forms.Form):
    """A person, an agency and what the person is there."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    email = EmailField(label=gettext_lazy("Thư điện tử"))
    full_name = CleanCharField(label=gettext_lazy("Họ và tên"), max_length=100)
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Cơ quan"), queryset=Agency.objects.none(), widget=AgencySelect
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Vai trò"), choices=[("", gettext_lazy("Chọn vai trò")), *Role.choices]
    )
    title = CleanCharField(
        label=gettext_lazy("Chức vụ"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Ví dụ: Phó Giám đốc."),
    )
    starts_on = DayField(label=gettext_lazy("Từ ngày"))

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid4
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        agency, day = data.get("agency"), data.get("starts_on")
        if agency and day:
            if agency.valid_to and day > agency.valid_to:
                self.add_error(
                    "agency",
                    _("%(name)s đã thôi hoạt động sau ngày %(day)s.")
                    % {"name": agency.name, "day": f"{agency.valid_to:%d/%m/%Y}"},
                )
            elif agency.valid_from and day < agency.valid_from:
                self.add_error(
                    "starts_on",
                    _("%(name)s chỉ có từ ngày %(day)s.")
                    % {"name": agency.name, "day": f"{agency.valid_from:%d/%m/%Y}"},
                )
        return data


class EndPostForm(forms.Form):
    ends_on = DayField(label=gettext_lazy("Ngày cuối giữ chức vụ"))
