"""The published panel as plain values, where its files lie beside the project.

The files are other people's data and no part of the project: who needs them says so when they
are not there.
"""

import csv
from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path

from indicators.panel import WHOLE, Panel, Results

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "papi"
SCORES = FOLDER / "scores.csv"
PARTS = FOLDER / "subdimension_scores.csv"
MISSING = f"không có số liệu đã công bố ở {SCORES}"
POPULATION = 63
# All editions of the files; sub-dimensions are found by their printed code within an edition.
_PART_RANGE = Decimal(10)


def provinces() -> dict[str, int]:
    """A number for each province of the files, by its name."""
    with SCORES.open(encoding="utf-8", newline="") as file:
        names = dict.fromkeys(row["province_vi"] for row in csv.DictReader(file))
    return dict(zip(names, count(1), strict=False))


@cache
def panel() -> Panel:
    """Composites, dimensions and sub-dimensions of 2011 to 2024."""
    keys = provinces()
    values: dict[tuple[str, int], dict[int, Decimal]] = defaultdict(dict)
    structures: dict[int, tuple[str, Decimal]] = {}
    with SCORES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year, province = int(row["year"]), keys[row["province_vi"]]
            structures[year] = row["edition_structure"], Decimal(row["scale_max"])
            for key in (WHOLE, *(f"D{number}" for number in range(1, 9))):
                text = row[key.lower() or "composite"]
                if text:
                    values[key, year][province] = Decimal(text)
    with PARTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["score"]:
                key = (row["dataset_code"], int(row["year"]))
                values[key][keys[row["province_vi"]]] = Decimal(row["score"])
    results: dict[str, dict[int, Results]] = defaultdict(dict)
    for (key, year), scores in values.items():
        structure, score_max = structures[year]
        top = score_max if key == WHOLE else _PART_RANGE
        results[key][year] = Results(year, structure, top, scores, POPULATION)
    return Panel(results)
