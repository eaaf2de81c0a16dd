"""The paragraphs people write beside the figures, kept from draft to draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from plans.reports.models import Report
from plans.reports.services.asking import queue
from plans.reports.services.errors import ReportError, StaleError
from plans.reports.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from agencies.models import User

EVERY_STATE = frozenset(State)


@transaction.atomic
def save(
    report: Report,
    texts: Mapping[str, str],
    *,
    version: int,
    now: datetime,
    by: User | None = None,
) -> bool:
    """Keep the paragraphs and make the files with them; False if nothing was changed.

    Raise `StaleError` if they are newer than `version`, `ReportError` once the paper is issued.
    """
    current = Report.objects.select_for_update().get(pk=report.pk)
    if current.is_issued:
        raise ReportError(_("Văn bản đã phát hành nên không sửa được nữa, chỉ thay thế được."))
    kept = {key: text for key, text in texts.items() if text}
    if kept == current.texts:
        return False
    if current.version != version:
        raise StaleError(current)
    return queue(current, EVERY_STATE, now=now, texts=kept, texts_by=by, version=version + 1)


def of_the_time_before(report: Report) -> dict[str, str]:
    """What was written in the last other report of this kind and subject."""
    rows = Report.objects.filter(kind=report.kind, province=report.province, plan=report.plan)
    # Of as many agencies; a report of one agency has just that one.
    for agency in report.agencies.all()[:1]:
        rows = rows.filter(agencies=agency)
    earlier = rows.exclude(pk=report.pk).exclude(texts={}).order_by("-as_of", "-pk").first()
    return earlier.texts if earlier else {}
