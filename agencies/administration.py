"""What an administrator changes: agencies, accounts and the posts that people hold."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies.models import Agency, Membership, User
from agencies.services import save_agency
from agencies.states import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

logger = logging.getLogger(__name__)

# Without 0 o 1 l i: the password is read aloud or copied from paper once.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_GROUPS, GROUP_LENGTH = 4, 4


class OwnPostError(Exception):
    """Nobody takes the post of administrator from himself: the province would be without one."""


class PostEndsBeforeStartError(Exception):
    """The last day of a post lies before its first."""


class StaleResetError(Exception):
    """The password was changed after the page was opened, so it is not replaced again."""


@dataclass(frozen=True)
class Invitation:
    email: str
    full_name: str
    agency: Agency
    role: str
    title: str
    starts_on: date
    token: UUID


@dataclass(frozen=True)
class Invited:
    """What an invitation led to; `password` is "" for an account that existed already."""

    post: Membership
    password: str
    is_new_post: bool


@transaction.atomic
def update_agency(agency: Agency, *, aliases: Sequence[str]) -> Agency:
    """Save `agency`; afterwards its other names are exactly `aliases`."""
    agency.aliases.exclude(name__in=aliases).delete()
    return save_agency(agency, aliases=aliases)


@transaction.atomic
def invite(invitation: Invitation, *, by: User) -> Invited:
    """Give the person a post, and an account with a one-time password if there is none.

    The password follows from the invitation's token, so that a form sent twice shows the same
    one both times though nothing but its hash is kept.
    """
    password = one_time_password(f"{invitation.token}:{invitation.email}")
    user = User.objects.filter(email=invitation.email).first() or _create_user(
        invitation, password, by
    )
    is_ours = user.must_change_password and user.check_password(password)
    post, is_new_post = _open_post(user, invitation)
    if is_new_post:
        logger.info("user %s gave user %s the post %s", by.pk, user.pk, post.pk)
    return Invited(post, password if is_ours else "", is_new_post)


def _create_user(invitation: Invitation, password: str, by: User) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email,
                password,
                full_name=invitation.full_name,
                must_change_password=True,
            )
    except IntegrityError:  # the same form, sent twice at once
        return User.objects.get(email=invitation.email)
    logger.info("user %s made the account %s", by.pk, user.pk)
    return user


def _open_post(user: User, invitation: Invitation) -> tuple[Membership, bool]:
    known = {
        "user": user,
        "agency": invitation.agency,
        "role": invitation.role,
        "ends_on": None,
    }
    return Membership.objects.get_or_create(
        **known, defaults={"title": invitation.title, "starts_on": invitation.starts_on}
    )


def end_post(post: Membership, *, on: date, by: User) -> None:
    """Let `on` be the last day of the post; whoever did it before did the same."""
    if post.role == Role.ADMINISTRATOR and post.user_id == by.pk:
        raise OwnPostError
    if on < post.starts_on:
        raise PostEndsBeforeStartError
    if post.ends_on != on:
        post.ends_on = on
        post.save(update_fields=["ends_on"])
        logger.info("user %s ended the post %s on %s", by.pk, post.pk, on)


def set_active(person: User, *, is_active: bool, by: User) -> None:
    """Lock or open an account; a locked one is signed out everywhere at its next request."""
    if User.objects.filter(pk=person.pk, is_active=not is_active).update(is_active=is_active):
        logger.info("user %s set is_active=%s of user %s", by.pk, is_active, person.pk)


def reset_token(person: User) -> str:
    """What the form of a reset carries: it counts for the present password only."""
    return salted_hmac("agencies.reset-token", f"{person.pk}:{person.password}").hexdigest()


@transaction.atomic
def reset_password(person: User, *, token: str, by: User) -> str:
    """Replace the password by a one-time one and return it; sent twice, it is the same one.

    Raise `StaleResetError` if the person has chosen another password since `token` was made.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    password = one_time_password(f"{person.pk}:{token}")
    if constant_time_compare(token, reset_token(person)):
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        logger.info("user %s reset the password of user %s", by.pk, person.pk)
    elif not (person.must_change_password and person.check_password(password)):
        raise StaleResetError
    return password


def one_time_password(seed: str) -> str:
    """A password of 16 letters (79 bits) that only who knows the portal's secret can derive."""
    digest = salted_hmac("agencies.one-time-password", seed, algorithm="sha256").digest()
    number = int.from_bytes(digest, "big")
    groups = []
    for _group in range(PASSWORD_GROUPS):
        letters = []
        for _letter in range(GROUP_LENGTH):
            number, index = divmod(number, len(PASSWORD_LETTERS))
            letters.append(PASSWORD_LETTERS[index])
        groups.append("".join(letters))
    return "-".join(groups)
