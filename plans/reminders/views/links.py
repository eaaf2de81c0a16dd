"""Pages that a link of a letter opens without signing in: one form, or less mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from plans import workflow
from plans.forms import ReportForm
from plans.reminders import links
from plans.reminders.links import UpdateLink
from plans.views.sending import send_with_evidence, sent_before
from plans.views.work import empty_report_form, new_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.request import PortalRequest
    from plans.models import Assignment

DONE = "da-gui"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def update_by_link(request: PortalRequest, token: str) -> HttpResponse:
    """The form of one piece of work, in the name of whom the letter was written to."""
    if request.method == "POST" and not ratelimit.consume(request, action="letter_link", key=token):
        return render(request, "errors/429.html", status=429)
    try:
        link = links.opened(token)
    except links.BadLinkError:
        return _closed(request, _("Đường dẫn này không đúng"), 404)
    except links.ExpiredLinkError:
        return _closed(request, _("Đường dẫn trong thư đã hết hạn"), 410)
    except links.UsedLinkError as error:
        url = sent_before(request, by=error.user) if request.method == "POST" else ""
        if url:
            return redirect(url)
        return _closed(request, _("Đường dẫn này đã được dùng để báo cáo"), 410)
    except links.ClosedLinkError:
        return _closed(request, _("Phần việc này không còn chờ anh/chị báo cáo"), 410)
    return _update(request, link)


def _update(request: PortalRequest, link: UpdateLink) -> HttpResponse:
    row = link.assignment
    form = empty_report_form(row)
    context = {"assignment": row, "person": link.user, "today": timezone.localdate()}
    context["report_url"] = request.path
    status = 200
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES, auto_id=form.auto_id)
        status = 422
        if form.is_valid():
            try:
                url = _report(request, link, form)
            except workflow.StaleError as error:
                form = _again(request, form, error.current)
                last = error.current.reports.select_related("by").first()
                context |= {"has_conflict": True, "conflict": last}
                context["had_file"] = bool(request.FILES)
                status, url = 409, None
            if url is not None:
                return redirect(url)
    return _quiet(
        render(request, "reminders/update_by_link.html", {**context, "form": form}, status=status)
    )


def _report(request: PortalRequest, link: UpdateLink, form: ReportForm) -> str | None:
    now = timezone.now()
    version = form.cleaned_data["version"]

    def act(stored: Sequence[workflow.NewEvidence]) -> str:
        report = workflow.report_progress(
            link.assignment,
            new_report(form, stored),
            by=link.user,
            version=version,
            now=now,
            note=_("Gửi bằng đường dẫn trong thư, không đăng nhập."),
        )
        links.note_use(link, report, now=now)
        return f"{request.path}{DONE}/"

    return send_with_evidence(request, form, act, by=link.user)


def _again(request: PortalRequest, form: ReportForm, current: Assignment) -> ReportForm:
    """The form as it was typed, about the work as it is now."""
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    return ReportForm(typed, auto_id=form.auto_id)


@login_not_required
@never_cache
@require_safe
def reported_by_link(request: PortalRequest, token: str) -> HttpResponse:
    return _quiet(render(request, "reminders/reported_by_link.html"))


def _closed(request: PortalRequest, title: str, status: int) -> HttpResponse:
    return _quiet(render(request, "reminders/closed_link.html", {"title": title}, status=status))


def _quiet(response: HttpResponse) -> HttpResponse:
    """No other site is told of the address, which is all it takes to report.

    Not `no-referrer`: with it browsers send `Origin: null`, and the form is refused.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@never_cache
# The mail program posts by itself (RFC 8058); the signature in the address is what it may do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: PortalRequest, token: str) -> HttpResponse:
    """Ask before, for programs open links by themselves; and offer the way back."""
    try:
        user = links.unsubscriber(token)
    except links.BadLinkError:
        return _closed(request, _("Đường dẫn này không đúng"), 404)
    is_without = links.is_without_information(user)
    if request.method == "POST":
        is_without = request.POST.get("nhan") != "lai"
        links.choose(user, is_without_information=is_without, now=timezone.now())
    return _quiet(render(request, "reminders/unsubscribe.html", {"is_without": is_without}))
