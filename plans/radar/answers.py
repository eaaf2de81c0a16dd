"""Accepting a flag as it is: who, when, why, and on which figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from plans.models import FlagAnswer, Plan
from plans.workflow import WorkflowError

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.models import User
    from plans.radar.matrix import AnsweredFlag, Radar


class StaleFlagError(Exception):
    """The flag is gone, or its figures are no longer those that were read."""


@transaction.atomic
def accept(
    radar: Radar, slug: str, *, figures: str, reason: str, by: User, now: datetime
) -> FlagAnswer:
    """Keep a reason for leaving a flag as it is; `figures` are those the person read.

    Raise `StaleFlagError` if they have changed, `WorkflowError` if a colleague was quicker.
    """
    Plan.objects.select_for_update().get(pk=radar.plan.pk)
    found = require_current(radar, slug, figures)
    flag = found.flag
    known = FlagAnswer.objects.filter(
        plan=radar.plan, kind=flag.kind, key=flag.key, figures=figures
    )
    if known.exists():
        raise WorkflowError(_("Đồng nghiệp vừa trả lời cờ này với cùng số liệu."))
    table = radar.scores.table if flag.key else None
    return FlagAnswer.objects.create(
        plan=radar.plan,
        kind=flag.kind,
        key=flag.key,
        province=radar.scores.province if table else None,
        edition=table.edition if table else None,
        figures=figures,
        told=_told(found),
        reason=reason,
        answered_by=by,
        answered_at=now,
    )


def require_current(radar: Radar, slug: str, figures: str) -> AnsweredFlag:
    """The flag as it is; raise `StaleFlagError` unless it rests on `figures`."""
    found = radar.flag(slug)
    if found is None or found.flag.figures != figures:
        raise StaleFlagError(slug)
    return found


def _told(found: AnsweredFlag) -> str:
    return " ".join([found.flag.told, *found.flag.rests_on])[:1000]
