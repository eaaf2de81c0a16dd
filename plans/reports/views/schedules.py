"""At which cut-offs reports of a plan are made by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.models import User
from plans.reports import access, services
from plans.reports.forms import ScheduleForm
from plans.reports.periods import PeriodKind

if TYPE_CHECKING:
    from agencies.request import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def schedules(request: PortalRequest, plan_pk: int) -> HttpResponse:
    plan = access.requestable_plan(request.user, plan_pk)
    now = timezone.now()
    posts = services.possible_readers(plan, timezone.localdate(now))
    people = {post.user_id: f"{post.user}, {post.agency}" for post in posts}
    current = list(plan.report_schedules.prefetch_related("readers"))
    initial = {
        "kinds": [schedule.period_kind for schedule in current],
        "readers": [reader.pk for schedule in current for reader in schedule.readers.all()]
        or [request.user.pk],
    }
    is_sent = request.method == "POST"
    form = ScheduleForm(
        request.POST if is_sent else None, people=list(people.items()), initial=initial
    )
    if is_sent and form.is_valid():
        kinds = [PeriodKind(kind) for kind in form.cleaned_data["kinds"]]
        readers = User.objects.filter(pk__in=form.cleaned_data["readers"])
        services.set_schedules(plan, kinds, readers, by=request.user, now=now)
        messages.success(request, _("Đã lưu lịch báo cáo."))
        return redirect("reports:plan_reports", plan.pk)
    context = {"plan": plan, "form": form}
    return render(request, "reports/schedules.html", context, status=422 if is_sent else 200)
