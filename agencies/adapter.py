"""How signing in differs from the library's ways: no sign-up, Vietnamese words, first passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.context import landing_url

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agencies.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("Tài khoản này đã bị khóa."),
        "email_password_mismatch": gettext_lazy(
            "Thư điện tử hoặc mật khẩu không đúng. Anh/chị kiểm tra phím Caps Lock và bộ gõ tiếng "
            "Việt rồi thử lại."
        ),
        "enter_current_password": gettext_lazy("Mật khẩu hiện tại không đúng."),
        "incorrect_password": gettext_lazy("Mật khẩu không đúng."),
        "incorrect_code": gettext_lazy("Mã không đúng."),
        "invalid_login": gettext_lazy("Không đăng nhập được bằng thông tin này."),
        "invalid_or_expired_key": gettext_lazy("Đường dẫn đã hết hạn hoặc đã được dùng."),
        "invalid_password_reset": gettext_lazy("Đường dẫn đặt lại mật khẩu không còn dùng được."),
        "rate_limited": gettext_lazy("Anh/chị gửi quá nhiều lần. Xin chờ một lát rồi thử lại."),
        "same_as_current": gettext_lazy("Giá trị mới phải khác giá trị hiện tại."),
        "too_many_login_attempts": gettext_lazy(
            "Đăng nhập sai quá nhiều lần. Anh/chị chờ ít phút rồi thử lại, hoặc đặt lại mật khẩu."
        ),
        "unknown_email": gettext_lazy("Không có tài khoản nào dùng thư điện tử này."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator; agencies/urls.py shuts the page as well."""
        return False

    def clean_email(self, email: str) -> str:
        return email.strip().lower()

    def clean_password(self, password: str, user: User | None = None) -> str:
        if user and user.pk and user.check_password(password):
            raise ValidationError(_("Mật khẩu mới phải khác mật khẩu đang dùng."))
        return super().clean_password(password, user)

    def set_password(self, user: User, password: str) -> None:
        """Whoever has chosen the password himself need not change it any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the portal's own address, whatever host the request named."""
        return settings.PORTAL_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_url(request.user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return landing_url(request.user)
