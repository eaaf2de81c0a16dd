"""Open work of agencies that are gone: handed over by an act that names its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from agencies.models import Agency, Succession
from agencies.querysets import valid_on
from plans import workflow
from plans.carrying import heirs_of
from plans.models import Assignment
from plans.states import OPEN, PlanStatus, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from agencies.models import User
    from agencies.querysets import AgencyQuerySet
    from plans.querysets import AssignmentQuerySet


def stranded(provinces: Iterable[int], today: date) -> AgencyQuerySet:
    """Agencies that ended before `today` and still have open work, with its `work_count`."""
    is_open = Q(assignments__status__in=OPEN, assignments__plan__status=PlanStatus.ACTIVE)
    ended = Agency.objects.filter(province__in=list(provinces), valid_to__lt=today)
    return ended.annotate(work_count=Count("assignments", filter=is_open)).filter(work_count__gt=0)


def work_of(agency: Agency) -> AssignmentQuerySet:
    return Assignment.objects.filter(agency=agency).in_active_plans().open()


def ground_of(agency: Agency) -> str:
    """The legal ground of what became of the agency, if it is on record."""
    act = Succession.objects.filter(old_agencies=agency).order_by("-happened_on").first()
    return act.ground if act else ""


def takers(agency: Agency, provinces: Iterable[int], today: date) -> list[Agency]:
    """Who can take the work: the heirs on record first, then all agencies of the provinces."""
    known = list(provinces)
    heirs = heirs_of([agency], known, today)[agency.pk]
    others = Agency.objects.filter(valid_on(today), province__in=known).by_name()
    return list(dict.fromkeys([*heirs, *others]))


@transaction.atomic
def hand_over(
    agency: Agency, to: Agency, keys: Iterable[int], *, ground: str, by: User, now: datetime
) -> int:
    """Give the chosen open work of `agency` to `to`; return how much it was.

    What was reported goes along. Where `to` has the same work itself, that of `agency` stops and
    goes on there.
    """
    rows = list(work_of(agency).filter(pk__in=list(keys)).select_for_update(of=("self",)))
    text = _("%(old)s → %(new)s. Căn cứ: %(ground)s") % {
        "old": agency.name,
        "new": to.name,
        "ground": ground,
    }
    own = {
        (row.task_id, row.period_label): row
        for row in Assignment.objects.select_for_update().filter(
            agency=to, task__in=[row.task_id for row in rows]
        )
    }
    order = workflow.Order(by, now)
    merged = [row for row in rows if (row.task_id, row.period_label) in own]
    workflow.hand_over_all([row for row in rows if row not in merged], to, order, text=text)
    workflow.stop_all(
        merged,
        order,
        reason_of=lambda _row: _("Nhập vào phần việc cùng nhiệm vụ của %(text)s") % {"text": text},
    )
    for row in merged:
        taker = own[row.task_id, row.period_label]
        if taker.status == Status.CANCELLED:
            workflow.reopen(taker, by=by, now=now, reason=text)
    return len(rows)
