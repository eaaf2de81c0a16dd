"""A form counts once, however often it is sent."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from plans.models import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

    from agencies.models import User


class SentDifferentlyError(Exception):
    """One form came twice with different contents."""


def once(user: User, token: UUID, digest: str, *, now: datetime, act: Callable[[], str]) -> str:
    """Do `act` unless this form was sent before; return the address it led to the first time.

    The row of the token and the work are one transaction: of two copies that arrive at once
    the second waits for the first and then finds its answer. Raise `SentDifferentlyError` if
    the token came with another content before.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                Submission.objects.create(user=user, token=token, digest=digest, sent_at=now)
        except IntegrityError:
            first = Submission.objects.get(user=user, token=token)
            if first.digest != digest:
                raise SentDifferentlyError from None
            return first.answer_url
        url = act()
        Submission.objects.filter(user=user, token=token).update(answer_url=url)
        return url


def answer_of(user: User, token: UUID, digest: str) -> str:
    """Where this very form led when it was sent before; empty if it was not."""
    sent = Submission.objects.filter(user=user, token=token, digest=digest)
    return sent.values_list("answer_url", flat=True).first() or ""


def digest_of(data: QueryDict, files: Mapping[str, UploadedFile]) -> str:
    """A fingerprint of what a form said, whatever the order of its fields."""
    names = sorted(set(data) - {"csrfmiddlewaretoken"})
    told = [f"{name}={data.getlist(name)}" for name in names]
    told += [f"{name}={files[name].name}:{files[name].size}" for name in sorted(files)]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()
