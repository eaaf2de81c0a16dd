"""The indices and PAPI's structure by edition as loaded."""

from decimal import Decimal

import pytest

from indicators.models import Component, Edition, Index
from indicators.reference import load_indices
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
    structures = dict(Edition.objects.values_list("year", "structure"))
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
