"""What an administrator types about a gateway outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.formfields import CleanCharField
from plans.reminders.channels import webhook
from plans.reminders.models import Webhook

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import Province


class WebhookForm(forms.ModelForm):
    """A gateway; the province is asked for only of who administers several."""

    name = CleanCharField(
        label=gettext_lazy("Tên"),
        max_length=100,
        help_text=gettext_lazy("Ví dụ: Zalo OA của tỉnh, tin nhắn SMS."),
    )
    url = CleanCharField(
        label=gettext_lazy("Địa chỉ nhận"),
        max_length=500,
        help_text=gettext_lazy(
            "Cổng gửi tới đây mỗi khi có thư nhắc, ví dụ https://sms.example.vn/papi."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )

    class Meta:
        model = Webhook
        fields = ("province", "name", "url", "is_active")

    def __init__(self, *args: Any, provinces: QuerySet[Province], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It stays where it was made: its calls tell of letters of that province.
        if self.instance.pk:
            del self.fields["province"]
        else:
            self.fields["province"] = forms.ModelChoiceField(
                provinces,
                label=gettext_lazy("Tỉnh"),
                empty_label=gettext_lazy("Chọn tỉnh"),
                initial=provinces.get() if provinces.count() == 1 else None,
                error_messages={"required": gettext_lazy("Chưa chọn tỉnh.")},
            )

    def _get_validation_exclusions(self) -> set[str]:
        """A name is of one gateway of the province, which is not always asked for."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # no stub
        return excluded if "province" in self.errors else excluded - {"province"}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            webhook.look_up(url)
        except webhook.AddressError as error:
            raise ValidationError(error.message) from error
        except (OSError, UnicodeError) as error:
            raise ValidationError(
                _("Không tìm thấy máy có tên trong “%(url)s”. Kiểm tra lại từng chữ của địa chỉ."),
                params={"url": url[:80]},
            ) from error
        return url
