"""A progress report: totals that close, the past as it was, nobody blamed who was only asked."""

import json
from collections import Counter
from datetime import date

import pytest
import time_machine

from agencies.models import Succession
from agencies.services import save_agency
from agencies.states import SuccessionKind
from indicators.models import Component, Edition
from indicators.states import Level
from plans import workflow
from plans.models import Assignment, Change, Target
from plans.reports import periods
from plans.reports.content import ContentError, canonical, fingerprint
from plans.reports.figures.counts import ADDITIVE, SUMS
from plans.reports.kinds import KINDS, progress
from plans.reports.paper import RowKind
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import ChangeKind, PlanKind, PlanStatus
from tests.factories import (
    at,
    make_assignment,
    make_edition,
    make_group,
    make_papi,
    make_plan,
    make_province,
    make_score,
    make_task,
    report,
)
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import paper_of, words_of

pytestmark = pytest.mark.django_db


def scope_of(plan, as_of=TODAY, first=None):
    period = periods.custom(first or date(as_of.year, 1, 1), as_of)
    return Scope(ReportKind.PROGRESS, plan.province, period, plan)


def build(plan, as_of=TODAY, now=NOW, first=None):
    return KINDS[ReportKind.PROGRESS].read(scope_of(plan, as_of, first), now)


def test_totals_are_the_tally_of_bodies_that_take_orders(plan, mixed):
    tally = Assignment.objects.filter(plan=plan).orderable().tally(TODAY)
    figures = build(plan)
    for name in ("assigned", "done", "unfinished", "overdue", "due", "due_done", "waiting"):
        assert figures["totals"][name] == getattr(tally, name)
    assert figures["totals"]["assigned"] == 8
    assert figures["totals"]["cancelled"] == 1


def test_dimensions_and_agencies_add_up_to_the_totals(plan, mixed):
    figures = build(plan)
    for parts in (figures["dimensions"], figures["agencies"]):
        for name in ADDITIVE:
            assert sum(part[name] for part in parts) == figures["totals"][name]


def test_all_eight_dimensions_are_listed_even_without_work(plan, give):
    give(number=3)
    lines = build(plan)["dimensions"]
    assert [line["number"] for line in lines] == [*"12345678", ""]
    assert [line["assigned"] for line in lines] == [0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_a_task_that_serves_all_dimensions_stands_under_the_common_ones(plan, home, give):
    task = make_task(plan=plan, lead_agency=home.agency, due_on=date(2026, 7, 1))
    task.primary_component, task.is_cross_cutting = None, True
    task.save()
    give(task=task, due_on=date(2026, 7, 1))
    assert build(plan)["dimensions"][-1]["assigned"] == 1


def test_a_task_that_aims_at_an_indicator_stands_under_its_dimension(plan, home, give):
    dimension = Component.objects.get(stable_key="D2")
    indicator = Component.objects.create(
        index=make_papi(),
        stable_key="I21",
        level=Level.INDICATOR,
        parent=dimension,
        name="Chỉ tiêu",
    )
    task = make_task(
        plan=plan, dimension=indicator, lead_agency=home.agency, due_on=date(2026, 7, 1)
    )
    give(task=task, due_on=date(2026, 7, 1))
    assert build(plan)["dimensions"][1]["assigned"] == 1


def test_bodies_that_are_asked_are_counted_apart_and_never_late(plan, mixed):
    figures = build(plan)
    assert figures["requested"]["assigned"] == 2
    assert [line["name"] for line in figures["requested_agencies"]] == [mixed.front.name]
    late = {line["agency"] for line in figures["overdue"]["rows"]}
    assert mixed.front.name not in late
    work = [work for group in figures["tasks"] for task in group["tasks"] for work in task["work"]]
    said = {row["status"] for row in work if row["agency"] == mixed.front.name}
    assert said == {"Hoàn thành", "Đề nghị phối hợp, đang thực hiện"}


def test_the_overdue_are_listed_longest_first_with_their_bands(plan, mixed):
    overdue = build(plan)["overdue"]
    assert [line["days"] for line in overdue["rows"]] == [135, 15]
    assert [band["count"] for band in overdue["bands"]] == [1, 0, 1]


@pytest.mark.parametrize(
    ("days", "counts"),
    [(1, [1, 0, 0]), (30, [1, 0, 0]), (31, [0, 1, 0]), (120, [0, 1, 0]), (121, [0, 0, 1])],
)
def test_a_delay_falls_into_one_band(plan, give, days, counts):
    give(due_on=date.fromordinal(TODAY.toordinal() - days))
    assert [band["count"] for band in build(plan)["overdue"]["bands"]] == counts


def test_what_is_due_on_the_day_of_the_report_is_not_overdue(plan, give):
    give(due_on=TODAY)
    figures = build(plan)
    assert figures["totals"]["overdue"] == figures["totals"]["due"] == 0
    assert figures["due_next"]["count"] == 1


def test_work_due_in_thirty_days_is_listed_and_later_work_is_not(plan, give):
    give(due_on=date(2026, 7, 15))
    give(due_on=date(2026, 7, 16))
    assert [line["due_on"] for line in build(plan)["due_next"]["rows"]] == ["2026-07-15"]


def test_what_many_agencies_owe_by_one_day_is_one_line_of_what_comes_next(plan, home, give):
    members = [home.agency, home.monitor]
    task = make_task(
        plan=plan, lead_group=make_group(members=members, name="các sở"), due_on=date(2026, 7, 1)
    )
    for agency, percent in zip(members, (10, 40), strict=True):
        give(task=task, agency=agency, due_on=date(2026, 7, 1), percent_done=percent)
    ahead = build(plan)["due_next"]
    assert ahead["count"] == 2
    assert [(line["agency"], line["percent"]) for line in ahead["rows"]] == [
        ("các sở (2 phần việc)", "10–40%")
    ]


def test_work_that_nothing_was_heard_of_is_counted_over_its_list(plan, mixed):
    words = words_of(paper_of(scope_of(plan), NOW))
    title = next(line for line in words if line.endswith("không có báo cáo trong hơn 90 ngày"))
    told = words[words.index(title) + 1]
    assert told == "Có 1 phần việc của 1 cơ quan không có báo cáo nào trong hơn 90 ngày."


def test_silent_agencies_are_named_with_the_day_of_their_last_word(plan, home, mixed):
    silent = build(plan)["silent"]
    assert silent == [
        {"name": home.monitor.name, "count": 1, "without_due": 1, "since": "2026-01-02"}
    ]


def test_an_extension_shows_both_dates_and_moves_the_due_date_only(plan, home, give):
    row = give(due_on=date(2026, 6, 20))
    asked = workflow.ask_extension(
        row, by=home.head, now=NOW, reason="Chờ kinh phí", proposed_due_on=date(2026, 8, 1)
    )
    workflow.decide_extension(asked, is_approved=True, by=home.leader, now=NOW)
    figures = build(plan)
    line = figures["extensions"][0]
    assert (line["old_due_on"], line["new_due_on"]) == ("2026-06-20", "2026-08-01")
    assert (line["decision"], line["is_waiting"]) == ("Đồng ý", False)
    assert (line["first_due_on"], line["due_on"]) == ("2026-06-20", "2026-08-01")


def test_a_past_day_is_reported_as_it_was_then(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 5, 20), last_heard_on=date(2026, 5, 1))
    with time_machine.travel(at(2026, 6, 1), tick=False):
        report(row, by=home.head, done=True, now=at(2026, 6, 1))
        workflow.confirm(row, by=home.office, now=at(2026, 6, 1))

    then, now = build(plan, date(2026, 5, 25)), build(plan)
    assert (then["totals"]["overdue"], then["totals"]["done"]) == (1, 0)
    assert then["overdue"]["rows"][0]["days"] == 5
    assert (now["totals"]["overdue"], now["totals"]["done_late"]) == (0, 1)


def test_the_last_moment_of_a_past_day_still_counts(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 7, 1), last_heard_on=date(2026, 5, 1))
    with time_machine.travel(at(2026, 5, 10, 23, 59), tick=False):
        report(row, by=home.head, percent=30, now=at(2026, 5, 10, 23, 59))
    assert build(plan, date(2026, 5, 9))["totals"]["not_started"] == 1
    assert build(plan, date(2026, 5, 10))["totals"]["doing"] == 1


def test_two_changes_of_one_moment_count_once_and_the_last_holds(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 5, 20))
        report(row, by=home.head, done=True, now=at(2026, 5, 1))
        workflow.confirm(row, by=home.office, now=at(2026, 5, 1))
    totals = build(plan, date(2026, 5, 2))["totals"]
    assert (totals["assigned"], totals["done"]) == (1, 1)


def test_a_request_decided_later_was_still_waiting_on_the_day(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 6, 1), last_heard_on=date(2026, 5, 1))
        asked = workflow.ask_extension(
            row, by=home.head, now=at(2026, 5, 1), reason="Chờ", proposed_due_on=date(2026, 8, 1)
        )
    with time_machine.travel(at(2026, 5, 20), tick=False):
        workflow.decide_extension(asked, is_approved=True, by=home.leader, now=at(2026, 5, 20))
    line = build(plan, date(2026, 5, 10))["extensions"][0]
    assert line["is_waiting"]
    assert line["due_on"] == "2026-06-01"


def test_a_period_that_still_runs_is_read_as_it_stands_today(plan, give):
    give(due_on=date(2026, 6, 14))
    figures = build(plan, date(2026, 9, 14), first=date(2026, 6, 15))
    assert figures["as_of"] == "2026-06-15"
    assert figures["totals"]["overdue"] == 1


def test_a_day_before_the_portal_knew_of_the_work_is_refused(plan, give):
    give()
    with pytest.raises(ContentError, match="14/6/2026"):
        build(plan, date(2026, 6, 14))


def test_a_target_is_set_against_the_last_score_published_by_then(plan, home, give):
    give()
    index = make_papi()
    composite = Component.objects.create(
        index=index, stable_key="PAPI", level=Level.COMPOSITE, name="Chỉ số tổng hợp"
    )
    Target.objects.create(plan=plan, position=1, text="Tăng 05 bậc", year=2026, index=index)
    Target.objects.create(plan=plan, position=2, text="Dân hài lòng hơn", year=2026)
    for year, published, printed in (
        (2024, date(2025, 4, 15), "42,10"),
        (2025, date(2026, 5, 5), "43,25"),
        (2026, date(2027, 4, 15), "44,00"),
    ):
        edition = Edition.objects.create(
            index=index,
            year=year,
            structure="a",
            score_min=10,
            score_max=80,
            published_on=published,
        )
        make_score(
            edition=edition,
            component=composite,
            province=home.province,
            value=None,
            as_printed=printed,
        )
    assert [line["latest"] for line in build(plan)["targets"]] == ["Năm 2025: 43,25 điểm", ""]


def test_documents_that_changed_the_plan_by_that_day_are_named_with_their_counts(plan, home, give):
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        tasks = [give().task for _ in range(3)]
    for number, day in ((215, date(2026, 6, 1)), (300, date(2026, 6, 14))):
        amendment = make_plan(
            province=home.province,
            amends=plan,
            kind=PlanKind.DECISION,
            number=f"{number}/QĐ-UBND",
            issued_on=day,
            activated_on=day,
            status=PlanStatus.APPLIED,
        )
        changes = [
            Change(amendment=amendment, task=tasks[0], kind=ChangeKind.CHANGED, column="name"),
            Change(amendment=amendment, task=tasks[0], kind=ChangeKind.CHANGED, column="deadline"),
            Change(amendment=amendment, kind=ChangeKind.CHANGED, column="period"),
            Change(amendment=amendment, task=tasks[1], kind=ChangeKind.STOPPED),
            Change(amendment=amendment, task=tasks[2], kind=ChangeKind.ADDED),
        ]
        Change.objects.bulk_create(changes)
    make_plan(province=home.province, amends=plan, status=PlanStatus.DRAFT)
    told = build(plan, as_of=date(2026, 6, 13))["plan"]["amendments"]
    assert told == [
        {
            "name": "Quyết định số 215/QĐ-UBND ngày 01/6/2026",
            "issuer": "UBND tỉnh Lào Cai",
            "applied_on": "2026-06-01",
            "added": 1,
            "changed": 1,
            "stopped": 1,
        }
    ]
    assert len(build(plan)["plan"]["amendments"]) == 2


def test_the_plan_that_was_replaced_is_named(plan, home, give):
    give()
    assert build(plan)["plan"]["replaces"] == ""
    plan.supersedes = make_plan(
        province=home.province, number="20/KH-UBND", issued_on=date(2025, 2, 10)
    )
    plan.save(update_fields=["supersedes"])
    assert (
        build(plan)["plan"]["replaces"]
        == "Kế hoạch số 20/KH-UBND ngày 10/02/2025 của UBND tỉnh Lào Cai"
    )


def test_equal_figures_have_one_text_and_one_fingerprint(plan, mixed):
    first, second = (canonical(build(plan)) for _ in range(2))
    assert first == second
    assert json.loads(first) == build(plan)
    assert fingerprint(first) == fingerprint(second)
    mixed.doing.percent_done = 41
    mixed.doing.save()
    assert fingerprint(canonical(build(plan))) != fingerprint(first)


def test_a_sum_that_does_not_close_stops_the_report(plan, mixed):
    figures = build(plan)
    figures["dimensions"][0]["done"] += 1
    with pytest.raises(ValueError, match="done"):
        progress.check(figures, 11)


def test_every_total_can_be_counted_again_from_the_listed_work(plan, mixed):
    """The appendix of tasks is enough to check the head of the report."""
    figures = build(plan)
    work = [work for group in figures["tasks"] for task in group["tasks"] for work in task["work"]]
    told = Counter(row["standing"] for row in work)
    totals = figures["totals"]
    for name in ("done_on_time", "done_late", "done_no_due", "doing", "not_started", "overdue"):
        assert totals[name] == told[name]
    assert totals["no_due"] == told["no_due"]
    assert totals["cancelled"] == told["cancelled"]
    assert totals["assigned"] == sum(told[name] for name in SUMS["done"] + SUMS["unfinished"])
    # Bodies that are asked have no standing.
    assert figures["requested"]["assigned"] == told[""]
    past = [
        row for row in work if row["standing"] and row["due_on"] and row["due_on"] < "2026-06-15"
    ]
    live = [row for row in past if row["standing"] != "cancelled"]
    assert totals["due"] == len(live)
    assert totals["due_on_time"] == sum(row["standing"] == "done_on_time" for row in live)


def test_the_day_before_the_period_stands_beside_the_totals(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 5, 20), last_heard_on=date(2026, 5, 1))
        give(due_on=date(2026, 7, 1))
    with time_machine.travel(at(2026, 6, 10), tick=False):
        report(row, by=home.head, done=True, now=at(2026, 6, 10))
        workflow.confirm(row, by=home.office, now=at(2026, 6, 10))
    scope = scope_of(plan, first=date(2026, 6, 1))
    before = KINDS[ReportKind.PROGRESS].read(scope, NOW)["before"]
    assert before["as_of"] == "2026-05-31"
    assert (before["totals"]["done"], before["totals"]["overdue"]) == (0, 1)
    words = " ".join(words_of(paper_of(scope, NOW)))
    assert "hoàn thành tăng 1, từ 0/2 (0,0%) lên 1/2 (50,0%)" in words
    assert "quá hạn chưa hoàn thành giảm 1, từ 1 xuống 0" in words


def test_before_there_was_any_work_nothing_is_compared(plan, give):
    give()
    assert build(plan)["before"] == {}
    assert "Kỳ trước chưa có số liệu" in " ".join(words_of(paper_of(scope_of(plan), NOW)))


def test_the_report_has_all_sections_in_their_order(plan, home, mixed):
    workflow.ask_extension(
        mixed.doing, by=home.head, now=NOW, reason="Chờ", proposed_due_on=date(2026, 9, 1)
    )
    paper = paper_of(scope_of(plan), NOW)
    heads = [block.text.split(".")[0] for block in paper.body if getattr(block, "level", 0) == 1]
    assert heads == ["I", "II", "III", "IV", "V", "VI"]
    assert [(part.number, part.title) for part in paper.appendices] == [
        ("I", "TIẾN ĐỘ TỪNG NHIỆM VỤ"),
        ("II", "KẾT QUẢ THEO CƠ QUAN"),
        ("III", "GIA HẠN THỜI HẠN THỰC HIỆN"),
    ]
    assert paper.body[-1].text.endswith("xem xét, chỉ đạo./.")


def test_proposals_of_people_stand_instead_of_those_of_the_figures(plan, mixed):
    assert "khẩn trương thực hiện" in " ".join(words_of(paper_of(scope_of(plan), NOW)))
    words = words_of(
        paper_of(scope_of(plan), NOW, texts={"proposals": "Bổ sung kinh phí.\n\nHai."})
    )
    assert "1. Bổ sung kinh phí." in words
    assert "2. Hai." in words
    assert "khẩn trương thực hiện" not in " ".join(words)


def test_a_task_of_many_agencies_is_named_once_with_a_line_for_each(plan, home, give):
    task = make_task(plan=plan, lead_agency=home.agency, name="Niêm yết", product="Danh sách")
    for label in ("Quý I/2026", "Quý II/2026"):
        give(task=task, period_label=label, due_on=date(2026, 12, 1))
    table = next(one for one in paper_of(scope_of(plan), NOW).tables() if one.name == "Nhiệm vụ")
    kinds = [row.kind for row in table.rows if row.kind != RowKind.GROUP]
    assert kinds == [RowKind.SHARED, RowKind.PART, RowKind.PART]
    words = words_of(paper_of(scope_of(plan), NOW))
    assert words.count("Niêm yết") == 1
    assert "- Quý I/2026" in words


def test_agencies_without_a_plan_of_their_own_are_named_once_the_portal_knows_of_some(
    plan, home, give
):
    give()
    give(agency=home.monitor)
    assert build(plan)["sub_plans"]["made"] == []
    make_plan(
        province=home.province,
        parent=plan,
        issuer="Sở Tài chính",
        number="5/KH-STC",
        issued_on=date(2026, 4, 20),
        status=PlanStatus.ACTIVE,
    )
    told = build(plan)["sub_plans"]
    assert told["made"] == [
        {"agency": "Sở Tài chính", "plan": "Kế hoạch số 5/KH-STC ngày 20/4/2026"}
    ]
    assert told["missing"] == ["Sở Nội vụ"]
    words = " ".join(words_of(paper_of(scope_of(plan), NOW)))
    assert "Có 1/2 (50,0%) cơ quan chủ trì đã ban hành kế hoạch triển khai." in words


@pytest.mark.parametrize("issuer", ["STC", "sở tài chính", "Sở Tài chính tỉnh"])
def test_a_plan_of_an_agency_is_known_by_any_of_its_names(plan, home, give, issuer):
    give()
    home.agency.code = "STC"
    save_agency(home.agency, aliases=["Sở Tài chính tỉnh"])
    make_plan(
        province=home.province,
        parent=plan,
        issuer=issuer,
        issued_on=date(2026, 4, 20),
        status=PlanStatus.ACTIVE,
    )
    assert build(plan)["sub_plans"]["missing"] == []


def test_proposals_go_to_the_issuer_and_the_monitors_own_turn_is_none(plan, mixed):
    proposed = KINDS[ReportKind.PROGRESS].suggest({"figures": build(plan)})
    assert [line.split(" chỉ đạo ")[0] for line in proposed["proposals"]][0] == (
        "Đề nghị UBND tỉnh Lào Cai"
    )
    assert "xác nhận" not in " ".join(proposed["proposals"])
    assert "Rà soát, xác nhận 1 phần việc nêu tại mục IV." in proposed["tasks_ahead"]


def test_targets_are_judged_by_what_was_published_by_the_day(plan, home, give):
    give()
    Target.objects.create(
        plan=plan,
        position=1,
        text="Đạt từ 42 điểm",
        metric="score",
        operator=">=",
        value=42,
        year=2025,
    )
    Target.objects.create(plan=plan, position=2, text="Dân hài lòng hơn")
    make_score(edition=make_edition(year=2024), province=home.province)
    edition = make_edition(year=2025, published_on=date(2026, 6, 10))
    make_score(edition=edition, province=home.province, value="43.25")
    late, early = build(plan)["targets"], build_early(plan, home)["targets"]
    assert [line["told"] for line in late] == ["Đạt", "Chưa đánh giá được"]
    assert "43,25 điểm" in late[0]["because"]
    assert "không ghi thành số" in late[1]["because"]
    assert early[0]["told"] == "Chưa đánh giá được"


def build_early(plan, home):
    """Of the day before the edition came out."""
    with time_machine.travel(at(2026, 6, 8), tick=False):
        task = make_task(plan=plan, lead_agency=home.agency)
        make_assignment(agency=home.agency, plan=plan, task=task)
    return build(plan, date(2026, 6, 9))


def test_scores_are_told_over_the_years_without_joining_structures(plan, home, give):
    give()
    for year, structure, value in ((2019, "a", "44.5"), (2020, "b", "42.9"), (2021, "b", "43.4")):
        edition = make_edition(year=year, structure=structure)
        make_score(edition=edition, province=home.province, value=value)
    paper = paper_of(scope_of(plan), NOW)
    table = next(one for one in paper.tables() if one.name == "Điểm qua các năm")
    assert [[cell.text for cell in row.cells][:3] for row in table.rows] == [
        ["2019", "44,50", "–"],
        ["2020", "42,90", "cấu trúc đã đổi"],
        ["2021", "43,40", "+0,50"],
    ]
    picture = [block for block in paper.body if hasattr(block, "svg")][1]
    # One piece of line within the second structure, none across.
    assert picture.svg.count('class="c-line') == 1
    assert "Nguồn:" in " ".join(words_of(paper))


def test_an_edition_published_later_is_not_told(plan, home, give):
    give()
    make_score(edition=make_edition(year=2024), province=home.province)
    late = make_edition(year=2025, published_on=date(2026, 6, 20))
    make_score(edition=late, province=home.province)
    assert build(plan)["scores"]["years"] == [2024]


def test_a_province_made_of_others_shows_their_scores_apart(plan, home, give):
    give()
    old = [
        make_province(name=name, code=code) for name, code in (("Yên Bái", "15"), ("Bảo Hà", "16"))
    ]
    merger = Succession.objects.create(
        kind=SuccessionKind.MERGE, happened_on=date(2025, 7, 1), ground="Nghị quyết"
    )
    merger.old_provinces.set(old)
    merger.new_provinces.set([home.province])
    for province in old:
        make_score(edition=make_edition(year=2024), province=province)
    scores = build(plan)["scores"]
    assert not scores["is_own"]
    assert {one["name"] for one in scores["series"]} == {"Yên Bái", "Bảo Hà"}
    words = " ".join(words_of(paper_of(scope_of(plan), NOW)))
    assert "2 tỉnh trước hợp nhất" in words
