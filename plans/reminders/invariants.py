"""What must hold of reminders and deliveries: none lost, none twice, none without an end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership
from plans.models import Assignment
from plans.reminders import drafts
from plans.reminders.models import (
    Delivery,
    LastMorning,
    Mail,
    PlannedDay,
    Reminder,
    WebhookCall,
)
from plans.reminders.states import MailState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from plans.reminders.expected import Item

LOOK_BACK = timedelta(days=60)
# A delivery is tried for a day; nobody having taken it for so long means that nobody sends.
UNTAKEN_FOR = timedelta(days=1)


def none_is_lost(now: datetime, is_quick: bool) -> Iterator[str]:
    """I1: whatever was to be told on the last planned day has a row, and each row a letter."""
    # Who does without the optional part has no letter when there is nothing else to say.
    has_none = Q(mail__isnull=True, recipient__mail_choice__isnull=True)
    # What a letter told that will never be sent was told by none.
    unwritten = _recent(now).filter(has_none | Q(mail__state=MailState.OVERTAKEN))
    for pk in unwritten.values_list("pk", flat=True):
        yield _("lượt nhắc %(pk)s không nằm trong thư nào") % {"pk": pk}
    last = PlannedDay.objects.filter(finished_at__isnull=False).order_by("-for_date").first()
    if last is None or last.finished_at is None:
        return
    missing = missing_items(last.for_date)
    changed = _changed_since(last.finished_at, missing)
    for item in missing:
        if item.work.pk not in changed and item.user_id not in changed:
            yield _("ngày %(day)s thiếu lượt nhắc: %(item)s") % {
                "day": f"{last.for_date:%d/%m/%Y}",
                "item": item.key,
            }


def missing_items(day: date) -> list[Item]:
    """What would still be told on `day`, which was planned: a day planned again is read whole.

    Where rules or people were changed since, the next morning looks at everything anyway.
    """
    found = drafts.gather(day)
    kept = {row.province_id: row for row in LastMorning.objects.all()}
    as_planned = {
        province
        for province, morning in found.mornings.basis.items()
        if province in kept
        and (morning.rules, morning.hearers) == (kept[province].rules, kept[province].hearers)
    }
    return [
        item for draft in found.drafts if draft.province_id in as_planned for item in draft.items
    ]


def _changed_since(moment: datetime, items: list[Item]) -> set[int]:
    """Work and people of `items` that changed after the day was planned: told tomorrow."""
    work = Assignment.history.filter(
        history_date__gte=moment, id__in=[item.work.pk for item in items]
    )
    posts = Membership.history.filter(
        history_date__gte=moment, user__in=[item.user_id for item in items]
    )
    return {*work.values_list("id", flat=True), *posts.values_list("user_id", flat=True)}


def none_is_told_twice(now: datetime, is_quick: bool) -> Iterator[str]:
    """I2, as far as rows show it: one row per rung and person, one letter per person and day."""
    rung = ("assignment", "recipient", "kind", "due_on", "step", "unit")
    for row in _repeated(_recent(now), *rung):
        yield _("nhắc trùng: %(row)s") % {"row": row}
    letters = Mail.objects.filter(for_date__gte=timezone.localdate(now) - LOOK_BACK)
    for row in _repeated(letters, "message_id"):
        yield _("thư trùng Message-ID: %(row)s") % {"row": row}
    for row in _repeated(letters, "recipient", "province", "for_date", "kind"):
        yield _("hai thư cho một người trong một ngày: %(row)s") % {"row": row}


def each_comes_to_an_end(now: datetime, is_quick: bool) -> Iterator[str]:
    """I3: nothing waits or is being sent for longer than lease and ladder allow."""
    for rows in (Mail, WebhookCall):
        yield from _without_end(rows, now)


def _without_end(rows: type[Delivery], now: datetime) -> Iterator[str]:
    long_ago = now - UNTAKEN_FOR
    is_untaken = Q(state=MailState.PENDING, next_try_at__lt=long_ago)
    is_stuck = Q(state=MailState.SENDING, lease_until__lt=long_ago)
    # Every ladder ends within a day of the first try, and that comes on the day of the letter.
    is_climbing = Q(tries__gt=0, created_at__lt=now - 3 * UNTAKEN_FOR)
    stuck = rows.objects.open().filter(is_untaken | is_stuck | is_climbing)
    for row in stuck.order_by("pk"):
        # Not what the server said: the offices of all provinces read this line.
        yield _("%(kind)s %(pk)s còn “%(state)s” quá lâu.") % {
            "kind": rows._meta.verbose_name,
            "pk": row.pk,
            "state": row.get_state_display(),
        }


def _recent(now: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(for_date__gte=timezone.localdate(now) - LOOK_BACK)


def _repeated(rows: QuerySet[Any], *fields: str) -> QuerySet[Any, dict[str, Any]]:
    counted = rows.order_by().values(*fields).annotate(rows=Count("pk"))
    return counted.filter(rows__gt=1)


CHECKS = {"I1": none_is_lost, "I2": none_is_told_twice, "I3": each_comes_to_an_end}
