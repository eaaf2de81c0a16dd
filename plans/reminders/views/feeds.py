"""Calendars for programs that sign in nowhere, and the page on which a person manages them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.dispatch import receiver
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.paging import int_key
from papi_portal.caching import counted
from plans.access import readable_plan
from plans.models import Plan
from plans.reminders import access, feeds, ics, links
from plans.reminders.agenda import MOST_ENTRIES, agenda_of
from plans.reminders.models import CalendarFeed, Leave

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agencies.models import User
    from agencies.request import PortalRequest

# Wrong addresses from one place in a minute, and readings of one calendar in ten minutes. Many
# people share the address of their office; programs ask every quarter of an hour or less often.
MOST_MISSES, MISSES_SECONDS = 120, 60
MOST_READS, READS_SECONDS = 30, 600
MOST_PLANS = 200


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar. An unknown, replaced or ended address answers 404, all alike."""
    row = feeds.of_token(token)
    agenda = agenda_of(row, timezone.localdate()) if row else None
    if row is None or agenda is None:
        # Whoever knows an address is served, whatever others behind the same proxy try.
        misses = f"feed-misses:{get_adapter().get_client_ip(request)}"
        if counted(misses, seconds=MISSES_SECONDS) > MOST_MISSES:
            return _too_often(MISSES_SECONDS)
        raise Http404
    if counted(f"feed-reads:{row.pk}", seconds=READS_SECONDS) > MOST_READS:
        return _too_often(READS_SECONDS)
    # Weak, for the moment of writing (DTSTAMP) differs.
    etag = f'W/"{sha256(repr(agenda).encode(errors="replace")).hexdigest()}"'
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        ics.written(agenda, timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="lich.ics"'},
    )
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@receiver([password_changed, password_reset])
def end_with_the_password(request: HttpRequest, user: User, **_rest: object) -> None:
    """Who fears that somebody was in the account shuts out with one act what was made there."""
    if feeds.revoke_all(user):
        words = _("Các địa chỉ lịch đã hết hiệu lực cùng mật khẩu cũ: tạo lại ở “Nhận nhắc việc”.")
        messages.info(request, words)


def _too_often(seconds: int) -> HttpResponse:
    text = _("Lịch được đọc quá nhiều lần. Xin thử lại sau %(minutes)s phút.")
    return HttpResponse(
        text % {"minutes": seconds // 60},
        status=429,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(seconds), "Cache-Control": "no-store"},
    )


@require_safe
def preferences(request: PortalRequest) -> HttpResponse:
    own = list(CalendarFeed.objects.filter(owner=request.user).select_related("plan"))
    visible = Plan.objects.visible_to(request.user)
    known = [row.plan_id for row in own if row.plan_id]
    readable = set(visible.filter(pk__in=known).values_list("pk", flat=True))
    leaves = Leave.objects.on(timezone.localdate()).select_related("user", "delegate")
    context = {
        "is_without_information": links.is_without_information(request.user),
        "taken_by": leaves.filter(user=request.user),
        "taken_for": leaves.filter(delegate=request.user),
        "own_feed": next((row for row in own if row.plan_id is None), None),
        "plan_feeds": [(row, row.plan_id in readable) for row in own if row.plan_id],
        "plans": visible.active().exclude(pk__in=readable).newest_first()[:MOST_PLANS],
        "chosen": request.GET.get("ke-hoach", ""),
        "from_hour": settings.REMINDERS_FROM_HOUR,
        "keep_days": settings.NOTICE_KEEP_DAYS,
        "most_entries": MOST_ENTRIES,
    }
    return render(request, "reminders/preferences.html", context)


@require_POST
def choose_mail(request: PortalRequest) -> HttpResponse:
    """Whether the letters name what one may do without."""
    is_without = request.POST.get("nhan") != "lai"
    links.choose(request.user, is_without_information=is_without, now=timezone.now())
    if is_without:
        messages.success(request, _("Thư của anh/chị không có phần “Để biết” nữa."))
    else:
        messages.success(request, _("Từ thư sau lại có phần “Để biết”."))
    return redirect("reminders:preferences")


@require_POST
def renew_feed(request: PortalRequest) -> HttpResponse:
    """Make the address for the own work, or for the plan that `ke-hoach` names; show it once."""
    typed = request.POST.get("ke-hoach", "")
    plan = None
    if typed:
        try:
            plan = readable_plan(request.user, int_key(typed))
        except ValueError as error:
            raise Http404 from error
    url = feeds.renew(request.user, plan, now=timezone.now())
    context = {"plan": plan, "url": url, "webcal_url": f"webcal://{url.partition('://')[2]}"}
    return render(request, "reminders/feed_address.html", context)


@require_POST
def revoke_feed(request: PortalRequest, pk: int) -> HttpResponse:
    feeds.revoke(access.own_feed(request.user, pk))
    messages.success(request, _("Đã thu hồi địa chỉ lịch. Ứng dụng lịch không đọc được nữa."))
    return redirect("reminders:preferences")
