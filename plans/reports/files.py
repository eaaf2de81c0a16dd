"""From frozen content to files: nothing but the text goes in, so the same bytes come out again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papi_portal.text import fold
from plans.reports.paper import Attachment
from plans.reports.states import Format, ReportKind, Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from plans.reports.models import Report
    from plans.reports.paper import Paper

MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.SIGNED: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}


@dataclass(frozen=True)
class File:
    content: bytes = field(repr=False)
    page_count: int = 0

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def _nothing(_step: Step, _share: float) -> None:
    return


def make_files(
    text: str, *, on_step: Callable[[Step, float], None] = _nothing
) -> dict[Format, File]:
    """Every format of the canonical JSON `text`; the PDF carries the workbook and the JSON.

    `on_step` is told the step and how much of it is done, from 0 to 1.
    """
    # Here and not above: web processes import this module and never print.
    from plans.reports.kinds import KINDS
    from plans.reports.printing import docx, pdf, xlsx

    on_step(Step.WRITE, 0.0)
    content = json.loads(text)
    paper = KINDS[ReportKind(content["kind"])].compose(content)
    book = xlsx.render(paper, on_progress=lambda share: on_step(Step.WRITE, share / 2))
    words = docx.render(paper, on_progress=lambda share: on_step(Step.WRITE, (1 + share) / 2))
    made = {
        Format.JSON: File(text.encode()),
        Format.XLSX: File(book),
        Format.DOCX: File(words),
    }
    on_step(Step.LAY_OUT, 0.0)
    printed = pdf.render(
        paper,
        attachments=_attachments(paper, made),
        on_progress=lambda share: on_step(Step.LAY_OUT, share),
    )
    made[Format.PDF] = File(printed.content, printed.page_count)
    return made


def why_not_signable(*, now: datetime) -> str:
    """Why the certificate cannot sign now, in Vietnamese; "" if it can, or if there is none."""
    from plans.reports.printing import signing

    try:
        if signing.has_certificate():
            signing.certificate(now=now)
    except signing.SigningError as error:
        return error.message
    return ""


def signed(made: dict[Format, File], *, now: datetime) -> dict[Format, File]:
    """The same files and, if the portal has a certificate, the PDF signed with it."""
    from plans.reports.printing import signing

    if not signing.has_certificate():
        return made
    printed = made[Format.PDF]
    return {**made, Format.SIGNED: File(signing.sign(printed.content, now=now), printed.page_count)}


def _attachments(paper: Paper, made: dict[Format, File]) -> list[Attachment]:
    """What travels inside the PDF, so that its figures can be counted again."""
    return [
        Attachment(
            f"bang-so-lieu.{Format.XLSX}",
            made[Format.XLSX].content,
            MEDIA_TYPES[Format.XLSX],
            f"Bảng số liệu: {paper.title}",
        ),
        Attachment(
            f"so-lieu-da-chot.{Format.JSON}",
            made[Format.JSON].content,
            MEDIA_TYPES[Format.JSON],
            f"Bản chốt số liệu: {paper.title}",
        ),
    ]


def file_name(report: Report, kind: Format, *, is_draft: bool = False) -> str:
    """Number, plan, agency, period: 12-cv-snv_149-kh-ubnd_so-tai-chinh_2026-q3.pdf.

    ASCII, kept by every system; without what the report is not of, or of many.
    """
    plan, agencies = report.plan, list(report.agencies.all())
    subjects = [plan.number or plan.title] if plan else []
    if len(agencies) == 1:
        subjects.append(agencies[0].short_name or agencies[0].name)
    # Drafts of a paper that was issued later stay drafts.
    number = (not is_draft and report.number) or f"du thao {report.get_kind_display()}"
    parts = (number, *(subjects or [report.province.name]), report.period.code)
    ending = "da-ky.pdf" if kind == Format.SIGNED else kind
    return f"{'_'.join(_plain(part) for part in parts)}.{ending}"


def _plain(words: str) -> str:
    return "-".join(fold(words).split())[:60].strip("-")
