"""The main pages: server time, queries, and the index by which each list is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from agencies.models import User
from plans.models import Assignment
from plans.states import Status
from tests.bench import data, measure
from tests.bench.data import People

TIMES = 9
TABLE = "plans_assignment"
# A line of either database's plan that says how this table is reached.
ACCESS = re.compile(
    rf"(SCAN|SEARCH) {TABLE}\b.*|Seq Scan on {TABLE}\b|Index (Only )?Scan using {TABLE}\w*"
    rf"|Bitmap Index Scan on {TABLE}\w*"
)
SORT = re.compile(r"(->\s+)?(Incremental )?Sort  \(")


@dataclass(frozen=True)
class Visit:
    """One page as one person sees it."""

    page: str
    role: str
    url: str
    user: User

    def client(self) -> Client:
        """Signed in, with what only the first visit of a session needs behind it."""
        client = Client()
        client.force_login(self.user)
        response = client.get(self.url)
        assert response.status_code == 200, (self.url, response.status_code)
        return client


@dataclass(frozen=True)
class Seen:
    """What one visit took."""

    seconds: float
    queries: list[dict[str, Any]]


def measure_all(visits: list[Visit]) -> list[Seen]:
    found = []
    for visit in visits:
        client = visit.client()

        def get(client: Client = client, url: str = visit.url) -> None:
            client.get(url)

        found.append(Seen(measure.seconds(get, times=TIMES), measure.queries(get)))
    return found


def visits(people: People) -> list[Visit]:
    overview, my_work = reverse("plans:overview"), reverse("plans:my_work")
    listed, plan = reverse("plans:assignments"), people.plan.get_absolute_url()
    one = _assignment_of(people).get_absolute_url()
    radar = reverse("plans:radar", args=[people.plan.pk])
    outlook = reverse("plans:outlook", args=[people.plan.pk])
    scores = reverse("indicators:province", args=[people.plan.province_id])
    return [
        Visit("/tong-quan/", "leader", overview, people.leader),
        Visit("/viec-cua-toi/", "head", my_work, people.head),
        Visit("/ke-hoach/<pk>/", "office", plan, people.office),
        Visit("/ke-hoach/<pk>/", "head", plan, people.head),
        Visit("/ke-hoach/<pk>/khoang-trong/", "office", radar, people.office),
        Visit("/ke-hoach/<pk>/muc-tieu/", "office", outlook, people.office),
        Visit("/diem-so/<pk>/", "office", scores, people.office),
        Visit("/viec/", "leader", listed, people.leader),
        Visit("/viec/", "head", listed, people.head),
        Visit("/viec/<pk>/", "office", one, people.office),
        Visit("/viec/<pk>/", "head", one, people.head),
    ]


def _assignment_of(people: People) -> Assignment:
    """Work in progress of the head's agency, the one with the longest story."""
    rows = Assignment.objects.filter(
        agency__memberships__user=people.head, status=Status.IN_PROGRESS, has_reported=True
    )
    row = rows.annotate(told=Count("events")).order_by("-told", "pk").first()
    assert row is not None
    return row


def measure_pages(today: date) -> None:
    demo = data.demo()
    small_visits = visits(demo)
    small = measure_all(small_visits)
    province = data.people_of(data.world(today))
    large_visits = visits(province)
    large = measure_all(large_visits)
    header = (
        *("page", "as", "queries: demo", f"{province.size:,} rows", "ratio"),
        *("ms: demo", f"{province.size:,} rows", "ratio", "slowest query, ms"),
    )
    rows = [
        (
            visit.page,
            visit.role,
            str(len(few.queries)),
            str(len(many.queries)),
            measure.ratio(len(many.queries), len(few.queries)),
            measure.ms(few.seconds),
            measure.ms(many.seconds),
            measure.ratio(many.seconds, few.seconds),
            measure.ms(max(float(query["time"]) for query in many.queries)),
        )
        for visit, few, many in zip(large_visits, small, large, strict=True)
    ]
    measure.say(f"### Pages (median of {TIMES}; the demo plan has {demo.size} assignments)")
    measure.say()
    measure.table(header, rows)
    _tell_indexes(large_visits)


def _tell_indexes(visits: list[Visit]) -> None:
    """How the main lists reach their rows, as the database explains it."""
    rows = []
    for visit in visits:
        client = visit.client()

        def get(client: Client = client, url: str = visit.url) -> None:
            client.get(url)

        for sql, params in measure.statements(get):
            if f'ORDER BY "{TABLE}"."due_on"' in sql and "LIMIT" in sql:
                rows.append((visit.page, visit.role, how_read(sql, params)))
    measure.say("### How lists of assignments are read (EXPLAIN)")
    measure.say()
    measure.table(("page", "as", "access"), rows, words=3)


def how_read(sql: str, params: Any) -> str:
    """The access paths to the table of assignments and whether the rows are sorted after it.

    Explained with its parameters bound: with the values written into it SQLite may choose a
    partial index that the portal's own query never gets.
    """
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", params)
        lines = [str(row[-1]).strip() for row in cursor.fetchall()]
    paths = [found[0] for line in lines if (found := ACCESS.search(line))]
    is_sorted = any("TEMP B-TREE FOR ORDER" in line or SORT.match(line) for line in lines)
    return ", ".join(paths) + (", then sorted" if is_sorted else "")
