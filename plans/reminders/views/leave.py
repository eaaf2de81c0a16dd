"""Who is away and who reads the letters meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from papi_portal.text import sort_key
from plans.reminders import access, services
from plans.reminders.forms import LeaveForm
from plans.reminders.models import Leave

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.models import User
    from agencies.request import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def leaves(request: PortalRequest) -> HttpResponse:
    """One's own absences; the office and the administrator enter those of others as well."""
    today = timezone.localdate()
    people = sorted(access.people_on_leave(request.user), key=lambda row: sort_key(row.full_name))
    person = _person(request, people)
    delegates = access.delegates_of(person, request.user)
    typed = request.POST if request.method == "POST" else None
    form = LeaveForm(typed, person=person, delegates=delegates, today=today)
    if request.method == "POST" and form.is_valid():
        services.add_leave(form.leave, by=request.user, now=timezone.now())
        messages.success(request, _("Đã ghi: trong thời gian ấy thư đến người nhận thay."))
        return redirect("reminders:leaves")
    rows = Leave.objects.filter(user__in=[row.pk for row in people], ends_on__gte=today)
    context = {
        "form": form,
        "person": person,
        "people": people,
        "province": access.first_managed_province(request.user),
        "has_delegates": bool(delegates),
        "leaves": rows.select_related("user", "delegate", "entered_by").order_by("starts_on", "pk"),
    }
    return render(request, "reminders/leaves.html", context, status=422 if form.errors else 200)


def _person(request: PortalRequest, people: list[User]) -> User:
    """Whom `?nguoi=` names, if the person may enter that; else the person."""
    typed = request.POST.get("nguoi") or request.GET.get("nguoi", "")
    return next((row for row in people if str(row.pk) == typed), request.user)


@require_POST
def end_leave(request: PortalRequest, pk: int) -> HttpResponse:
    leave = access.editable_leave(request.user, pk)
    services.end_leave(leave, today=timezone.localdate(), by=request.user)
    messages.success(request, _("Đã kết thúc: từ nay thư lại đến %(name)s.") % {"name": leave.user})
    return redirect("reminders:leaves")
