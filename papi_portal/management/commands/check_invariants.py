"""manage.py check_invariants [--quick]: what must hold, checked on what is stored."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from papi_portal import checking


class Command(BaseCommand):
    help = "Soát dữ liệu: nhắc việc, thư, lịch sử, báo cáo, tệp. Có sai lệch thì mã thoát là 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--quick",
            action="store_true",
            help="không đọc lại nội dung tài liệu kiểm chứng",
        )

    def handle(self, *args: Any, quick: bool, **options: Any) -> None:
        count = 0
        for breach in checking.breaches(timezone.now(), is_quick=quick):
            self.stdout.write(str(breach))
            count += 1
        if count:
            raise CommandError(_("%(count)s sai lệch.") % {"count": count})
        self.stdout.write(_("Không có sai lệch."))
