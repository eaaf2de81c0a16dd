"""Read a plan from a file and print the draft; the database is not touched."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from plans.reader import Draft, Found, ReaderRefusedError, read

REFUSED = 2
WIDTH = 100


class Command(BaseCommand):
    help = "Đọc một kế hoạch (.docx, .pdf, .txt, .html) và in bản nháp; không ghi gì vào hệ thống."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if not path.is_file():
                raise ReaderRefusedError(_("Không có tệp %(path)s.") % {"path": path})
            draft = read(path)
        except ReaderRefusedError as error:
            # One line that can be shown as it is, without the name of an exception before it.
            self.stderr.write(error.message)
            sys.exit(REFUSED)
        if options["json"]:
            self.stdout.write(json.dumps(draft.to_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(draft)))


def _lines(draft: Draft) -> list[str]:
    head, period = draft.document, draft.period
    rows = [
        (_("Loại"), head.kind),
        (_("Số"), head.number),
        (_("Ngày ban hành"), head.issued_on),
        (_("Ngày hiệu lực"), head.effective_on),
        (_("Cơ quan ban hành"), head.issuer),
        (_("Người ký"), head.signer),
        (_("Lĩnh vực"), head.field),
        (_("Trích yếu"), head.title),
        (_("Tỉnh"), head.province),
        (_("Từ ngày"), period.from_on),
        (_("Đến ngày"), period.to_on),
    ]
    lines = [f"{label:<18} {_shown(found)}" for label, found in rows]
    lists = [
        (_("Căn cứ"), draft.based_on),
        (_("Viện dẫn"), draft.cited),
        (_("Thay thế"), draft.supersedes),
        (_("Chỉ số"), draft.indices),
        (_("Nội dung"), draft.components),
    ]
    lines += [f"{label:<18} {_joined(found)}" for label, found in lists]
    lines += [f"{_('Mục tiêu'):<18} {_shown(target.text)}" for target in draft.targets]
    lines.append("")
    for task in draft.tasks:
        lines.append(f"{task.number.value or '-'!s:<8} {str(task.text.value)[:WIDTH]}")
        parts = [_joined(task.lead), _joined(task.support), str(task.deadline.text.value or "")]
        lines.append(" " * 9 + " | ".join(parts))
    lines.append(_("%(count)s nhiệm vụ") % {"count": len(draft.tasks)})
    return [*lines, *draft.notes]


def _shown(found: Found) -> str:
    if not found:
        return _("không tìm thấy")
    doubt = "" if found.certainty == "high" else " (?)"
    return f"{found.value}{doubt}"


def _joined(found: list[Found]) -> str:
    return ", ".join(str(each.value) for each in found)
