"""Pages of documents that are read: give one, watch it being read, the list of all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from agencies.models import Agency
from agencies.paging import page_newest_first
from plans import access, evidence, jobs, readings, stored_files
from plans.forms.reading import ReadingForm
from plans.models import Reading
from plans.views.review_page import review
from plans.views.sending import send

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.request import PortalRequest

# A queued document that nobody took for so long: the page says that it is not the reader's fault.
SLOW_AFTER = timedelta(seconds=60)


@require_safe
def reading_list(request: PortalRequest) -> HttpResponse:
    """The documents given in the person's provinces, the newest first."""
    access.require_office(request.user)
    rows = Reading.objects.filter(province__in=access.office_provinces(request.user))
    shown = rows.select_related("province", "requested_by", "plan").defer("draft", "text", "head")
    page = page_newest_first(shown.annotate(row_count=Count("rows")), request.GET.get("sau"))
    context = {"page": page, "next_query": page.query(request.GET)}
    return render(request, "plans/readings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def read_document(request: PortalRequest) -> HttpResponse:
    """Give a document; a worker reads it, never this process."""
    access.require_office(request.user)
    is_sent = request.method == "POST"
    form = ReadingForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        user=request.user,
        initial={"province": _own_province(request)},
    )
    if is_sent and form.is_valid():
        url = _ask(request, form)
        if url is not None:
            return redirect(url)
    status = 422 if form.errors else 200
    return render(request, "plans/read_document.html", {"form": form}, status=status)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def reading(request: PortalRequest, pk: int) -> HttpResponse:
    """One document: asks for itself while it is read, then is reviewed beside its source."""
    row = access.readable_reading(request.user, pk)
    if row.is_done:
        # The page under review brings scripts of its own, so it is loaded as a whole.
        return HttpResponseClientRefresh() if request.htmx else review(request, row)
    template = "plans/_reading_state.html" if request.htmx else "plans/reading.html"
    return render(request, template, _progress(row, timezone.now()))


@require_POST
def read_again(request: PortalRequest, pk: int) -> HttpResponse:
    """Try once more to read a document that could not be read."""
    row = access.readable_reading(request.user, pk)
    if readings.read_again(row, now=timezone.now()):
        jobs.wake(row.pk)
    return redirect(row)


@require_POST
def delete_reading(request: PortalRequest, pk: int) -> HttpResponse:
    """Delete a document with its review; a plan made of it stays."""
    row = access.readable_reading(request.user, pk)
    readings.delete(row)
    messages.success(request, _("Đã xóa “%(name)s”.") % {"name": row})
    return redirect("plans:readings")


def _ask(request: PortalRequest, form: ReadingForm) -> str | None:
    """Store the file, then the row; the file is taken back if no row was written."""
    upload = form.cleaned_data["file"]
    stored = stored_files.store(upload, readings.FOLDER) if upload else ""
    made: list[Reading] = []

    def act() -> str:
        row = Reading.objects.create(
            province=form.cleaned_data["province"],
            requested_by=request.user,
            requested_at=timezone.now(),
            file=stored,
            file_name=evidence.shown_name(upload) if upload else "",
            text=form.cleaned_data["text"],
        )
        made.append(row)
        return row.get_absolute_url()

    try:
        url = send(request, form, act)
    finally:
        if stored and not made:
            stored_files.discard(stored)
    for row in made:
        jobs.wake(row.pk)
    return url


def _own_province(request: PortalRequest) -> int | None:
    posts = Agency.objects.filter(memberships__user=request.user).order_by("-pk")
    return posts.values_list("province", flat=True).first()


def _progress(row: Reading, now: datetime) -> dict[str, Any]:
    """How far the reading is, and for how long it has been there."""
    waited = now - row.requested_at
    # The lease begins when a worker takes the document.
    began = row.lease_until - readings.LEASE if row.lease_until else None
    return {
        "reading": row,
        "waited_seconds": int(waited.total_seconds()),
        "reading_seconds": int((now - began).total_seconds()) if began else None,
        "is_slow": row.is_open and not row.lease_until and waited > SLOW_AFTER,
    }
