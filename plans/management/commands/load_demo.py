"""Load the demonstration: accounts, five real plans, one invented plan; may be run again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from agencies.models import Agency
from plans.demo import ACCOUNTS, PASSWORD
from plans.demo.accounts import load_accounts
from plans.demo.later_documents import load_later_documents
from plans.demo.real_plans import load_real_plans
from plans.demo.this_year import load_this_year
from plans.models import Assignment, Plan
from plans.states import Standing


class Command(BaseCommand):
    help = "Nạp dữ liệu trình diễn (chạy lại được; không đổi gì người dùng đã nhập)."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if not Agency.objects.exists():
            call_command("load_reference", stdout=self.stdout)
        people = load_accounts(today)
        real = load_real_plans()
        invented = load_this_year(people, today)
        if invented is not None:
            load_later_documents(invented, people, today)
        self.stdout.write(f"Kế hoạch thật: thêm {len(real)}.")
        self.stdout.write(f"Kế hoạch minh họa: {'đã thêm' if invented else 'đã có'}.")
        for plan in Plan.objects.filter(is_illustrative=True).active():
            self._print_standings(plan, today)
        self.stdout.write(f"Tài khoản trình diễn (mật khẩu: {PASSWORD}):")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<28} {account.title}")

    def _print_standings(self, plan: Plan, today: date) -> None:
        tally = Assignment.objects.filter(plan=plan).tally(today)
        self.stdout.write(f"{plan.number} {plan.title}: {plan.tasks.count()} nhiệm vụ")
        for standing in Standing:
            self.stdout.write(f"  {standing.label:<36} {getattr(tally, standing.value):>5}")
        self.stdout.write(f"  {'Được giao (không kể đã dừng)':<36} {tally.assigned:>5}")
