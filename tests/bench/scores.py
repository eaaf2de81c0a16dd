"""The whole panel imported, and the pages that then stand on it."""

from __future__ import annotations

import io
import resource
from collections.abc import Callable
from time import perf_counter

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agencies.models import Province, User
from indicators.models import Score
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
    rows = []
    for label, url in (
        ("all provinces", reverse("indicators:scores")),
        ("one province", reverse("indicators:province", args=[khanh_hoa.pk])),
        ("its sheet", reverse("indicators:download", args=[khanh_hoa.pk])),
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


def _visit(client: Client, url: str) -> Callable[[], None]:
    def visit() -> None:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)

    return visit
