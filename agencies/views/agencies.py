"""Agencies of the person's provinces: the list of a day, one agency, its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies import access, administration
from agencies.forms import AgencyFilter, AgencyForm
from agencies.models import Agency, Membership, Province
from agencies.paging import PAGE_SIZE, int_key, page_of
from papi_portal import text

if TYPE_CHECKING:
    from datetime import date

    from agencies.querysets import AgencyQuerySet
    from agencies.request import PortalRequest


@require_safe
@vary_on_headers("HX-Request")
def agency_list(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    provinces = access.rights_of(request.user).provinces
    form = AgencyFilter(request.GET, provinces=Province.objects.filter(pk__in=provinces))
    form.is_valid()
    day = form.cleaned_data.get("ngay") or today
    rows = _filtered(form, day).filter(province__in=provinces)
    last = _last_of_page_before(rows, request.GET.get("sau", ""))
    rows = rows.after(last) if last else rows
    rows = rows.with_people_count(today).select_related("province").by_name()
    page = page_of(rows, lambda row: str(row.pk), PAGE_SIZE)
    context = {
        "form": form,
        "agencies": page.rows,
        "next_query": page.query(request.GET),
        "day": day,
        "is_first_page": last is None,
        "has_provinces": len(provinces) > 1,
        "may_administer": access.rights_of(request.user).is_administrator,
    }
    template = "agencies/_agency_list.html" if request.htmx else "agencies/agency_list.html"
    return render(request, template, context)


def _filtered(form: AgencyFilter, day: date) -> AgencyQuerySet:
    wanted = form.cleaned_data
    rows = Agency.objects.valid_on(day).matching(text.fold(wanted.get("q", "")))
    if wanted.get("loai"):
        rows = rows.filter(kind=wanted["loai"])
    if wanted.get("tinh"):
        rows = rows.filter(province=wanted["tinh"])
    return rows


def _last_of_page_before(rows: AgencyQuerySet, cursor: str) -> Agency | None:
    """The row named by `?sau=`; anything else begins at the first page."""
    try:
        return rows.filter(pk=int_key(cursor)).first()
    except ValueError:
        return None


@require_safe
def agency(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.readable_agency(request.user, pk)
    rights = access.rights_of(request.user)
    posts = Membership.objects.none()
    if row.province_id in rights.overseen_provinces:
        posts = Membership.objects.current(timezone.localdate()).filter(agency=row)
    context = {
        "agency": row,
        "aliases": row.aliases.order_by("name"),
        "groups": row.groups.order_by("name"),
        "became": row.successions_from.prefetch_related("new_agencies__province"),
        "came_from": row.successions_to.prefetch_related("old_agencies__province"),
        "people_posts": posts.select_related("user").order_by("role", "starts_on", "pk"),
        "readable_provinces": rights.provinces,
        "may_see_posts": row.province_id in rights.overseen_provinces,
        "may_edit": row.province_id in rights.administered_provinces,
    }
    return render(request, "agencies/agency.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_agency(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.administered_agency(request.user, pk)
    names = "\n".join(row.aliases.order_by("name").values_list("name", flat=True))
    form = AgencyForm(request.POST or None, instance=row, initial={"aliases": names})
    if request.method == "POST" and form.is_valid():
        administration.update_agency(form.instance, aliases=form.cleaned_data["aliases"])
        messages.success(request, _("Đã lưu %(name)s.") % {"name": row.name})
        return redirect(row)
    status = 422 if form.is_bound else 200
    # The name as stored: what is typed and faulty stands in the form only.
    stored = Agency.objects.get(pk=pk)
    return render(
        request, "agencies/edit_agency.html", {"form": form, "agency": stored}, status=status
    )
