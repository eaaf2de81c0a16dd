"""What every page shows of the person: where to go, the posts held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from agencies.access import rights_of
from agencies.models import Membership, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

# The addresses of demo accounts end in a name that no real person can have (RFC 2606).
DEMO_DOMAIN_END = ".example"

# Pages that belong to a main page although their address begins otherwise.
PARTS = {"plans:plans": ("plans:readings",)}


@dataclass(frozen=True)
class NavItem:
    url: str
    label: str
    icon: str
    is_current: bool


def landing_url(user: User | AnonymousUser) -> str:
    """The page on which the person's work begins; "/" for one who holds no post."""
    rights = rights_of(user)
    if rights.overseen_provinces:
        return reverse("plans:overview")
    if rights.agencies:
        return reverse("plans:my_work")
    return "/"


def nav_items(user: User | AnonymousUser, path: str) -> list[NavItem]:
    """The main pages this person may open, the most used first: the phone shows four."""
    rights = rights_of(user)
    oversees = bool(rights.overseen_provinces)
    decides = bool(rights.office_provinces or rights.leader_provinces)
    pages = [
        (oversees, "plans:overview", _("Tổng quan"), "home"),
        (bool(rights.agencies), "plans:my_work", _("Việc của tôi"), "work"),
        (bool(rights.provinces), "plans:plans", _("Kế hoạch"), "plan"),
        (decides, "plans:waiting", _("Chờ xử lý"), "wait"),
        (oversees or bool(rights.agencies), "reports:reports", _("Báo cáo"), "report"),
        (bool(rights.provinces), "agencies:agencies", _("Cơ quan"), "agencies"),
        (True, "indicators:scores", _("Điểm số"), "target"),
        (bool(rights.provinces), "indicators:indices", _("Chỉ số"), "index"),
        (rights.is_administrator, "agencies:people", _("Quản trị"), "settings"),
    ]
    items = []
    for is_open, name, label, icon in pages:
        if is_open:
            url = reverse(name)
            places = (url, *(reverse(part) for part in PARTS.get(name, ())))
            items.append(NavItem(url, label, icon, path.startswith(places)))
    return items


def current_posts(user: User) -> list[Membership]:
    """The posts held today, the first named in the head of the page; one query."""
    posts = Membership.objects.current(timezone.localdate()).filter(user=user)
    return list(posts.select_related("agency__province").order_by("starts_on", "pk"))


def portal(request: HttpRequest) -> dict[str, Any]:
    """Read nothing until a template asks, and nothing at all for a stranger."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return {"nav_items": [], "posts": [], "is_demo": False}
    return {
        "nav_items": SimpleLazyObject(lambda: nav_items(user, request.path)),
        "posts": SimpleLazyObject(lambda: current_posts(user)),
        "rights": SimpleLazyObject(lambda: rights_of(user)),
        "is_demo": settings.IS_EMBEDDED and user.email.endswith(DEMO_DOMAIN_END),
    }
