"""Public pages on which anyone who holds a paper tells whether it is ours and still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from papi_portal.caching import counted
from plans.reports import access
from plans.reports.codes import as_kept
from plans.reports.forms import CodeForm, FileForm
from plans.reports.states import Stage
from plans.reports.verifying import Match, known_files, match

if TYPE_CHECKING:
    from django.http import HttpRequest

    from plans.reports.models import Report


@login_not_required
@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The form for a code."""
    form = CodeForm(request.GET if "ma" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("reports:verification", form.cleaned_data["ma"])
    status = 422 if form.is_bound else 200
    context = {"form": form, "is_unknown": False}
    return render(request, "reports/verify.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """What a code stands for, and whether a posted file is one of its files."""
    if _asks_too_much(request):
        return render(request, "errors/429.html", status=429)
    try:
        report = access.verifiable_report(as_kept(code))
    except Http404:
        context: dict[str, Any] = {"form": CodeForm(initial={"ma": code[:40]}), "is_unknown": True}
        return render(request, "reports/verify.html", context, status=404)
    known = known_files(report)
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    context = {
        "report": report,
        "issuer": _issuer(report),
        "correction": report.superseded_by.filter(stage=Stage.ISSUED).first(),
        "known": known,
        "form": form,
        "found": match(known, form.cleaned_data["file"]) if is_sent and form.is_valid() else None,
        "matches": Match,
    }
    status = 422 if is_sent and form.errors else 200
    return render(request, "reports/verification.html", context, status=status)


def _issuer(report: Report) -> str:
    """The body that wrote the paper, as its head names it."""
    head = report.snapshot.data().get("head", {}) if report.snapshot else {}
    return " ".join(head.get("issuer", ())) or str(report.province)


def _asks_too_much(request: HttpRequest) -> bool:
    """Whether this address has asked more than VERIFICATIONS_PER_MINUTE allows."""
    key = f"verification:{get_adapter().get_client_ip(request)}"
    return counted(key, seconds=60) > settings.VERIFICATIONS_PER_MINUTE
