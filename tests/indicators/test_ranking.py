"""Groups and ranks computed from scores."""

from decimal import Decimal

import pytest

from indicators.ranking import group_of, inclusive_quartiles, is_enough, standings
from indicators.states import ScoreGroup

pytestmark = pytest.mark.embedded


def test_quartiles_are_linear_between_neighbours():
    values = [Decimal(value) for value in (1, 2, 3, 4)]
    assert inclusive_quartiles(values) == (Decimal("1.75"), Decimal("2.5"), Decimal("3.25"))
    assert inclusive_quartiles([Decimal(5)]) == (5, 5, 5)


def test_sixty_three_provinces_fall_into_groups_as_the_reports_of_2019_and_2020_print_them():
    found = standings({key: Decimal(key) for key in range(1, 64)})
    groups = [standing.group for standing in found.values()]
    assert [groups.count(group) for group in ScoreGroup] == [16, 16, 15, 16]
    assert found[63].rank == 1
    assert found[1].of == 63


def test_a_value_on_a_cut_belongs_to_the_higher_group():
    cuts = (Decimal(1), Decimal(2), Decimal(3))
    assert group_of(Decimal(2), cuts) == ScoreGroup.UPPER_MIDDLE
    assert group_of(Decimal("0.9999"), cuts) == ScoreGroup.LOWEST


def test_provinces_without_a_score_have_no_rank_and_are_not_counted():
    found = standings({1: Decimal(40), 2: None, 3: Decimal(41)})
    assert set(found) == {1, 3}
    assert (found[1].rank, found[1].of) == (2, 2)
    assert standings({1: None}) == {}


def test_equal_scores_share_a_rank():
    found = standings({1: Decimal(40), 2: Decimal(41), 3: Decimal(41), 4: Decimal(39)})
    assert [found[key].rank for key in (1, 2, 3, 4)] == [3, 1, 1, 4]


@pytest.mark.parametrize(("count", "is_it"), [(0, False), (12, False), (56, False), (57, True)])
def test_a_rank_needs_nearly_all_provinces(count, is_it):
    assert is_enough(count, 63) == is_it
