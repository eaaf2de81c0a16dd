"""The indices and PAPI's structure by edition as loaded."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.reference import load_provinces
from indicators.models import Component, Edition, EditionComponent, Index, Release, Score
from indicators.reference import load_indices, load_scores
from indicators.states import Level

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(db):
    load_indices()


def printed(year, level=Level.SUBDIMENSION):
    return Edition.objects.get(index__code="PAPI", year=year).components.filter(
        component__level=level
    )


@pytest.mark.parametrize(
    ("year", "dimensions", "subdimensions", "top"),
    [
        (2011, 6, 22, 60),
        (2016, 6, 22, 60),
        (2017, 6, 22, 60),
        (2018, 8, 28, 80),
        (2019, 8, 29, 80),
        (2020, 8, 29, 80),
        (2021, 8, 28, 80),
        (2024, 8, 28, 80),
    ],
)
def test_each_edition_prints_its_own_structure(year, dimensions, subdimensions, top):
    assert printed(year, Level.DIMENSION).count() == dimensions
    assert printed(year).count() == subdimensions
    edition = Edition.objects.get(index__code="PAPI", year=year)
    assert (edition.score_min, edition.score_max) == (dimensions, top)


def test_sub_dimension_ranges_add_up_to_their_dimension():
    for year in range(2011, 2025):
        for dimension in printed(year, Level.DIMENSION):
            parts = printed(year).filter(code__startswith=f"{dimension.code}.")
            assert abs(sum(p.score_max for p in parts) - 10) <= Decimal("0.001")
            assert abs(sum(p.score_min for p in parts) - 1) <= Decimal("0.001")


def test_one_code_means_different_things_in_different_editions():
    assert printed(2016).get(code="2.1").component.stable_key == "S_POV"
    assert printed(2018).get(code="2.1").component.stable_key == "S_INFO"


def test_editions_of_different_structure_are_told_apart():
    structures = dict(Edition.objects.filter(index__code="PAPI").values_list("year", "structure"))
    assert structures[2016] == structures[2017]
    assert len({structures[year] for year in (2017, 2018, 2019, 2020, 2021)}) == 5
    assert len({structures[year] for year in range(2021, 2025)}) == 1


def test_the_eight_dimensions_stand_in_their_order():
    rows = Component.objects.filter(level=Level.DIMENSION).order_by("position")
    assert [row.stable_key for row in rows] == [f"D{number}" for number in range(1, 9)]
    assert rows[7].name == "Quản trị điện tử"


def test_the_indices_of_the_plans_are_known():
    codes = {"PAPI", "PAR INDEX", "SIPAS", "PCI", "PGI", "DTI", "ICT", "POBI"}
    assert codes <= set(Index.objects.values_list("code", flat=True))


def test_loading_again_changes_nothing():
    again = load_indices()
    assert (again.indices, again.components, again.editions, again.printed) == (0, 0, 0, 0)


def test_the_other_indices_have_editions_of_one_composite_with_their_own_range():
    dti = Edition.objects.get(index__code="DTI", year=2024)
    assert (dti.score_min, dti.score_max) == (0, 1)
    assert dti.map_day == date(2025, 10, 21)
    assert [row.code for row in dti.components.all()] == ["DTI"]
    sipas = dict(Edition.objects.filter(index__code="SIPAS").values_list("year", "structure"))
    assert sipas[2021] != sipas[2022]


def test_what_was_measured_anew_is_said_with_its_figures():
    rows = EditionComponent.objects.exclude(remeasured="")
    assert set(rows.values_list("edition__year", "component__stable_key")) == {
        (2019, "S11"),
        (2019, "S71"),
        (2020, "S83"),
        (2021, "S32"),
        (2021, "S64"),
    }


def test_the_own_scores_come_in_without_a_doubt_and_once():
    load_provinces()
    now = timezone.now()
    assert load_scores(now) > 0
    assert load_scores(now) == 0
    assert {release.doubts for release in Release.objects.all()} == {""}
    lost = Score.objects.current().filter(province__name="Khánh Hòa", component__level="composite")
    values = dict(lost.values_list("edition__year", "value"))
    assert values[2020] - values[2019] == Decimal("-3.0236")
