"""From a document to the draft: each part of the reader in its turn."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from plans.reader.above import components_of_chain
from plans.reader.blocks import Document, Paragraph
from plans.reader.citations import read_citations
from plans.reader.components import component_of_heading, components_in, dimension_of, indices_in
from plans.reader.draft import Certainty, Draft, Found, Target, Task
from plans.reader.encodings import is_vietnamese
from plans.reader.head import read_head
from plans.reader.library import read_library_block
from plans.reader.news import fill_headline, mark_asides, mend_title, read_news
from plans.reader.parts import keep_first, note_doubts
from plans.reader.periods import read_period, scope_of
from plans.reader.places import complete_issuer, read_province
from plans.reader.prose import read_prose
from plans.reader.refusals import ReaderRefusedError
from plans.reader.section_facts import Facts, inherit, section_facts
from plans.reader.sections import Item, Rank, outline
from plans.reader.signature import read_signature
from plans.reader.spans import anchored, mapped
from plans.reader.tables import read_tables
from plans.reader.target_tables import targets_of_tables
from plans.reader.targets import KINDS, Context, targets_in

_YEAR_OF_AIMS = re.compile(r"(?:den|trong|vao) nam (?P<year>20[0-9]{2})")
MIN_LETTERS = 20
# The parts of a draft that hold what was found.
FOUND = (
    *("document", "period", "based_on", "cited", "indices", "components", "targets", "tasks"),
    *("signer_capacity", "supersedes"),
)
# What another document is about says nothing of this plan: "Kết luận số ... về ... PCI".
_OF_ANOTHER = re.compile(
    r"(?:ket luan|nghi quyet|quyet dinh|chi thi|ke hoach|chuong trinh)[^;]{0,200}\bve\b[^;.]*$"
)


def read_document(document: Document) -> Draft:
    """Raise `ReaderRefusedError` for a document whose text is none."""
    _refuse_garbage(document)
    numbers = keep_first(document)
    draft = Draft(source=document.text, layout=document.layout(), notes=list(document.notes))
    head_end = read_head(document, draft)
    if not draft.document.number and not draft.document.kind:
        mark_asides(document)
    read_library_block(document, draft)
    if not draft.document.kind or not draft.document.number and not head_end:
        read_news(document, draft)
    mend_title(document, draft)
    fill_headline(document, draft)
    read_signature(document, draft)
    read_province(document, draft)
    complete_issuer(document, draft)
    read_period(document, draft, head_end)
    items = outline(document.blocks)
    read_citations(document, items, draft)
    _read_indices(document, draft)
    _read_targets(items, draft)
    _read_tasks(document, items, draft)
    _read_components(document, draft)
    note_doubts(document, draft, numbers)
    for name in FOUND:
        read = getattr(draft, name)
        setattr(draft, name, mapped(read, lambda found: anchored(found, document.text)))
    draft.not_found = list(draft.missing())
    return draft


def _refuse_garbage(document: Document) -> None:
    if sum(char.isalpha() for char in document.text) < MIN_LETTERS:
        raise ReaderRefusedError("Tệp không có chữ nào đọc được. Hãy kiểm tra lại tệp.")
    if not is_vietnamese(document.text):
        raise ReaderRefusedError(
            "Chữ trong tệp không đọc được thành tiếng Việt (có thể do phông cũ hoặc bản quét lỗi). "
            "Hãy tải bản Word hoặc PDF có chữ."
        )


def _read_indices(document: Document, draft: Draft) -> None:
    """Fill the indices: those of the title are sure, those named in passing less so."""
    found: dict[str, Found] = {}
    title = draft.document.title
    if title and title.start is not None:
        line = Paragraph(document.text[title.start : title.end], title.start)
        for code, first, last in indices_in(line.flat):
            found[code] = line.found(code, Certainty.HIGH, first, last)
    for line in document.lines():
        if line.is_aside:
            continue
        for code, first, last in indices_in(line.flat):
            if code not in found and not _OF_ANOTHER.search(line.flat[:first]):
                certainty = Certainty.HIGH if code == "PAPI" else Certainty.MEDIUM
                found[code] = line.found(code, certainty, first, last)
    draft.indices = list(found.values())


def _read_targets(items: list[Item], draft: Draft) -> None:
    main = draft.indices[0] if draft.indices else Found(None)
    first_year, plan_year = _year_of_plan(draft)
    seen: dict[tuple[object, ...], int] = {}
    for item in items:
        line = item.paragraph
        if line.is_aside or item.kind not in KINDS:
            continue
        year = _year_above(item) or plan_year
        index = _index_above(item) or main
        context = Context(index, first_year, year, _component_above(item))
        for target in targets_in(line, item.kind, context):
            key = _key(target)
            at = seen.setdefault(key, len(draft.targets))
            if at == len(draft.targets):
                draft.targets.append(target)
            elif target.baseline_year and not draft.targets[at].baseline_year:
                # A headline says less than the text below it.
                draft.targets[at] = target


def _year_of_plan(draft: Draft) -> tuple[int | None, Found]:
    """Return the first year of the plan; as found if it is the only one, its aims being for it."""
    first, last = (str(each.value or "") for each in (draft.period.from_on, draft.period.to_on))
    if not first:
        return None, Found(None)
    year = replace(draft.period.from_on, value=int(first[:4]), certainty=Certainty.MEDIUM)
    return int(first[:4]), year if first[:4] == last[:4] else Found(None)


def _index_above(item: Item) -> Found | None:
    """Return the index that the headings above an aim name; a dimension is one of PAPI."""
    for parent in reversed(item.parents):
        for code, first, last in indices_in(parent.paragraph.flat):
            return parent.paragraph.found(code, Certainty.HIGH, first, last)
    return None


def _year_above(item: Item) -> Found | None:
    for parent in reversed(item.parents):
        if match := _YEAR_OF_AIMS.search(parent.paragraph.flat):
            first, last = match.span("year")
            return parent.paragraph.found(int(match["year"]), Certainty.MEDIUM, first, last)
    return None


def _component_above(item: Item) -> Found:
    """Return the one dimension that the headings above an aim are the name of."""
    for parent in reversed(item.parents):
        named = component_of_heading(parent.text)
        if len(named) == 1:
            first, last = parent.body + named[0].start, parent.body + named[0].end
            return parent.paragraph.found(named[0].key, Certainty.MEDIUM, first, last)
    return Found(None)


def _key(target: Target) -> tuple[object, ...]:
    parts = (target.index, target.component, target.metric, target.value, target.year)
    return tuple(part.value for part in parts)


def _read_tasks(document: Document, items: list[Item], draft: Draft) -> None:
    scope = scope_of(draft)
    tables = read_tables(document, scope)
    facts = section_facts(items, scope)
    _read_above_tables(tables.tasks, items, facts)
    prose = read_prose(items, scope, draft.document.issuer, facts)
    index = draft.indices[0] if draft.indices else Found(None)
    context = Context(index, *_year_of_plan(draft))
    draft.targets += targets_of_tables(document, tables.used, context)
    draft.tasks = sorted([*tables.tasks, *prose], key=lambda task: task.text.start or 0)


def _read_above_tables(tasks: list[Task], items: list[Item], facts: Facts) -> None:
    """Give the tasks of tables what the headings above their table say and the rows do not."""
    starts = [item.paragraph.start for item in items]
    for task in tasks:
        at = bisect_right(starts, task.text.start or 0)
        if not at:
            continue
        last = items[at - 1]
        chain = last.parents if last.rank is Rank.NONE else [*last.parents, last]
        if not task.components:
            task.components = components_of_chain(chain, facts) or []
        if not task.lead:
            inherit(task, chain, facts)


def _read_components(document: Document, draft: Draft) -> None:
    """Fill the dimensions and parts named anywhere in the document."""
    found: dict[str, Found] = {}
    for line in document.lines():
        if not line.is_aside:
            for each in components_in(line.text):
                found.setdefault(
                    each.key, line.found(each.key, Certainty.HIGH, each.start, each.end)
                )
    for task in draft.tasks:
        for component in task.components:
            found.setdefault(str(component.value), component)
    order = sorted(found, key=lambda key: (dimension_of(key), key))
    draft.components = [found[key] for key in order]
