"""What the letters of a day will say, before they are written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.access import predecessors
from papi_portal.text import sort_key
from plans.reminders import access, drafts, letters, planner, services
from plans.reminders.forms import DayForm
from plans.reminders.models import PlannedDay
from plans.reminders.rulebook import calendar_of, next_year_if_missing
from plans.reminders.working_days import ONE_DAY

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.models import Province
    from agencies.request import PortalRequest
    from plans.reminders.drafts import Day, Draft


@require_safe
def preview(request: PortalRequest) -> HttpResponse:
    provinces = access.managed_provinces(request.user)
    typed = request.GET.get("tinh", "")
    province = next((row for row in provinces if str(row.pk) == typed), provinces[0])
    today = timezone.localdate()
    form = DayForm(request.GET if "ngay" in request.GET else None)
    tomorrow = calendar_of(province.pk).on_or_after(today + ONE_DAY)
    asked = form.cleaned_data["ngay"] if form.is_bound and form.is_valid() else None
    day = asked or tomorrow
    found = _gathered(province, day)
    shown = next(
        (draft for draft in found.drafts if str(draft.user.pk) == request.GET.get("nguoi")), None
    )
    context: dict[str, Any] = {
        "provinces": provinces,
        "province": province,
        "form": form,
        "day": day,
        "is_tomorrow": day == today + ONE_DAY,
        "is_next": day == tomorrow,
        "is_day_off": not found.mornings.basis,
        "is_done": PlannedDay.objects.filter(for_date=day, finished_at__isnull=False).exists(),
        "hour": settings.REMINDERS_FROM_HOUR,
        "people": [_row(draft, found) for draft in found.drafts],
        "items": found.items,
        "shown": shown,
        "letter": _written(shown, found).text if shown else "",
        "unreachable": sorted({name for draft in found.drafts for name in draft.unreachable}),
        "missing_year": next_year_if_missing([province.pk], today).get(province.pk),
    }
    return render(request, "reminders/preview.html", context, status=422 if form.errors else 200)


def _gathered(province: Province, day: date) -> Day:
    """The day of this province, its people in the order of their names."""
    found = planner.foresee(day, timezone.now(), predecessors({province.pk})[province.pk])
    found.drafts = sorted(found.drafts, key=lambda draft: sort_key(draft.user.full_name))
    return found


def _row(draft: Draft, day: Day) -> dict[str, Any]:
    return {
        "user": draft.user,
        "agency": day.staff.posts_of(draft.user.pk)[0].agency.name,
        "said": draft.overview(day.today),
    }


def _written(draft: Draft, day: Day) -> letters.Written:
    """Without links by which to report: the letter is shown to somebody else."""
    [letter] = drafts.compose([draft], day, has_links=False)
    return letters.write(letter, day.today)


@require_POST
def send_trial(request: PortalRequest, pk: int) -> HttpResponse:
    """Send oneself the letter that a person of the province would get."""
    province = access.managed_province(request.user, pk)
    form = DayForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["ngay"]:
        raise Http404
    day = form.cleaned_data["ngay"]
    found = _gathered(province, day)
    chosen = [row for row in found.drafts if str(row.user.pk) == request.POST.get("nguoi")]
    back = f"{reverse('reminders:preview')}?tinh={province.pk}&ngay={day:%d/%m/%Y}"
    if not chosen:
        messages.error(request, _("Ngày ấy người này không có thư nào để gửi thử."))
        return redirect(back)
    written = _written(chosen[0], found)
    subject = _("[Gửi thử, thư của %(name)s] %(subject)s") % {
        "name": chosen[0].user,
        "subject": written.subject,
    }
    trial = letters.Written(subject[:200], written.text, written.html, {})
    services.send_trial(trial, province, day, to=request.user, now=timezone.now())
    messages.success(request, _("Thư gửi thử đang đến %(email)s.") % {"email": request.user.email})
    return redirect(f"{back}&nguoi={chosen[0].user.pk}")
