"""What the administrator has to know: does it run, what went out, who was not reached and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership
from agencies.states import Role
from plans.models import Assignment
from plans.reminders import heartbeats
from plans.reminders.models import Heartbeat, Mail, Reminder, Webhook, WebhookCall
from plans.reminders.states import OPEN, MailKind, MailState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

DAYS = 14
MAX_REASONS = 10
# The mailbox is read every ten minutes; a mail server may be restarted meanwhile.
RETURNS_WITHIN = timedelta(hours=1)
# Work is the agency's, so its head and its officers are reminded.
REMINDED_ROLES = (Role.HEAD, Role.OFFICER)


@dataclass(frozen=True)
class Sign:
    """One line of life: what, when last seen, and whether that is recent enough."""

    label: str
    seen_at: datetime | None
    is_well: bool


@dataclass
class Day:
    """What became of the letters written for one day."""

    for_date: date
    reminders: int = 0
    letters: int = 0
    sent: int = 0
    open: int = 0
    failed: int = 0
    bounced: int = 0
    overtaken: int = 0


def signs(now: datetime) -> list[Sign]:
    """Beat, each worker, planning, sending, the nightly check; one query."""
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    workers = sorted(name for name in seen if name.startswith(heartbeats.WORKER))
    lines = [
        (heartbeats.BEAT, _("Bộ hẹn giờ (beat)"), heartbeats.SILENT_AFTER),
        *((name, _worker_label(name), heartbeats.SILENT_AFTER) for name in workers),
        (heartbeats.PLANNING, _("Lập thư nhắc"), heartbeats.SILENT_AFTER),
        (heartbeats.SENDING, _("Gửi thư"), heartbeats.SILENT_AFTER),
        (heartbeats.CHECKING, _("Soát dữ liệu hằng đêm"), heartbeats.STALLED_AFTER),
    ]
    if settings.BOUNCES_URL:
        lines.append((heartbeats.RETURNS, _("Đọc thư trả lại"), RETURNS_WITHIN))
    if not workers:
        lines.insert(1, (heartbeats.WORKER, _("Tiến trình nền (worker)"), heartbeats.SILENT_AFTER))
    return [
        Sign(label, seen.get(name), name in seen and seen[name] >= now - patience)
        for name, label, patience in lines
    ]


def _worker_label(name: str) -> str:
    worker = name.removeprefix(heartbeats.WORKER)
    return _("Tiến trình nền %(worker)s") % {"worker": worker}


def breaches() -> list[str]:
    """What the last nightly check has found."""
    last = Heartbeat.objects.filter(name=heartbeats.CHECKING).first()
    return last.found.splitlines() if last else []


def days(provinces: Iterable[int], today: date) -> list[Day]:
    """The last two weeks, the newest first; trials and days without anything are left out.

    Two queries.
    """
    since = today - timedelta(days=DAYS)
    found: dict[date, Day] = {}
    reminders = Reminder.objects.filter(province__in=provinces, for_date__gt=since)
    for row in reminders.values("for_date").annotate(rows=Count("pk")):
        found.setdefault(row["for_date"], Day(row["for_date"])).reminders = row["rows"]
    letters = Mail.objects.filter(
        kind=MailKind.DAILY, province__in=provinces, for_date__gt=since
    ).order_by()
    for row in letters.values("for_date").annotate(**_counts()):
        day = found.setdefault(row["for_date"], Day(row["for_date"]))
        for name, count in row.items():
            setattr(day, name, count)
    return sorted(found.values(), key=lambda day: day.for_date, reverse=True)


def _counts() -> dict[str, Count]:
    return {
        "letters": Count("pk"),
        "sent": Count("pk", filter=Q(state=MailState.SENT)),
        "open": Count("pk", filter=Q(state__in=OPEN)),
        "failed": Count("pk", filter=Q(state=MailState.FAILED)),
        "bounced": Count("pk", filter=Q(state=MailState.BOUNCED)),
        "overtaken": Count("pk", filter=Q(state=MailState.OVERTAKEN)),
    }


def oldest_unsent(provinces: Iterable[int], now: datetime) -> Mail | None:
    """The letter that has waited longest beyond its time."""
    waiting = Mail.objects.filter(province__in=provinces).late(now)
    return waiting.order_by("created_at", "pk").first()


def reasons(provinces: Iterable[int], today: date) -> list[dict[str, Any]]:
    """Why letters of the last two weeks have failed, the commonest first."""
    failed = Mail.objects.filter(
        province__in=provinces, for_date__gt=today - timedelta(days=DAYS), state=MailState.FAILED
    )
    counted = failed.order_by().values("error").annotate(rows=Count("pk"), since=Min("for_date"))
    return list(counted.order_by("-rows", "error")[:MAX_REASONS])


def agencies_without_recipient(provinces: Iterable[int], today: date) -> QuerySet[Agency]:
    """Agencies with open work and nobody in post to write to, without bodies that are asked."""
    work = Assignment.objects.in_active_plans().unreported().filter(agency=OuterRef("pk"))
    posts = Membership.objects.current(today).filter(
        agency=OuterRef("pk"), role__in=REMINDED_ROLES, user__is_active=True
    )
    return Agency.objects.filter(
        Exists(work), ~Exists(posts), province__in=provinces, is_requested=False
    ).order_by("sort_text", "pk")


def gateways(provinces: Iterable[int], today: date) -> QuerySet[Webhook]:
    """Webhooks with what became of their calls of the last two weeks."""
    recent = Q(calls__mail__for_date__gt=today - timedelta(days=DAYS))

    def count(*states: MailState) -> Count:
        return Count("calls", filter=recent & Q(calls__state__in=states))

    return Webhook.objects.filter(province__in=provinces).annotate(
        sent=count(MailState.SENT), open=count(*OPEN), failed=count(MailState.FAILED)
    )


def last_error(webhook: Webhook) -> str:
    """Why the latest call that was not taken was not."""
    calls = WebhookCall.objects.filter(webhook=webhook).exclude(error="").order_by("-pk")
    return calls.values_list("error", flat=True).first() or ""
