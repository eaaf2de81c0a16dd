"""Import a published table of scores: show every doubt first, then store it as one release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Index, Release
from indicators.score_import import (
    Doubt,
    ImportRefusedError,
    ScorePreview,
    apply,
    preview,
    read_file,
)
from papi_portal.sheets import SheetRefusedError
from papi_portal.text import quoted

REFUSED = 2
SHOWN = 100


class Command(BaseCommand):
    help = "Nhập bảng điểm đã công bố (một bản mới, không sửa bản cũ); in mọi điều nghi vấn trước."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--index", default="PAPI", help="ký hiệu chỉ số, mặc định PAPI")
        parser.add_argument("--year", type=int, help="năm của chỉ số khi tệp không có cột năm")
        parser.add_argument("--source", default="", help="nguồn: báo cáo, trang, địa chỉ")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi gì")
        parser.add_argument("--yes", action="store_true", help="đã xem các câu hỏi và đồng ý")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options)
        except (ImportRefusedError, SheetRefusedError) as error:
            # One line that can be shown as it is, without the name of an exception before it.
            self.stderr.write(error.message)
            sys.exit(REFUSED)

    def _import(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        index = Index.objects.filter(code__iexact=options["index"]).first()
        if index is None:
            known = ", ".join(Index.objects.values_list("code", flat=True)) or "0"
            message = _("Không có chỉ số %(code)s. Các chỉ số đã có: %(known)s.")
            values = {"code": quoted(options["index"]), "known": known}
            raise ImportRefusedError(message % values)
        if not path.is_file():
            raise ImportRefusedError(_("Không có tệp %(path)s.") % {"path": path})
        content = path.read_bytes()
        sheets, told = read_file(path, path.name)
        shown = preview(sheets, index=index, year=options["year"], told=told)
        self.stdout.write("\n".join(lines_of(shown, path.name)))
        if options["dry_run"]:
            self.stdout.write(_("Chỉ xem trước: chưa ghi gì."))
            if shown.errors:
                sys.exit(REFUSED)
            return
        if shown.questions and not shown.errors and not options["yes"]:
            message = _("Chưa ghi gì. Hãy xem các câu hỏi ở trên; đồng ý thì chạy lại với --yes.")
            raise ImportRefusedError(message)
        release = apply(
            shown,
            content=content,
            file_name=path.name,
            source=options["source"],
            by=None,
            now=timezone.now(),
        )
        self.stdout.write(_stored(release))


def lines_of(shown: ScorePreview, name: str) -> list[str]:
    """The preview as lines of text: figures first, then what stops it, is asked, is told."""
    years = shown.years
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else "".join(map(str, years))
    counts = _(
        "%(name)s: %(index)s %(span)s, %(provinces)s tỉnh, %(scores)s điểm "
        "(%(missing)s không có số liệu)"
    )
    news = _("Mới %(new)s, đổi %(changed)s, như cũ %(same)s")
    lines = [
        counts
        % {
            "name": name,
            "index": shown.index.code,
            "span": span,
            "provinces": shown.province_count,
            "scores": len(shown.scores),
            "missing": shown.missing,
        },
        news % {"new": shown.new, "changed": shown.changed, "same": shown.same},
    ]
    if shown.unread:
        lines.append(_("Cột không đọc: %(columns)s") % {"columns": ", ".join(shown.unread)})
    for title, doubts in (
        (_("LỖI, phải sửa"), shown.errors),
        (_("HỎI, phải xác nhận"), shown.questions),
        (_("Ghi chú"), shown.notes),
    ):
        lines += _section(title, doubts)
    return lines


def _section(title: str, doubts: list[Doubt]) -> list[str]:
    if not doubts:
        return []
    lines = [f"{title} ({len(doubts)}):", *(f"  {doubt}" for doubt in doubts[:SHOWN])]
    if len(doubts) > SHOWN:
        lines.append(_("  … và %(count)s điều khác") % {"count": len(doubts) - SHOWN})
    return lines


def _stored(release: Release) -> str:
    message = _("Đã nhập %(count)s điểm, bản số %(number)s, SHA-256 %(sha)s.")
    values = {"count": release.score_count, "number": release.pk, "sha": release.sha256}
    return message % values
