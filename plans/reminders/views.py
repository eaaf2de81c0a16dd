"""Notices of the person; for those who watch over it letters, gateways and their health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.access import require_administrator, rights_of
from agencies.paging import page_newest_first
from papi_portal.text import fold
from plans.reminders import access, bounces, outbox, services
from plans.reminders import health as figures
from plans.reminders.channels import DeliveryError
from plans.reminders.channels import webhook as channel
from plans.reminders.forms import WebhookForm
from plans.reminders.models import Mail, Notice
from plans.reminders.states import MailState

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.request import PortalRequest

SEARCH_LENGTH = 200


@require_safe
def notices(request: PortalRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user)
    page = page_newest_first(rows, request.GET.get("sau"))
    context = {"page": page, "next_query": page.query(request.GET)}
    return render(request, "reminders/notices.html", context)


@require_POST
def open_notice(request: PortalRequest, pk: int) -> HttpResponse:
    notice = access.own_notice(request.user, pk)
    services.mark_read(notice, now=timezone.now())
    return redirect(notice.url)


@require_POST
def read_notices(request: PortalRequest) -> HttpResponse:
    services.mark_all_read(request.user, now=timezone.now())
    return redirect("reminders:notices")


@require_safe
def mails(request: PortalRequest) -> HttpResponse:
    require_administrator(request.user)
    state = request.GET.get("tinh-trang", "")
    typed = request.GET.get("tim", "")[:SEARCH_LENGTH]
    own = Mail.objects.visible_to(request.user)
    rows = own.matching(fold(typed))
    if state in MailState.values:
        rows = rows.filter(state=state)
    page = page_newest_first(rows, request.GET.get("sau"))
    context = {
        "page": page,
        "next_query": page.query(request.GET),
        "states": MailState.choices,
        "state": state,
        "typed": typed,
        "late_count": own.late(timezone.now()).count(),
        "failed_count": own.undelivered().count(),
    }
    return render(request, "reminders/mails.html", context)


@require_safe
def mail(request: PortalRequest, pk: int) -> HttpResponse:
    letter = access.readable_mail(request.user, pk)
    return render(request, "reminders/mail.html", {"mail": letter})


@require_POST
def send_again(request: PortalRequest, pk: int) -> HttpResponse:
    letter = access.readable_mail(request.user, pk)
    if outbox.try_again(Mail.objects.filter(pk=letter.pk), timezone.now()):
        messages.success(request, _("Thư đã vào hàng chờ gửi lại."))
    else:
        messages.error(request, _("Chỉ gửi lại được thư không gửi được."))
    return redirect(letter)


@require_POST
def send_all_again(request: PortalRequest) -> HttpResponse:
    require_administrator(request.user)
    count = outbox.try_again(Mail.objects.visible_to(request.user), timezone.now())
    messages.success(request, _("%(count)s thư đã vào hàng chờ gửi lại.") % {"count": count})
    return redirect("reminders:mails")


@require_safe
def health(request: PortalRequest) -> HttpResponse:
    """Administrators and the office: whether it runs, what went out, who was not reached."""
    provinces = access.watched_provinces(request.user)
    # What stands in letters, and what servers say of them, is for administrators alone.
    own = rights_of(request.user).administered_provinces
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "signs": figures.signs(now),
        "breaches": figures.breaches(),
        "days": figures.days(provinces, today),
        "oldest": figures.oldest_unsent(own, now),
        "reasons": figures.reasons(own, today),
        "bounced": bounces.people_with_bounced_address(provinces, today),
        "unreachable": figures.agencies_without_recipient(provinces, today),
        "gateways": figures.gateways(provinces, today),
        "is_administrator": bool(own),
    }
    return render(request, "reminders/health.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_webhook(request: PortalRequest) -> HttpResponse:
    require_administrator(request.user)
    form = WebhookForm(request.POST or None, provinces=access.provinces_to_equip(request.user))
    if not form.is_valid():
        context = {"form": form, "webhook": None}
        return render(
            request, "reminders/webhook.html", context, status=422 if form.errors else 200
        )
    row = services.save_webhook(form.save(commit=False), now=timezone.now())
    messages.success(request, _("Đã thêm kênh ngoài. Ghi khóa ký vào máy nhận rồi gửi thử."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.administered_webhook(request.user, pk)
    form = WebhookForm(
        request.POST or None, instance=row, provinces=access.provinces_to_equip(request.user)
    )
    if form.is_valid():
        services.save_webhook(form.save(commit=False), now=timezone.now())
        messages.success(request, _("Đã lưu kênh ngoài."))
        return redirect("reminders:webhook", pk)
    context = {
        "form": form,
        "webhook": access.administered_webhook(request.user, pk),
        "secret": channel.secret_of(row),
        "last_error": figures.last_error(row),
    }
    return render(request, "reminders/webhook.html", context, status=422 if form.errors else 200)


@require_POST
def try_webhook(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.administered_webhook(request.user, pk)
    try:
        channel.send_test(row, request.user, timezone.now())
    except DeliveryError as error:
        messages.error(request, _("Máy nhận chưa nhận: %(reason)s") % {"reason": error.said})
    else:
        messages.success(request, _("Máy nhận đã nhận lượt gọi thử."))
    return redirect(row)


@require_POST
def renew_webhook_key(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.administered_webhook(request.user, pk)
    services.renew_key(row)
    messages.success(request, _("Đã đổi khóa ký. Ghi khóa mới vào máy nhận."))
    return redirect(row)
