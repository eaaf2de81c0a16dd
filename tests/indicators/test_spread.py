"""What past changes say of the next score: bands, chances, and how often they hold."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.chances import how_many, quantile, share_up_to
from indicators.panel import WHOLE
from indicators.spread import spread
from tests.bench.forecast import trials
from tests.indicators import published
from tests.indicators.rows import made_panel, made_results

pytestmark = pytest.mark.embedded

N = 20


def moved(scores, by):
    return [score + change for score, change in zip(scores, by, strict=True)]


START = [30 + step * 0.5 for step in range(N)]
SECOND = moved(START, [(step % 5 - 2) * 0.4 for step in range(N)])
THIRD = moved(SECOND, [(step % 3 - 1) * 0.7 + 0.5 for step in range(N)])
PANEL = made_panel(made_results(2021, START), made_results(2022, SECOND), made_results(2023, THIRD))
LAST = PANEL.at(WHOLE, 2023)


def test_quantiles_leave_an_even_share_outside():
    values = list(range(1, 10))
    assert [quantile(values, share) for share in (0.1, 0.5, 0.9)] == [1, 5, 9]
    assert quantile([3.0], 0.9) == 3.0


@given(st.lists(st.floats(-5, 5), min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_a_quantile_grows_with_its_share(values, one, other):
    ordered = sorted(values)
    low, high = sorted([one, other])
    assert ordered[0] <= quantile(ordered, low) <= quantile(ordered, high) <= ordered[-1]


@given(st.lists(st.floats(0, 1), max_size=12))
def test_chances_of_how_many_events_add_up_to_one_and_their_mean_to_the_sum(chances):
    counts = how_many(chances)
    assert sum(counts) == pytest.approx(1)
    assert all(-1e-12 <= chance <= 1 + 1e-12 for chance in counts)
    expected = sum(count * chance for count, chance in enumerate(counts))
    assert expected == pytest.approx(sum(chances), abs=1e-9)


def test_the_share_up_to_a_value_counts_the_value_itself():
    assert [share_up_to([1, 2, 3, 4], value) for value in (0, 2, 4)] == [0, 0.5, 1]


def test_with_one_pair_of_editions_nothing_is_foreseen():
    two = made_panel(made_results(2022, SECOND * 2), made_results(2023, THIRD * 2))
    assert spread(two, WHOLE, "S") is None
    assert spread(PANEL, WHOLE, "S", without=2023) is None


def test_with_few_provinces_nothing_is_foreseen():
    few = made_panel(*(made_results(year, [40, 41, 42]) for year in (2021, 2022, 2023)))
    assert spread(few, WHOLE, "S") is None


def test_what_is_learnt_tells_its_years_and_its_number_of_observations():
    learnt = spread(PANEL, WHOLE, "S")
    assert (learnt.n, learnt.years) == (2 * N, ((2021, 2022), (2022, 2023)))
    assert len(learnt.errors) == len(learnt.relative_errors) == 2 * N


def test_a_province_missing_in_one_of_two_editions_is_in_no_change():
    gap = [None, *SECOND[1:]]
    panel = made_panel(
        made_results(2021, START), made_results(2022, gap), made_results(2023, THIRD)
    )
    assert spread(panel, WHOLE, "S").n == 2 * (N - 1)


def test_a_year_left_out_leaves_no_trace_in_what_is_learnt():
    """Whatever happened in the year to be told must not change what is told."""
    fourth = made_results(2024, moved(THIRD, [0.3] * N))
    other = made_results(2024, moved(THIRD, [(-1) ** step * 9 for step in range(N)]))
    editions = list(PANEL.results[WHOLE].values())
    told = [
        spread(made_panel(*editions, last), WHOLE, "S", without=2024) for last in (fourth, other)
    ]
    assert told[0] == told[1] == spread(PANEL, WHOLE, "S")


def test_the_surprise_of_a_whole_year_widens_the_band_of_scores_but_not_that_of_places():
    calm = spread(PANEL, WHOLE, "S")
    lifted = made_panel(
        made_results(2021, START),
        made_results(2022, SECOND),
        made_results(2023, moved(THIRD, [4] * N)),
    )
    stirred = spread(lifted, WHOLE, "S")
    assert stirred.relative_errors == pytest.approx(calm.relative_errors)
    one, other = calm.band(LAST, 1), stirred.band(LAST, 1)
    assert other.high - other.low > one.high - one.low + 4


provinces = st.integers(1, N)


@given(provinces)
def test_chances_of_ranks_lie_within_0_and_1_and_grow_with_the_rank(province):
    chances = spread(PANEL, WHOLE, "S").chances_of_ranks(LAST, province)
    assert len(chances) == N
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(lower <= higher for lower, higher in pairwise(chances))
    assert chances[-1] == pytest.approx(1)


@given(provinces, st.floats(20, 50), st.floats(20, 50))
def test_the_chance_of_a_score_lies_within_0_and_1_and_falls_with_the_score(province, one, other):
    learnt = spread(PANEL, WHOLE, "S")
    low, high = sorted([one, other])
    easy = learnt.chance_of_score(LAST, province, low)
    hard = learnt.chance_of_score(LAST, province, high)
    assert 0 <= hard <= easy <= 1


def test_who_stands_higher_has_the_better_chance_of_every_rank():
    learnt = spread(PANEL, WHOLE, "S")
    best, worst = (pick(LAST.scores, key=lambda key: LAST.scores[key]) for pick in (max, min))
    pairs = zip(
        learnt.chances_of_ranks(LAST, best), learnt.chances_of_ranks(LAST, worst), strict=True
    )
    assert all(upper >= lower - 1e-12 for upper, lower in pairs)


def test_expected_ranks_close_with_the_number_of_provinces():
    """Each rank is somebody's: the expected ranks add up to 1 + 2 + … + n."""
    learnt = spread(PANEL, WHOLE, "S")
    expected = sum(
        sum(1 - chance for chance in learnt.chances_of_ranks(LAST, key)) + 1 for key in LAST.scores
    )
    assert expected == pytest.approx(N * (N + 1) / 2, rel=0.02)


def test_scores_keep_their_scale_if_decimals_are_given():
    band = spread(PANEL, WHOLE, "S").band(LAST, 1)
    assert band.low < band.middle < band.high
    assert isinstance(LAST.scores[1], Decimal)


@pytest.mark.skipif(not published.SCORES.exists(), reason=published.MISSING)
def test_on_the_published_scores_a_band_of_80_percent_covers_75_to_85():
    tried, left = trials(published.panel())
    covered = sum(trial.is_covered for trial in tried) / len(tried)
    assert len(tried) == 426
    assert [pair[:2] for pair in left] == [(2016, 2017)]
    assert 0.75 <= covered <= 0.85
    assert 0.75 <= sum(trial.is_rank_covered for trial in tried) / len(tried) <= 0.85
