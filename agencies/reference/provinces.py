"""Load provinces with their dates, and what became of them in 2025 and 2026."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from agencies.models import Province, Succession
from agencies.states import SuccessionKind
from papi_portal import text

DATA = Path(__file__).resolve().parent.parent / "data"


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of our data files."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


@transaction.atomic
def load_provinces() -> int:
    """Add the provinces and successions that are missing; what is there stays as it is.

    Return how many provinces were added.
    """
    rows = read_rows("provinces.csv")
    known = {_key(row.code, row.name, row.kind, row.valid_from) for row in Province.objects.all()}
    missing = [row for row in rows if _row_key(row) not in known]
    Province.objects.bulk_create(
        Province(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            region=row["region"],
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            sort_text=text.sort_key(row["name"]),
        )
        for row in missing
    )
    _load_successions(rows)
    return len(missing)


def _key(code: str, name: str, kind: str, valid_from: date | None) -> tuple[object, ...]:
    return code, name, kind, valid_from


def _row_key(row: dict[str, str]) -> tuple[object, ...]:
    return _key(row["code"], row["name"], row["kind"], day(row["valid_from"]))


def _load_successions(rows: list[dict[str, str]]) -> None:
    """One event per new province: all that it was made from, on one day, on one ground."""
    stored = {_key(p.code, p.name, p.kind, p.valid_from): p for p in Province.objects.all()}
    beginnings = {(p.code, p.valid_from): p for p in stored.values()}
    has_successor = set(
        Succession.objects.filter(old_provinces__isnull=False).values_list(
            "old_provinces", flat=True
        )
    )
    events: dict[tuple[str, str, date, str], list[Province]] = {}
    for row in rows:
        old, last_day = stored[_row_key(row)], day(row["valid_to"])
        if last_day is None or old.pk in has_successor:
            continue
        happened_on = last_day + timedelta(days=1)
        event = (row["successor_code"], row["change"], happened_on, row["ground"])
        events.setdefault(event, []).append(old)
    for (code, kind, happened_on, ground), old_provinces in events.items():
        succession = Succession.objects.create(
            kind=SuccessionKind(kind), happened_on=happened_on, ground=ground
        )
        succession.old_provinces.set(old_provinces)
        succession.new_provinces.set([beginnings[code, happened_on]])
