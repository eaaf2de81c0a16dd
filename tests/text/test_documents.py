"""Document numbers as met in the sources, and wrong ones."""

import pytest

from papi_portal.text import DocumentNumber, DocumentNumberError, parse_document_number


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("149/KH-UBND", "149/KH-UBND"),
        ("Số: 149/KH-UBND", "149/KH-UBND"),
        (" 149 / KH – UBND ", "149/KH-UBND"),
        ("149/kh-ubnd", "149/KH-UBND"),
        ("1492 KH-UBND", "1492/KH-UBND"),
        ("2498/QD-UBND", "2498/QĐ-UBND"),
        ("2498/QÐ-UBND", "2498/QĐ-UBND"),
        ("673/QĐUBND", "673/QĐ-UBND"),
        ("30c/NQCP", "30c/NQ-CP"),
        ("06/CT-CTUBND", "06/CT-CTUBND"),
        ("4/KH-BBT", "04/KH-BBT"),
        ("04/KH-BBT", "04/KH-BBT"),
        ("147/CTr-UBND", "147/CTr-UBND"),
        ("147/CTR-UBND", "147/CTr-UBND"),
        ("1298/QĐ-UBND-HC", "1298/QĐ-UBND-HC"),
        ("472/UBND-NC", "472/UBND-NC"),
        ("9123/UBND-THKH", "9123/UBND-THKH"),
        ("86/SNV-CCHC", "86/SNV-CCHC"),
        ("15/HĐND-VP", "15/HĐND-VP"),
        ("667/KH-SKHĐT", "667/KH-SKHĐT"),
        ("234/TTr-SNV", "234/TTr-SNV"),
        ("95-KL/TU", "95-KL/TU"),
        ("95 - KL / TU", "95-KL/TU"),
        ("11-CT/TU", "11-CT/TU"),
        ("55-KH/TU", "55-KH/TU"),
        ("1-CTr/TU", "01-CTr/TU"),
        ("01-ctr/tu", "01-CTr/TU"),
        ("01/HNVB-VPCP", "01/HNVB-VPCP"),
        ("25/2014/QĐ-UBND", "25/2014/QĐ-UBND"),
        ("9/2019/NĐ-CP", "09/2019/NĐ-CP"),
        ("42/2014/QĐ-TTg", "42/2014/QĐ-TTg"),
        ("42/2014/qđ-ttg", "42/2014/QĐ-TTg"),
        ("1270/BC-TCTTTg", "1270/BC-TCTTTg"),
        ("384/BNV-CCHC", "384/BNV-CCHC"),
    ],
)
def test_numbers_met_in_the_sources_get_one_canonical_form(raw, text):
    number = parse_document_number(raw)
    assert number.text == text
    assert parse_document_number(text) == number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("149/KH-UBND", DocumentNumber(149, "", None, "KH", "UBND", "149/KH-UBND")),
        ("30c/NQ-CP", DocumentNumber(30, "c", None, "NQ", "CP", "30c/NQ-CP")),
        ("25/2014/QĐ-UBND", DocumentNumber(25, "", 2014, "QĐ", "UBND", "25/2014/QĐ-UBND")),
        ("472/UBND-NC", DocumentNumber(472, "", None, "", "UBND-NC", "472/UBND-NC")),
        ("1298/QĐ-UBND-HC", DocumentNumber(1298, "", None, "QĐ", "UBND-HC", "1298/QĐ-UBND-HC")),
        ("95-KL/TU", DocumentNumber(95, "", None, "KL", "TU", "95-KL/TU")),
    ],
)
def test_a_number_is_taken_apart(raw, number):
    assert parse_document_number(raw) == number
    assert str(number) == number.text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "Chưa ghi số ký hiệu"),
        ("149", "thiếu ký hiệu sau số"),
        ("149/", "thiếu ký hiệu sau số"),
        ("KH-UBND", "không bắt đầu bằng số"),
        ("S64934/KH-UBND", "không bắt đầu bằng số"),
        ("?934/KH-UBND", "không bắt đầu bằng số"),
        ("0/KH-UBND", "bắt đầu từ 01"),
        ("СС-01", "vị trí 1"),
        ("149/KН-UBND", "vị trí 6"),
        ("149KH-UBND", "không phải số ký hiệu"),
        ("149/KH-UBND ngày 30/3/2021", "không phải số ký hiệu"),
        ("656211/Looking-back-at-An-Giang", "không phải số ký hiệu"),
        ("149/../../etc", "không phải số ký hiệu"),
        ("149/KH-", "không phải số ký hiệu"),
        ("1" * 61, "tối đa 60"),
    ],
)
def test_a_wrong_number_is_refused_with_an_example(raw, reason):
    with pytest.raises(DocumentNumberError, match=reason) as caught:
        parse_document_number(raw)
    assert "149/KH-UBND" in caught.value.message
