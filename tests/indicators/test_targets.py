"""Sentences of targets become arithmetic, and arithmetic becomes a sentence that means the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.states import ScoreGroup
from indicators.targets import TargetMeaning, read_target
from indicators.wording import sentence, why_text

pytestmark = pytest.mark.embedded


def meaning(metric, operator, value=None, group="", **fields):
    number = Decimal(value) if value is not None else None
    return TargetMeaning(metric, operator, number, group, **fields)


SENTENCES = [
    ("tăng ít nhất 05 bậc so với năm 2020", meaning("rank_up", ">=", "5", baseline_year=2020)),
    ("tăng bậc so với năm 2021", meaning("rank_up", ">=", "1", baseline_year=2021)),
    (
        "Chỉ số PAPI năm 2021 tăng ít nhất 05 bậc so với kết quả năm 2020",
        meaning("rank_up", ">=", "5", year=2021, baseline_year=2020),
    ),
    ("tăng tối thiểu 1,5 điểm", meaning("score_up", ">=", "1.5")),
    ("tăng thêm 2 điểm vào năm 2025", meaning("score_up", ">=", "2", year=2025)),
    ("đạt từ 45,33 điểm trở lên, tăng 2,38 điểm", meaning("score", ">=", "45.33")),
    ("Chỉ số nội dung 7 đạt 4,5 điểm", meaning("score", ">=", "4.5", dimension=7)),
    (
        "Hằng năm các chỉ số nội dung được xếp vào nhóm có điểm trung bình cao trở lên",
        meaning("group", ">=", None, "upper_middle", is_each_year=True, is_each_dimension=True),
    ),
    ("thuộc nhóm 1", meaning("group", "=", None, "highest")),
    (
        "Duy trì trong nhóm các tỉnh, thành phố đạt điểm cao nhất",
        meaning("group", "=", None, "highest", is_kept=True),
    ),
    (
        "nằm trong nhóm 20 của cả nước vào năm 2025",
        meaning("rank", "<=", "20", year=2025),
    ),
    ("vị trí 10 - 15/63", meaning("rank", "<=", "15")),
    ("xếp thứ 20/63", meaning("rank", "<=", "20")),
    ("top 10", meaning("rank", "<=", "10")),
]


@pytest.mark.parametrize(("text", "wanted"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_the_usual_sentences_are_read(text, wanted):
    assert read_target(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Khắc phục các chỉ số bị tụt hạng, giảm điểm",
        "7/8 chỉ số nội dung thuộc nhóm cao nhất",
        "3/10 chỉ số thành phần trong top 5",
        "xếp hạng 5/14 tỉnh trong vùng",
        "Nâng cao sự hài lòng của người dân",
        "",
    ],
)
def test_what_no_single_comparison_says_is_not_guessed(text):
    assert read_target(text) == TargetMeaning()


years = st.none() | st.integers(2011, 2040)
common = {
    "dimension": st.none() | st.integers(1, 8),
    "year": years,
    "baseline_year": years,
    "is_each_year": st.booleans(),
    "is_kept": st.booleans(),
}
whole = st.integers(1, 62).map(Decimal)
score = st.decimals(min_value=1, max_value=80, places=2).map(Decimal.normalize)
kinds = st.one_of(
    st.tuples(st.just("rank_up"), st.just(">="), whole, st.just("")),
    st.tuples(st.just("rank"), st.just("<="), whole, st.just("")),
    st.tuples(st.sampled_from(["score", "score_up"]), st.just(">="), score, st.just("")),
    st.tuples(
        st.just("group"),
        st.sampled_from([">=", "="]),
        st.none(),
        st.sampled_from(ScoreGroup.values),
    ),
)


@given(kinds, st.fixed_dictionaries(common), st.booleans())
def test_a_target_worded_and_read_again_means_the_same(kind, fields, is_each_dimension):
    if fields["dimension"] is None:
        fields["is_each_dimension"] = is_each_dimension
    wanted = TargetMeaning(*kind, **fields)
    assert read_target(sentence(wanted)) == wanted


@pytest.mark.parametrize(("text", "wanted"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_a_sentence_read_worded_and_read_again_means_the_same(text, wanted):
    assert read_target(sentence(read_target(text))) == wanted


def test_nothing_read_is_nothing_said():
    assert sentence(TargetMeaning()) == ""


def test_what_stays_text_says_why():
    assert "một số trong nhiều nội dung" in why_text("7/8 chỉ số nội dung thuộc nhóm cao nhất")
    assert "danh sách các tỉnh trong vùng" in why_text("xếp hạng 5/14 tỉnh trong vùng")
    assert "không phải một phép so sánh" in why_text("Nâng cao sự hài lòng trong vùng")
