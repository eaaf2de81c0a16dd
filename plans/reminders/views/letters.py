"""Letters of their provinces, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.access import require_administrator
from agencies.paging import page_newest_first
from papi_portal.text import fold
from plans.reminders import access, links, outbox
from plans.reminders.models import Mail
from plans.reminders.states import MailState

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.request import PortalRequest

SEARCH_LENGTH = 200


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
    context = {"mail": letter, "text": links.redacted(letter.text)}
    return render(request, "reminders/mail.html", context)


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
