"""Gateways outside, for the administrator of a province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies.access import require_administrator
from plans.reminders import access, services
from plans.reminders import health as figures
from plans.reminders.channels import DeliveryError
from plans.reminders.channels import webhook as channel
from plans.reminders.webhook_form import WebhookForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.request import PortalRequest


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
