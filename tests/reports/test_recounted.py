"""A whole report: the PDF carries what it was made from, and each of its totals counts up again."""

import io
import json
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pdfplumber
import pytest
from pypdf import PdfReader

from plans.reports import files, periods
from plans.reports.content import canonical
from plans.reports.printing import printer
from plans.reports.scope import Scope
from plans.reports.states import Format, ReportKind
from plans.states import Status
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]

DONE = ("done_on_time", "done_late", "done_no_due")
# Of the first table: its words, what they count, what that is set against.
TOTALS = {
    "Tổng số được giao": ("assigned", "assigned"),
    "Đã hoàn thành": ("done", "assigned"),
    "Hoàn thành đúng hạn": ("done_on_time", "assigned"),
    "Hoàn thành quá hạn": ("done_late", "assigned"),
    "Hoàn thành, không quy định hạn": ("done_no_due", "assigned"),
    "Chưa hoàn thành": ("unfinished", "assigned"),
    "Đang thực hiện, trong hạn": ("doing", "assigned"),
    "Chưa triển khai, trong hạn": ("not_started", "assigned"),
    "Chưa hoàn thành, không có hạn": ("no_due", "assigned"),
    "Quá hạn chưa hoàn thành": ("overdue", "assigned"),
    "Đã đến hạn": ("due", "assigned"),
    "Đã hoàn thành trong số đã đến hạn": ("due_done", "due"),
    "Đã báo cáo hoàn thành, chờ xác nhận (thuộc mục II)": ("waiting", "assigned"),
}


def test_every_total_of_the_printed_report_is_that_of_the_work_in_its_own_snapshot(
    plan, home, mixed, give
):
    # So that no two figures are alike by chance; the second was done before it is due.
    for due_on in (date(2026, 5, 31), date(2026, 7, 10)):
        give(due_on=due_on, status=Status.DONE, done_on=date(2026, 5, 29))
    scope = Scope(ReportKind.PROGRESS, home.province, periods.custom(date(2026, 6, 1), TODAY), plan)
    text = canonical(content_of(scope, NOW))
    made = files.make_files(text)
    printer.end_spare()

    printed = made[Format.PDF].content
    inside = PdfReader(io.BytesIO(printed)).attachments
    assert inside == {
        "bang-so-lieu.xlsx": [made[Format.XLSX].content],
        "so-lieu-da-chot.json": [text.encode()],
    }
    rows = printed_rows(printed)
    missing = [row for row in expected_rows(json.loads(text)["figures"]) if row not in rows]
    assert missing == []


def printed_rows(content):
    """Every row of every table without its first cell, which only numbers it."""
    with pdfplumber.open(io.BytesIO(content)) as file:
        tables = [table.extract() for page in file.pages for table in page.find_tables()]
    return [[squeezed(cell or "") for cell in row[1:]] for table in tables for row in table]


def expected_rows(figures):
    """What the tables have to say, counted from the listed work alone."""
    work = [
        {**each, "dimension": group["name"]}
        for group in figures["tasks"]
        for task in group["tasks"]
        for each in task["work"]
        if each["standing"]
    ]
    whole = recounted(work, figures["as_of"])
    assert len({whole[key] for key in DONE}) > 1
    rows = [[words, *share(whole[part], whole[of])] for words, (part, of) in TOTALS.items()]
    for key, line in (("dimension", dimension_row), ("agency", agency_row)):
        rows.append(["Cộng", *line(whole)])
        for name in {each[key] for each in work}:
            own = [each for each in work if each[key] == name]
            rows.append([name, *line(recounted(own, figures["as_of"]))])
    return [[squeezed(cell) for cell in row] for row in rows]


def recounted(work, as_of):
    live = [each for each in work if each["standing"] != "cancelled"]
    found = Counter(each["standing"] for each in live)
    due = [each for each in live if each["due_on"] and each["due_on"] < as_of]
    found["assigned"] = len(live)
    found["done"] = sum(found[key] for key in DONE)
    found["unfinished"] = len(live) - found["done"]
    found["due"] = len(due)
    found["due_done"] = sum(each["standing"] in DONE for each in due)
    found["waiting"] = sum("chờ xác nhận" in each["status"].lower() for each in live)
    return found


def share(part, whole):
    return str(part), f"{part}/{whole}", percent(part, whole)


def dimension_row(found):
    keys = ("assigned", "done", "overdue", "due")
    return [*(str(found[key]) for key in keys), rate(found)]


def agency_row(found):
    in_time = found["doing"] + found["not_started"]
    told = (found["assigned"], *(found[key] for key in DONE), in_time)
    return [*map(str, (*told, found["overdue"], found["no_due"], found["due"])), rate(found)]


def rate(found):
    done, whole = found["due_done"], found["due"]
    return f"{done}/{whole} ({percent(done, whole)})" if whole else "–"


def percent(part, whole):
    if not whole:
        return "–"
    exact = Decimal(100 * part) / whole
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)}%".replace(".", ",")


def squeezed(text):
    return "".join(text.split())
