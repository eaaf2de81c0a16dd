"""Tables of scores are read with every doubt, and stored whole or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage

from agencies.models import Province
from indicators.models import Edition, Index, Release, Score
from indicators.score_import import ImportRefusedError
from indicators.states import ScoreGroup
from tests.factories import make_user

pytestmark = pytest.mark.django_db

WIDE = ("Tỉnh", "Năm", "PAPI", "1", "Hạng", "Nhóm")
LONG = ("Tỉnh", "Năm", "Mã", "Điểm")


def texts(doubts):
    return "\n".join(map(str, doubts))


def values_of(shown):
    return {
        (score.province.name, score.edition.year, score.printed.component.stable_key): score.value
        for score in shown.scores
    }


def test_a_wide_table_and_a_long_one_say_the_same(read):
    wide = read(WIDE, ["Khánh Hòa", 2020, 39.1406, 3.9952, "62/63", "Thấp nhất"])
    long = read(LONG, ["Khánh Hòa", 2020, "PAPI", "39,1406"], ["Khánh Hòa", 2020, "1", "3,9952"])
    assert not wide.doubts
    assert not long.doubts
    expected = {
        ("Khánh Hòa", 2020, "PAPI8"): Decimal("39.1406"),
        ("Khánh Hòa", 2020, "D1"): Decimal("3.9952"),
    }
    assert values_of(wide) == values_of(long) == expected
    whole = next(score for score in wide.scores if score.rank)
    assert (whole.rank, whole.rank_of, whole.group) == (62, 63, ScoreGroup.LOWEST)
    assert whole.province.valid_to == date(2025, 6, 30)


HEADERS = {
    "PAPI": "PAPI8",
    "Tổng điểm": "PAPI8",
    "Unweighted PAPI": "PAPI8",
    "D8": "D8",
    "8": "D8",
    "Nội dung 8": "D8",
    "Dimension 8: E-Governance": "D8",
    "8. Quản trị điện tử": "D8",
    "Quản trị điện tử": "D8",
    "E-Governance": "D8",
    "Thủ tục hành chính công": "D5",
    "Control of Corruption": "D4",
    "8.3": "S83",
    "S83": "S83",
    "Access to the Internet": "S82",
    "S_INFO": "S_INFO",
}


def test_headers_are_codes_names_or_keys_in_vietnamese_or_english(read):
    def meaning(header):
        value = 41 if HEADERS[header] == "PAPI8" else 2.25
        shown = read(["Province", "Year", header], ["Ha Noi", 2020, value])
        return [score.printed.component.stable_key for score in shown.scores]

    assert {header: meaning(header) for header in HEADERS} == {
        header: [key] for header, key in HEADERS.items()
    }


SPELLINGS = {
    "Ha Giang": "Hà Giang",
    "Tỉnh Hà Giang": "Hà Giang",
    "TP. HCM": "Hồ Chí Minh",
    "Ho Chi Minh City": "Hồ Chí Minh",
    "TP.Hồ Chí Minh": "Hồ Chí Minh",
    "Hanoi": "Hà Nội",
    "Khánh Hoà": "Khánh Hòa",
    "BÀ RỊA – VŨNG TÀU": "Bà Rịa - Vũng Tàu",
    "Thua Thien-Hue": "Thừa Thiên Huế",
    "Đắc Lắc": "Đắk Lắk",
    "Daklak": "Đắk Lắk",
    "Bac Lieu Province": "Bạc Liêu",
}


def test_provinces_are_known_with_and_without_marks(read):
    def meaning(written):
        shown = read(LONG, [written, 2020, "PAPI", 41.5])
        assert not shown.questions
        return [score.province.name for score in shown.scores]

    assert {written: meaning(written) for written in SPELLINGS} == {
        written: [name] for written, name in SPELLINGS.items()
    }


def test_a_province_under_its_later_name_is_asked_about(read):
    shown = read(WIDE, ["TP Huế", 2023, 46.0415])
    assert [score.province.name for score in shown.scores][:1] == ["Thừa Thiên Huế"]
    assert "31/12/2023 mang tên" in texts(shown.questions)


def test_a_code_that_changed_hands_belongs_to_the_province_of_that_year(read):
    shown = read(["Mã tỉnh", "Năm", "PAPI"], ["15", 2020, 41], ["10", 2020, 42])
    assert [score.province.name for score in shown.scores] == ["Yên Bái", "Lào Cai"]
    wrong = read(["Tỉnh", "Mã tỉnh", "Năm", "PAPI"], ["Lào Cai", "15", 2020, 42])
    assert "Mã 15 không phải của Lào Cai (mã 10)" in texts(wrong.questions)


def test_a_former_province_in_an_edition_of_the_new_map_is_refused_with_its_heir(read, papi):
    edition = Edition.objects.get(index=papi, year=2024)
    Edition.objects.filter(pk=edition.pk).update(provinces_on=date(2025, 10, 21))
    shown = read(WIDE, ["Hà Giang", 2024, 41.5], ["Lào Cai", 2024, 42.5])
    assert "“Hà Giang” nay thuộc Tuyên Quang" in texts(shown.errors)
    assert [score.province.valid_from for score in shown.scores][:1] == [date(2025, 7, 1)]


def test_a_missing_score_is_stored_as_missing(read):
    for blank in (None, "", "NA", "n/a", ".", "-", "…", "Không có số liệu"):
        shown = read(WIDE, ["Khánh Hòa", 2020, 39.1406, blank])
        assert values_of(shown)["Khánh Hòa", 2020, "D1"] is None, blank
        assert shown.missing == 1
        assert not shown.questions


def test_a_zero_is_asked_about_and_means_missing(read):
    for zero in (0, "0", "0,00", 0.0):
        shown = read(WIDE, ["Khánh Hòa", 2020, 39.1406, zero])
        assert values_of(shown)["Khánh Hòa", 2020, "D1"] is None, zero
        assert "hiểu là không có số liệu" in texts(shown.questions)


# A cell, its meaning, and whether that is asked about.
NUMBERS = (
    ("39,14", "39.14", False),
    ("39.14", "39.14", False),
    (39.139999999999997, "39.14", False),
    ("39.139999999999997", "39.14", False),
    ("39.140", "39.14", True),
    (39.125, "39.125", False),
    ("39,14 điểm", "39.14", False),
    ("≈39,14", "39.14", True),
    ("39,14*", "39.14", True),
    ("３９,１４", "39.14", False),
    (39, "39", False),
)


def test_one_reading_of_numbers_whatever_writes_them(read):
    for cell, value, is_asked in NUMBERS:
        shown = read(LONG, ["Khánh Hòa", 2020, "PAPI", cell])
        assert [score.value for score in shown.scores] == [Decimal(value)], cell
        assert bool(shown.questions) == is_asked, cell


# A header, a cell below it, and what is said of it.
REFUSED = (
    ("1", 84, "Có phải 8,4?"),
    ("1", 2024, "giống như một năm"),
    ("PAPI", 2024, "giống như một năm"),
    ("PAPI", 3, "thứ hạng"),
    ("PAPI", "#REF!", "lỗi công thức #REF!"),
    ("PAPI", "1e3", "không dùng dạng mũ"),
    ("PAPI", "−39", "nhỏ hơn"),
    ("PAPI", "٣٩", "không phải là số"),
    ("PAPI", "9" * 10_000, "tối đa 20"),
    ("PAPI", datetime(2026, 1, 2, tzinfo=UTC), "Excel đã đổi số thành ngày"),
    ("PAPI", "bốn mươi", "không phải là số"),
    ("8.3", 3.5, "vượt mức tối đa 3,3333"),
)


def test_a_figure_out_of_place_is_refused_with_its_cell(read):
    for header, cell, said in REFUSED:
        shown = read(["Tỉnh", "Năm", header], ["Khánh Hòa", 2020, cell])
        assert said in texts(shown.errors)
        assert f"Dòng 2, cột “{header}” (C)" in texts(shown.errors)
        assert not shown.scores


def test_a_dimension_below_ten_and_a_total_below_eighty_are_ordinary(read):
    shown = read(WIDE, ["Khánh Hòa", 2020, 39.1406, 1.0])
    assert not shown.errors


def test_each_wrong_row_is_named(read):
    wrong = (
        (["Hà Giag", 2020, 41], "tên tỉnh nào có vào ngày 31/12/2020. Có phải Hà Giang"),
        (["Khánh Hòa", "", 41], "Thiếu năm"),
        (["Khánh Hòa", "năm kia", 41], "không phải là năm"),
        (["Khánh Hòa", 2031, 41], "Các kỳ đã có: 2011-2024"),
        (["", 2020, 41], "Thiếu tên tỉnh"),
    )
    for row, said in wrong:
        shown = read(WIDE, ["Lào Cai", 2020, 42.9506], row)
        assert said in texts(shown.errors)
        assert "Dòng 3" in texts(shown.errors)


def test_all_errors_come_in_one_pass(read):
    rows = [["Hà Giag", 2020, 41], ["Lào Cai", 2020, 841], ["Sơn La", 1999, 41]]
    assert len(read(WIDE, *rows).errors) == 3


def test_a_province_twice_is_refused_naming_both_rows(read):
    shown = read(WIDE, ["Lào Cai", 2020, 42.9506], ["Lao Cai", 2020, 42.96])
    assert "Dòng 3" in texts(shown.errors)
    assert "Dòng 2" in texts(shown.errors)


def test_a_province_twice_with_equal_figures_is_told_and_counted_once(read):
    shown = read(LONG, *[["Lào Cai", 2020, "PAPI", 42.9506]] * 2)
    assert not shown.errors
    assert "hai lần như nhau" in texts(shown.notes)
    assert len(shown.scores) == 1


def test_rows_of_means_are_passed_over(read):
    shown = read(WIDE, ["Lào Cai", 2020, 42.9506], ["Trung bình cả nước", 2020, 42.7])
    assert shown.province_count == 1
    assert "không phải một tỉnh" in texts(shown.notes)


def test_a_total_that_does_not_close_names_both_numbers_and_the_gap(read):
    header = ("Tỉnh", "Năm", "PAPI", *map(str, range(1, 9)))
    dimensions = [3.9952, 4.5377, 4.4037, 6.11, 6.8482, 7.6575, 3.1884, 2.3998]
    right = read(header, ["Khánh Hòa", 2020, 39.1406, *dimensions])
    assert not right.doubts
    wrong = read(header, ["Khánh Hòa", 2020, 39.4106, *dimensions])
    assert "điểm tổng là 39,4106, cộng 8 phần được 39,1405, chênh 0,2701" in texts(wrong.questions)
    rounded = [3.99, 4.54, 4.40, 6.11, 6.85, 7.66, 3.19, 2.40]
    assert not read(header, ["Khánh Hòa", 2020, 39.14, *rounded]).questions


def test_parts_in_a_later_file_are_held_against_totals_already_stored(read, store):
    store(read(LONG, ["Lào Cai", 2020, "8", 2.8338]))
    rows = [["Lào Cai", 2020, code, value] for code, value in (("8.1", 1.2), ("8.2", 1.2))]
    shown = read(LONG, *rows, ["Lào Cai", 2020, "8.3", 0.5])
    assert "nội dung 8 là 2,8338, cộng 3 phần được 2,9, chênh -0,0662" in texts(shown.questions)


def test_a_code_unknown_in_an_edition_is_refused_with_its_codes(read):
    shown = read(LONG, ["Lào Cai", 2016, "7.1", 2.0])
    assert "Kỳ PAPI 2016 không có mã 7.1" in texts(shown.errors)
    assert "2.1" in texts(shown.errors)


def test_an_empty_column_of_a_dimension_that_came_later_does_not_matter(read):
    shown = read(["Tỉnh", "Năm", "D1", "D7"], ["Lào Cai", 2016, 5.1, None])
    assert not shown.doubts
    assert len(shown.scores) == 1


def test_one_code_is_read_by_the_structure_of_its_edition(read):
    shown = read(LONG, ["Lào Cai", 2016, "2.1", 2.1], ["Lào Cai", 2018, "2.1", 1.1])
    assert [score.printed.component.stable_key for score in shown.scores] == ["S_POV", "S_INFO"]


def test_codes_of_an_earlier_numbering_are_asked_about_and_read_by_meaning(read):
    codes = (("5.1", 2.1), ("5.3", 2.2), ("5.4", 2.3))
    shown = read(LONG, *[["Lào Cai", 2021, code, value] for code, value in codes])
    assert values_of(shown) == {
        ("Lào Cai", 2021, "S_CERT"): Decimal("2.1"),
        ("Lào Cai", 2021, "S_LURC"): Decimal("2.2"),
        ("Lào Cai", 2021, "S_COMM"): Decimal("2.3"),
    }
    assert "đánh số như kỳ 2020" in texts(shown.questions)
    assert "(mã in 5.2)" in texts(shown.questions)


def test_a_name_wins_over_a_code_that_means_another_thing_and_is_asked(read):
    shown = read(
        ["Tỉnh", "Năm", "2.1 Công khai, minh bạch danh sách hộ nghèo"], ["Lào Cai", 2018, 1.5]
    )
    assert [score.printed.component.stable_key for score in shown.scores] == ["S_POV"]
    assert "mang mã 2.2" in texts(shown.questions)


def test_a_rank_that_the_scores_of_all_provinces_contradict_is_asked_about(read):
    names = Province.objects.valid_on(date(2020, 12, 31)).values_list("name", flat=True)
    rows = [[name, 2020, 48.5 - at / 2, None, at + 1] for at, name in enumerate(names)]
    assert not read(WIDE, *rows).questions
    rows[1][4] = 7
    said = texts(read(WIDE, *rows).questions)
    assert "hạng ghi 7, xếp theo điểm trong tệp là 2/63" in said
    assert "Dòng 3" in said


def test_of_few_provinces_only_the_order_of_ranks_can_be_doubted(read):
    rows = [["Lào Cai", 2019, 45.0551, None, 13], ["Khánh Hòa", 2019, 42.1642, None, 49]]
    assert not read(WIDE, *rows).questions
    rows[0][4] = 50
    said = texts(read(WIDE, *rows).questions)
    assert "Khánh Hòa: hạng 49 mà điểm thấp hơn Lào Cai ở hạng 50" in said
    assert "hạng 13 mà không có điểm" in texts(
        read(WIDE, ["Lào Cai", 2019, "", None, 13]).questions
    )


def test_a_lower_group_above_a_higher_one_is_asked_about(read):
    rows = [
        ["Lào Cai", 2019, 45.0551, None, "", "Thấp nhất"],
        ["Khánh Hòa", 2019, 42.1642, None, "", "Trung bình cao"],
    ]
    assert "ở nhóm Thấp nhất, trong khi Khánh Hòa (42,1642)" in texts(read(WIDE, *rows).questions)


def test_a_rank_in_words_is_not_stored(read):
    shown = read(WIDE, ["Cao Bằng", 2022, 38.8037, None, "cuối bảng"])
    assert "“cuối bảng” không phải là số" in texts(shown.questions)
    assert shown.scores[0].rank is None


def test_a_column_of_whole_numbers_looks_like_ranks(read):
    names = Province.objects.valid_on(date(2020, 12, 31)).values_list("name", flat=True)[:12]
    shown = read(WIDE, *[[name, 2020, 20 + at] for at, name in enumerate(names)])
    assert "có phải thứ hạng?" in texts(shown.questions)


def test_shares_of_one_in_a_column_of_percents_are_refused(read, papi):
    index = Index.objects.get(code="SIPAS")
    names = Province.objects.valid_on(date(2023, 12, 31)).values_list("name", flat=True)[:12]
    rows = [[name, 2023, 0.8 + at / 100] for at, name in enumerate(names)]
    shown = read(["Tỉnh", "Năm", "SIPAS"], *rows, index=index)
    assert "phần trăm dạng 0,85" in texts(shown.errors)
    right = [[name, 2023, "82,66%"] for name in names]
    assert not read(["Tỉnh", "Năm", "SIPAS"], *right, index=index).errors


def test_the_year_may_stand_in_the_header_above_it_or_in_the_name(read):
    row = ["Lào Cai", 42.9506]
    for shown in (
        read(["Tỉnh", "PAPI 2020"], row),
        read(["Điểm PAPI năm 2020"], ["Tỉnh", "PAPI"], row),
        read(["Tỉnh", "PAPI"], row, name="papi_2020"),
    ):
        assert shown.years == [2020]
        assert not shown.errors


def test_a_file_without_any_year_is_refused_and_read_with_one_given(read):
    table = (["Tỉnh", "PAPI"], ["Lào Cai", 42.9506])
    assert "không có cột “Năm”" in texts(read(*table).errors)
    assert read(*table, year=2020).years == [2020]
    contradiction = read(WIDE, ["Lào Cai", 2019, 45.0551], year=2020)
    assert "khác năm 2020" in texts(contradiction.errors)


def test_years_side_by_side_are_read_from_their_headers(read):
    shown = read(["Tỉnh", "PAPI 2019", "PAPI 2020"], ["Khánh Hòa", "42,1642", "39,1406"])
    assert shown.years == [2019, 2020]
    assert not shown.doubts


def test_a_file_without_a_table_says_what_it_needs(read):
    assert "không có dòng dữ liệu" in texts(read().errors)
    assert "không có dòng dữ liệu" in texts(read([None, ""]).errors)
    assert "Dòng đầu của tệp: ở, đây" in texts(read(["ở", "đây"]).errors)


# Stored


def test_a_release_keeps_the_file_who_and_when(read, store):
    user = make_user()
    release = store(read(WIDE, ["Lào Cai", 2020, 42.9506]), content=b"abc", by=user)
    assert release.imported_by == user
    assert release.sha256.startswith("ba7816bf")
    assert release.file.read() == b"abc"
    assert release.score_count == 2


def test_a_correction_is_a_new_release_and_the_latest_holds(read, store):
    store(read(WIDE, ["Lào Cai", 2020, 42.9506], ["Sơn La", 2020, 40.5]))
    shown = read(LONG, ["Lào Cai", 2020, "PAPI", 42.96])
    assert (shown.new, shown.changed, shown.same) == (0, 1, 0)
    store(shown)
    current = Score.objects.current().filter(component__stable_key="PAPI8")
    assert dict(current.values_list("province__name", "value")) == {
        "Lào Cai": Decimal("42.96"),
        "Sơn La": Decimal("40.5"),
    }
    assert Score.objects.filter(component__stable_key="PAPI8").count() == 3


def test_a_release_can_withdraw_a_score_which_is_asked_about(read, store):
    store(read(LONG, ["Lào Cai", 2020, "PAPI", 42.9506]))
    shown = read(LONG, ["Lào Cai", 2020, "PAPI", ""])
    assert "sẽ thành không có số liệu" in texts(shown.questions)
    store(shown)
    assert Score.objects.current().get().value is None


def test_the_same_file_again_stores_nothing(read, store):
    table = (LONG, ["Lào Cai", 2020, "PAPI", 42.9506])
    store(read(*table))
    with pytest.raises(ImportRefusedError, match="không cần nhập lại"):
        store(read(*table))
    assert Release.objects.count() == 1


def test_a_preview_older_than_another_release_is_refused(read, store):
    shown = read(LONG, ["Lào Cai", 2020, "PAPI", 42.9506])
    store(read(LONG, ["Sơn La", 2020, "PAPI", 40.5]))
    files = len(default_storage.listdir("scores")[1])
    with pytest.raises(ImportRefusedError, match="Đã có bản điểm mới"):
        store(shown)
    assert Score.objects.count() == 1
    assert len(default_storage.listdir("scores")[1]) == files


def test_a_preview_with_errors_is_never_stored(read, store):
    shown = read(WIDE, ["Lào Cai", 2020, 42.9506], ["Hà Giag", 2020, 41])
    with pytest.raises(ImportRefusedError, match="Tệp còn lỗi"):
        store(shown)
    assert not Release.objects.exists()
    assert not Score.objects.exists()
