"""Search keys, matching keys, initials, sorting and likeness of names."""

import pytest

from papi_portal.text import (
    agency_keys,
    expand,
    fold,
    initials,
    match_key,
    nearest,
    sort_key,
)

AGENCIES = [
    "Sở Nội vụ",
    "Sở Ngoại vụ",
    "Sở Tài chính",
    "Sở Thông tin và Truyền thông",
    "Văn phòng Ủy ban nhân dân tỉnh",
    "Thanh tra tỉnh",
    "Công an tỉnh",
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Sở Thông tin và Truyền thông", "so thong tin va truyen thong"),
        ("  Đắk Lắk – Ðồng Nai ", "dak lak dong nai"),
        ("TT&TT", "tt tt"),
        ("LĐ-TB&XH", "ld tb xh"),
        ("Ｓở_Ｎội\u200bvụ", "so noivu"),
        ("a\x00\ud800b", "a b"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_words(text, key):
    assert fold(text) == key


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Sở Thông tin và Truyền thông", "stttt"),
        ("Sở TT&TT", "stttt"),
        ("Sở Nội vụ", "snv"),
        ("VP UBND tỉnh", "vpubndt"),
        ("Sở Lao động - Thương binh và Xã hội", "sldtbxh"),
        ("Sở Giáo dục và Đào tạo", "sgddt"),
        ("Phường 2", "p2"),
        ("", ""),
    ],
)
def test_initials_leave_out_va_and_expand_abbreviations(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Sở TN&MT", "Sở Tài nguyên và Môi trường"),
        ("Sở TN & MT", "Sở Tài nguyên và Môi trường"),
        ("Sở TNMT", "Sở Tài nguyên và Môi trường"),
        ("sở tt&tt", "sở Thông tin và Truyền thông"),
        ("Sở KH&ĐT", "Sở Kế hoạch và Đầu tư"),
        ("Sở NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("Sở LĐ-TB&XH", "Sở Lao động - Thương binh và Xã hội"),
        ("Sở VHTT&DL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở GTVT", "Sở Giao thông vận tải"),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo"),
        ("UBMTTQ tỉnh", "Ủy ban Mặt trận Tổ quốc tỉnh"),
        ("BHXH tỉnh", "Bảo hiểm xã hội tỉnh"),
        ("UBND TP Lào Cai", "Ủy ban nhân dân thành phố Lào Cai"),
        ("Trung tâm CNTT", "Trung tâm công nghệ thông tin"),
        ("Ban tp", "Ban tp"),
    ],
)
def test_usual_abbreviations_are_written_out(name, full):
    assert expand(name) == full


@pytest.mark.parametrize(
    ("name", "short_name", "typed"),
    [
        ("Sở Thông tin và Truyền thông", "", "so tttt"),
        ("Sở Thông tin và Truyền thông", "Sở TT&TT", "stttt"),
        ("Sở Thông tin và Truyền thông", "", "so tt&tt"),
        ("Sở Thông tin và Truyền thông", "", "thong tin truyen thong"),
        ("Sở TT&TT", "", "Sở Thông tin"),
        ("Sở TT&TT", "", "tttt"),
        ("Sở Nội vụ", "", "snv"),
        ("Văn phòng Ủy ban nhân dân tỉnh", "", "vp ubnd"),
        ("VP UBND tỉnh", "", "van phong uy ban"),
        ("Sở Tài nguyên và Môi trường", "", "tn&mt"),
        ("Sở Nông nghiệp và Phát triển nông thôn", "", "nnptnt"),
        ("Sở Lao động - Thương binh và Xã hội", "", "LĐ-TB&XH"),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "", "ubmttq"),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "", "mttq tỉnh"),
        ("Bảo hiểm xã hội tỉnh", "", "bhxh"),
        ("Công an tỉnh", "", "CA tỉnh"),
        ("Đài Phát thanh - Truyền hình tỉnh", "", "ptth"),
        ("Ban Biên tập Cổng Thông tin điện tử tỉnh", "BBT", "bbt ttđt"),
    ],
)
def test_each_word_people_type_is_found_in_the_keys_of_the_agency(name, short_name, typed):
    haystack = agency_keys(name, short_name)
    assert all(word in haystack for word in fold(typed).split())


def test_the_keys_begin_with_the_name_and_repeat_no_word():
    keys = agency_keys("Sở Nội vụ", "Sở Nội vụ")
    assert keys == "so noi vu snv"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Uỷ ban nhân dân", "Ủy ban nhân dân"),
        ("UỶ BAN", "ủy ban"),
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa – Vũng Tàu"),
        ("Văn hoá, Thể thao", "Văn hóa Thể thao"),
    ],
)
def test_two_spellings_of_one_name_match(one, other):
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(("one", "other"), [("Đa", "Da"), ("Tân", "Tấn"), ("Hà", "Ha")])
def test_different_letters_and_marks_do_not_match(one, other):
    assert match_key(one) != match_key(other)


def test_names_sort_in_vietnamese_order():
    by_letter = ["An Giang", "Ăn", "Ân", "Dak", "Đà Nẵng", "Đồng Nai", "Ế", "Hải Phòng"]
    # By syllable, as a dictionary does: all that begin with "ba" stand before all with "bà".
    by_tone = ["Ba", "Ba Tơ", "Bà", "Bà Rịa", "Bả", "Bã", "Bá", "Bạ", "Hoa Lư", "Hòa Bình"]
    by_number = ["Phường", "Phường 2", "Phường 10", "Phường An"]
    for names in (by_letter, by_tone, by_number):
        by_code_point = sorted(names)
        assert sorted(by_code_point, key=sort_key) == names


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Sở Nôi vụ", "Sở Nội vụ"),
        ("so noi vu", "Sở Nội vụ"),
        ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
        ("stttt", "Sở Thông tin và Truyền thông"),
        ("VP UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("Thanh tra", "Thanh tra tỉnh"),
    ],
)
def test_the_nearest_name_comes_first(typed, first):
    assert nearest(typed, AGENCIES)[0] == first


def test_at_most_three_names_are_offered_and_none_that_is_unlike():
    assert len(nearest("Sở", AGENCIES * 2)) <= 3
    assert nearest("xyz", AGENCIES) == []
    assert nearest("", AGENCIES) == []
