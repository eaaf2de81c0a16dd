"""What stands around the figures in the content of a report: see plans.reports.content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from plans.reports.content import FORM, TEMPLATE
from plans.reports.letterhead import letterhead
from plans.reports.wording import short_date

if TYPE_CHECKING:
    from datetime import datetime

    from plans.reports.models import Report
    from plans.reports.scope import Scope
    from plans.reports.states import Stage


def envelope(report: Report, scope: Scope, stage: Stage, *, now: datetime) -> dict[str, Any]:
    """All but the figures."""
    period, today = scope.period, timezone.localdate(now)
    return {
        "form": FORM,
        "template": TEMPLATE,
        "kind": scope.kind.value,
        "stage": stage.value,
        "period": {
            "code": period.code,
            "label": period.label,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "as_of": min(scope.as_of, today).isoformat(),
        "head": dict(letterhead(scope, today.year)),
        "issue": None,
        "seal": {"code": report.code, "address": verification_url(report.code)},
        "supersedes": named(report.supersedes) if report.supersedes else "",
        "is_illustrative": bool(scope.plan and scope.plan.is_illustrative),
        "texts": report.texts,
    }


def issue_facts(report: Report) -> dict[str, str]:
    """Number, day and signer of the signed paper, as it is frozen."""
    assert report.issued_on is not None
    return {
        "number": report.number,
        "day": report.issued_on.isoformat(),
        "signer": report.signer_name,
    }


def named(report: Report) -> str:
    """As another paper names an issued one: "Báo cáo số 12/BC-SNV ngày 20/6/2026"."""
    assert report.issued_on is not None
    return f"{report.noun} số {report.number} ngày {short_date(report.issued_on)}"


def verification_url(code: str) -> str:
    """The whole address, for the QR on the paper."""
    return f"{settings.PORTAL_URL}{reverse('reports:verification', args=[code])}"
