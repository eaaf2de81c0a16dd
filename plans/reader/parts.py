"""What a file holds besides one plan: a second document, an appendix alone, text without marks."""

from __future__ import annotations

import re

from plans.reader.blocks import Document, Paragraph, flat
from plans.reader.citations import numbers_in
from plans.reader.draft import Draft
from plans.reader.encodings import lacks_marks

MANY_TASKS = 300
# The number of a document stands this near to the motto of the state.
NEAR = 8

_MOTTO = re.compile(r"cong hoa xa hoi chu nghia|dang cong san viet nam\W*$")
_APPENDIX = re.compile(r"\W*(?:phu luc|bieu|danh muc|bang)\b|\W*\(?(?:ban hanh )?kem theo")


def keep_first(document: Document) -> list[str]:
    """Cut off what follows the first of several documents; return the numbers of all, if several.

    Each begins with the motto of the state and has a number of its own; what a decision issues
    has neither.
    """
    lines = list(document.lines())
    mottos = [index for index, line in enumerate(lines) if _MOTTO.search(line.flat)]
    heads = [(index, _number_near(lines, index)) for index in mottos]
    numbered = [(index, number) for index, number in heads if number]
    first = numbered[0][1] if numbered else ""
    for index, number in numbered[1:]:
        if number == first or lines[index].is_aside:
            continue
        at = _block_of(document, lines[index])
        at -= _lines_of_its_head(document, at)
        document.blocks = document.blocks[:at]
        return list(dict.fromkeys(number for _index, number in numbered))
    return []


def note_doubts(document: Document, draft: Draft, others: list[str]) -> None:
    """Tell the reader of the draft what must be looked at before anything is made of it."""
    if others:
        draft.notes.append(
            f"Tệp có {len(others)} văn bản ({', '.join(others)}); chỉ đọc văn bản đầu tiên. "
            "Hãy tách văn bản còn lại thành tệp riêng."
        )
    if lacks_marks(document.text):
        draft.notes.append(
            "Có vẻ thiếu dấu tiếng Việt: tên cơ quan, nhiệm vụ được giữ như trong tệp. "
            "Hãy sửa lại hoặc tải bản có dấu."
        )
    if not draft.tasks:
        draft.notes.append(
            "Không tìm thấy bảng nhiệm vụ hay nhiệm vụ nào. Hãy kiểm tra có đúng văn bản không."
        )
    elif len(draft.tasks) > MANY_TASKS:
        draft.notes.append(
            f"Tìm thấy {len(draft.tasks)} nhiệm vụ, nhiều hơn một kế hoạch thường có. "
            "Hãy kiểm tra trước khi lưu."
        )
    head = draft.document
    if draft.tasks and not head.number and not head.issued_on:
        starts = next((line.flat for line in document.lines()), "")
        what = "Tệp chỉ có phụ lục" if _APPENDIX.match(starts) else "Văn bản"
        draft.notes.append(f"{what} không có số và ngày ban hành. Hãy nhập theo bản chính đã ký.")


def _number_near(lines: list[Paragraph], index: int) -> str:
    for line in lines[max(0, index - 3) : index + NEAR]:
        if re.match(r"\W*so\b", line.flat):
            for each in numbers_in(line):
                return each.number.text
    return ""


def _block_of(document: Document, line: Paragraph) -> int:
    """Return which block holds a line."""
    for position, block in enumerate(document.blocks):
        start = block.start if isinstance(block, Paragraph) else block.cells[0].start
        if start > line.start:
            return max(position - 1, 0)
    return len(document.blocks) - 1


def _lines_of_its_head(document: Document, at: int) -> int:
    """Return how many paragraphs before the motto name the body that issues."""
    count = 0
    while count < 2 and count < at:
        block = document.blocks[at - count - 1]
        if not isinstance(block, Paragraph) or not re.match(
            r"(?:uy ban nhan dan|ubnd|tinh|thanh pho|so|ban|xa|phuong)\b", flat(block.text)
        ):
            break
        count += 1
    return count
