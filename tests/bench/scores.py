"""The whole panel imported, and the pages that then stand on it."""

from __future__ import annotations

import io
import resource
from collections.abc import Callable
from datetime import date
from time import perf_counter

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agencies.models import Province, User
from indicators.models import Index, Score
from plans import services
from plans.models import Plan
from plans.states import PlanStatus
from tests import factories
from tests.bench import measure
from tests.indicators import published

TIMES = 9


def measure_scores() -> None:
    if not published.SCORES.exists():
        measure.say(f"### Scores: {published.MISSING}")
        measure.say()
        return
    if not Province.objects.exists():
        call_command("load_reference", stdout=io.StringIO())
    measure.say("### Scores")
    measure.say()
    _measure_import()
    _measure_pages()


def _measure_import() -> None:
    rows = []
    for path in (published.SCORES, published.PARTS):
        before = Score.objects.count()
        start = perf_counter()
        call_command("import_scores", str(path), "--yes", stdout=io.StringIO())
        taken = perf_counter() - start
        rows.append((path.name, f"{Score.objects.count() - before:,}", f"{taken:.1f} s", _memory()))
    measure.table(("file", "scores", "import", "peak memory"), rows, words=1)


def _memory() -> str:
    """The peak of this process; the one apart that opens the file is smaller."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def _measure_pages() -> None:
    user = User.objects.create_superuser("do-diem@bench.example", None)
    client = Client()
    client.force_login(user)
    khanh_hoa = Province.objects.get(name="Khánh Hòa", valid_from=None)
    plan = _plan_of(Province.objects.get(name="Cao Bằng", valid_to=None))
    rows = []
    for label, url in (
        ("all provinces", reverse("indicators:scores")),
        ("one province", reverse("indicators:province", args=[khanh_hoa.pk])),
        ("its sheet", reverse("indicators:download", args=[khanh_hoa.pk])),
        ("radar of a plan", reverse("plans:radar", args=[plan.pk])),
        ("what its ten targets take", reverse("plans:outlook", args=[plan.pk])),
    ):
        visit = _visit(client, url)
        visit()
        rows.append(
            (
                label,
                f"{measure.ms(measure.seconds(visit, times=TIMES))} ms",
                f"{len(measure.queries(visit))}",
            )
        )
    measure.table(("page", "server time", "queries"), rows, words=1)


def _plan_of(province: Province) -> Plan:
    """A plan of 2025 with a target for the total, one for a dimension, one for all eight."""
    period = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
    plan = factories.make_plan(province=province, status=PlanStatus.ACTIVE, **period)
    known = services.dimensions_by_key()
    lines = ("Xếp thứ 20", "Nội dung 3 đạt 5 điểm", "Các nội dung thuộc nhóm cao nhất")
    targets = [services.target_of(line, known) for line in lines]
    papi = Index.objects.get(code="PAPI")
    return services.save_plan(plan, targets=targets, indices=[papi], version=plan.version)


def _visit(client: Client, url: str) -> Callable[[], None]:
    def visit() -> None:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)

    return visit
