"""How long a large spreadsheet takes to preview and to import, and how much memory it holds."""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from agencies.models import Agency, AgencyGroup, Province, User
from agencies.services import save_agency
from agencies.states import AgencyKind
from papi_portal.sheets import Limits, SheetRefusedError, read_workbook
from papi_portal.sheets.writing import Table, write_csv, write_xlsx
from plans.importing import tasks
from plans.models import Plan, SheetImport
from plans.states import PlanKind, SheetKind
from tests.bench import measure
from tests.sheets import files

ROWS = 5_000
AGENCIES = 40
SECONDS, MEGABYTES = 5.0, 300
DEADLINES = ("Quý III", "30/6", "thường xuyên", "trước 15/9", "tháng 11", "Quý I/2026")


def measure_sheets() -> None:
    """Preview 5,000 rows as a worker does, then import them; refuse what unfolds."""
    plan, leads = _plan()
    table = _table(leads)
    header = ("file", "promised", "preview, s", "MB", "import, s", "rows")
    rows = []
    for name, content in (("xlsx", write_xlsx([table])), ("csv", write_csv(table))):
        told = _apart(_stored(plan, content, f"nhiem-vu.{name}"))
        promised = f"< {SECONDS:.0f} s, < {MEGABYTES} MB"
        seconds = [f"{told[key]:.1f}" for key in ("preview", "apply")]
        size = f"{len(content) / 1024:.0f} KB {name}, {ROWS} rows"
        rows.append((size, promised, seconds[0], f"{told['peak'] / 1024:.0f}", seconds[1], ""))
        rows[-1] = (*rows[-1][:5], str(int(told["rows"])))
        plan.tasks.all().delete()
    measure.say("### Spreadsheets (the process that previews, and its child)")
    measure.say()
    measure.table(header, rows)
    _say_refusals()


def _plan() -> tuple[Plan, list[str]]:
    province = Province.objects.filter(valid_to__isnull=True).order_by("pk").first()
    if province is None:
        province = Province.objects.create(name="Lào Cai", code="15", kind="province")
    names = [f"Sở Đo lường số {number}" for number in range(1, AGENCIES + 1)]
    agencies = [Agency(province=province, name=name, kind=AgencyKind.DEPARTMENT) for name in names]
    group, _ = AgencyGroup.objects.get_or_create(province=province, name="các sở, ban, ngành")
    group.members.set([save_agency(agency) for agency in agencies])
    user = User.objects.create_user("do-luong@example.vn", None, full_name="Đo lường")
    plan = Plan.objects.create(
        province=province,
        kind=PlanKind.PLAN,
        year=2026,
        title="Kế hoạch để đo",
        issuer="UBND tỉnh",
        issued_on=date(2026, 1, 15),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        created_by=user,
    )
    return plan, names


def _table(leads: list[str]) -> Table:
    def row(number: int) -> list[str]:
        lead, other = (leads[(number + step) % len(leads)] for step in (0, 7))
        return [
            f"{number // 20 + 1}.{number % 20 + 1}",
            f"Rà soát, công khai và cập nhật thủ tục hành chính nhóm {number} trên Cổng dịch vụ "
            "công quốc gia; lấy ý kiến người dân và tổ chức về chất lượng phục vụ",
            "",
            lead,
            "các sở, ban, ngành" if number % 50 == 0 else other,
            DEADLINES[number % len(DEADLINES)],
            "Báo cáo kết quả",
            "có",
        ]

    columns = [(column.title, column.width) for column in tasks.COLUMNS]
    return Table("Nhiệm vụ", columns, [row(number) for number in range(ROWS)])


def _stored(plan: Plan, content: bytes, name: str) -> int:
    row = SheetImport.objects.create(
        kind=SheetKind.TASKS,
        province=plan.province,
        plan=plan,
        requested_by=plan.created_by,
        requested_at=timezone.now(),
        file=default_storage.save(f"nhap-bang-tinh/{name}", ContentFile(content)),
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return row.pk


def _apart(pk: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.previewing", str(pk)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _say_refusals() -> None:
    """Files that unfold: how soon they are refused, and that they leave no memory behind."""
    rows = []
    for name, content in (("XFD1048576", files.far_cell()), ("200 MB", files.long_string())):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "a.xlsx"
            path.write_bytes(content)
            taken = measure.seconds(lambda path=path: _refused(path), times=3)
        rows.append((f"{len(content) / 1024:.1f} KB naming {name}", "< 1 s", f"{taken:.2f}"))
    measure.table(("hostile file", "promised", "refused after, s"), rows)
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    measure.say(f"Most memory any child of this process held: {child / 1024:.0f} MB.")
    measure.say()


def _refused(path: Path) -> None:
    try:
        read_workbook(path, path.name, Limits())
    except SheetRefusedError:
        return
    raise AssertionError(f"{path} was read")
