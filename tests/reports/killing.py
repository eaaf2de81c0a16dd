"""A portal of its own whose worker of reports is killed at random; see test_faults.

python -m tests.reports.killing set_up COUNT | work | check
"""

import hashlib
import json
import os
import sys
import time
from datetime import date, timedelta

import django

# A worker that was killed is replaced after so long.
LEASE = timedelta(seconds=1)
IS_REAL = os.environ.get("REPORT_PRINTING") == "real"


def main(act: str, *numbers: str) -> None:
    django.setup()
    acts = {"set_up": set_up, "work": work, "check": check}
    acts[act](*map(int, numbers))


def set_up(count: int) -> None:
    """So many reports to be made, all of one plan."""
    from django.utils import timezone

    from plans.reports import periods, services
    from plans.reports.scope import Scope
    from plans.reports.states import ReportKind
    from plans.states import PlanStatus
    from tests import factories

    today = timezone.localdate()
    province = factories.make_province()
    agency = factories.make_agency(province=province, name="Sở Nội vụ", code="SNV")
    plan = factories.make_plan(
        province=province,
        monitor=agency,
        status=PlanStatus.ACTIVE,
        activated_on=date(2020, 1, 1),
    )
    factories.make_assignment(plan=plan, agency=agency)
    for days in range(count):
        period = periods.custom(today - timedelta(days=days), today)
        scope = Scope(ReportKind.PROGRESS, province, period, plan)
        services.request(scope, by=None, now=timezone.now())


def work() -> None:
    """Make whatever is queued, as a worker woken by the sweep does, until nothing is open."""
    from django.utils import timezone

    from plans.reports import files, jobs, services
    from plans.reports.models import Report
    from plans.reports.services import making

    making.LEASE = LEASE
    if not IS_REAL:
        files.make_files = slow_files
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while Report.objects.open().exists():
        services.sweep(now=timezone.now())
        queued = Report.objects.filter(state="queued").order_by("pk").first()
        if queued is None:
            time.sleep(0.1)
        else:
            jobs.build_report(queued.pk)


def slow_files(text, *, on_step):
    """Files that take a moment and are large enough to be killed while they are written."""
    from plans.reports.files import File
    from plans.reports.states import Format, Step

    for step in (Step.WRITE, Step.LAY_OUT):
        on_step(step, 0.5)
        time.sleep(0.1)
    return {kind: File(f"{kind} {text}".encode() * 2000, 1) for kind in Format}


def check() -> None:
    """What became of each report, as JSON: states, reasons that lack, files that are not whole."""
    from plans.reports.models import Report, ReportFile, Snapshot

    states: dict[str, int] = {}
    faults = []
    for report in Report.objects.all():
        states[report.state] = states.get(report.state, 0) + 1
        has_files = report.files.filter(snapshot=report.snapshot).count() >= 4
        if report.state == "done" and not has_files:
            faults.append(f"{report.pk} is done without its files")
        if report.state == "failed" and not report.reason:
            faults.append(f"{report.pk} failed without a reason")
    for file in ReportFile.objects.all():
        with file.file.open("rb") as stored:
            content = stored.read()
        is_whole = hashlib.sha256(content).hexdigest() == file.sha256
        if not is_whole or len(content) != file.byte_count:
            faults.append(f"{file} is not whole")
    faults += [f"{frozen} is damaged" for frozen in Snapshot.objects.all() if not frozen.is_intact]
    sys.stdout.write(json.dumps({"states": states, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
