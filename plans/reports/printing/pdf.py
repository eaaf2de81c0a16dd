"""A paper as PDF: laid out in parts by processes apart, two at a time, put together here.

A part begins exactly where the one before it ended, so the pages are those of one long layout; but
memory stays bounded, and while one process draws a part the other lays out the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from plans.reports.paper import Attachment, Paper
from plans.reports.printing import markup
from plans.reports.printing.markup import Flow
from plans.reports.printing.merging import Assembly
from plans.reports.printing.printer import Laid, Printer, printer
from plans.reports.printing.progress import Progress, nobody

# Letters of HTML in a part: about 125 rows of a list of tasks. The last part is drawn alone, the
# first read alone, so smaller ones wait less for each other; each costs some fonts and a page laid
# out twice.
PART = 60_000
# Few pages hold more letters of HTML than this, so the next part begins within so many of the end;
# if it does not, it is read anew.
PAGE = 12_000


@dataclass(frozen=True)
class Rendered:
    content: bytes
    page_count: int


@dataclass(frozen=True)
class Part:
    """The pieces of a flow from `first` up to `stop`; the first stands atop page `first_page`."""

    flow: int
    first: int
    stop: int
    first_page: int = 1


def render(
    paper: Paper, *, attachments: Sequence[Attachment] = (), on_progress: Progress = nobody
) -> Rendered:
    """The PDF. Slow: about 4 s of processor time per 300 rows, in processes of their own.

    Raise `printer.PrintingError`, and what `on_progress` raises to stop the work.
    """
    run = Run(paper, on_progress)
    with printer() as worker, printer() as other:
        run.print(worker, other)
    content = run.assembly.finish(attachments, paper.seal.fingerprint)
    return Rendered(content, len(run.assembly.pages))


class Run:
    """One paper on its way through two processes, which change places with each part."""

    def __init__(self, paper: Paper, on_progress: Progress) -> None:
        self.paper = paper
        self.flows = markup.flows(paper)
        self.assembly = Assembly()
        self.on_progress = on_progress
        self.tightness = 0
        self.letters = sum(_letters(flow, 0, len(flow.pieces)) for flow in self.flows)
        self.done = 0.0

    def print(self, worker: Printer, other: Printer) -> None:
        """Lay out and draw part by part.

        While `worker` lays out a part, `other` draws the one before and then reads the HTML of the
        one after, from where that begins at the earliest.
        """
        part: Part | None = self.beginning_of(0)
        drawn: Part | None = None
        read: Part | None = None
        while part:
            if read is None or (read.flow, read.stop) != (part.flow, part.stop):
                worker.prepare(self.sheet(part))
            self.begin_layout(worker, part)
            if drawn:
                self.collect(other, drawn)
            if read := self.guess_after(part):
                other.prepare(self.sheet(read))
            part, laid = self.laid(worker, part)
            table = self.assembly.open_table if self.begins_in_table(part) else 0
            worker.begin_drawing(self.assembly.shift, is_first=drawn is None, table=table)
            drawn, part = part, self.part_after(part, laid, read)
            worker, other = other, worker
        if drawn:
            self.collect(other, drawn)

    def beginning_of(self, flow: int) -> Part | None:
        if flow == len(self.flows):
            return None
        return Part(flow, 0, _stop(self.flows[flow], 0))

    def ends_flow(self, part: Part) -> bool:
        return part.stop == len(self.flows[part.flow].pieces)

    def begins_in_table(self, part: Part) -> bool:
        """Whether the rows that the part begins with are of the table that ends the one before."""
        pieces = self.flows[part.flow].pieces
        table = pieces[part.first].table
        return bool(table) and part.first > 0 and pieces[part.first - 1].table is table

    def sheet(self, part: Part) -> str:
        flow = self.flows[part.flow]
        return markup.sheet(self.paper, flow, part.first, part.stop, tightness=self.tightness)

    def begin_layout(self, worker: Printer, part: Part) -> None:
        worker.begin_layout(part.first, part.first_page, is_last=self.ends_flow(part))

    def guess_after(self, part: Part) -> Part | None:
        """The part after this one, before it is known which piece it begins with."""
        if self.ends_flow(part):
            return self.beginning_of(part.flow + 1)
        flow, first, letters = self.flows[part.flow], part.stop, 0
        while first > part.first + 1 and letters < PAGE:
            first -= 1
            letters += len(flow.pieces[first].inner)
        return Part(part.flow, first, _stop(flow, first))

    def laid(self, worker: Printer, part: Part) -> tuple[Part, Laid]:
        """The part as laid out: a longer one if no page of it could begin the next.

        What has to fit one page is laid out anew, smaller, as long as it does not.
        """
        laid = worker.laid()
        while self.paper.is_one_page and laid.pages > 1 and self.tightness < markup.TIGHTEST:
            self.tightness += 1
            worker.prepare(self.sheet(part))
            self.begin_layout(worker, part)
            laid = worker.laid()
        while laid.following == 0:
            part = replace(part, stop=_stop(self.flows[part.flow], part.stop))
            worker.prepare(self.sheet(part))
            self.begin_layout(worker, part)
            laid = worker.laid()
        if laid.following:
            part = replace(part, stop=laid.following)
        self.advance(part)
        return part, laid

    def part_after(self, part: Part, laid: Laid, guess: Part | None) -> Part | None:
        first = laid.following
        if first is None:
            return self.beginning_of(part.flow + 1)
        page = part.first_page + laid.pages
        if guess and guess.flow == part.flow and guess.first <= first < guess.stop:
            return replace(guess, first=first, first_page=page)
        return Part(part.flow, first, _stop(self.flows[part.flow], first), page)

    def collect(self, worker: Printer, part: Part) -> None:
        self.assembly.add(worker.drawn())
        self.advance(part)

    def advance(self, part: Part) -> None:
        """Every letter counts twice: when it is laid out and when it is drawn."""
        self.done += _letters(self.flows[part.flow], part.first, part.stop) / 2
        self.on_progress(self.done / self.letters)


def _stop(flow: Flow, first: int) -> int:
    """Where a part that begins with the piece `first` may end."""
    letters, stop = 0, first
    while stop < len(flow.pieces) and letters < PART:
        letters += len(flow.pieces[stop].inner)
        stop += 1
    return stop


def _letters(flow: Flow, first: int, stop: int) -> int:
    return sum(len(piece.inner) for piece in flow.pieces[first:stop])


def page(html: str) -> bytes:
    """One page apart from any paper, to be drawn upon another."""
    assembly = Assembly()
    with printer() as worker:
        worker.prepare(html)
        worker.begin_layout(0, 1, is_last=True)
        worker.laid()
        worker.begin_drawing(assembly.shift, is_first=True)
        assembly.add(worker.drawn())
    return assembly.finish((), "")
