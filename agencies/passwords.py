"""What is asked of a password, in Vietnamese: Django's own catalogue lacks some of its messages."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu quá ngắn: cần ít nhất %(count)s ký tự.") % {"count": self.min_length}

    def get_help_text(self) -> str:
        return _("Mật khẩu có ít nhất %(count)s ký tự.") % {"count": self.min_length}
