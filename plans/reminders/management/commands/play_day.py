"""manage.py play_day 2026-11-23 [--send]: the morning of a day, now."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reminders import outbox, planner, policy
from plans.reminders.models import PlannedDay

EVERYTHING = 1_000_000


class Command(BaseCommand):
    help = "Lập (và gửi) thư nhắc việc như thể đang là buổi sáng của một ngày."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "day",
            type=_day,
            nargs="?",
            help="2026-11-23; không ghi thì là ngày làm việc kế tiếp",
        )
        parser.add_argument(
            "--send", action="store_true", help="gửi ngay; không có thì thư chờ đến sáng ngày ấy"
        )

    def handle(self, *args: Any, day: date | None, send: bool, **options: Any) -> None:
        if day is None:
            day = policy.next_working_day(timezone.localdate())
        if not policy.is_working_day(day):
            told = _("%(day)s là ngày nghỉ, không nhắc việc; ngày làm việc kế tiếp: %(next)s.")
            values = {"day": _shown(day), "next": _shown(policy.next_working_day(day))}
            self.stdout.write(told % values)
            return
        morning = datetime.combine(
            day, time(settings.REMINDERS_FROM_HOUR), timezone.get_default_timezone()
        )
        now = timezone.now()
        made = planner.plan_day(day, now, send_from=now if send else morning)
        planned = PlannedDay.objects.get(for_date=day)
        self.stdout.write(
            _("Ngày %(day)s: %(reminders)s lượt nhắc, %(mails)s thư; lần này thêm %(new)s thư.")
            % {
                "day": _shown(day),
                "reminders": planned.reminder_count,
                "mails": planned.mail_count,
                "new": made.mails,
            }
        )
        if send:
            self._send()

    def _send(self) -> None:
        outcome = outbox.send_due(timezone.now, limit=EVERYTHING)
        self.stdout.write(
            _("Đã gửi %(sent)s thư, gửi lại sau %(put_off)s, không gửi được %(failed)s.")
            % vars(outcome)
        )
        folder = getattr(settings, "EMAIL_FILE_PATH", None)
        if folder:
            self.stdout.write(_("Thư nằm trong %(folder)s") % {"folder": folder})


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise ArgumentTypeError("2026-11-23") from error


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
