"""manage.py build_report: the files of a report without a browser or a worker."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, Province
from papi_portal.text import TextError, parse_date
from plans.models import Plan
from plans.reports import periods, services
from plans.reports.files import file_name
from plans.reports.models import Report
from plans.reports.periods import Period, PeriodError
from plans.reports.scope import Scope
from plans.reports.states import OF_A_PLAN, Format, ReportKind, State

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from django.db.models import QuerySet

# What was typed cannot be; 1 is left for a report that could not be made.
WRONG_INPUT = 2


class Command(BaseCommand):
    help = "Lập báo cáo và ghi các tệp PDF, Word, Excel, JSON vào một thư mục."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=ReportKind.values, help=_kinds())
        parser.add_argument("--plan", help="số, ký hiệu của kế hoạch, ví dụ 149/KH-UBND")
        parser.add_argument(
            "--agency",
            action="append",
            default=[],
            help="mã hoặc tên cơ quan; công văn ghi được nhiều nơi, không ghi thì mọi nơi quá hạn",
        )
        parser.add_argument("--province", help="mã hoặc tên tỉnh")
        parser.add_argument(
            "--period", help="2026-M09, 2026-Q3, 2026-H1, 2026 hoặc 2026-01-01..2026-03-31"
        )
        parser.add_argument("--as-of", help="số liệu đến hết ngày này, ví dụ 2026-09-10")
        parser.add_argument("--out", type=Path, required=True, help="thư mục ghi tệp")

    def handle(self, *args: Any, kind: str, out: Path, **options: Any) -> None:
        scope = read_scope(ReportKind(kind), options, timezone.localdate())
        try:
            report = services.request(scope, by=None, now=timezone.now())
        except services.ReportError as error:
            raise CommandError(error.message, returncode=WRONG_INPUT) from error
        # Made here and now, unless it is there already or a worker was quicker.
        report = services.run(report.pk) or Report.objects.get(pk=report.pk)
        if report.state != State.DONE:
            if report.has_failed and report.snapshot is None:
                # Nobody asked for it in the portal, where it would only stand in the way.
                services.discard(report)
            raise CommandError(report.reason or _("Máy khác đang lập báo cáo này; hãy thử lại."))
        for path in write_files(report, out):
            self.stdout.write(str(path))


def read_scope(kind: ReportKind, options: dict[str, Any], today: date) -> Scope:
    """What is asked for. Raise `CommandError` that names the option and what to write instead."""
    province = find_province(options["province"]) if options["province"] else None
    plan = find_plan(options["plan"], province) if options["plan"] else None
    if kind in OF_A_PLAN and plan is None:
        raise wrong(_("Loại này cần --plan SỐ, ví dụ --plan 149/KH-UBND."))
    if kind not in OF_A_PLAN and plan is not None:
        raise wrong(_("Loại này không theo một kế hoạch, hãy bỏ --plan."))
    home = plan.province if plan else province
    agencies = tuple(find_agency(typed, home) for typed in options["agency"])
    if kind == ReportKind.URGING and plan and not agencies:
        agencies = tuple(agency for agency, _count in services.overdue_agencies(plan, today))
    if kind == ReportKind.AGENCY and not agencies:
        raise wrong(_("Loại này cần --agency MÃ, ví dụ --agency SNV."))
    home = home or (agencies[0].province if agencies else None)
    if home is None:
        raise wrong(_("Loại này cần --province MÃ, ví dụ --province 15."))
    if kind not in {ReportKind.AGENCY, ReportKind.URGING} and agencies:
        raise wrong(_("Loại này không theo cơ quan, hãy bỏ --agency."))
    return Scope(kind, home, read_period(options, today), plan, agencies)


def read_period(options: dict[str, Any], today: date) -> Period:
    """The period; with --as-of its part up to that day, by default of the running quarter."""
    as_of = _day(options["as_of"]) if options["as_of"] else None
    try:
        if options["period"]:
            period = periods.parse(options["period"])
        else:
            period = periods.containing(periods.PeriodKind.QUARTER, as_of or today)
        if as_of is None or as_of == period.last:
            return period
        if not period.first <= as_of <= period.last:
            raise wrong(
                _("--as-of phải nằm trong kỳ, từ %(first)s đến %(last)s.")
                % {"first": period.first.isoformat(), "last": period.last.isoformat()}
            )
        return periods.custom(period.first, as_of)
    except PeriodError as error:
        raise wrong(f"--period: {error.message}") from error


def _day(typed: str) -> date:
    try:
        return parse_date(typed)
    except TextError as error:
        raise wrong(f"--as-of: {error.message}") from error


def find_plan(number: str, province: Province | None) -> Plan:
    plans = Plan.objects.filter(number__iexact=number.strip()).select_related("province", "monitor")
    if province:
        plans = plans.filter(province=province)
    return only(plans, "--plan", number, _("thêm --province MÃ nếu nhiều tỉnh có số này"))


def find_province(typed: str) -> Province:
    known = Province.objects.filter(valid_to=None)
    found = known.filter(code=typed.strip()) or known.filter(name__iexact=typed.strip())
    return only(found, "--province", typed, _("ghi mã, ví dụ 15, hoặc tên, ví dụ Lào Cai"))


def find_agency(typed: str, province: Province | None) -> Agency:
    known = Agency.objects.select_related("province").filter(valid_to=None)
    if province:
        known = known.filter(province=province)
    found = known.filter(code__iexact=typed.strip()) or known.filter(name__iexact=typed.strip())
    return only(found, "--agency", typed, _("thêm --province MÃ nếu nhiều tỉnh có mã này"))


def only(rows: QuerySet[Any], option: str, typed: str, advice: str) -> Any:
    """The one row there is. Raise `CommandError` with `advice` for none or several."""
    found = list(rows[:2])
    if len(found) == 1:
        return found[0]
    words = _("%(option)s: không có “%(typed)s”; hãy xem lại, %(advice)s.")
    if found:
        words = _("%(option)s: có nhiều “%(typed)s”; %(advice)s.")
    raise wrong(words % {"option": option, "typed": typed, "advice": advice})


def wrong(message: str) -> CommandError:
    return CommandError(message, returncode=WRONG_INPUT)


def write_files(report: Report, folder: Path) -> list[Path]:
    """Every file under its name; each complete or not there. Raise `CommandError`."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in report.files.filter(snapshot=report.snapshot).in_order():
            path = folder / file_name(report, Format(file.format))
            new = path.with_name(f".{path.name}.part")
            with file.file.open("rb") as stored:
                new.write_bytes(stored.read())
            new.replace(path)
            written.append(path)
    except OSError as error:
        raise CommandError(
            _("Không ghi được vào %(folder)s: %(why)s.")
            % {"folder": folder, "why": error.strerror or error}
        ) from error
    return written


def _kinds() -> str:
    return ", ".join(f"{kind.value}: {kind.label}" for kind in ReportKind)
