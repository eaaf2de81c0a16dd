"""Days off and days worked of a province, each change shown before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import predecessors
from plans.reminders import access, moves, services
from plans.reminders.forms import DecisionForm
from plans.reminders.models import CalendarDecision
from plans.reminders.rulebook import calendar_of, next_year_if_missing

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.models import Province
    from agencies.request import PortalRequest
    from plans.reminders.moves import Move
    from plans.reminders.working_days import WorkingCalendar


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: PortalRequest, pk: int) -> HttpResponse:
    """The decisions; a new one is shown with what it moves, and entered when that is agreed to."""
    province = access.managed_province(request.user, pk)
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    missing_year = next_year_if_missing([province.pk], today).get(province.pk)
    is_wanted = missing_year is not None and request.GET.get("nam") == str(missing_year)
    initial = {"year": missing_year if is_wanted else today.year, "is_yearly": is_wanted}
    form = DecisionForm(typed, province=province, initial=initial)
    context: dict[str, Any] = {"preview": None}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if "dong-y" in request.POST and _add(request, province, form):
                return redirect(request.path)
            after = moves.with_days(calendar_of(province.pk), form.new.closed, form.new.worked)
            context["preview"] = _moved(province, after)
            status = 200
    context |= {
        "province": province,
        "form": form,
        "decisions": CalendarDecision.objects.filter(province=province).prefetch_related("days"),
        "missing_year": missing_year,
    }
    return render(request, "reminders/calendar.html", context, status=status)


def _add(request: PortalRequest, province: Province, form: DecisionForm) -> bool:
    try:
        services.add_decision(province, form.new, by=request.user, now=timezone.now())
    except services.DayTakenError:
        messages.error(request, _("Người khác vừa nhập văn bản hoặc ngày này: xem danh sách."))
        return False
    messages.success(request, _("Đã nhập. Hạn của các việc giữ nguyên, chỉ ngày nhắc thay đổi."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def drop_decision(request: PortalRequest, pk: int) -> HttpResponse:
    decision = access.managed_decision(request.user, pk)
    province = decision.province
    if request.method == "POST":
        services.drop_decision(decision, by=request.user)
        messages.success(request, _("Đã bỏ %(number)s.") % {"number": decision.number})
        return redirect("reminders:calendar", pk=province.pk)
    days = list(decision.days.values_list("day", flat=True))
    after = moves.without_days(calendar_of(province.pk), days)
    context = {"decision": decision, "province": province, "preview": _moved(province, after)}
    return render(request, "reminders/drop_decision.html", context)


def _moved(province: Province, after: WorkingCalendar) -> list[Move]:
    made_from = predecessors({province.pk})[province.pk]
    return moves.moved(province.pk, made_from, after, timezone.localdate())
