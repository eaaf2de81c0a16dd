"""Addresses that a mail server refused: who they belong to, and who is told.

An address counts as wrong while the last letter to it bounced: another address, or a letter
that goes through, mends it without anybody's doing. A letter of today may still come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership, User
from agencies.states import Role
from plans.reminders.models import Mail, Notice
from plans.reminders.states import UNJUDGED, MailState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet


def people_with_bounced_address(provinces: Iterable[int], today: date) -> QuerySet[User]:
    """Who holds a post in `provinces` and cannot be reached, with `bounce` and `bounced_on`."""
    posts = Membership.objects.current(today).filter(agency__province__in=provinces)
    last = Mail.objects.filter(recipient=OuterRef("pk"), to_email=OuterRef("email"))
    last = last.exclude(state__in=UNJUDGED).order_by("-pk")
    last = last.exclude(state=MailState.SENT, for_date__gte=today)
    return (
        User.objects.filter(pk__in=posts.values("user"), is_active=True)
        .annotate(
            last_state=Subquery(last.values("state")[:1]),
            bounce=Subquery(last.values("error")[:1]),
            bounced_on=Subquery(last.values("for_date")[:1]),
        )
        .filter(last_state=MailState.BOUNCED)
        .order_by("full_name", "pk")
    )


def tell_office(mail: Mail, reason: str, now: datetime) -> None:
    """A notice to the office of the province, at the first letter that bounces, not at each."""
    earlier = Mail.objects.filter(recipient=mail.recipient_id, to_email=mail.to_email)
    last = earlier.exclude(pk=mail.pk).exclude(state__in=UNJUDGED).order_by("-pk").first()
    if last is not None and last.state == MailState.BOUNCED:
        return
    posts = Membership.objects.current(timezone.localdate(now)).filter(
        agency__province=mail.province_id, role=Role.OFFICE, user__is_active=True
    )
    text = _("Thư gửi %(name)s (%(email)s) bị trả lại: %(reason)s") % {
        "name": mail.to_name,
        "email": mail.to_email,
        "reason": reason,
    }
    url = reverse("reminders:health")
    users = posts.values_list("user", flat=True).distinct()
    Notice.objects.bulk_create(
        Notice(recipient_id=user, text=text[:300], url=url, created_at=now) for user in users
    )
