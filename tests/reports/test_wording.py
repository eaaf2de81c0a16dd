"""How official documents write days, rates and names."""

from datetime import date

import pytest

from agencies.states import AgencyKind, ProvinceKind
from plans.reports import charts, periods, wording
from plans.reports.kinds import sentences
from plans.reports.letterhead import letterhead
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from tests.factories import make_agency, make_plan, make_province


@pytest.mark.parametrize(
    ("day", "short"),
    [
        (date(2021, 3, 30), "30/3/2021"),
        (date(2021, 1, 5), "05/01/2021"),
        (date(2021, 2, 15), "15/02/2021"),
        (date(2021, 12, 9), "09/12/2021"),
    ],
)
def test_days_have_a_zero_below_ten_and_before_january_and_february(day, short):
    assert wording.short_date(day) == short


def test_the_day_of_a_paper_is_in_words_and_blank_until_it_is_known():
    assert wording.long_date(date(2026, 2, 5), 2027) == "ngày 05 tháng 02 năm 2026"
    assert wording.long_date(date(2026, 11, 22), 2027) == "ngày 22 tháng 11 năm 2026"
    assert wording.long_date(None, 2027).replace("\N{NO-BREAK SPACE}", "") == "ngàythángnăm 2027"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("5/BC-SNV", "05/BC-SNV"),
        ("05/BC-SNV", "05/BC-SNV"),
        ("12/BC-SNV", "12/BC-SNV"),
        ("149/KH-UBND", "149/KH-UBND"),
    ],
)
def test_a_number_below_ten_has_a_zero(typed, printed):
    assert wording.document_number(typed, "BC-SNV") == printed


def test_while_there_is_no_number_there_is_room_for_it():
    assert wording.document_number("", "BC-SNV").strip("\N{NO-BREAK SPACE}") == "/BC-SNV"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A và B"),
        (["A", "B", "C"], "A, B và C"),
        (["Sở Văn hóa, Thể thao", "B"], "Sở Văn hóa, Thể thao; B"),
    ],
)
def test_names_are_listed_so_that_each_can_be_told_from_the_next(names, told):
    assert wording.listed(names) == told


def test_changes_and_thousands_are_written_as_documents_do():
    assert [wording.change(3, now) for now in (5, 3, 1)] == ["tăng 2", "không đổi", "giảm 2"]
    assert [wording.signed(one) for one in (1387, 0, -2)] == ["+1.387", "0", "-2"]
    assert wording.rate(1160, 1387) == "1.160/1.387 (83,6%)"


@pytest.mark.parametrize(
    ("words", "most", "cut"),
    [
        ("một hai ba", 10, "một hai ba"),
        ("một hai ba", 9, "một hai…"),
        ("một, hai", 6, "một…"),
        ("x" * 20, 5, "xxxx…"),
    ],
)
def test_long_words_are_cut_between_words(words, most, cut):
    assert wording.clipped(words, most) == cut


@pytest.mark.parametrize(
    ("part", "whole", "percent", "rate"),
    [
        (45, 96, "46,9%", "45/96 (46,9%)"),
        (1, 3, "33,3%", "1/3 (33,3%)"),
        (2, 3, "66,7%", "2/3 (66,7%)"),
        (1, 16, "6,3%", "1/16 (6,3%)"),
        (5, 5, "100,0%", "5/5 (100,0%)"),
        (0, 7, "0,0%", "0/7 (0,0%)"),
        (0, 0, "–", "0/0"),
    ],
)
def test_a_rate_is_printed_with_its_numerator_and_denominator(part, whole, percent, rate):
    assert wording.percent(part, whole) == percent
    assert wording.rate(part, whole) == rate


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Cải thiện Chỉ số PAPI", "cải thiện Chỉ số PAPI"),
        ("Về việc nâng cao Chỉ số PAPI.", "nâng cao Chỉ số PAPI"),
        ("Kế hoạch cải thiện Chỉ số PAPI", "cải thiện Chỉ số PAPI"),
        ("Kế hoạch về cải thiện Chỉ số PAPI", "cải thiện Chỉ số PAPI"),
        ("PAPI năm 2021", "PAPI năm 2021"),
    ],
)
@pytest.mark.django_db
def test_the_subject_of_a_plan_follows_the_word_about(title, subject):
    assert wording.plan_subject(make_plan(title=title)) == subject


@pytest.mark.django_db
def test_a_plan_without_number_and_date_is_named_by_its_kind():
    assert wording.plan_name(make_plan(number="", issued_on=None)) == "Kế hoạch"


def head_of(name, kind, province=None, **fields):
    province = province or make_province(name="Lào Cai", code="15")
    monitor = make_agency(name=name, kind=kind, province=province, **fields)
    return written_by(make_plan(province=province, monitor=monitor))


def written_by(plan, kind=ReportKind.PROGRESS, agencies=()):
    period = periods.window(periods.PeriodKind.YEAR, 2026)
    return letterhead(Scope(kind, plan.province, period, plan, agencies), 2026)


@pytest.mark.parametrize(
    ("name", "kind", "issuer", "symbol", "signer"),
    [
        ("Sở Nội vụ", AgencyKind.DEPARTMENT, ["SỞ NỘI VỤ"], "BC-SNV", ["GIÁM ĐỐC"]),
        (
            "Sở Kế hoạch và Đầu tư",
            AgencyKind.DEPARTMENT,
            ["SỞ KẾ HOẠCH VÀ ĐẦU TƯ"],
            "BC-SKHĐT",
            ["GIÁM ĐỐC"],
        ),
        (
            "Thanh tra tỉnh",
            AgencyKind.DEPARTMENT,
            ["THANH TRA TỈNH"],
            "BC-TTT",
            ["CHÁNH THANH TRA"],
        ),
        ("Văn phòng UBND tỉnh", AgencyKind.OFFICE, ["VĂN PHÒNG"], "BC-VP", ["CHÁNH VĂN PHÒNG"]),
    ],
)
@pytest.mark.django_db
def test_the_monitor_reports_under_the_name_of_the_province(name, kind, issuer, symbol, signer):
    head = head_of(name, kind)
    assert head["superior"] == "UBND TỈNH LÀO CAI"
    assert (head["issuer"], head["symbol"], head["signer"]) == (issuer, symbol, signer)
    assert head["addressee"] == "Ủy ban nhân dân tỉnh Lào Cai"


@pytest.mark.parametrize(
    ("name", "kind", "issuer", "place"),
    [
        ("UBND huyện Bảo Thắng", AgencyKind.DISTRICT, "HUYỆN BẢO THẮNG", "Bảo Thắng"),
        ("UBND xã Mường Khương", AgencyKind.COMMUNE, "XÃ MƯỜNG KHƯƠNG", "Mường Khương"),
        ("Ủy ban nhân dân phường Sa Pa", AgencyKind.COMMUNE, "PHƯỜNG SA PA", "Sa Pa"),
    ],
)
@pytest.mark.django_db
def test_a_local_committee_writes_in_its_own_name_and_place(name, kind, issuer, place):
    head = head_of(name, kind)
    assert head["superior"] == ""
    assert (head["issuer"], head["place"]) == (["ỦY BAN NHÂN DÂN", issuer], place)
    assert head["symbol"] == "BC-UBND"
    assert head["signer"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


@pytest.mark.parametrize("has_monitor", [True, False])
@pytest.mark.django_db
def test_without_another_monitor_the_committee_itself_reports(has_monitor):
    city = make_province(name="Huế", code="46", kind=ProvinceKind.CITY)
    if has_monitor:
        head = head_of("UBND thành phố Huế", AgencyKind.COMMITTEE, province=city)
    else:
        head = written_by(make_plan(province=city))
    assert head["superior"] == head["addressee"] == ""
    assert head["issuer"] == ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HUẾ"]
    assert head["signer"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


@pytest.mark.django_db
def test_a_body_outside_the_committee_has_no_superior():
    assert head_of("Cục Thống kê", AgencyKind.VERTICAL)["superior"] == ""


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([2, 0, 0], "Có 2 phần việc quá hạn chưa hoàn thành, đều quá hạn một."),
        (
            [1, 0, 3],
            "Có 4 phần việc quá hạn chưa hoàn thành, trong đó 1 phần việc quá hạn một và 3 phần "
            "việc quá hạn ba.",
        ),
    ],
)
def test_the_late_are_told_with_the_bands_there_are(counts, told):
    bands = [
        {"name": f"Quá hạn {name}", "count": count}
        for name, count in zip(("một", "hai", "ba"), counts, strict=True)
    ]
    assert sentences.late({"rows": [None] * sum(counts), "bands": bands}) == told


def test_a_line_with_the_figures_of_another_day_is_outdated():
    now = [
        "Đến hết ngày 22/11/2026, các cơ quan đã hoàn thành 50/96 (52,1%) phần việc.",
        "Nội dung có tỷ lệ cao nhất: Quản trị điện tử 2/2 (100,0%).",
    ]
    then = "Đến hết ngày 14/9/2026, các cơ quan đã hoàn thành 45/96 (46,9%) phần việc."
    assert sentences.outdated(f"Lời riêng.\n{then}\n{now[1]}", now) == [(then, now[0])]


def test_a_chart_carries_its_title_its_figures_and_escapes_names():
    bars = charts.bars_of(
        [
            {"number": "1", "name": "<b>", "assigned": 10, "done": 6, "overdue": 1},
            {"number": "", "name": "Nhiệm vụ chung", "assigned": 0, "done": 0, "overdue": 0},
        ]
    )
    svg = charts.bar_chart(bars, title="Kết quả")
    assert 'aria-label="Kết quả"' in svg
    assert "1. &lt;b&gt;" in svg
    assert ">6</text>" in svg
    assert ">10</text>" in svg
    assert "style=" not in svg


def test_a_chart_of_nothing_can_be_drawn():
    assert "</svg>" in charts.bar_chart([], title="Trống")
