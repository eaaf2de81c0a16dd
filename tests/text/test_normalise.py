"""The normaliser: rows U-01 to U-30 of the catalogue that concern text itself."""

import unicodedata

import pytest

from papi_portal.text import LegacyFontError, TextError, normalise, quoted


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (unicodedata.normalize("NFD", "Nguyễn Thị Hoà"), "Nguyễn Thị Hoà"),
        ("Ðà Nẵng", "Đà Nẵng"),
        ("Ɖak Lak", "Đak Lak"),
        ("  \u00a0 ", ""),
        ("\u200b\u2060", ""),
        ("\ufeffSở Tài chính", "Sở Tài chính"),
        ("báo cáo\u202efdp.exe", "báo cáofdp.exe"),
        ("Tên\r\nBcc: x@y.vn", "Tên Bcc: x@y.vn"),
        ("a\x0bb\x0cc\x1cd\x1de\x1ef", "a b c d e f"),
        ("a\x85b\u2028c\u2029d", "a b c d"),
        ("Sở  Nội\u00a0vụ\u3000", "Sở Nội vụ"),
        ("a\x01b\x7f", "ab"),
        ("\u2764\ufe0f", "\u2764"),
        ("<script>alert(1)</script>{{7*7}}", "<script>alert(1)</script>{{7*7}}"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_text_is_stored_composed_visible_and_with_single_spaces(raw, clean):
    assert normalise(raw) == clean


@pytest.mark.parametrize("raw", ["hoà", "hòa", "m²", "\ufb01", "Ａ", "İß"])
def test_spelling_and_compatibility_letters_stay_as_typed(raw):
    assert normalise(raw) == raw


def test_several_lines_keep_their_ends_and_two_blank_lines_at_most():
    assert normalise("a \r\n b\rc\n\n\n\n\n\nd\x0b", multiline=True) == "a\nb\nc\n\n\nd"


def test_a_line_of_several_words_keeps_its_tab_only_in_long_text():
    assert normalise("a\tb", multiline=True) == "a\tb"
    assert normalise("a\tb") == "a b"


@pytest.mark.parametrize("raw", ["a\x00b", "\ud800", "a\udcff"])
def test_what_cannot_be_stored_is_refused(raw):
    with pytest.raises(TextError, match="NUL"):
        normalise(raw)


def test_a_letter_with_more_than_four_marks_is_refused():
    assert normalise("a" + "\u0301" * 4)
    with pytest.raises(TextError, match="quá 4 dấu"):
        normalise("a" + "\u0301" * 300)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("Së KÕ ho¹ch vµ §Çu t\u00ad", "Sở Kế hoạch và Đầu tư"),
        ("Sôû Keá hoaïch vaø Ñaàu tö", "Sở Kế hoạch và Đầu tư"),
        ("á»¦y ban nhÃ¢n dÃ¢n", "Ủy ban nhân dân"),
    ],
)
def test_an_old_font_is_named_and_its_reading_offered(raw, meant):
    with pytest.raises(LegacyFontError) as caught:
        normalise(raw)
    assert caught.value.suggestion == meant
    assert meant in caught.value.message


@pytest.mark.parametrize(
    "raw",
    [
        "Hoà Bình hoá",
        "Toán, hoàn, khoá, toà",
        "Müller und Köln",
        "naïve Noël",
        "Windows® và Word®",
        "§5, §6",
        "El Niño, São Paulo",
        "Điện áp 5 µm",
        "«Trích dẫn»",
        "PAPI¹ và SIPAS²",
    ],
)
def test_unicode_text_is_not_taken_for_an_old_font(raw):
    assert normalise(raw) == raw


def test_a_value_in_a_message_is_one_short_line():
    assert quoted("a\n\x00\u202eb") == "“a b”"
    assert quoted("x" * 60) == "“" + "x" * 50 + "…”"
