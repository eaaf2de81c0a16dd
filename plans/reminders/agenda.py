"""What a calendar of work shows: due dates of open work, and what waits for its owner today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from agencies.access import rights_of
from plans.models import Assignment, Event, Extension, Plan
from plans.reminders.letters import plan_label
from plans.states import Status

if TYPE_CHECKING:
    from agencies.models import User
    from plans.querysets import AssignmentQuerySet
    from plans.reminders.models import CalendarFeed

# Calendar programs on telephones grow slow with more; the rest is told in a line of its own.
MOST_ENTRIES = 500
TITLE_LENGTH = 160
TEXT_LENGTH = 2000

_FIELDS = (
    "pk",
    "version",
    "due_on",
    "status",
    "period_label",
    "agency_id",
    "agency__name",
    "agency__is_requested",
    "task__name",
    "plan__number",
    "plan__title",
    "plan__is_illustrative",
)


@dataclass(frozen=True)
class Entry:
    """One event that lasts all of `day`; `uid` and `sequence` tell a moved one from a new one."""

    uid: str
    day: date
    title: str
    text: str
    url: str
    sequence: int
    # When what it tells last changed, where that is known.
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Agenda:
    name: str
    entries: tuple[Entry, ...]


def agenda_of(feed: CalendarFeed, today: date) -> Agenda | None:
    """What the owner of `feed` may see today, None if nothing any more.

    A fixed number of queries, and MOST_ENTRIES due dates at most: those to come first, then the
    latest of those that are past.
    """
    rights = rights_of(feed.owner)
    if not rights.roles:
        return None
    if feed.plan is None:
        led = Assignment.objects.led_by(rights.agencies)
        rows = led | Assignment.objects.supported_by(rights.agencies)
        name = _("Việc của tôi")
        waiting = _waiting_for(feed, today)
    elif Plan.objects.visible_to(feed.owner).filter(pk=feed.plan.pk).exists():
        rows = Assignment.objects.visible_to(feed.owner).filter(plan=feed.plan)
        plan = feed.plan
        name = plan_label(plan.number, plan.title, is_illustrative=plan.is_illustrative)
        waiting = []
    else:
        return None
    dated = rows.in_active_plans().open().filter(due_on__isnull=False)
    shown = _nearest(dated, today)
    unshown = dated.count() - len(shown) if len(shown) == MOST_ENTRIES else 0
    # Who oversees a plan supports nothing of it.
    is_overseer = feed.plan is not None and feed.plan.province_id in rights.overseen_provinces
    own = None if is_overseer else rights.agencies
    dates = (_entry(row, today, own) for row in shown)
    entries = [*waiting, *_unshown(feed, unshown, today), *dates]
    return Agenda(_("%(name)s · Cổng PAPI") % {"name": name}, tuple(entries))


def _nearest(dated: AssignmentQuerySet, today: date) -> list[dict[str, Any]]:
    logged = Event.objects.filter(assignment=OuterRef("pk")).order_by("-happened_at")
    rows = dated.annotate(logged_at=Subquery(logged.values("happened_at")[:1]))
    rows = rows.values(*_FIELDS, "logged_at")
    to_come = list(rows.filter(due_on__gte=today).order_by("due_on", "pk")[:MOST_ENTRIES])
    past = rows.filter(due_on__lt=today).order_by("-due_on", "-pk")
    return [*to_come, *past[: MOST_ENTRIES - len(to_come)]]


def _entry(row: dict[str, Any], today: date, own: frozenset[int] | None) -> Entry:
    """`own` are the agencies whose work it is, None where all of it is overseen."""
    due_on, logged_at = row["due_on"], row["logged_at"]
    is_overdue = due_on < today
    if is_overdue and logged_at is not None:
        # From that midnight on the title says something else.
        logged_at = max(logged_at, _midnight(due_on + timedelta(days=1)))
    plan = plan_label(
        row["plan__number"], row["plan__title"], is_illustrative=row["plan__is_illustrative"]
    )
    lines = [
        Truncator(row["task__name"]).chars(TEXT_LENGTH),
        _("Kế hoạch: %(plan)s") % {"plan": plan},
        _("Cơ quan chủ trì: %(agency)s") % {"agency": row["agency__name"]},
        _("Trạng thái: %(status)s") % {"status": Status(row["status"]).label},
    ]
    return Entry(
        uid=_uid("viec", row["pk"]),
        day=due_on,
        title=_title(
            row,
            is_overdue=is_overdue,
            is_supported=own is not None and row["agency_id"] not in own,
        ),
        text="\n".join(lines),
        url=settings.PORTAL_URL + reverse("plans:assignment", args=[row["pk"]]),
        sequence=row["version"] - 1,
        changed_at=logged_at,
    )


def _title(row: dict[str, Any], *, is_overdue: bool, is_supported: bool) -> str:
    task = Truncator(row["task__name"]).chars(TITLE_LENGTH)
    if row["period_label"]:
        task = f"{task} ({row['period_label']})"
    if is_supported:
        # That it is late or waits is for those who lead it; the text says how it stands.
        return _("Phối hợp: %(task)s") % {"task": task}
    if row["status"] == Status.REPORTED:
        return _("Chờ xác nhận: %(task)s") % {"task": task}
    if row["agency__is_requested"]:
        # A body that is asked is never called late.
        return _("Đề nghị: %(task)s") % {"task": task}
    if is_overdue:
        return _("Quá hạn: %(task)s") % {"task": task}
    return _("Hạn: %(task)s") % {"task": task}


def _waiting_for(feed: CalendarFeed, today: date) -> list[Entry]:
    """One entry that goes along with the day: what is overdue or waits for the person."""
    told = _told(feed.owner, today)
    if not told:
        return []
    parts = [words % {"count": count} for count, words, _page in told]
    pages = dict.fromkeys(settings.PORTAL_URL + page for _count, _words, page in told)
    return [
        Entry(
            uid=_uid("hom-nay", feed.pk),
            day=today,
            title=_("Cần làm: %(parts)s") % {"parts": ", ".join(parts)},
            text="\n".join([*parts, *pages]),
            url=next(iter(pages)),
            sequence=today.toordinal(),
        )
    ]


def _told(user: User, today: date) -> list[tuple[int, str, str]]:
    """Counts above zero, each as on the page named beside its words; four queries."""
    rights = rights_of(user)
    own = Assignment.objects.led_by(rights.agencies).in_active_plans()
    directions = Event.objects.open_directions().filter(assignment__agency__in=rights.agencies)
    to_confirm = Assignment.objects.filter(province__in=rights.office_provinces).waiting()
    to_decide = Extension.objects.waiting().decidable_by(user)
    my_work, to_settle = reverse("plans:my_work"), reverse("plans:waiting")
    found = [
        (own.unreported().orderable().overdue(today), _("%(count)s việc quá hạn"), my_work),
        (directions, _("%(count)s ý kiến chỉ đạo chưa trả lời"), my_work),
        (to_confirm, _("%(count)s việc chờ xác nhận"), to_settle),
        (to_decide, _("%(count)s đề nghị gia hạn chờ quyết định"), to_settle),
    ]
    counted = [(rows.order_by().count(), words, page) for rows, words, page in found]
    return [line for line in counted if line[0]]


def _unshown(feed: CalendarFeed, count: int, today: date) -> list[Entry]:
    if count <= 0:
        return []
    values = {"shown": MOST_ENTRIES, "count": count}
    return [
        Entry(
            uid=_uid("con-nua", feed.pk),
            day=today,
            title=_("Lịch này hiện %(shown)s việc; còn %(count)s việc nữa") % values,
            text=_("Danh sách đủ ở Cổng PAPI."),
            url=settings.PORTAL_URL + reverse("plans:assignments"),
            sequence=today.toordinal(),
        )
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _uid(kind: str, key: int) -> str:
    """The same for the same row for ever, and told apart from those of other portals."""
    return f"{kind}-{key}@{urlsplit(settings.PORTAL_URL).hostname}"
