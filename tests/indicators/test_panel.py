"""Ranks, groups and cut points of published scores."""

from decimal import Decimal

import pytest

from indicators.panel import BEST_FIRST, WHOLE, Place, last_rank_of
from indicators.states import ScoreGroup
from tests.indicators import published
from tests.indicators.rows import made_panel, made_results

pytestmark = pytest.mark.embedded

needs_published = pytest.mark.skipif(not published.SCORES.exists(), reason=published.MISSING)


@pytest.mark.parametrize(
    ("n", "sizes"),
    [(63, [16, 16, 15, 16]), (61, [16, 15, 15, 15]), (60, [15, 15, 15, 15]), (4, [1, 1, 1, 1])],
)
def test_groups_have_the_sizes_of_inclusive_quartiles(n, sizes):
    ends = [last_rank_of(group, n) for group in BEST_FIRST]
    assert [end - start for start, end in zip([0, *ends], ends, strict=False)] == sizes


def test_equal_scores_share_a_rank_and_the_next_one_is_skipped():
    results = made_results(2024, [44, 43, 43, 42])
    assert [results.computed_rank(province) for province in (1, 2, 3, 4)] == [1, 2, 2, 4]


def test_a_province_without_a_score_has_no_rank_and_lowers_the_denominator():
    results = made_results(2024, [44, None, *range(42, 30, -1)])
    assert (results.place(3).rank, results.n, results.population) == (2, 13, 14)
    with pytest.raises(KeyError):
        results.place(2)


def test_a_printed_rank_and_group_go_before_computed_ones():
    results = made_results(
        2024, [44, 43], ranks={2: Place(1, 2, is_estimate=False)}, groups={2: "highest"}
    )
    assert (results.place(2).rank, results.place(2).is_estimate) == (1, False)
    assert results.group(2) == "highest"
    assert (results.place(1).is_estimate, results.group(1)) == (True, "highest")


def test_one_province_alone_is_the_first_of_one_and_has_no_neighbours():
    results = made_results(2024, [44])
    assert (results.place(1).rank, results.group(1)) == (1, "highest")
    assert results.neighbour_gap is None


def test_editions_of_different_structure_make_no_pair():
    panel = made_panel(
        made_results(2019, [40, 41], structure="A"),
        made_results(2020, [40, 41], structure="B"),
        made_results(2021, [40, 41], structure="B"),
        made_results(2023, [40, 41], structure="B"),
    )
    assert panel.pairs(WHOLE, "A") == []
    assert [(a.year, b.year) for a, b in panel.pairs(WHOLE, "B")] == [(2020, 2021)]
    assert [(a.year, b.year) for a, b in panel.pairs(WHOLE, "B", apart=2)] == [(2021, 2023)]


@needs_published
def test_of_the_published_scores_groups_of_63_and_cut_points_come_out():
    results = published.panel().at(WHOLE, 2020)
    groups = [results.computed_group(province) for province in results.scores]
    assert [groups.count(group) for group in BEST_FIRST] == [16, 16, 15, 16]
    lowest_of_highest = results.score_for_rank(results.last_rank_of(ScoreGroup.HIGHEST))
    assert Decimal("43.77") < lowest_of_highest < Decimal("43.9")


@needs_published
def test_neighbours_in_the_published_ranking_are_some_hundredths_of_a_point_apart():
    panel = published.panel()
    gaps = [panel.at(WHOLE, year).neighbour_gap for year in range(2018, 2025)]
    assert all(Decimal("0.05") < gap < Decimal("0.10") for gap in gaps)
