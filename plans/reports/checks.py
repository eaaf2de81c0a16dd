"""What `manage.py check --deploy` says of reports before anybody issues one."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils import timezone

from plans.reports import files


@register(deploy=True)
def certificate_can_sign(**_asked: Any) -> list[CheckMessage]:
    reason = files.why_not_signable(now=timezone.now())
    return [Error(reason, id="reports.E001")] if reason else []
