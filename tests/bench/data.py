"""The two sets of data, each written once and only when a part asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count

from agencies.models import User
from plans.demo.accounts import DOMAIN
from plans.models import Assignment, Plan
from plans.states import PlanStatus
from tests.bench import past, province
from tests.bench.measure import say


@dataclass(frozen=True)
class People:
    """Who looks at which plan."""

    leader: User
    office: User
    head: User
    plan: Plan
    size: int


def database_name(connection: Any) -> str:
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
        return f"{connection.display_name} {cursor.fetchone()[0]}"


@cache
def reference() -> None:
    call_command("load_reference", stdout=StringIO())


@cache
def demo() -> People:
    reference()
    call_command("load_demo", stdout=StringIO())
    _gather_statistics()
    given_out = Plan.objects.filter(is_illustrative=True, status=PlanStatus.ACTIVE)
    plan = given_out.annotate(size=Count("assignments")).latest("size")

    def person(name: str) -> User:
        return User.objects.get(email=f"{name}@{DOMAIN}")

    size = Assignment.objects.filter(plan=plan).count()
    return People(person("lanh-dao"), person("van-phong"), person("giam-doc"), plan, size)


@cache
def settled(today: date) -> province.World:
    reference()
    return province.settle(today)


@cache
def world(today: date) -> province.World:
    start = perf_counter()
    made = settled(today)
    province.plan(made, today)
    past.add(made, made.plans, today)
    past.add_notices(made, today)
    _gather_statistics()
    size = Assignment.objects.filter(province=made.province).count()
    say(f"The province of {size:,} assignments was written in {perf_counter() - start:.0f} s.")
    say()
    return made


def people_of(made: province.World) -> People:
    size = Assignment.objects.filter(province=made.province).count()
    return People(made.leader, made.office, made.head, made.plans[-1], size)


def _gather_statistics() -> None:
    """What PostgreSQL does by itself within a minute; on SQLite the portal never does it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@cache
def collect_static() -> None:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
