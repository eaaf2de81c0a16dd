"""Deadlines as plans write them, and what the reader says back."""

from datetime import date

import pytest

from papi_portal.text import (
    Deadline,
    DeadlineError,
    DeadlineKind,
    Recurrence,
    describe,
    parse_deadline,
    period_instances,
)

K = DeadlineKind


def parse(raw, year=2026, issued_on=None):
    return parse_deadline(
        raw, period_start=date(year, 1, 1), period_end=date(year, 12, 31), issued_on=issued_on
    )


def parse_in_five_years(raw):
    return parse_deadline(raw, period_start=date(2021, 1, 1), period_end=date(2025, 12, 31))


@pytest.mark.parametrize(
    ("raw", "due_on"),
    [
        ("30/6/2026", date(2026, 6, 30)),
        ("30-6-2026", date(2026, 6, 30)),
        ("30.6.2026", date(2026, 6, 30)),
        ("ngày 30 tháng 6 năm 2026", date(2026, 6, 30)),
        ("trước ngày 20.7.2026", date(2026, 7, 20)),
        ("Trước 30/6/2026.", date(2026, 6, 30)),
        ("đến hết ngày 30/6/2026", date(2026, 6, 30)),
        ("chậm nhất là ngày 15/6/2026", date(2026, 6, 15)),
        ("hoàn thành trước ngày 15/12/2026", date(2026, 12, 15)),
    ],
)
def test_an_exact_date_is_due_on_the_day_itself(raw, due_on):
    assert parse(raw) == Deadline(K.DATE, due_on=due_on)


@pytest.mark.parametrize(
    ("raw", "due_on"),
    [
        ("31/3", date(2026, 3, 31)),
        ("Ngày 8.6", date(2026, 6, 8)),
        ("trước 30/6", date(2026, 6, 30)),
        ("chậm nhất 15/6", date(2026, 6, 15)),
        ("ngày 30 tháng 6", date(2026, 6, 30)),
    ],
)
def test_a_date_without_year_takes_the_year_of_the_plan_and_says_so(raw, due_on):
    deadline = parse(raw)
    assert deadline == Deadline(K.DATE, due_on=due_on, is_inferred=True)
    assert describe(deadline).endswith("năm theo kế hoạch")


@pytest.mark.parametrize(
    ("raw", "starts_on", "due_on"),
    [
        ("Quý III/2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Quý III năm 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Quý 3 năm 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Q3/2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Q.IV-2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("Quý lV/2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("Quý ІV/2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("QUÝ Ⅳ/2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("quí 4/2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("Quý I, II.2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("Quý II và III/2026", date(2026, 4, 1), date(2026, 9, 30)),
        ("Quý I - IV/2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("Quý I/2026 - Quý II/2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("Tháng 6/2026", date(2026, 6, 1), date(2026, 6, 30)),
        ("trong tháng 8/2026", date(2026, 8, 1), date(2026, 8, 31)),
        ("hoàn thành trong tháng 8/2026", date(2026, 8, 1), date(2026, 8, 31)),
        ("hết tháng 6/2026", date(2026, 6, 1), date(2026, 6, 30)),
        ("6/2026", date(2026, 6, 1), date(2026, 6, 30)),
        ("Tháng 6, 7/2026", date(2026, 6, 1), date(2026, 7, 31)),
        ("tháng 3-6/2026", date(2026, 3, 1), date(2026, 6, 30)),
        ("từ tháng 3 đến tháng 6/2026", date(2026, 3, 1), date(2026, 6, 30)),
        ("6 tháng đầu năm 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("06 tháng cuối năm 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("Nửa đầu năm 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("9 tháng đầu năm 2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("Năm 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("Trong năm 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("đến hết năm 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("từ 1/3/2026 đến 30/6/2026", date(2026, 3, 1), date(2026, 6, 30)),
        ("1/3 - 30/6/2026", date(2026, 3, 1), date(2026, 6, 30)),
        ("giai đoạn 2021-2026", date(2021, 1, 1), date(2026, 12, 31)),
        ("từ năm 2021 đến năm 2026", date(2021, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_due_on_its_last_day(raw, starts_on, due_on):
    assert parse(raw) == Deadline(K.PERIOD, starts_on=starts_on, due_on=due_on)


@pytest.mark.parametrize(
    ("raw", "due_on"),
    [
        ("Quý IV", date(2026, 12, 31)),
        ("Quý lV", date(2026, 12, 31)),
        ("quí 4", date(2026, 12, 31)),
        ("quý ba", date(2026, 9, 30)),
        ("tháng 6", date(2026, 6, 30)),
        ("6 tháng đầu năm", date(2026, 6, 30)),
        ("Trong năm", date(2026, 12, 31)),
        ("từ tháng 3 đến tháng 6", date(2026, 6, 30)),
    ],
)
def test_a_period_without_year_takes_the_year_of_the_plan(raw, due_on):
    deadline = parse(raw)
    assert (deadline.kind, deadline.due_on) == (K.PERIOD, due_on)
    assert deadline.is_inferred
    assert deadline.question == ""


@pytest.mark.parametrize(
    ("raw", "starts_on", "due_on"),
    [
        ("giữa tháng 5", date(2026, 5, 11), date(2026, 5, 20)),
        ("cuối tháng 5/2026", date(2026, 5, 21), date(2026, 5, 31)),
        ("đầu quý III", date(2026, 7, 1), date(2026, 7, 31)),
        ("cuối quý III/2026", date(2026, 9, 1), date(2026, 9, 30)),
        ("cuối năm", date(2026, 10, 1), date(2026, 12, 31)),
        ("9 tháng", date(2026, 1, 1), date(2026, 9, 30)),
        ("IV/2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("khoảng tháng 6/2026", date(2026, 6, 1), date(2026, 6, 30)),
        ("2-3", None, date(2026, 3, 2)),
    ],
)
def test_an_estimate_is_asked_about(raw, starts_on, due_on):
    deadline = parse(raw)
    assert (deadline.starts_on, deadline.due_on) == (starts_on, due_on)
    assert deadline.is_inferred
    assert "đúng không?" in deadline.question


def test_before_a_period_means_the_day_before_it_begins():
    deadline = parse("trước tháng 7/2026")
    assert (deadline.kind, deadline.due_on) == (K.DATE, date(2026, 6, 30))
    assert deadline.question


@pytest.mark.parametrize(
    "raw",
    [
        "thường xuyên",
        "Thường xuyên, liên tục",
        "liên tục",
        "Thực hiện thường xuyên",
        "Thường xuyên trong năm 2026",
        "thường xuyên hằng ngày",
    ],
)
def test_continuous_work_has_no_due_date(raw):
    deadline = parse(raw)
    assert (deadline.kind, deadline.due_on) == (K.CONTINUOUS, None)
    assert describe(deadline) == "thường xuyên, không có hạn"


@pytest.mark.parametrize(
    ("raw", "recurrence"),
    [
        ("hằng tháng", Recurrence.MONTHLY),
        ("hàng tháng", Recurrence.MONTHLY),
        ("1 lần/tháng", Recurrence.MONTHLY),
        ("Hằng quý", Recurrence.QUARTERLY),
        ("hàng quý", Recurrence.QUARTERLY),
        ("hàng quí", Recurrence.QUARTERLY),
        ("quý/lần", Recurrence.QUARTERLY),
        ("định kỳ 3 tháng", Recurrence.QUARTERLY),
        ("Định kỳ 6 tháng", Recurrence.HALF_YEARLY),
        ("6 tháng một lần", Recurrence.HALF_YEARLY),
        ("2 lần/năm", Recurrence.HALF_YEARLY),
        ("hằng năm", Recurrence.YEARLY),
        ("mỗi năm một lần", Recurrence.YEARLY),
        ("định kỳ hằng năm", Recurrence.YEARLY),
    ],
)
def test_a_rhythm_is_recurring_without_a_due_date(raw, recurrence):
    assert parse(raw) == Deadline(K.RECURRING, recurrence=recurrence)


@pytest.mark.parametrize(
    ("raw", "recurrence"),
    [
        ("6 tháng", Recurrence.HALF_YEARLY),
        ("hằng quý, 6 tháng, năm", Recurrence.QUARTERLY),
        ("thường xuyên, hằng năm", Recurrence.YEARLY),
        ("trước 20/11 hằng năm", Recurrence.YEARLY),
        ("khoảng cuối tháng 5 hằng năm", Recurrence.YEARLY),
        ("trước ngày 15 hằng tháng", Recurrence.MONTHLY),
        ("ngày 25 tháng cuối quý", Recurrence.QUARTERLY),
    ],
)
def test_a_rhythm_that_says_more_than_its_period_is_asked_about(raw, recurrence):
    deadline = parse(raw)
    assert (deadline.kind, deadline.recurrence) == (K.RECURRING, recurrence)
    assert "đúng không?" in deadline.question


@pytest.mark.parametrize(
    "raw",
    [
        "Theo yêu cầu",
        "Đột xuất",
        "đột xuất, theo yêu cầu",
        "Theo tiến độ đề án",
        "Sau khi có kết quả PAPI",
        "Khi có văn bản của Bộ Nội vụ",
        "Theo Quyết định số 30/2021/QĐ-UBND",
        "Sau khi Ban Chấp hành họp",
    ],
)
def test_an_event_waits_for_its_date(raw):
    assert parse(raw) == Deadline(K.EVENT)


@pytest.mark.parametrize(
    "raw", ["-", "–", "—", "không quy định", "không thời hạn", "Không có thời hạn", "không"]
)
def test_no_deadline_must_be_said(raw):
    assert parse(raw) == Deadline(K.NONE)


@pytest.mark.parametrize("raw", ["", "   ", "\u200b"])
def test_a_blank_deadline_is_not_the_same_as_none(raw):
    with pytest.raises(DeadlineError, match="Chưa ghi thời hạn"):
        parse(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("Quý V", "Một năm chỉ có quý I đến quý IV"),
        ("Quý 0", "Một năm chỉ có quý I đến quý IV"),
        ("Quý IIII", "Một năm chỉ có quý I đến quý IV"),
        ("Q5/2026", "Một năm chỉ có quý I đến quý IV"),
        ("Quý V/2026 - 2027", "Một năm chỉ có quý I đến quý IV"),
        ("Quý I, III/2026", "không liền nhau"),
        ("Quý III-I/2026", "điểm cuối trước điểm đầu"),
        ("tháng 13", "Không có tháng 13"),
        ("tháng 0", "Không có tháng 0"),
        ("tháng mười ba", "bằng chữ số"),
        ("31/02/2022", "tháng 2/2022 có 28 ngày"),
        ("ngày 31 tháng 4 năm 2026", "tháng 4/2026 có 30 ngày"),
        ("ngày ba mươi mốt tháng tư", "bằng chữ số"),
        ("30/6/26", "có phải 2026"),
        ("Quý III/26", "có phải 2026"),
        ("1/1/0001", "ngoài khoảng"),
        ("năm 1999", "ngoài khoảng"),
        ("từ 2026 đến 2025", r"\(2025\) trước khi bắt đầu \(2026\)"),
        ("từ 30/6/2026 đến 1/3/2026", "01/03/2026 trước ngày bắt đầu 30/06/2026"),
        ("15/8 âm lịch", "dương lịch"),
        ("trước Tết", "dương lịch"),
        ("46387", "31/12/2026"),
        ("31/12/2026 (gia hạn đến 31/3/2027)", "có hai ngày"),
        ("31/12/2026; 30/6/2027", "có hai ngày"),
        ("??/12/2026", "Chưa điền ngày"),
        ("…/…/2026", "Chưa điền ngày"),
        ("...", "Chưa điền ngày"),
        ("…/12/2026", "Chưa điền ngày"),
        ("… 12.2026", "Chưa điền ngày"),
        ("Quý …/2026", "Chưa điền ngày"),
        (";", "Chưa điền ngày"),
        ("định kỳ", "bao lâu một lần"),
        ("Sau khi có kết quả, trước 30/6/2026", "vừa chờ một sự việc vừa có ngày"),
        ("Theo kế hoạch quý III", "vừa chờ một sự việc vừa có ngày"),
        ("năm lần", "một trong các dạng"),
        ("2027 quý", "một trong các dạng"),
        ("15 ngày làm việc kể từ ngày ký", "ngày cụ thể"),
        ("trong vòng 15 ngày kể từ ngày ký", "ngày cụ thể"),
        ("Quý III/2026 và các năm tiếp theo", "một trong các dạng"),
        ("tháng 6²", "một trong các dạng"),
        ("sớm nhất có thể", "một trong các dạng"),
        ("<b>mai</b>", "một trong các dạng"),
        ("x" * 301, "tối đa 300"),
    ],
)
def test_what_has_no_or_no_single_meaning_is_refused_with_its_reason(raw, reason):
    with pytest.raises(DeadlineError, match=reason):
        parse(raw)


@pytest.mark.parametrize(
    ("raw", "example"),
    [
        ("Quý III", "ví dụ Quý III/2021"),
        ("trước 30/6", "ví dụ trước 30/6/2021"),
        ("trong năm", "ví dụ trong năm 2021"),
        ("6 tháng cuối năm", "ví dụ 6 tháng cuối năm 2021"),
    ],
)
def test_a_plan_of_several_years_asks_for_the_year(raw, example):
    with pytest.raises(DeadlineError, match="Kế hoạch kéo dài 2021–2025: hãy ghi rõ năm") as caught:
        parse_in_five_years(raw)
    assert example in caught.value.message


@pytest.mark.parametrize("raw", ["Quý III/2022", "thường xuyên", "hằng năm", "theo yêu cầu"])
def test_a_plan_of_several_years_takes_what_needs_no_year(raw):
    assert parse_in_five_years(raw).question == ""


def test_days_after_issue_count_from_the_date_of_the_plan():
    deadline = parse("trong vòng 15 ngày kể từ ngày ký ban hành", issued_on=date(2026, 3, 30))
    assert (deadline.kind, deadline.due_on) == (K.DATE, date(2026, 4, 14))
    assert deadline.is_inferred


@pytest.mark.parametrize(
    ("raw", "question"),
    [
        ("30/6/2027", "sau ngày kết thúc kế hoạch 31/12/2026"),
        ("30/6/2025", "trước ngày ban hành kế hoạch 30/03/2026"),
        ("31/1/2026", "trước ngày ban hành kế hoạch 30/03/2026"),
    ],
)
def test_a_due_date_outside_the_plan_is_asked_about(raw, question):
    assert question in parse(raw, issued_on=date(2026, 3, 30)).question


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Quý III/2021", "hạn 30/09/2021 (Thứ Năm)"),
        ("30/6/2021", "hạn 30/06/2021 (Thứ Tư)"),
        ("hằng quý", "mỗi quý một lần"),
        ("định kỳ 6 tháng", "mỗi 6 tháng một lần"),
        ("thường xuyên", "thường xuyên, không có hạn"),
        ("đột xuất", "theo sự việc, chưa có ngày"),
        ("-", "không quy định thời hạn"),
    ],
)
def test_a_deadline_is_said_back_as_understood(raw, said):
    assert describe(parse(raw, year=2021)) == said


def test_instances_of_a_quarter_are_clipped_to_the_plan():
    assert period_instances(Recurrence.QUARTERLY, date(2021, 3, 30), date(2021, 12, 15)) == [
        (date(2021, 3, 30), date(2021, 3, 31), "Quý I/2021"),
        (date(2021, 4, 1), date(2021, 6, 30), "Quý II/2021"),
        (date(2021, 7, 1), date(2021, 9, 30), "Quý III/2021"),
        (date(2021, 10, 1), date(2021, 12, 15), "Quý IV/2021"),
    ]


@pytest.mark.parametrize(
    ("recurrence", "count", "first", "last"),
    [
        (Recurrence.MONTHLY, 60, "Tháng 1/2021", "Tháng 12/2025"),
        (Recurrence.QUARTERLY, 20, "Quý I/2021", "Quý IV/2025"),
        (Recurrence.HALF_YEARLY, 10, "6 tháng đầu năm 2021", "6 tháng cuối năm 2025"),
        (Recurrence.YEARLY, 5, "Năm 2021", "Năm 2025"),
    ],
)
def test_a_plan_of_five_years_has_every_instance_once(recurrence, count, first, last):
    instances = period_instances(recurrence, date(2021, 1, 1), date(2025, 12, 31))
    assert (len(instances), instances[0][2], instances[-1][2]) == (count, first, last)
    ends = [due for _first, due, _label in instances]
    assert ends == sorted(set(ends))


def test_what_does_not_recur_and_an_empty_plan_have_no_instances():
    assert period_instances("", date(2021, 1, 1), date(2021, 12, 31)) == []
    assert period_instances("monthly", date(2021, 2, 1), date(2021, 1, 1)) == []


def test_kinds_and_recurrences_offer_choices_with_labels():
    assert dict(DeadlineKind.choices())["none"] == "không quy định thời hạn"
    assert [value for value, _label in Recurrence.choices()] == list(Recurrence)
