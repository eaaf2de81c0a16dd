"""Reusable reads of reminders, letters and notices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.access import rights_of
from agencies.querysets import containing
from plans.reminders import policy
from plans.reminders.states import MailState, NoticeTopic

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User

    # The names below are read by the type checker alone.
    from plans.reminders.models import CalendarFeed, Leave, Mail, Notice  # noqa: F401


class LeaveQuerySet(models.QuerySet["Leave"]):
    def on(self, day: date) -> Self:
        """Absences of `day`; the first and the last day count."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class MailQuerySet(models.QuerySet["Mail"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Letters of the provinces that the person administers; nobody else reads them here."""
        return self.filter(province__in=rights_of(user).administered_provinces)

    def matching(self, folded: str) -> Self:
        """Letters in whose folded recipient every word of `folded` occurs."""
        return self.filter(containing(folded))

    def claimable(self, now: datetime) -> Self:
        """Waiting letters whose time has come, and those whose sender has not come back."""
        is_due = Q(state=MailState.PENDING, next_try_at__lte=now)
        is_abandoned = Q(state=MailState.SENDING, lease_until__lt=now)
        return self.filter(is_due | is_abandoned)

    def overdue(self, now: datetime) -> Self:
        """Letters that should have gone out a quarter of an hour ago."""
        late = now - policy.MAIL_IS_LATE_AFTER
        return self.filter(
            state__in=[MailState.PENDING, MailState.SENDING], created_at__lt=late
        ).filter(Q(next_try_at__lte=now) | Q(attempt__gt=0))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The person's own; of others nobody learns."""
        return self.filter(recipient=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def about(self, topic: str) -> Self:
        """Notices of a `NoticeTopic`, which is told by where they lead."""
        own_work = Q(url__startswith=reverse("plans:my_work"))
        return self.filter(own_work if topic == NoticeTopic.OWN_WORK else ~own_work)

    def forgettable(self, now: datetime) -> Self:
        """Notices that were read NOTICE_KEEP_DAYS days ago or earlier; unread ones are kept."""
        return self.filter(read_at__lte=now - timedelta(days=settings.NOTICE_KEEP_DAYS))


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def usable(self) -> Self:
        """Addresses of people who may sign in: not locked, nor about to choose a password."""
        return self.filter(owner__is_active=True, owner__must_change_password=False)
