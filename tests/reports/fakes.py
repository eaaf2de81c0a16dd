"""A kind of report and files that cost nothing, for tests of what happens around them."""

import hashlib
from datetime import date

from django.utils import timezone

from plans.models import Assignment
from plans.reports import files, periods
from plans.reports.content import FORM
from plans.reports.files import File
from plans.reports.kinds import KINDS
from plans.reports.kinds.kind import Kind, Section
from plans.reports.periods import PeriodKind
from plans.reports.scope import Scope
from plans.reports.states import Format, ReportKind, Step

QUARTER = periods.window(PeriodKind.QUARTER, 2026, 2)  # 15/3 to 14/6/2026: over on 15/6
RUNNING = periods.window(PeriodKind.QUARTER, 2026, 3)
SECTIONS = (
    Section("assessment", "Đánh giá chung", "Những gì làm được, chưa làm được."),
    Section("proposals", "Kiến nghị", "Đề nghị cấp trên giải quyết."),
)


def read(scope, now):
    rows = Assignment.objects.filter(province=scope.province).count()
    return {"as_of": min(scope.as_of, timezone.localdate(now)).isoformat(), "count": rows}


def suggest(content):
    count = content["figures"]["count"]
    return {"assessment": [f"Có {count} phần việc.", "Không có việc quá hạn."]}


def compose(content):
    raise AssertionError("the files of these tests are made without a paper")


KIND = Kind(SECTIONS, read, suggest, compose)


def make_files(text, *, on_step=lambda _step, _share: None):
    """Every format, a function of the text alone."""
    on_step(Step.WRITE, 0.0)
    digest = hashlib.sha256(text.encode()).hexdigest()
    on_step(Step.LAY_OUT, 0.5)
    return {
        Format.JSON: File(text.encode()),
        Format.XLSX: File(f"PK xlsx {digest}".encode()),
        Format.DOCX: File(f"PK docx {digest}".encode()),
        Format.PDF: File(f"%PDF-1.7 {digest} %%EOF".encode(), 12),
    }


def install(monkeypatch):
    """Let every kind be the fake one, and its files too."""
    for kind in ReportKind:
        monkeypatch.setitem(KINDS, kind, KIND)
    monkeypatch.setattr(files, "make_files", make_files)


def scope_of(plan, period=QUARTER, kind=ReportKind.PROGRESS, agencies=()):
    return Scope(kind, plan.province, period, plan, tuple(agencies))


def until(first: date, last: date):
    return periods.custom(first, last)


assert FORM == 2  # the tests say so in words
