"""The person's notices: the list, opening one, marking them read or unread."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies.access import rights_of
from agencies.paging import int_key, page_newest_first
from plans.models import Assignment
from plans.reminders import access, notice_work, services
from plans.reminders.models import Notice
from plans.reminders.states import NoticeTopic

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.request import PortalRequest


@require_safe
def notices(request: PortalRequest) -> HttpResponse:
    own = Notice.objects.visible_to(request.user)
    is_unread_only = request.GET.get("loc") == "chua-doc"
    topic = request.GET.get("ve", "")
    rows = own.unread() if is_unread_only else own
    if topic in NoticeTopic.values:
        rows = rows.about(topic)
    page = page_newest_first(rows, request.GET.get("sau"))
    rights = rights_of(request.user)
    today = timezone.localdate()
    context = {
        "lines": notice_work.lines(page.rows, request.user),
        "next_query": page.query(request.GET),
        "is_unread_only": is_unread_only,
        "topic": topic,
        "topics": NoticeTopic.choices if rights.agencies and rights.overseen_provinces else [],
        "newest": own.order_by("-pk").values_list("pk", flat=True).first(),
        "today": today,
        "yesterday": today - timedelta(days=1),
    }
    return render(request, "reminders/notices.html", context)


@require_safe
def open_notice(request: PortalRequest, pk: int) -> HttpResponse:
    """Go to what the notice is about, or with `?viec=` to one piece of its work; it is then read.

    This writes on GET, so that a notice is a link like any other, also in a new window. All it
    changes is the person's own mark, once, and that can be taken back; what a browser or a proxy
    fetches in advance, or a HEAD, marks nothing.
    """
    notice = access.own_notice(request.user, pk)
    is_opened = request.method == "GET" and "Sec-Purpose" not in request.headers
    if is_opened:
        services.mark_read(notice, now=timezone.now())
    url = _wanted(request, notice)
    if not access.may_follow(request.user, url):
        return render(request, "reminders/notice_gone.html", {"notice": notice})
    return redirect(url)


def _wanted(request: PortalRequest, notice: Notice) -> str:
    try:
        return Assignment(pk=int_key(request.GET.get("viec", ""))).get_absolute_url()
    except ValueError:
        return notice_work.destination(notice, request.user, timezone.localdate())


@require_POST
def mark_unread(request: PortalRequest, pk: int) -> HttpResponse:
    services.mark_unread(access.own_notice(request.user, pk))
    return _back_to_list(request)


@require_POST
def read_notices(request: PortalRequest) -> HttpResponse:
    """Mark everything up to the notice `den` as read; without it, everything there is."""
    try:
        up_to = int_key(request.POST.get("den", ""))
    except ValueError:
        up_to = None
    services.mark_all_read(request.user, up_to=up_to, now=timezone.now())
    return _back_to_list(request)


def _back_to_list(request: PortalRequest) -> HttpResponse:
    """The list as it was filtered."""
    query = request.GET.urlencode()
    return redirect(reverse("reminders:notices") + (f"?{query}" if query else ""))
