"""One page for a leader: seven things, change since the last issued report, decisions asked."""

from datetime import date, timedelta

import pytest
import time_machine

from plans import workflow
from plans.models import Target
from plans.reports import periods
from plans.reports.content import canonical, fingerprint
from plans.reports.kinds import KINDS
from plans.reports.kinds.leader import OVERDUE_SHOWN, TASK_LENGTH
from plans.reports.models import Report, Snapshot
from plans.reports.printing import pdf
from plans.reports.scope import Scope
from plans.reports.states import ReportKind, Stage, State
from plans.states import Status
from tests.factories import at, make_dimension, make_edition, make_score
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import content_of, paper_of, words_of

pytestmark = pytest.mark.django_db


def scope_of(plan, *, kind=ReportKind.LEADER, as_of=TODAY, first=date(2026, 6, 1)):
    return Scope(kind, plan.province, periods.custom(first, as_of), plan)


def read(plan, **parts):
    return KINDS[ReportKind.LEADER].read(scope_of(plan, **parts), NOW)


def test_the_page_says_seven_things_and_is_one_page(plan, mixed):
    paper = paper_of(scope_of(plan), NOW)
    words = words_of(paper)
    assert paper.is_one_page
    assert paper.appendices == ()
    for number in range(1, 8):
        assert [line for line in words if line.startswith(f"{number}. ")], number


def test_long_lists_are_cut_and_the_rest_is_counted(plan, give):
    for day in range(1, OVERDUE_SHOWN + 4):
        give(due_on=date(2026, 5, day), name=f"Việc {day} " + "rất dài " * 60)
    table = next(one for one in paper_of(scope_of(plan), NOW).tables() if one.name == "Quá hạn")
    assert len(table.rows) == OVERDUE_SHOWN
    assert table.note.endswith("Còn 3 phần việc quá hạn khác.")
    assert all(len(row.cells[1].text) <= TASK_LENGTH for row in table.rows)


@pytest.mark.embedded
def test_full_lists_and_the_longest_text_are_still_one_page(plan, home, mixed, give):
    """As long as the form lets it be, in as many paragraphs."""
    home.agency.name = "Sở Văn hóa, Thể thao và Du lịch"
    home.agency.save()
    for day in range(1, 10):
        name = f"Việc {day} " + "rất dài " * 60
        give(due_on=date(2026, 5, day), name=name)
        row = give(due_on=date(2026, 6, 15 + day), name=name)
        workflow.ask_extension(
            row, by=home.head, now=NOW, reason="Chờ", proposed_due_on=date(2026, 8, 1)
        )
    (section,) = KINDS[ReportKind.LEADER].sections
    share = section.max_letters // section.max_lines
    line = ("Đề nghị Ủy ban nhân dân tỉnh chỉ đạo cơ quan chậm hạn. " * 9)[: share - 1]
    content = content_of(
        scope_of(plan), NOW, texts={"decisions": "\n".join([line] * section.max_lines)}
    )
    for place, dimension in enumerate(content["figures"]["dimensions"]):
        dimension["score"] = {
            "value": "6.4321",
            "group": "Trung bình thấp",
            "is_group_estimate": True,
            "year": 2025,
        }
        dimension["target"] = f"≥ {place},25 điểm"
    made = pdf.render(KINDS[ReportKind.LEADER].compose(content))
    assert made.page_count == 1


def issued(plan, home, as_of, stage=Stage.ISSUED):
    """A progress report of `as_of` that was issued, or is at another stage."""
    content = canonical(
        content_of(
            scope_of(plan, kind=ReportKind.PROGRESS, as_of=as_of, first=date(2026, 4, 1)), NOW
        )
    )
    snapshot = Snapshot.objects.create(
        as_of=as_of, content=content, sha256=fingerprint(content), made_at=NOW
    )
    return Report.objects.create(
        kind=ReportKind.PROGRESS,
        province=plan.province,
        plan=plan,
        period_kind="custom",
        period_year=2026,
        first_day=date(2026, 1, 1),
        as_of=as_of,
        key=f"k{as_of}",
        code=f"C{as_of:%m%d}",
        stage=stage,
        state=State.DONE,
        number="11/BC-SNV",
        issued_on=as_of,
        signer_name="Trần Văn An",
        finished_at=NOW,
        snapshot=snapshot,
        requested_by=home.office,
        requested_at=NOW,
    )


def test_change_is_told_since_the_last_issued_report(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        give(due_on=date(2026, 5, 20), last_heard_on=date(2026, 5, 1))
    issued(plan, home, date(2026, 5, 10))
    issued(plan, home, date(2026, 5, 25))
    issued(plan, home, date(2026, 5, 31), Stage.FROZEN)
    before = read(plan)["before"]
    assert before["as_of"] == "2026-05-25"
    assert before["totals"]["overdue"] == 1
    assert before["words"] == "Báo cáo số 11/BC-SNV, số liệu đến ngày 25/5/2026"


def test_without_an_issued_report_change_is_told_since_the_period_before(plan, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        give(due_on=date(2026, 6, 10), last_heard_on=date(2026, 5, 1))
    figures = read(plan)
    assert figures["before"]["words"] == "kỳ trước, số liệu đến ngày 31/5/2026"
    assert (figures["before"]["totals"]["overdue"], figures["totals"]["overdue"]) == (0, 1)
    table = paper_of(scope_of(plan), NOW).tables()[0]
    titles = [column.title + column.group for column in table.columns]
    changed = dict(zip(titles, table.rows[0].cells, strict=True))
    assert changed["Quá hạnChưa hoàn thành"].text == "1"
    assert changed["Quá hạnChưa hoàn thành"].note == "+1"
    assert "so với kỳ trước, số liệu đến ngày 31/5/2026" in table.note


def test_agencies_under_the_threshold_are_those_that_were_late(plan, home, give, settings):
    settings.ON_TIME_PERCENTS = [50, 80]
    past = date(2026, 5, 31)
    for day in (30, 30, 30, 30):
        give(due_on=past, status=Status.DONE, done_on=date(2026, 5, day))
    give(due_on=past, status=Status.DONE, done_on=date(2026, 6, 2))
    give(agency=home.monitor, due_on=past, status=Status.DONE, done_on=date(2026, 6, 2))
    figures = read(plan)
    # Four of five are 80 %: not below it.
    assert [line["name"] for line in figures["below"]] == ["Sở Nội vụ"]
    words = " ".join(words_of(paper_of(scope_of(plan), NOW)))
    assert "4. Chậm hạn 1/2 cơ quan hoàn thành đúng hạn dưới 80% số phần việc đã đến hạn" in words
    assert "Sở Nội vụ 0/1 (0,0%)" in words


def test_what_is_due_soon_is_counted_and_the_nearest_named(plan, give):
    for day in (20, 10, 1):
        give(due_on=date(2026, 7, day), name=f"Việc ngày {day}")
    words = " ".join(words_of(paper_of(scope_of(plan), NOW)))
    assert (
        "5. Sắp đến hạn 2 phần việc đến hạn trong 30 ngày tới; gần nhất: 3 Việc ngày 1 "
        "(Sở Tài chính, 01/7/2026); 2 Việc ngày 10 (Sở Tài chính, 10/7/2026)." in words
    )


def test_open_requests_for_more_time_are_the_decisions_that_are_asked(plan, home, give):
    row = give(due_on=date(2026, 6, 20), name="Công khai quy hoạch")
    workflow.ask_extension(
        row, by=home.head, now=NOW, reason="Chờ", proposed_due_on=date(2026, 8, 1)
    )
    figures = read(plan)
    assert len(figures["decisions"]) == 1
    words = " ".join(words_of(paper_of(scope_of(plan), NOW)))
    assert "7. Quyết định 1 đề nghị gia hạn chờ quyết định:" in words
    assert "20/6/2026 sang 01/8/2026" in words


def test_a_dimension_stands_with_its_last_score_its_target_and_its_work(plan, home, give):
    give(number=4, due_on=date(2026, 5, 31), status=Status.DONE, done_on=date(2026, 5, 1))
    dimension = make_dimension(4)
    for year, value in ((2023, "6.1"), (2024, "6.4")):
        edition = make_edition(year=year, components=[dimension])
        make_score(edition=edition, province=home.province)
        make_score(edition=edition, component=dimension, province=home.province, value=value)
    Target.objects.create(
        plan=plan,
        position=1,
        text="Nội dung 4 đạt từ 7 điểm",
        metric="score",
        operator=">=",
        value=7,
        component=dimension,
    )
    line = read(plan)["dimensions"][3]
    assert (line["score"]["year"], line["score"]["value"]) == (2024, "6.4000")
    assert line["target"] == "đạt từ 7 điểm trở lên"
    tables = paper_of(scope_of(plan), NOW).tables()
    table = next(one for one in tables if one.name == "Theo nội dung")
    assert [cell.text for cell in table.rows[3].cells[:5]] == [
        *("4", "Kiểm soát…", "6,40", "Cao nhất*", "1/1")
    ]
    assert "năm 2024" in table.caption
    assert table.note == (
        "Mục tiêu nội dung: 4 đạt từ 7 điểm trở lên. * Nhóm do Cổng PAPI ước tính."
    )


def test_only_work_without_a_due_date_is_called_silent_here(plan, home, give):
    quiet = TODAY - timedelta(days=100)
    give(due_on=date(2026, 7, 1), last_heard_on=quiet)
    words = " ".join(words_of(paper_of(scope_of(plan), NOW)))
    assert (
        "6. Lâu không báo cáo Phần việc không có hạn, không báo cáo trên 90 ngày: Không có."
        in words
    )
