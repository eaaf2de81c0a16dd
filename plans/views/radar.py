"""The gap radar of a plan: where points are missing, what is done about it, what stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Province
from agencies.paging import int_key
from plans import access
from plans.forms import AcceptForm
from plans.models import Assignment, Plan, Task
from plans.radar.answers import StaleFlagError, accept, require_current
from plans.radar.coverage import survey_end
from plans.radar.flags import thresholds
from plans.radar.matrix import Choice, Radar, radar_of
from plans.views.sending import send

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict

    from agencies.request import PortalRequest

MOST_NEIGHBOURS = 4


@require_safe
def radar(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.readable_plan(request.user, pk)
    if plan.is_amendment and not plan.is_draft:
        # What an applied amendment says stands in the plan that it changed.
        return redirect("plans:radar", pk=plan.amends_id)
    return _page(request, plan, choice_of(request.GET), AcceptForm())


@require_POST
def accept_flag(request: PortalRequest, pk: int, slug: str) -> HttpResponse:
    """Keep the reason for which the office leaves a flag as it is."""
    plan = access.editable_plan(request.user, pk)
    choice = choice_of(request.POST)
    form = AcceptForm(request.POST)
    if form.is_valid():
        # Reckoned before the transaction, which holds up every other write.
        found = _radar_of(request, plan, choice)
        try:
            require_current(found, slug, form.cleaned_data["figures"])
            url = send(request, form, _accepting(request, found, slug, choice, form))
        except StaleFlagError:
            form.add_error(
                None,
                _(
                    "Chưa ghi: số liệu của cờ này đã thay đổi sau khi anh/chị mở trang. Xem lại "
                    "số liệu mới dưới đây rồi trả lời."
                ),
            )
            return _page(request, plan, choice, form, slug=slug, status=409)
        if url is not None:
            messages.success(request, _("Đã ghi lý do chấp nhận."))
            return redirect(url)
    return _page(request, plan, choice, form, slug=slug, status=422)


def _accepting(
    request: PortalRequest, found: Radar, slug: str, choice: Choice, form: AcceptForm
) -> Callable[[], str]:
    def act() -> str:
        accept(
            found,
            slug,
            figures=form.cleaned_data["figures"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
        )
        query = urlencode(_kept(choice), doseq=True)
        url = reverse("plans:radar", args=[found.plan.pk])
        return f"{url}?{query}#co-{slug}" if query else f"{url}#co-{slug}"

    return act


def _radar_of(request: PortalRequest, plan: Plan, choice: Choice) -> Radar:
    work = Assignment.objects.visible_to(request.user).filter(plan=plan).orderable()
    return radar_of(plan, work.tally_by("task", timezone.localdate()), choice)


def _page(
    request: PortalRequest,
    plan: Plan,
    choice: Choice,
    form: AcceptForm,
    *,
    slug: str = "",
    status: int = 200,
) -> HttpResponse:
    found = _radar_of(request, plan, choice)
    visible = Task.objects.visible_to(request.user).filter(plan=plan)
    context = {
        "plan": plan,
        "radar": found,
        "scores": found.scores,
        "table": found.scores.table,
        "form": form,
        "refused_slug": slug,
        "kept": [(name, value) for name, values in _kept(choice).items() for value in values],
        "neighbours": choice.neighbours,
        "choices": _choices(found),
        "visible": set(visible.values_list("pk", flat=True)),
        "may_edit": access.may_edit_plan(request.user, plan),
        "thresholds": thresholds(survey_end(plan)),
    }
    return render(request, "plans/radar.html", context, status=status)


def choice_of(data: QueryDict) -> Choice:
    """What the address or the form says; nonsense is passed over."""
    keys = [key for key in map(_key, data.getlist("so-voi")) if key is not None]
    found = Province.objects.in_bulk(keys[: 2 * MOST_NEIGHBOURS]) if keys else {}
    chosen = [found[key] for key in dict.fromkeys(keys) if key in found]
    return Choice(
        year=_key(data.get("nam", "")),
        predecessor=_key(data.get("tinh", "")),
        neighbours=tuple(chosen[:MOST_NEIGHBOURS]),
    )


def _key(typed: str) -> int | None:
    try:
        return int_key(typed)
    except ValueError:
        return None


def _kept(choice: Choice) -> dict[str, list[str]]:
    """The choice as an address says it."""
    said = {"nam": [choice.year], "tinh": [choice.predecessor]}
    kept = {name: [str(value)] for name, (value,) in said.items() if value is not None}
    if choice.neighbours:
        kept["so-voi"] = [str(one.pk) for one in choice.neighbours]
    return kept


def _choices(found: Radar) -> list[Province]:
    """The provinces of the edition that is shown, but not the own one."""
    table = found.scores.table
    if table is None:
        return []
    own = {one.pk for one in (found.scores.province, *found.scores.lineage.own)}
    rows = Province.objects.valid_on(table.edition.map_day).exclude(pk__in=own)
    return list(rows.order_by("sort_text"))
