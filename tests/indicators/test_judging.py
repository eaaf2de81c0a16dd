"""Targets of every metric against results: met, missed, waiting, or not to be told and why."""

from decimal import Decimal

import pytest

from indicators import wording
from indicators.aims import aim_of
from indicators.judging import Caveat, Reason, Verdict, judge
from indicators.panel import WHOLE, Panel, Place
from indicators.targets import TargetMeaning, read_target
from tests.indicators import published
from tests.indicators.rows import made_panel, made_results

pytestmark = pytest.mark.embedded

# Province 5 of eight: rank 5 with 40.0 in 2022, rank 3 with 41.6 in 2023.
BEFORE = made_results(2022, [44, 43, 42, 41, 40, 39, 38, 37])
AFTER = made_results(2023, [44.4, 43.1, 41.5, 41.2, 41.6, 39.6, 38.4, 37.2])
PANEL = made_panel(BEFORE, AFTER)
OURS = 5


def verdict_of(text, panel=PANEL, province=OURS, *, first_year=2023, last_year=2023):
    aim = aim_of(read_target(text), first_year=first_year, last_year=last_year)
    judgement = judge(aim, panel, province)
    return judgement.verdict, judgement.findings[0]


def printed(rank, n=3):
    return Place(rank, n, is_estimate=False)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("tăng ít nhất 2 bậc so với năm 2022", Verdict.MET),
        ("tăng ít nhất 3 bậc so với năm 2022", Verdict.NOT_MET),
        ("tăng bậc", Verdict.MET),
        ("xếp thứ 3", Verdict.MET),
        ("top 2", Verdict.NOT_MET),
        ("đạt 41,6 điểm", Verdict.MET),
        ("đạt 41,61 điểm", Verdict.NOT_MET),
        ("tăng ít nhất 1,6 điểm", Verdict.MET),
        ("tăng ít nhất 1,7 điểm so với 2022", Verdict.NOT_MET),
        ("thuộc nhóm trung bình cao", Verdict.MET),
        ("thuộc nhóm trung bình thấp trở lên", Verdict.MET),
        ("thuộc nhóm cao nhất", Verdict.NOT_MET),
        ("thuộc nhóm trung bình thấp", Verdict.NOT_MET),
        ("duy trì nhóm trung bình thấp trở lên", Verdict.MET),
    ],
)
def test_each_metric_is_met_or_missed_by_its_own_arithmetic(text, verdict):
    assert verdict_of(text)[0] is verdict


@pytest.mark.parametrize("metric", ["rank", "rank_up", "score", "score_up", "group"])
@pytest.mark.parametrize("operator", [">=", "<=", "="])
def test_every_metric_is_compared_by_every_operator(metric, operator):
    """Province 5 has rank 3, a rise of 2, 41.6 points, a rise of 1.6 and the second group."""
    exact = {"rank": 3, "rank_up": 2, "score": "41.6", "score_up": "1.6", "group": None}[metric]
    value = Decimal(exact) if exact is not None else None
    group = "upper_middle" if metric == "group" else ""
    meaning = TargetMeaning(metric, operator, value, group)
    aim = aim_of(meaning, first_year=2023, last_year=2023)
    assert judge(aim, PANEL, OURS).verdict is Verdict.MET
    if metric == "group":
        more = TargetMeaning(metric, operator, None, "highest")
    else:
        more = TargetMeaning(metric, operator, value + 1)
    wanted = Verdict.MET if operator == "<=" else Verdict.NOT_MET
    aim = aim_of(more, first_year=2023, last_year=2023)
    assert judge(aim, PANEL, OURS).verdict is wanted


def test_a_score_is_compared_in_the_decimals_the_target_is_written_with():
    panel = made_panel(made_results(2023, [45.328, 40]))
    assert verdict_of("đạt 45,33 điểm", panel, 1)[0] is Verdict.MET
    assert verdict_of("đạt 45,3281 điểm", panel, 1)[0] is Verdict.NOT_MET


def test_equal_scores_both_hold_the_rank():
    panel = made_panel(made_results(2023, [44, 43, 43]))
    assert verdict_of("xếp thứ 2", panel, 2)[0] is Verdict.MET
    assert verdict_of("xếp thứ 2", panel, 3)[0] is Verdict.MET


def test_a_result_that_is_not_there_is_waited_for():
    verdict, finding = verdict_of("xếp thứ 3", first_year=2024, last_year=2024)
    assert (verdict, finding.reason) == (Verdict.PENDING, Reason.NOT_YET)
    assert "2024" in wording.because(finding)


def test_a_baseline_waits_for_its_edition_and_then_fills_itself():
    text = "tăng ít nhất 1 bậc so với năm 2023"
    waiting = made_panel(BEFORE)
    verdict, finding = verdict_of(text, waiting, first_year=2024, last_year=2024)
    assert (verdict, finding.reason) == (Verdict.PENDING, Reason.BASELINE_NOT_YET)
    assert finding.distance.is_provisional
    assert finding.distance.start.year == 2022
    _, finding = verdict_of(text, first_year=2024, last_year=2024)
    assert (finding.reason, finding.distance.is_provisional) == (Reason.NOT_YET, False)
    assert finding.distance.start.year == 2023


def test_a_province_that_has_come_to_its_end_is_not_waited_for():
    aim = aim_of(read_target("hằng năm xếp thứ 3"), first_year=2023, last_year=2025)
    findings = judge(aim, PANEL, OURS, last_year=2024).findings
    assert [finding.verdict for finding in findings] == [
        Verdict.MET,
        Verdict.PENDING,
        Verdict.UNKNOWABLE,
    ]
    assert "tỉnh không còn" in wording.because(findings[2])
    assert findings[2].distance is None


def test_an_index_without_scores_cannot_be_judged():
    verdict, finding = verdict_of("xếp thứ 3", Panel())
    assert (verdict, finding.reason) == (Verdict.UNKNOWABLE, Reason.NO_DATA)
    assert finding.distance is None


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([44, 43, None], [44, 43, 42], Reason.NO_BASELINE),
        ([44, 43, 42], [44, 43, None], Reason.NO_SCORE),
    ],
)
def test_a_province_that_is_missing_in_a_year_cannot_be_judged(before, after, reason):
    panel = made_panel(made_results(2022, before), made_results(2023, after))
    verdict, finding = verdict_of("tăng bậc", panel, 3)
    assert (verdict, finding.reason) == (Verdict.UNKNOWABLE, reason)


def test_ranks_of_63_and_of_34_provinces_are_not_compared():
    before = made_results(2024, [40] * 60 + [44, 43, 42], population=63)
    after = made_results(2025, [44, 43, 45] + [40] * 30, population=34)
    for text in ("tăng bậc so với năm 2024", "xếp thứ 2"):
        verdict, finding = verdict_of(
            text, made_panel(before, after), 3, first_year=2025, last_year=2025
        )
        assert (verdict, finding.reason) == (Verdict.UNKNOWABLE, Reason.OTHER_DENOMINATOR)
        assert "63 → 34" in wording.because(finding)
    verdict, finding = verdict_of(
        "nhóm cao nhất", made_panel(before, after), 3, first_year=2025, last_year=2025
    )
    assert (verdict, finding.caveats) == (
        Verdict.MET,
        (Caveat.OTHER_DENOMINATOR, Caveat.ESTIMATED_GROUP),
    )


@pytest.mark.parametrize(
    ("rise", "verdict"),
    [(1, Verdict.MET), (2, Verdict.UNKNOWABLE), (3, Verdict.NOT_MET)],
)
def test_missing_provinces_leave_a_rise_of_ranks_open_only_where_they_could_turn_it(rise, verdict):
    """From 4 of 15 to 2 of 14: were the missing one above, it would be 3 of 15."""
    below = list(range(30, 40))
    before = made_results(2022, [44, 43, 42, 41, 40, *below])
    after = made_results(2023, [44, None, 42, 43, 40, *below])
    found, finding = verdict_of(f"tăng ít nhất {rise} bậc", made_panel(before, after), 4)
    assert found is verdict
    if verdict is Verdict.UNKNOWABLE:
        assert finding.reason is Reason.OTHER_DENOMINATOR
        assert "4/15 → 2/14" in wording.because(finding)
    else:
        assert Caveat.MISSING_PROVINCES in finding.caveats
        assert any("1 tỉnh không có điểm năm 2023" in words for words in wording.caveats(finding))


def test_a_rise_of_score_needs_one_structure_and_a_rank_only_one_range():
    before = made_results(2019, [40, 41], structure="2019")
    after = made_results(2020, [43, 41], structure="2020")
    panel = made_panel(before, after)
    verdict, finding = verdict_of("tăng 1 điểm", panel, 1, first_year=2020, last_year=2020)
    assert (verdict, finding.reason) == (Verdict.UNKNOWABLE, Reason.OTHER_STRUCTURE)
    verdict, finding = verdict_of("tăng 1 bậc", panel, 1, first_year=2020, last_year=2020)
    assert verdict is Verdict.MET
    assert Caveat.OTHER_STRUCTURE in finding.caveats


def test_totals_of_six_and_of_eight_dimensions_are_never_compared():
    before = made_results(2017, [36, 35], structure="2016-2017", score_max="60")
    after = made_results(2018, [43, 44], structure="2018", score_max="80")
    for text in ("tăng 1 bậc", "đạt 40 điểm", "xếp thứ 2", "tăng 2 điểm"):
        verdict, finding = verdict_of(
            text, made_panel(before, after), 2, first_year=2018, last_year=2018
        )
        assert (verdict, finding.reason) == (Verdict.UNKNOWABLE, Reason.OTHER_STRUCTURE)


def test_a_target_for_each_year_is_missed_by_one_year_and_met_only_by_all():
    third = made_results(2024, [44, 43, 42, 41, 40, 39, 38, 37])
    text = "hằng năm thuộc nhóm trung bình cao trở lên"
    judged = [
        verdict_of(text, panel, first_year=2023, last_year=2024)[0]
        for panel in (PANEL, made_panel(AFTER, third))
    ]
    assert judged == [Verdict.PENDING, Verdict.NOT_MET]
    always = "hằng năm thuộc nhóm trung bình thấp trở lên"
    assert (
        verdict_of(always, made_panel(AFTER, third), first_year=2023, last_year=2024)[0]
        is Verdict.MET
    )


def test_a_target_for_a_dimension_looks_at_that_dimension():
    panel = Panel({WHOLE: PANEL.results[WHOLE], "D5": {2023: BEFORE, 2022: BEFORE}})
    verdict, finding = verdict_of("nội dung 5 xếp thứ 5", panel)
    assert (verdict, finding.component) == (Verdict.MET, "D5")
    assert verdict_of("nội dung 4 xếp thứ 5", panel)[1].reason is Reason.NO_DATA


def test_a_target_for_each_dimension_is_judged_in_every_one():
    by_year = {2022: BEFORE, 2023: AFTER}
    low = {2023: made_results(2023, [44, 43, 42, 41, 30, 39, 38, 37])}
    panel = Panel({"D1": by_year, "D2": by_year, "D3": low})
    aim = aim_of(
        read_target("các chỉ số nội dung thuộc nhóm trung bình cao trở lên"),
        first_year=2023,
        last_year=2023,
    )
    judgement = judge(aim, panel, OURS)
    assert [finding.component for finding in judgement.findings] == ["D1", "D2", "D3"]
    assert (judgement.verdict, judgement.count(Verdict.MET)) == (Verdict.NOT_MET, 2)


@pytest.mark.parametrize("text", ["xếp thứ 2", "tăng bậc", "nhóm cao nhất"])
def test_a_few_known_provinces_are_not_ranked_unless_the_rank_was_printed(text):
    """Three of 63 with a score: being the first of them says nothing."""
    scores = [41, 42, 43]
    before, after = (made_results(year, scores, population=63) for year in (2022, 2023))
    verdict, finding = verdict_of(text, made_panel(before, after), 3)
    assert (verdict, finding.reason) == (Verdict.UNKNOWABLE, Reason.TOO_FEW)
    assert finding.distance is None
    told = {"ranks": {3: printed(1, 63)}, "groups": {3: "highest"}}
    after = made_results(2023, scores, population=63, **told)
    before = made_results(2022, scores, population=63, ranks={3: printed(9, 63)})
    verdict, finding = verdict_of(text, made_panel(before, after), 3)
    assert (verdict, finding.reason) == (Verdict.MET, None)
    assert verdict_of("đạt 43 điểm", made_panel(after), 3)[0] is Verdict.MET


def test_ranks_that_were_printed_are_compared_and_a_differing_one_is_told():
    before = made_results(2022, [44, 43, 42], ranks={3: printed(2)})
    after = made_results(2023, [44, 43, 42], ranks={3: printed(1)})
    verdict, finding = verdict_of("tăng 1 bậc", made_panel(before, after), 3)
    assert (verdict, finding.caveats) == (Verdict.MET, ())
    half = made_results(2022, [44, 43, 42])
    verdict, finding = verdict_of("tăng 1 bậc", made_panel(half, after), 3)
    assert (finding.base.place.rank, finding.result.place.rank) == (3, 3)
    assert verdict is Verdict.NOT_MET
    assert set(finding.caveats) == {Caveat.OTHER_RANK_PRINTED, Caveat.ESTIMATED_RANK}


@pytest.mark.parametrize(
    ("text", "points", "rank"),
    [
        ("tăng ít nhất 2 bậc so với năm 2022", "2", 3),
        ("xếp thứ 2", "3", 2),
        ("đạt 41,6 điểm", "1.6", None),
        ("tăng 1,5 điểm", "1.5", None),
        ("thuộc nhóm trung bình cao trở lên", "1", None),
        ("xếp thứ 6", "-1", 6),
    ],
)
def test_what_a_target_takes_is_told_in_points_on_the_edition_before(text, points, rank):
    distance = verdict_of(text)[1].distance
    assert (distance.points, distance.wanted_rank) == (Decimal(points), rank)
    assert distance.start.year == 2022


@pytest.mark.parametrize("text", ["tăng 5 bậc", "đạt 80,5 điểm", "tăng 41 điểm"])
def test_a_target_beyond_the_first_place_or_the_full_score_is_called_so(text):
    distance = verdict_of(text)[1].distance
    assert distance.is_beyond
    assert "không có mức như vậy" in wording.needs(distance)


def test_a_target_within_what_moves_by_itself_is_warned_of_with_the_figures():
    panel = made_panel(BEFORE, AFTER)
    distance = verdict_of("đạt 41,70 điểm", panel, first_year=2024, last_year=2024)[1].distance
    assert distance.usual.n == 8
    # Changes without their sign: 0.4 0.1 0.5 0.2 1.6 0.6 0.4 0.2.
    assert distance.usual.points == Decimal("0.4")
    assert distance.is_within_usual
    warned = wording.warning(distance)
    assert "0,10 điểm" in warned
    assert "0,40 điểm" in warned
    assert "8 lượt" in warned
    far = verdict_of("đạt 43 điểm", panel, first_year=2024, last_year=2024)[1].distance
    assert wording.warning(far) == ""


@pytest.mark.parametrize(
    ("value", "told"), [("0.85", "0,85"), ("0.0043", "0,0043"), ("0", "0,00"), ("0.005", "0,01")]
)
def test_a_difference_too_small_for_two_decimals_is_not_told_as_none(value, told):
    assert wording.points(Decimal(value), 2) == told


def test_with_one_edition_nothing_is_said_of_what_is_usual():
    distance = verdict_of("xếp thứ 4", made_panel(BEFORE))[1].distance
    assert distance.usual is None
    assert wording.warning(distance) == ""


needs_published = pytest.mark.skipif(not published.SCORES.exists(), reason=published.MISSING)


@pytest.fixture(scope="module")
def real():
    return published.panel(), published.provinces()


@needs_published
def test_five_places_up_from_2020_in_lao_cai_was_little_and_was_missed(real):
    panel, keys = real
    verdict, finding = verdict_of(
        "tăng ít nhất 05 bậc so với năm 2020",
        panel,
        keys["Lào Cai"],
        first_year=2021,
        last_year=2021,
    )
    assert verdict is Verdict.NOT_MET
    assert wording.needs(finding.distance) == "từ hạng 28/63 (2020) lên 23, khoảng 0,25 điểm"
    assert "0,06 điểm" in wording.warning(finding.distance)
    assert "49/60" in wording.outcome(finding)


@needs_published
def test_khanh_hoas_fall_of_2020_is_not_judged_as_one_of_the_same_scale(real):
    panel, keys = real
    _, finding = verdict_of(
        "tăng 1 điểm", panel, keys["Khánh Hòa"], first_year=2020, last_year=2020
    )
    assert finding.reason is Reason.OTHER_STRUCTURE


@needs_published
def test_what_is_usual_has_its_number_of_observations(real):
    panel, keys = real
    _, finding = verdict_of("tăng bậc", panel, keys["Lai Châu"], first_year=2025, last_year=2025)
    assert finding.distance.usual.n == 178
    assert finding.distance.usual.years == ((2021, 2022), (2022, 2023), (2023, 2024))
