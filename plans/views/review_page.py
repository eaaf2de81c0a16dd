"""The page on which a document is reviewed beside its source, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.paging import int_key
from plans import drafting, readings, reviewing
from plans.forms.reading import ReviewForm
from plans.grid import RowReader, cell_id
from plans.models import ReadingRow
from plans.source_marks import Block, Mark, blocks_of, part_of
from plans.states import RowVerdict
from plans.views.cells import COLUMNS, headings, meaning_json, shown_cells
from plans.views.suggestions import grid_suggestions

if TYPE_CHECKING:
    from agencies.request import PortalRequest
    from plans import grid
    from plans.models import Reading
    from plans.reader import Draft

# As many rows, and the piece of the document they stand in, are one part of the page.
PART_ROWS = 150


@dataclass(frozen=True)
class Part:
    """Rows that are shown together with the piece of the document they were read from."""

    number: int
    count: int
    rows: list[ReadingRow]
    start: int | None
    end: int | None


def review(
    request: PortalRequest, reading: Reading, form: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    """The document at the left, what was read of it at the right; see `reading.reading`."""
    today = timezone.localdate()
    draft = readings.draft_of(reading)
    counts = reviewing.counts_of(reading)
    part = _part(reading, request.GET.get("phan", ""), counts.total)
    reader = RowReader(reviewing.plan_under_review(reading, request.user, today))
    if form is None:
        form = review_form(request, reading, draft, counts)
    context = {
        "reading": reading,
        "draft": draft,
        "form": form,
        "fields": _fields(form, draft),
        "facts": _further_facts(draft),
        "part": part,
        "blocks": _blocks(reading, draft, part),
        "columns": COLUMNS,
        "rows": [_row(row, reviewing.look(row, reader)) for row in part.rows],
        "blank": _row(ReadingRow(reading=reading), None),
        "suggestions": grid_suggestions(reader),
        "page_keys": "plans/_review_keys.html",
        **_summary_context(reading, counts),
        "rest_errors": form.errors.get("leaves_rest", []),
    }
    return render(request, "plans/review.html", context, status=status)


def _part(reading: Reading, asked: str, total: int) -> Part:
    count = max(1, -(-total // PART_ROWS))
    try:
        number = min(max(1, int_key(asked)), count)
    except ValueError:
        number = 1
    first = (number - 1) * PART_ROWS
    # One row more tells where the piece of this part ends.
    rows = list(reading.rows.all()[first : first + PART_ROWS + 1])
    shown, after = rows[:PART_ROWS], rows[PART_ROWS:]
    start = _first_place(shown) if number > 1 else None
    return Part(number, count, shown, start, _first_place(after))


def _first_place(rows: list[ReadingRow]) -> int | None:
    """Where the text of the first of `rows` that was read stands in the document."""
    for row in rows:
        places = row.as_read.get("marks", {}).get("name")
        if places:
            return int(places[0][0])
    return None


def _blocks(reading: Reading, draft: Draft, part: Part) -> list[Block]:
    marks = [] if reading.plan_id else [*_head_marks(draft), *_row_marks(part.rows)]
    return blocks_of(draft.source, part_of(draft.layout, part.start, part.end), marks)


def _head_marks(draft: Draft) -> list[Mark]:
    return [
        Mark(start, end, certainty, f"id_{name}", str(ReviewForm.base_fields[name].label))
        for name, found in drafting.head_found(draft).items()
        for start, end, certainty in drafting.marks_at(found)
    ]


def _row_marks(rows: list[ReadingRow]) -> list[Mark]:
    above = headings()
    return [
        Mark(
            start,
            end,
            certainty,
            cell_id(cell, row.pk),
            _("Dòng %(row)s: %(cell)s") % {"row": row.position, "cell": above[cell]},
        )
        for row in rows
        for cell, places in row.as_read.get("marks", {}).items()
        for start, end, certainty in places
    ]


def _fields(form: ReviewForm, draft: Draft) -> list[dict[str, Any]]:
    """Each field of the form with what the document says of it, or that it does not."""
    found = drafting.head_found(draft)
    shown = []
    for field in form.visible_fields():
        name = field.name
        if name == "leaves_rest" or (
            name == "is_province_confirmed" and not (field.errors or form.province_doubt())
        ):
            continue
        read = [each for each in found.get(name, []) if each]
        certainties = {each.certainty.value for each in read}
        shown.append(
            {
                "field": field,
                "is_lacking": name in found and not read,
                "is_marked": any(each.start is not None for each in read),
                "certainty": next((it for it in ("low", "medium") if it in certainties), ""),
                "doubt": form.province_doubt() if name == "is_province_confirmed" else "",
                "theirs": form.theirs.get(name),
            }
        )
    return shown


def _further_facts(draft: Draft) -> list[tuple[str, str]]:
    """What was read besides the fields of a plan."""
    facts = [
        (_("Ngày hiệu lực"), [drafting.written_day(draft.document.effective_on.value)]),
        (_("Lĩnh vực"), [str(draft.document.field.value)] if draft.document.field else []),
        (_("Viện dẫn"), [str(each.value) for each in draft.cited if each]),
        (_("Thay thế"), [str(each.value) for each in draft.supersedes if each]),
    ]
    return [(label, "; ".join(told)) for label, told in facts if any(told)]


def _row(row: ReadingRow, seen: grid.Reading | None) -> dict[str, Any]:
    """What the template of a row needs; `seen` None is the empty one at the end."""
    marks = row.as_read.get("marks", {})
    cells = [{**cell, "is_marked": cell["name"] in marks} for cell in shown_cells(row.cells, seen)]
    return {
        "task": row if seen else None,
        "key": str(row.pk) if seen else "moi",
        "cells": cells,
        "needs_evidence": row.needs_evidence if seen else True,
        "is_reviewed": True,
        "is_added": row.is_added,
        # A row that somebody types is meant to be taken.
        "verdict": row.verdict if seen else RowVerdict.ACCEPTED,
        "version": row.version if seen else "",
        "row_key": "" if seen else str(uuid4()),
        "save_url": _save_url(row),
        "delete_url": _delete_url(row) if seen else "",
    }


def _save_url(row: ReadingRow) -> str:
    if row.pk is None:
        return reverse("plans:add_read_row", args=[row.reading_id])
    return reverse("plans:save_read_row", args=[row.reading_id, row.pk])


def _delete_url(row: ReadingRow) -> str:
    """Empty for what was read: it is left out, so that it can be taken back."""
    if not row.is_added:
        return ""
    return reverse("plans:delete_read_row", args=[row.reading_id, row.pk])


def row_json(row: ReadingRow, seen: grid.Reading) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "number": str(row.position),
        "version": row.version,
        "save_url": _save_url(row),
        "delete_url": _delete_url(row),
        **meaning_json(seen),
    }


def _summary_context(reading: Reading, counts: reviewing.Counts) -> dict[str, Any]:
    following = reading.rows.filter(verdict=RowVerdict.UNDECIDED).first()
    return {
        "counts": counts,
        "following": url_of(reading, following) if following else "",
        "rest_errors": [],
    }


def summary(request: PortalRequest, reading: Reading) -> str:
    """How far the review is, as the page shows it."""
    context = {"reading": reading, **_summary_context(reading, reviewing.counts_of(reading))}
    return render_to_string("plans/_review_summary.html", context, request=request)


def url_of(reading: Reading, row: ReadingRow) -> str:
    """The page of the part in which a row stands, at the row."""
    before = reading.rows.filter(position__lt=row.position).count()
    return f"{reading.get_absolute_url()}?phan={before // PART_ROWS + 1}#dong-{row.pk}"


def review_form(
    request: PortalRequest,
    reading: Reading,
    draft: Draft,
    counts: reviewing.Counts,
    data: Any = None,
) -> ReviewForm:
    return ReviewForm(
        data,
        user=request.user,
        reading=reading,
        draft=draft,
        counts=counts,
        initial={**reading.head, "version": reading.head_version},
    )
