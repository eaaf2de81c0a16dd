"""manage.py remind --date 2026-11-23 [--dry-run|--send]: the morning of a day, now."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reminders import drafts, outbox, planner
from plans.reminders.models import PlannedDay
from plans.reminders.working_days import NATIONAL, ONE_DAY

EVERYTHING = 1_000_000


class Command(BaseCommand):
    help = "Lập (và gửi) thư nhắc việc như thể đang là buổi sáng của một ngày."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date",
            type=_day,
            metavar="2026-11-23",
            help="không ghi thì là ngày làm việc kế tiếp",
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--dry-run", action="store_true", help="chỉ xem ai nhận gì, không ghi và không gửi"
        )
        what.add_argument(
            "--send", action="store_true", help="gửi ngay; không có thì thư chờ đến sáng ngày ấy"
        )

    def handle(
        self, *args: Any, date: date | None, dry_run: bool, send: bool, **options: Any
    ) -> None:
        day = date or NATIONAL.on_or_after(timezone.localdate() + ONE_DAY)
        if planner.is_day_off(day):
            told = _("%(day)s là ngày nghỉ, không nhắc việc; ngày làm việc kế tiếp: %(next)s.")
            values = {"day": _shown(day), "next": _shown(NATIONAL.on_or_after(day))}
            self.stdout.write(told % values)
        elif dry_run:
            self._show(day)
        else:
            self._plan(day, send=send)

    def _show(self, day: date) -> None:
        found = planner.foresee(day, timezone.now())
        self.stdout.write(
            _("Ngày %(day)s: %(people)s người, %(items)s lượt nhắc; chưa ghi gì.")
            % {"day": _shown(day), "people": len(found.drafts), "items": found.items}
        )
        for draft in sorted(found.drafts, key=lambda draft: draft.user.email):
            self.stdout.write(f"{draft.user.email}: {draft.overview(day)}")

    def _plan(self, day: date, *, send: bool) -> None:
        now = timezone.now()
        made = planner.plan_day(day, now, send_from=now if send else drafts.morning(day))
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
