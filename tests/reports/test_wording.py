"""How official documents write days, rates and names."""

from datetime import date

import pytest

from agencies.states import AgencyKind, ProvinceKind
from plans.reports import charts, periods, wording
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
        (
            "UBND huyện Bảo Thắng",
            AgencyKind.DISTRICT,
            ["ỦY BAN NHÂN DÂN", "HUYỆN BẢO THẮNG"],
            "BC-UBND",
            ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        ),
    ],
)
@pytest.mark.django_db
def test_the_monitor_reports_under_the_name_of_the_province(name, kind, issuer, symbol, signer):
    head = head_of(name, kind)
    assert head["superior"] == "UBND TỈNH LÀO CAI"
    assert (head["issuer"], head["symbol"], head["signer"]) == (issuer, symbol, signer)
    assert head["addressee"] == "Ủy ban nhân dân tỉnh Lào Cai"


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
