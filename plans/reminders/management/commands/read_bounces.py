"""manage.py read_bounces: the mailbox to which letters come back, now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reminders import delivery_reports


class Command(BaseCommand):
    help = "Đọc thư báo trả lại trong hộp thư BOUNCES_URL và ghi vào thư đã gửi."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BOUNCES_URL:
            raise CommandError(
                _("Chưa đặt BOUNCES_URL, ví dụ imaps://ten:mat-khau@mail.laocai.gov.vn/INBOX.")
            )
        count = delivery_reports.read(settings.BOUNCES_URL, timezone.now())
        self.stdout.write(_("%(count)s thư bị trả lại.") % {"count": count})
