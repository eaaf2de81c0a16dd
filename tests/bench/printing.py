"""Makes one paper in one way and tells what that took, as JSON; nothing else runs in the process.

python -m tests.bench.printing WAY ROWS
"""

import gc
import html
import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep

import django

from plans.reports.paper import Paper

# The plan of so many tasks bears this number and so many more.
NUMBERED_FROM = 10_000
ROWS_OF_A_PART = 300
ROWS_OF_A_TABLE = 25
# A worker has been there for longer when the first paper is asked for.
SECONDS_TO_BEGIN = 3
WITH_SPARE = {"portal", "first", "seams"}
SECONDS_TO_END = 0.5


def main(way: str, rows: int) -> None:
    django.setup()
    from plans.reports.printing import printer
    from tests.reports import papers

    paper = papers.sample_paper(rows) if rows else papers.one_page_paper()
    make = partial(snapshot, rows) if way == "snapshot" else partial(WAYS[way], paper)
    if way == "next":
        portal(paper)
    elif way in WITH_SPARE:
        printer.start_spare()
        sleep(SECONDS_TO_BEGIN)
    begun, start = process_time(), perf_counter()
    pages, size = make()
    seconds, used = perf_counter() - start, process_time()
    # The process of a part is counted once it has ended.
    sleep(SECONDS_TO_END)
    printer.end_spare()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "seconds": seconds,
        # Of the processes that print, their beginning too.
        "cpu_seconds": used - begun + children.ru_utime + children.ru_stime,
        "peak_kib": 0 if way == "chromium" else max(peak_kib(), children.ru_maxrss),
        "pages": pages,
        "bytes": size,
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def peak_kib() -> int:
    """The most memory this process held; ru_maxrss would count what started it as well."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def portal(paper: Paper) -> tuple[int, int]:
    """As the portal does it."""
    from plans.reports.printing import pdf

    made = pdf.render(paper)
    return made.page_count, len(made.content)


def snapshot(rows: int) -> tuple[int, int]:
    """Everything a report of that many tasks says, read and written as canonical JSON."""
    from django.utils import timezone

    from plans.models import Plan
    from plans.reports import periods
    from plans.reports.content import canonical, fingerprint
    from plans.reports.models import Report
    from plans.reports.periods import PeriodKind
    from plans.reports.services.making import content_of
    from plans.reports.states import ReportKind, Stage

    now = timezone.now()
    today = timezone.localdate(now)
    plan = Plan.objects.select_related("province", "monitor").get(
        number=f"{NUMBERED_FROM + rows}/KH-UBND"
    )
    period = periods.custom(plan.activated_on, today)
    report = Report.objects.create(
        kind=ReportKind.PROGRESS,
        province=plan.province,
        plan=plan,
        period_kind=PeriodKind.CUSTOM,
        period_year=today.year,
        first_day=period.first,
        as_of=period.last,
        key=f"bench {rows} {now}",
        code=f"{now.timestamp():.5f}"[-10:],
        requested_at=now,
    )
    text = canonical(content_of(report, Stage.DRAFT, now=now))
    fingerprint(text)
    return 0, len(text.encode())


def xlsx(paper: Paper) -> tuple[int, int]:
    from plans.reports.printing import xlsx

    return 0, len(xlsx.render(paper))


def docx(paper: Paper) -> tuple[int, int]:
    from plans.reports.printing import docx

    return 0, len(docx.render(paper))


def one_process(paper: Paper, css: str = "") -> tuple[int, int]:
    """WeasyPrint in this process, one layout of each flow, columns of fixed width."""
    from plans.reports.printing import printer

    os.environ |= {"FONTCONFIG_FILE": str(printer.FONTS), "SOURCE_DATE_EPOCH": "0"}
    from plans.reports.printing import layout, markup
    from plans.reports.printing.merging import Assembly
    from plans.reports.printing.packing import pack
    from plans.reports.printing.printer import Drawn

    # As the processes of the portal do.
    gc.disable()
    assembly = Assembly()
    for number, flow in enumerate(markup.flows(paper)):
        sheet = markup.sheet(paper, flow, 0, len(flow.pieces))
        prepared = layout.prepare(sheet.replace("</head>", f"<style>{css}</style></head>"))
        laid = layout.lay_out(prepared, 0, 1, is_last=True)
        pdf, tags = layout.draw(layout.finish(laid), goes_on=False)
        assembly.add(Drawn(pack(pdf, tags, assembly.shift, is_first=number == 0), [], None))
    return len(assembly.pages), len(assembly.finish((), paper.seal.fingerprint))


def automatic_widths(paper: Paper) -> tuple[int, int]:
    """Columns as wide as their words ask for."""
    return one_process(paper, ".grid { table-layout: auto } .grid col { width: auto }")


def borders_apart(paper: Paper) -> tuple[int, int]:
    return one_process(paper, ".grid { border-collapse: separate; border-spacing: 0 }")


def tables_of_25(paper: Paper) -> tuple[int, int]:
    """The long table cut into many short ones."""
    first, *others = paper.appendices
    (table,) = first.blocks
    starts = range(0, len(table.rows), ROWS_OF_A_TABLE)
    blocks = tuple(
        replace(table, rows=table.rows[start : start + ROWS_OF_A_TABLE]) for start in starts
    )
    return one_process(replace(paper, appendices=(replace(first, blocks=blocks), *others)))


def parts_with_seams(paper: Paper) -> tuple[int, int]:
    """Parts of 300 rows in two processes that wait for nothing; each leaves a page half empty.

    The fastest arrangement known: it is what an arrangement without seams is measured against.
    """
    from plans.reports.printing import markup, printer
    from plans.reports.printing.packing import Shift
    from plans.reports.printing.printer import Printer

    sheets = [
        markup.sheet(paper, flow, start, start + ROWS_OF_A_PART)
        for flow in markup.flows(paper)
        for start in range(0, len(flow.pieces), ROWS_OF_A_PART)
    ]
    made: list[tuple[int, int]] = []
    workers = printer._spare

    def work() -> None:
        worker = printer._take_spare() or Printer()
        while sheets:
            worker.prepare(sheets.pop())
            worker.begin_layout(0, 1, is_last=True)
            laid = worker.laid()
            worker.begin_drawing(Shift(), is_first=True)
            made.append((laid.pages, len(worker.drawn().packed.data)))
        workers.append(worker)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(pages for pages, _size in made), sum(size for _pages, size in made)


def chromium(paper: Paper) -> tuple[int, int]:
    """Headless Chromium prints the same HTML, with tags, without PDF/A."""
    from playwright.sync_api import sync_playwright
    from pypdf import PdfReader

    from plans.reports.printing import markup
    from plans.reports.printing.printer import FONTS

    styles = FONTS.with_name("print.css").read_text()
    widths = "".join(f".w{percent} {{ width: {percent}% }}" for percent in range(101))
    bodies = [markup.sheet(paper, flow, 0, len(flow.pieces)) for flow in markup.flows(paper)]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        source, target = Path(folder) / "paper.html", Path(folder) / "paper.pdf"
        source.write_text(f"<style>{styles}{widths}</style>{''.join(bodies)}")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
        )
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(source.as_uri())
        page.pdf(path=target, prefer_css_page_size=True, tagged=True)
        browser.close()
        return len(PdfReader(target).pages), target.stat().st_size


def reportlab(paper: Paper) -> tuple[int, int]:
    """The long table alone as reportlab's LongTable: no tags, no PDF/A, no justified lines."""
    import io

    from pypdf import PdfReader
    from reportlab.lib import colors, pagesizes
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    fonts = Path(django.conf.settings.BASE_DIR) / "static" / "fonts" / "pdf"
    pdfmetrics.registerFont(TTFont("Tinos", fonts / "Tinos-Regular.ttf"))
    style = ParagraphStyle("cell", fontName="Tinos", fontSize=11, leading=12.7)
    (table,) = (block for block in paper.appendices[0].blocks)
    width = pagesizes.landscape(pagesizes.A4)[0] - 85
    lines = [[Paragraph(column.title, style) for column in table.columns]]
    for row in table.rows:
        cells = []
        for cell in row.cells:
            note = f"<br/>{html.escape(cell.note)}" if cell.note else ""
            cells += [Paragraph(html.escape(cell.text) + note, style), *([""] * (cell.span - 1))]
        lines.append(cells)
    output = io.BytesIO()
    made = LongTable(
        lines, colWidths=[width * column.width / 100 for column in table.columns], repeatRows=1
    )
    made.setStyle(
        [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    SimpleDocTemplate(output, pagesize=pagesizes.landscape(pagesizes.A4)).build([made])
    return len(PdfReader(output).pages), len(output.getvalue())


WAYS: dict[str, Callable[[Paper], tuple[int, int]]] = {
    "portal": portal,
    # A worker's first paper, its second, and one for which no process waits.
    "first": portal,
    "next": portal,
    "alone": portal,
    "xlsx": xlsx,
    "docx": docx,
    "one-process": one_process,
    "automatic-widths": automatic_widths,
    "borders-apart": borders_apart,
    "tables-of-25": tables_of_25,
    "seams": parts_with_seams,
    "chromium": chromium,
    "reportlab": reportlab,
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
