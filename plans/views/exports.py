"""Downloads of spreadsheets: tasks of a plan, agencies, their names, empty forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.models import Province
from papi_portal.text import fold
from plans import access
from plans.importing import exports
from plans.importing.kinds import BY_SLUG
from plans.models import Task
from plans.states import SheetKind

if TYPE_CHECKING:
    from agencies.request import PortalRequest
    from papi_portal.sheets.writing import Table


@require_safe
def tasks(request: PortalRequest, pk: int) -> HttpResponse:
    """The tasks of a plan that the person may see, as the import of tasks reads them."""
    plan = access.readable_plan(request.user, pk)
    rows = Task.objects.visible_to(request.user).filter(plan=plan)
    return _download(exports.tasks_table(rows), f"nhiem vu {plan}", request.GET.get("dang"))


@require_safe
def of_province(request: PortalRequest, slug: str) -> HttpResponse:
    """Agencies or their names of a province the person administers; `?tinh=` names one of many."""
    tables = {
        SheetKind.AGENCIES: exports.agencies_table,
        SheetKind.ALIASES: exports.aliases_table,
    }
    kind = BY_SLUG.get(slug)
    if kind is None or kind.key not in tables:
        raise Http404
    allowed = access.importable_provinces(request.user, kind.key)
    provinces = Province.objects.filter(pk__in=allowed).order_by("valid_to", "pk")
    asked = request.GET.get("tinh", "")
    if asked:
        provinces = provinces.filter(pk=asked if asked.isdecimal() and len(asked) < 18 else 0)
    province = provinces.filter(valid_to__isnull=True).first() or provinces.first()
    if province is None:
        raise Http404
    table = tables[SheetKind(kind.key)](province.pk)
    return _download(table, f"{kind.slug} {province.name}", request.GET.get("dang"))


@require_safe
def template(request: PortalRequest, slug: str) -> HttpResponse:
    """An empty form of a kind; it says nothing that is not in the program."""
    kind = BY_SLUG.get(slug)
    if kind is None or not kind.columns:
        raise Http404
    return download(exports.template(kind), _("mau %(slug)s") % {"slug": slug}, exports.XLSX)


def _download(table: Table, name: str, asked: str | None) -> HttpResponse:
    """The table in the form of `?dang=`: xlsx unless csv is asked for."""
    form = asked or exports.XLSX
    if form not in exports.CONTENT_TYPES:
        raise Http404
    today = timezone.localdate()
    return download(exports.written(table, form), f"{name} {today:%Y-%m-%d}", form)


def download(content: bytes, name: str, form: str) -> HttpResponse:
    """A file to keep, under a name that every system can store."""
    file_name = f"{slugify(fold(name))[:80] or 'bang-tinh'}.{form}"
    disposition = content_disposition_header(as_attachment=True, filename=file_name)
    return HttpResponse(
        content,
        content_type=exports.CONTENT_TYPES[form],
        headers={
            "Content-Disposition": disposition or "attachment",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
