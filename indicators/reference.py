"""Load the indices, their editions with structure and ranges, and a small set of scores."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from indicators.models import Component, Edition, EditionComponent, Index
from indicators.querysets import PAPI
from indicators.score_import import apply, preview
from indicators.states import Level

DATA = Path(__file__).resolve().parent / "data"
SCORE_FILES = ("papi_scores.csv", "papi_subdimension_scores.csv")
SCORES_SOURCE = "Báo cáo PAPI 2016-2024 (CECODES, RTA, UNDP); hạng, nhóm: trang nguồn của từng dòng"
# Of 22 sub-dimensions until 2017, 28 in 2018, 29 in 2019-2020 and 28 since 2021; ranges are
# those of the yearly PAPI reports (UNDP Viet Nam, CECODES, RTA).
SOURCE = "Báo cáo PAPI %(year)s (CECODES, RTA, UNDP)"


@dataclass(frozen=True)
class Loaded:
    """How many rows were added; all zero when everything was there."""

    indices: int
    components: int
    editions: int
    printed: int


@transaction.atomic
def load_indices() -> Loaded:
    """Add the indices and PAPI's editions that are missing; what is there stays as it is."""
    indices = _load_index_rows()
    papi = Index.objects.get(code=PAPI)
    components = _load_components(papi)
    editions, printed = _load_editions(papi)
    _note_remeasured(papi)
    composite_editions = _load_composite_editions()
    return Loaded(indices, components, editions + composite_editions, printed + composite_editions)


def load_scores(now: datetime) -> int:
    """Import the project's own tables unless PAPI has scores already; return how many scores.

    Twelve provinces since 2016, two of them with sub-dimensions: enough to show every page,
    too few to rank anybody. They come in by the same road as any other file.
    """
    papi = Index.objects.get(code=PAPI)
    if papi.releases.exists():
        return 0
    count = 0
    for name in SCORE_FILES:
        content = (DATA / name).read_bytes()
        rows = list(csv.reader(content.decode().splitlines()))
        shown = preview([(name, rows)], index=papi)
        release = apply(
            shown, content=content, file_name=name, source=SCORES_SOURCE, by=None, now=now
        )
        count += release.score_count
    return count


def _read_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _load_index_rows() -> int:
    known = set(Index.objects.values_list("code", flat=True))
    made = [
        Index(**{**row, "first_year": int(row["first_year"])})
        for row in _read_rows("indices.csv")
        if row["code"] not in known
    ]
    Index.objects.bulk_create(made)
    return len(made)


def _load_components(papi: Index) -> int:
    """Rows come parents first, so each parent has its key when its children need it."""
    stored = {component.stable_key: component for component in papi.components.all()}
    added = 0
    for row in _read_rows("papi_components.csv"):
        if row["stable_key"] in stored:
            continue
        stored[row["stable_key"]] = Component.objects.create(
            index=papi,
            stable_key=row["stable_key"],
            level=Level(row["level"]),
            parent=stored.get(row["parent"]),
            name=row["name"],
            name_en=row["name_en"],
            position=int(row["position"]),
        )
        added += 1
    return added


def _load_editions(papi: Index) -> tuple[int, int]:
    layouts: dict[str, list[dict[str, str]]] = {}
    for row in _read_rows("papi_structures.csv"):
        layouts.setdefault(row["layout"], []).append(row)
    components = {component.stable_key: component for component in papi.components.all()}
    known = set(papi.editions.values_list("year", flat=True))
    editions, printed = 0, []
    for row in _read_rows("papi_editions.csv"):
        if int(row["year"]) in known:
            continue
        layout = layouts[row["layout"]]
        whole = next(line for line in layout if line["level"] == Level.COMPOSITE)
        edition = Edition.objects.create(
            index=papi,
            year=int(row["year"]),
            structure=row["structure"],
            score_min=Decimal(whole["score_min"]),
            score_max=Decimal(whole["score_max"]),
            published_on=date.fromisoformat(row["published_on"]) if row["published_on"] else None,
            source=SOURCE % {"year": row["year"]},
        )
        editions += 1
        printed += [_printed(edition, components[line["stable_key"]], line) for line in layout]
    EditionComponent.objects.bulk_create(printed)
    return editions, len(printed)


def _printed(edition: Edition, component: Component, line: dict[str, str]) -> EditionComponent:
    return EditionComponent(
        edition=edition,
        component=component,
        code=line["code"],
        name=line["name"],
        score_min=Decimal(line["score_min"]),
        score_max=Decimal(line["score_max"]),
    )


def _note_remeasured(papi: Index) -> None:
    """Say where figures look as if measured anew; what people wrote there stays."""
    for row in _read_rows("papi_remeasured.csv"):
        EditionComponent.objects.filter(
            edition__index=papi,
            edition__year=int(row["year"]),
            component__stable_key=row["stable_key"],
            remeasured="",
        ).update(remeasured=row["said"])


def _load_composite_editions() -> int:
    """Editions of the other indices, of whose scores only the composite is known here."""
    indices = {index.code: index for index in Index.objects.prefetch_related("editions")}
    made: list[Edition] = []
    for row in _read_rows("composite_editions.csv"):
        index = indices[row["index"]]
        known = {edition.year for edition in index.editions.all()}
        first, _dash, last = row["years"].partition("-")
        made += [
            Edition(
                index=index,
                year=year,
                structure=row["structure"],
                score_min=Decimal(row["score_min"]),
                score_max=Decimal(row["score_max"]),
                provinces_on=date.fromisoformat(row["provinces_on"])
                if row["provinces_on"]
                else None,
                source=row["source"],
            )
            for year in range(int(first), int(last or first) + 1)
            if year not in known
        ]
    Edition.objects.bulk_create(made)
    wholes = {
        index.pk: Component.objects.get_or_create(
            index=index,
            stable_key=index.code,
            defaults={"level": Level.COMPOSITE, "name": index.name, "name_en": index.name_en},
        )[0]
        for index in {edition.index for edition in made}
    }
    EditionComponent.objects.bulk_create(
        EditionComponent(
            edition=edition,
            component=wholes[edition.index_id],
            code=edition.index.code,
            name=edition.index.name,
            score_min=edition.score_min,
            score_max=edition.score_max,
        )
        for edition in made
    )
    return len(made)
