"""The scores of all provinces in one edition, and of one province over all editions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from agencies.access import rights_of
from agencies.models import Province
from indicators import access, score_pages
from indicators.models import Edition, Index
from indicators.score_export import score_table
from indicators.score_pages import Subject, YearRow
from indicators.series import Book, Field, Lineage, fields_of, lineage_of, scores_of
from indicators.states import Level
from papi_portal.sheets.writing import write_xlsx

if TYPE_CHECKING:
    from agencies.request import PortalRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COMPARED = 4
LISTED = (Level.COMPOSITE, Level.DIMENSION)


@dataclass(frozen=True)
class ProvinceRow:
    """A province in one edition; `dimensions` are shown scores in their order."""

    province: Province
    year: YearRow
    dimensions: list[str]
    is_own: bool


@require_safe
def scores(request: PortalRequest) -> HttpResponse:
    """All provinces of one edition, by score unless the order by name is asked for."""
    index = access.readable_index(request.user, request.GET.get("chi-so", ""))
    editions = list(Edition.objects.filter(index=index).with_scores().order_by("-year"))
    edition = _edition(editions, request.GET.get("nam", ""))
    context: dict[str, object] = {
        "index": index,
        "indices": _indices_with_scores(),
        "editions": editions,
        "edition": edition,
        "is_by_name": request.GET.get("xep") == "ten",
    }
    if edition is not None:
        provinces = list(Province.objects.valid_on(edition.map_day).order_by("sort_text"))
        keys = {province.pk for province in provinces}
        book = scores_of(keys, index, [edition.year - 1, edition.year], levels=LISTED)
        fields = fields_of(book.editions)
        rows = [_province_row(book, fields, edition, one, request) for one in provinces]
        if not context["is_by_name"]:
            rows.sort(key=_best_first)
        context |= {
            "rows": rows,
            "field": fields[edition.pk],
            "dimensions": book.parts(edition, Level.DIMENSION),
            "missing": sum(row.year.score is None or row.year.score.value is None for row in rows),
        }
    return render(request, "indicators/scores.html", context)


@require_safe
def province(request: PortalRequest, pk: int) -> HttpResponse:
    """One province over all editions, beside others of the reader's choice."""
    found = access.readable_province(request.user, pk)
    index = access.readable_index(request.user, request.GET.get("chi-so", ""))
    lineage = lineage_of(found)
    everyone = {one.pk: one for one in Province.objects.all()}
    compared = _compared(request, everyone, lineage)
    keys = {*lineage.own_keys, *(one.pk for one in (*lineage.predecessors, *compared))}
    book = scores_of(keys, index)
    fields = fields_of(book.editions)
    subject = Subject(found.name, frozenset(lineage.own_keys))
    others = [
        Subject(one.name, frozenset({one.pk})) for one in (*_earlier(book, lineage), *compared)
    ]
    held = [one for one in reversed(book.editions) if _has_figure(book, subject, one)]
    edition = _edition(held, request.GET.get("nam", ""))
    context: dict[str, object] = {
        "province": found,
        "lineage": lineage,
        "index": index,
        "book": book,
        "subjects": [*([subject] if held else []), *others],
        "held": held,
        "edition": edition,
        "compared": compared,
        "choices": _choices(everyone, book, lineage),
    }
    if book.scores:
        shown: list[Subject] = [*([subject] if held else []), *others]
        context["total_chart"] = score_pages.total_chart(book, shown, index.code)
        context["predecessors"] = [
            (one, book.last_edition({one.pk}), _last_total(book, one))
            for one in lineage.predecessors
        ]
    if edition is not None:
        context |= _details(book, fields, subject, others, edition, everyone)
        since = request.GET.get("moc", "")
        context["account"] = score_pages.account_of(book, subject, edition, since)
    return render(request, "indicators/province_scores.html", context)


@require_safe
def download(request: PortalRequest, pk: int) -> HttpResponse:
    """Every current score of the province and of its predecessors as xlsx."""
    found = access.readable_province(request.user, pk)
    index = access.readable_index(request.user, request.GET.get("chi-so", ""))
    lineage = lineage_of(found)
    provinces = {one.pk: one for one in (*lineage.own, *lineage.predecessors)}
    table = score_table(scores_of(set(provinces), index), provinces, index)
    name = f"diem {index.code} {found.name} {timezone.localdate():%Y-%m-%d}.xlsx"
    return HttpResponse(
        write_xlsx([table]),
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )


def _indices_with_scores() -> list[Index]:
    held = Edition.objects.with_scores().values("index")
    return list(Index.objects.filter(pk__in=held).order_by("code"))


def _edition(editions: list[Edition], typed: str) -> Edition | None:
    """The edition of the year that was typed, else the first of the list."""
    chosen = next((edition for edition in editions if str(edition.year) == typed), None)
    return chosen or (editions[0] if editions else None)


def _province_row(
    book: Book, fields: dict[int, Field], edition: Edition, one: Province, request: PortalRequest
) -> ProvinceRow:
    subject = Subject(one.name, frozenset({one.pk}))
    years = score_pages.year_rows(book, subject, fields)
    return ProvinceRow(
        province=one,
        year=next(row for row in years if row.edition == edition),
        dimensions=score_pages.dimension_cells(book, subject, edition),
        is_own=one.pk in rights_of(request.user).provinces,
    )


def _best_first(row: ProvinceRow) -> tuple[Decimal, str]:
    score = row.year.score
    value = score.value if score and score.value is not None else Decimal(-1)
    return -value, row.province.sort_text


def _compared(
    request: PortalRequest, everyone: dict[int, Province], lineage: Lineage
) -> list[Province]:
    """At most four provinces that were chosen, in the order of choice; nonsense is passed over."""
    own = {*lineage.own_keys, *(one.pk for one in lineage.predecessors)}
    typed = dict.fromkeys(request.GET.getlist("so-voi"))
    keys = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 10]
    return [everyone[key] for key in keys if key in everyone and key not in own][:MOST_COMPARED]


def _earlier(book: Book, lineage: Lineage) -> list[Province]:
    return [one for one in lineage.predecessors if book.last_edition({one.pk})]


def _choices(everyone: dict[int, Province], book: Book, lineage: Lineage) -> list[Province]:
    """Provinces of the last edition's map, to be compared with."""
    if not book.editions:
        return []
    day = book.editions[-1].map_day
    own = {*lineage.own_keys, *(one.pk for one in lineage.predecessors)}
    return sorted(
        (
            one
            for one in everyone.values()
            if one.pk not in own
            and (one.valid_from is None or one.valid_from <= day)
            and (one.valid_to is None or one.valid_to >= day)
        ),
        key=lambda one: one.sort_text,
    )


def _has_figure(book: Book, subject: Subject, edition: Edition) -> bool:
    return any(
        book.value(subject.keys, edition, component) is not None
        for (key, component) in book.printed
        if key == edition.pk
    )


def _last_total(book: Book, one: Province) -> Decimal | None:
    edition = book.last_edition({one.pk})
    whole = book.whole(edition) if edition else None
    return book.value({one.pk}, edition, whole.component_id) if edition and whole else None


def _details(
    book: Book,
    fields: dict[int, Field],
    subject: Subject,
    others: list[Subject],
    edition: Edition,
    everyone: dict[int, Province],
) -> dict[str, object]:
    years = score_pages.year_rows(book, subject, fields)
    field = fields[edition.pk]
    return {
        "row": next(row for row in years if row.edition == edition),
        "years": years,
        "dimension_charts": score_pages.dimension_charts(book, [subject, *others]),
        "dimension_rows": score_pages.dimension_rows(book, subject),
        "heat": score_pages.heat_rows(book, subject),
        "field": field,
        "position_chart": score_pages.position_chart(field, [subject, *others], edition),
        "neighbours": score_pages.neighbours_of(
            field, subject.keys, {key: one.name for key, one in everyone.items()}
        ),
        "releases": score_pages.releases_of(book, subject.keys),
    }
