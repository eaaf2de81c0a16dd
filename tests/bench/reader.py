"""How well plans are read, against the labelled documents, and how fast large ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from pypdf import PdfReader, PdfWriter

from tests.bench import measure
from tests.reader.labelled import build, figures, reading
from tests.reader.labelled.markup import Block, Source, read_source

WORST = 10
FAULTS_SHOWN = 12
PATTERN = "02_phu_luc_ngang"
ROWS_PER_PAGE = 11
DOCX_PAGES, PDF_PAGES, PDF_PAGES_PRINTED = 30, 200, 25
SECONDS = {"docx": 2.0, "pdf": 15.0}
MEGABYTES = 300


def measure_reader() -> None:
    for home in build.SETS:
        with TemporaryDirectory() as folder:
            outcome = reading.read_all(Path(folder), home)
        _say_figures(outcome, home)
        if home != build.HELD_OUT:
            _say_worst(outcome)
    _say_speed()


def _say_figures(outcome: reading.Outcome, home: Path) -> None:
    sums = figures.total(outcome.verdicts)
    what = "held-out" if home == build.HELD_OUT else "labelled"
    measure.say(f"### Reader ({len(outcome.verdicts)} {what} documents)")
    measure.say()
    rows = [_row(what, tally) for what, tally in sums.items()]
    header = ("field", "promised", "right", "read", "wanted", "precision", "recall")
    measure.table(header, rows)
    hostile = len(outcome.refused) + len(outcome.read_though_hostile)
    if hostile:
        measure.say(f"Refused as they should be: {len(outcome.refused)} of {hostile}.")
    for name in outcome.read_though_hostile:
        measure.say(f"- read though it should be refused: {name}")
    for name, message in outcome.refused_though_well.items():
        measure.say(f"- refused though it is well: {name}: {message}")
    spanless = [f"{it.name} {path}" for it in outcome.verdicts for path in it.without_span]
    measure.say(f"Values without a span in the source: {len(spanless)}.")
    for where in spanless[:FAULTS_SHOWN]:
        measure.say(f"- {where}")
    for broken in figures.broken_promises(sums):
        measure.say(f"- below what is promised: {broken}")
    measure.say()


def _row(what: str, tally: figures.Tally) -> tuple[str, ...]:
    precision, recall = figures.PROMISED.get(what, (None, None))
    promised = [f"P ≥ {precision}" if precision else "", f"R ≥ {recall}" if recall else ""]
    # Where a task stands is known of those that were asked for, not of those only read.
    is_recall_only = what.startswith("tasks in")
    return (
        what,
        " ".join(filter(None, promised)),
        str(tally.right),
        "" if is_recall_only else str(tally.given),
        str(tally.wanted),
        "" if is_recall_only else _share(tally.precision),
        _share(tally.recall),
    )


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _say_worst(outcome: reading.Outcome) -> None:
    by_faults = sorted(outcome.verdicts, key=lambda verdict: -len(verdict.faults))
    for verdict in by_faults[:WORST]:
        if verdict.faults:
            measure.say(f"{verdict.name}: {len(verdict.faults)} faults")
        for fault in verdict.faults[:FAULTS_SHOWN]:
            measure.say(f"- {fault}")
    measure.say()


def _say_speed() -> None:
    measure.say("### Reading a large plan (the process that reads, and its children)")
    measure.say()
    rows = []
    with TemporaryDirectory() as folder:
        for path, pages in ((_large_docx(Path(folder)), DOCX_PAGES), _large_pdf(Path(folder))):
            told = _read_apart(path)
            kind = path.suffix[1:]
            rows.append(
                (
                    f"{kind}, {pages} pages",
                    f"< {SECONDS[kind]:.0f} s, < {MEGABYTES} MB",
                    f"{told['seconds']:.1f}",
                    f"{told['peak_kib'] / 1024:.0f}",
                    str(told["tasks"]),
                )
            )
    measure.table(("document", "promised", "s", "MB", "tasks"), rows)


def _large_docx(folder: Path) -> Path:
    return build.print_source(_large("docx", DOCX_PAGES), folder)


def _large_pdf(folder: Path) -> tuple[Path, int]:
    """Print some pages and repeat those of the table: printing them all would take minutes."""
    printed = PdfReader(build.print_source(_large("pdf", PDF_PAGES_PRINTED), folder))
    writer = PdfWriter(clone_from=printed)
    while len(writer.pages) < PDF_PAGES:
        writer.append(
            printed, pages=(1, min(len(printed.pages), PDF_PAGES - len(writer.pages) + 1))
        )
    path = folder / "large.pdf"
    writer.write(path)
    return path, len(writer.pages)


def _large(kind: str, pages: int) -> Source:
    """A plan whose appendix has enough rows for `pages`."""
    source = read_source(build.HERE / "sources" / f"{PATTERN}.txt")
    return Source(
        f"large_{kind}",
        {**source.options, "format": kind},
        source.body,
        tuple(_lengthened(block, pages * ROWS_PER_PAGE) for block in source.blocks),
    )


def _lengthened(block: Block, rows: int) -> Block:
    if block.kind != "table":
        return block
    header, *tasks = block.grid
    numbered = [(str(position + 1), *tasks[position % len(tasks)][1:]) for position in range(rows)]
    return Block(block.kind, block.text, (header, *numbered), block.options)


def _read_apart(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.reading", str(path)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
