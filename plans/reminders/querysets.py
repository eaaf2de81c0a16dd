"""Reusable reads of reminders, letters and notices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.access import rights_of
from agencies.querysets import containing
from plans.reminders import tries
from plans.reminders.states import OPEN, UNDELIVERED, MailState, NoticeTopic

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User
    from plans.reminders.models import CalendarFeed, Leave, Notice, Webhook

# Nobody dates a lease so far ahead, and senders come so often that none has ended so long ago:
# the clock was moved since.
FAR_LEASES = 2


class LeaveQuerySet(models.QuerySet["Leave"]):
    def on(self, day: date) -> Self:
        """Absences of `day`; the first and the last day count."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class DeliveryQuerySet(models.QuerySet[Any]):
    def claimable(self, now: datetime) -> Self:
        """What waits and whose time has come, and what a sender has not come back from.

        A time further ahead than any wait is long was written before the clock was put back: it
        would else keep the row from everybody until that time comes again. A row that was queued
        by now and never tried waits for the morning it was planned for.
        """
        far = now + tries.longest_wait()
        is_misdated = Q(next_try_at__gt=far) & (Q(tries__gt=0) | Q(created_at__gt=far))
        is_due = Q(state=MailState.PENDING) & (Q(next_try_at__lte=now) | is_misdated)
        ended = (now - FAR_LEASES * tries.lease(), now)
        is_left = Q(state=MailState.SENDING, is_doubted=True, lease_until__range=ended)
        return self.filter(is_due | is_left)

    def doubtful(self, now: datetime) -> Self:
        """What is being sent for longer than a lease, or so it seems: clocks are moved.

        Doubted once, unless the clock was moved again meanwhile.
        """
        far = FAR_LEASES * tries.lease()
        has_ended = Q(is_doubted=False, lease_until__lt=now)
        is_misdated = Q(lease_until__gt=now + far) | Q(lease_until__lt=now - far)
        return self.filter(has_ended | is_misdated, state=MailState.SENDING)

    def open(self) -> Self:
        """What is neither delivered nor given up."""
        return self.filter(state__in=OPEN)

    def undelivered(self) -> Self:
        """What was given up and can be put back into the queue."""
        return self.filter(state__in=UNDELIVERED)

    def late(self, now: datetime) -> Self:
        """What should have gone out a quarter of an hour ago."""
        is_begun = Q(next_try_at__lte=now) | Q(attempt__gt=0)
        return self.open().filter(is_begun, created_at__lt=now - tries.late_after())


class MailQuerySet(DeliveryQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Letters of the provinces that the person administers; nobody else reads them here."""
        return self.filter(province__in=rights_of(user).administered_provinces)

    def matching(self, folded: str) -> Self:
        """Letters in whose folded recipient every word of `folded` occurs."""
        return self.filter(containing(folded))


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Gateways of the provinces that the person administers."""
        return self.filter(province__in=rights_of(user).administered_provinces)

    def active(self) -> Self:
        return self.filter(is_active=True)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The person's own; of others nobody learns."""
        return self.filter(recipient=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def of_their_own(self) -> Self:
        """Notices that came with no letter: a report is ready, an address was refused."""
        return self.filter(mail__isnull=True)

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
