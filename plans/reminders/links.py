"""Signed addresses in letters: one form of one piece of work, or less mail; never a session."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.urls import reverse

from agencies.access import rights_of
from agencies.models import User
from plans.models import Assignment, ProgressReport
from plans.reminders.models import LinkUse, MailChoice
from plans.states import UNREPORTED, PlanStatus

UPDATE_SALT = "plans.reminders.update"
UNSUBSCRIBE_SALT = "plans.reminders.unsubscribe"
LINK_LASTS = timedelta(days=14)
_TOKEN = re.compile(r"(/(?:cap-nhat-qua-thu|thoi-nhan-thu)/)[^/\s\"<]+/")


class BadLinkError(Exception):
    """The address is not one that the portal has written."""


class ExpiredLinkError(Exception):
    """The portal wrote the address too long ago, or before the person chose another password."""


class UsedLinkError(Exception):
    """`user` has reported by this address already."""

    def __init__(self, user: User) -> None:
        super().__init__(user.pk)
        self.user = user


class ClosedLinkError(Exception):
    """There is nothing to report any more, or the person may not report on it any longer."""


@dataclass(frozen=True)
class UpdateLink:
    """What an address of a letter opens."""

    token: str
    user: User
    assignment: Assignment

    @property
    def digest(self) -> str:
        return sha256(self.token.encode()).hexdigest()


def update_url(assignment_id: int, user: User) -> str:
    token = signing.dumps([assignment_id, user.pk, _mark_of(user)], salt=UPDATE_SALT)
    return settings.PORTAL_URL + reverse("reminders:update_by_link", args=[token])


def unsubscribe_url(user_id: int) -> str:
    """Lasts for ever: an old letter must be as easy to be rid of as a new one."""
    token = signing.dumps(user_id, salt=UNSUBSCRIBE_SALT)
    return settings.PORTAL_URL + reverse("reminders:unsubscribe", args=[token])


def opened(token: str) -> UpdateLink:
    """Who may report on what by this address; the rights are those of today, not of the letter.

    Raise `BadLinkError`, `ExpiredLinkError`, `UsedLinkError` or `ClosedLinkError`.
    """
    try:
        read = signing.loads(token, salt=UPDATE_SALT, max_age=LINK_LASTS)
        assignment_id, user_id, mark = read
    except signing.SignatureExpired as error:
        raise ExpiredLinkError from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLinkError from error
    user = User.objects.filter(pk=user_id, is_active=True).first()
    rows = Assignment.objects.for_lists().select_related("plan__province")
    assignment = rows.filter(pk=assignment_id, plan__status=PlanStatus.ACTIVE).first()
    if user is None or assignment is None:
        raise ClosedLinkError
    if mark != _mark_of(user):
        raise ExpiredLinkError
    link = UpdateLink(token, user, assignment)
    if LinkUse.objects.filter(digest=link.digest).exists():
        raise UsedLinkError(user)
    may_report = assignment.agency_id in rights_of(user).agencies
    if not may_report or assignment.status not in UNREPORTED:
        raise ClosedLinkError
    return link


def _mark_of(user: User) -> str:
    """Another one with each password: who has to change it has also lost the letters of before."""
    return user.get_session_auth_hash()[:16]


def note_use(link: UpdateLink, report: ProgressReport, *, now: datetime) -> None:
    """In the transaction of the report; of two at once the unique row lets one pass."""
    LinkUse.objects.create(
        digest=link.digest,
        user=link.user,
        assignment=link.assignment,
        report=report,
        used_at=now,
    )


def unsubscriber(token: str) -> User:
    """Whose letters the address is about. Raise `BadLinkError`."""
    try:
        user_id = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadLinkError from error
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise BadLinkError
    return user


def choose(user: User, *, is_without_information: bool, now: datetime) -> None:
    MailChoice.objects.update_or_create(
        user=user,
        defaults={"is_without_information": is_without_information, "changed_at": now},
    )


def is_without_information(user: User) -> bool:
    return MailChoice.objects.filter(user=user, is_without_information=True).exists()


def redacted(text: str) -> str:
    """A letter without what would let its reader report in the name of another."""
    return _TOKEN.sub(r"\1…/", text)
