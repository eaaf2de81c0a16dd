"""What a wish would take, beside what provinces did, and what is said where nothing is known."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import wording
from indicators.panel import WHOLE, Panel
from indicators.wishes import Lack, Outlook, Wish, outlook
from tests.indicators import published
from tests.indicators.rows import made_results

pytestmark = pytest.mark.embedded

N = 20
START = [30 + step * 0.5 for step in range(N)]
YEARS = (2021, 2022, 2023)


def parts_of(year):
    """Two dimensions that make up the total, in one structure; the second one never moves."""
    turn = {2021: 0, 2022: 0.3, 2023: -0.1}[year]
    first = [round(score - 20 + turn * (step % 4 - 1), 4) for step, score in enumerate(START)]
    return first, [20.0] * N


def made(years=YEARS, structures=None, population=None):
    rows = {WHOLE: {}, "D1": {}, "D2": {}}
    for year in years:
        first, second = parts_of(year)
        total = [one + other for one, other in zip(first, second, strict=True)]
        for key, scores in ((WHOLE, total), ("D1", first), ("D2", second)):
            structure = (structures or {}).get(year, "S")
            rows[key][year] = made_results(year, scores, structure=structure, population=population)
    return Panel(rows)


PANEL = made()
OURS = 10


def test_a_wished_score_is_shared_out_among_what_can_rise():
    last = PANEL.at(WHOLE, 2023).scores[OURS]
    told = outlook(PANEL, OURS, Wish(2024, score=last + Decimal("0.2")))
    assert told.points == Decimal("0.2")
    assert [(part.component, part.given) for part in told.parts] == [
        ("D1", Decimal("0.2")),
        ("D2", Decimal(0)),
    ]
    assert told.is_enough
    assert "1 trong 2 nội dung" in wording.parts_needed(told)


def test_what_no_good_year_can_give_is_said_not_to_be_enough():
    last = PANEL.at(WHOLE, 2023).scores[OURS]
    told = outlook(PANEL, OURS, Wish(2024, score=last + 9))
    assert not told.is_enough
    assert (told.reached, told.n) == (0, 2 * N)
    assert "0/40 lượt" in wording.in_fact(told)
    assert "vẫn chưa đủ" in wording.parts_needed(told)
    assert told.likelihood.chance == 0
    assert "dưới 1 %" in wording.likelihood(Wish(2024), told)[0]


def test_a_rank_and_a_group_become_the_score_that_had_them():
    last = PANEL.at(WHOLE, 2023)
    by_rank = outlook(PANEL, OURS, Wish(2024, rank=5))
    by_group = outlook(PANEL, OURS, Wish(2024, group="highest"))
    assert by_rank == by_group
    assert by_rank.wanted_score == last.best_first[4]


def test_what_is_reached_already_needs_nothing():
    told = outlook(PANEL, OURS, Wish(2024, rank=19))
    assert told.points < 0
    assert {part.given for part in told.parts} == {0}
    assert (wording.parts_needed(told), wording.in_fact(told)) == ("", "")


@pytest.mark.parametrize(
    ("panel", "wish", "lack"),
    [
        (PANEL, Wish(2021, rank=3), Lack.NO_SCORE),
        (Panel(), Wish(2024, rank=3), Lack.NO_SCORE),
        (PANEL, Wish(2024, score=Decimal(81)), Lack.BEYOND),
        (PANEL, Wish(2024, rank=0), Lack.BEYOND),
        (made(population=63), Wish(2024, rank=3), Lack.TOO_FEW_PROVINCES),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(panel, wish, lack):
    assert outlook(panel, OURS, wish) is lack
    assert wording.lack(lack).endswith(".")


def test_a_province_that_left_the_ranking_has_nothing_to_start_from():
    rows = dict(PANEL.results[WHOLE])
    rows[2023] = made_results(2023, [None if key == OURS - 1 else 40 for key in range(N)])
    assert outlook(Panel({WHOLE: rows}), OURS, Wish(2024, rank=3)) is Lack.NO_SCORE


def test_with_one_pair_of_editions_the_gap_is_told_and_no_chance():
    told = outlook(made((2022, 2023)), OURS, Wish(2024, rank=3))
    assert isinstance(told, Outlook)
    assert told.points > 0
    assert (told.likelihood.chance, told.likelihood.lack) == (None, Lack.TOO_FEW_EDITIONS)
    assert "hai cặp kỳ" in wording.likelihood(Wish(2024), told)[0]


def test_changes_over_a_new_structure_are_not_learnt_from():
    changed = made(structures={2021: "old"})
    told = outlook(changed, OURS, Wish(2024, rank=3))
    assert told.years == ((2022, 2023),)
    assert told.likelihood.lack is Lack.TOO_FEW_EDITIONS


def test_a_chance_over_two_years_is_learnt_from_changes_over_two_years():
    told = outlook(PANEL, OURS, Wish(2025, rank=3))
    assert told.likelihood.lack is Lack.TOO_FEW_EDITIONS
    longer = Panel(
        {
            WHOLE: {
                **PANEL.results[WHOLE],
                2024: made_results(2024, [score + 0.1 for score in START]),
            }
        },
    )
    assert outlook(longer, OURS, Wish(2026, rank=3)).likelihood.n == 2 * N


def test_among_another_number_of_provinces_a_rank_has_no_chance_but_a_score_has():
    assert (
        outlook(PANEL, OURS, Wish(2024, rank=3, population=11)).likelihood.lack
        is Lack.OTHER_DENOMINATOR
    )
    wish = Wish(2024, score=Decimal(36), population=11)
    assert outlook(PANEL, OURS, wish).likelihood.chance is not None


@given(st.integers(1, N), st.integers(1, N), st.integers(1, N))
def test_chances_lie_within_0_and_1_and_grow_with_the_wished_rank(province, one, other):
    chances = [
        outlook(PANEL, province, Wish(2024, rank=rank)).likelihood.chance
        for rank in sorted([one, other])
    ]
    assert 0 <= chances[0] <= chances[1] <= 1


@given(st.integers(1, N), st.decimals(28, 45, places=2))
def test_no_part_gives_more_than_a_good_year_or_the_gap(province, score):
    told = outlook(PANEL, province, Wish(2024, score=score))
    assert all(0 <= part.given <= part.room for part in told.parts)
    assert sum(part.given for part in told.parts) <= max(told.points, 0)


needs_published = pytest.mark.skipif(not published.SCORES.exists(), reason=published.MISSING)


@needs_published
def test_on_the_published_scores_the_parts_are_the_28_sub_dimensions_of_2024():
    panel, keys = published.panel(), published.provinces()
    told = outlook(panel, keys["Khánh Hòa"], Wish(2025, group="highest"))
    assert len(told.parts) == 28
    assert told.n == told.likelihood.n == 178
    assert (told.start.place.rank, told.start.place.n) == (27, 61)
    assert 0.1 < told.likelihood.chance < 0.4
    assert all(part.n >= 80 for part in told.parts)


@needs_published
def test_after_2020_nothing_is_foreseen_for_its_structure_had_one_edition():
    panel, keys = published.panel(), published.provinces()
    told = outlook(panel, keys["Lào Cai"], Wish(2021, rank=23))
    assert told.likelihood.lack is Lack.TOO_FEW_EDITIONS
    assert (told.n, told.parts) == (0, ())
