"""manage.py run_demo: the main job once, on the demo data, told line by line."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from plans import workflow
from plans.demo import ACCOUNTS
from plans.models import Assignment, Extension, Plan
from plans.reports import periods, services
from plans.reports.periods import PeriodKind
from plans.reports.scope import Scope
from plans.reports.states import Format, ReportKind, State

HEAD = "giam-doc@laocai.example"
OFFICE = "van-phong@laocai.example"
LEADER = "lanh-dao@laocai.example"


class Command(BaseCommand):
    help = "Chạy công việc chính một lần trên dữ liệu minh họa và kể lại kết quả."

    def handle(self, *args: Any, **options: Any) -> None:
        people = {user.email: user for user in User.objects.filter(email__in=_emails())}
        plan = Plan.objects.filter(is_illustrative=True).active().first()
        if plan is None or not {HEAD, OFFICE, LEADER} <= people.keys():
            raise CommandError(_("Chưa có dữ liệu minh họa: hãy chạy manage.py load_demo trước."))
        self._tell(_("Kế hoạch: %(plan)s") % {"plan": plan.title})
        self._work(people[HEAD], people[OFFICE])
        self._extend(plan, people[LEADER])
        self._tell(_("Thư nhắc việc của buổi sáng làm việc kế tiếp:"))
        call_command("remind", send=True, stdout=self.stdout)
        self._report(plan, people[OFFICE])

    def _tell(self, line: str) -> None:
        self.stdout.write(f"· {line}")

    def _work(self, head: User, office: User) -> None:
        """The head reports 60 %, then completion with a document; the office confirms."""
        agencies = frozenset(head.memberships.values_list("agency", flat=True))
        mine = Assignment.objects.led_by(agencies).in_active_plans().unreported()
        assignment = mine.select_related("task").by_due_date().first()
        if assignment is None:
            return
        proof = workflow.NewEvidence(document_number="318/BC-SKHCN")
        for report in (
            workflow.NewReport(60, False, _("Đã làm xong phần khảo sát, đang viết báo cáo.")),
            workflow.NewReport(100, True, _("Đã hoàn thành, gửi kèm báo cáo."), (proof,)),
        ):
            workflow.report_progress(
                assignment, report, by=head, version=assignment.version, now=timezone.now()
            )
        workflow.confirm(assignment, by=office, now=timezone.now())
        self._tell(
            _(
                "%(head)s báo cáo 60 %%, rồi hoàn thành kèm văn bản 318/BC-SKHCN; "
                "%(office)s xác nhận: %(task)s"
            )
            % {"head": head, "office": office, "task": assignment.task.name}
        )

    def _extend(self, plan: Plan, leader: User) -> None:
        waiting = Extension.objects.waiting().filter(assignment__plan=plan)
        extension = waiting.select_related("assignment__task").first()
        if extension is None:
            return
        workflow.decide_extension(extension, is_approved=True, by=leader, now=timezone.now())
        self._tell(
            _("%(leader)s đồng ý gia hạn %(days)s: %(task)s")
            % {"leader": leader, "days": extension, "task": extension.assignment.task.name}
        )

    def _report(self, plan: Plan, office: User) -> None:
        today = timezone.localdate()
        period = periods.containing(PeriodKind.QUARTER, today)
        scope = Scope(ReportKind.PROGRESS, plan.province, period, plan)
        report = services.request(scope, by=office, now=timezone.now())
        made = services.run(report.pk)
        if made is None or made.state != State.DONE:
            raise CommandError(_("Chưa lập được báo cáo: %(why)s") % {"why": made and made.reason})
        printed = made.files.get(snapshot=made.snapshot, format=Format.PDF)
        self._tell(
            _("Báo cáo tiến độ đến ngày %(day)s, %(pages)s trang: %(path)s")
            % {
                "day": f"{today:%d/%m/%Y}",
                "pages": printed.page_count,
                "path": printed.file.path,
            }
        )


def _emails() -> list[str]:
    return [account.email for account in ACCOUNTS]
