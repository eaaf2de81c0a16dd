"""The report of one agency: its own work over all plans, what it supports, who it is sent to."""

from datetime import date

import pytest
import time_machine

from agencies.states import AgencyKind
from plans import workflow
from plans.reports import periods
from plans.reports.content import ContentError
from plans.reports.kinds import KINDS
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import PlanStatus, Status
from tests.factories import at, make_agency, make_assignment, make_plan, make_task, report
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import paper_of, words_of

pytestmark = pytest.mark.django_db


def scope_of(agency, *, first=date(2026, 6, 1), as_of=TODAY):
    period = periods.custom(first, as_of)
    return Scope(ReportKind.AGENCY, agency.province, period, None, (agency,))


def read(agency, **parts):
    return KINDS[ReportKind.AGENCY].read(scope_of(agency, **parts), NOW)


@pytest.fixture
def second_plan(home):
    return make_plan(
        province=home.province,
        number="20/KH-UBND",
        status=PlanStatus.ACTIVE,
        activated_on=date(2026, 2, 1),
    )


def test_only_its_own_work_is_counted_over_all_plans(home, give, second_plan):
    give(due_on=date(2026, 5, 1))
    give(agency=home.monitor)
    task = make_task(plan=second_plan, lead_agency=home.agency)
    make_assignment(task=task, agency=home.agency, status=Status.DONE)
    figures = read(home.agency)
    assert figures["totals"]["assigned"] == 2
    assert [(line["assigned"], line["done"]) for line in figures["plans"]] == [(1, 0), (1, 1)]
    assert len(figures["overdue"]["rows"]) == 1


def test_what_it_supports_is_listed_and_not_counted(plan, home, give):
    give()
    task = make_task(plan=plan, lead_agency=home.monitor, supporters=[home.agency], name="Hỗ trợ")
    give(task=task, agency=home.monitor, status=Status.DONE, done_on=date(2026, 6, 1))
    give(agency=home.monitor, name="Việc không liên quan")
    figures = read(home.agency)
    assert figures["totals"]["assigned"] == 1
    assert [(line["name"], line["done"]) for line in figures["supported"]] == [("Hỗ trợ", 1)]
    words = " ".join(words_of(paper_of(scope_of(home.agency), NOW)))
    assert "phối hợp thực hiện 1 nhiệm vụ" in words
    assert "Việc không liên quan" not in words


def test_it_is_signed_by_its_head_and_sent_to_the_monitor(home, give):
    give()
    paper = paper_of(scope_of(home.agency), NOW)
    assert paper.head.issuer == ("SỞ TÀI CHÍNH",)
    assert paper.foot.signer == ("GIÁM ĐỐC",)
    assert paper.addressees == ("Sở Nội vụ",)


def test_the_monitor_itself_reports_to_the_committee(home, give):
    give(agency=home.monitor)
    assert paper_of(scope_of(home.monitor), NOW).addressees == ("Ủy ban nhân dân tỉnh Lào Cai",)


def test_what_the_monitor_returned_in_the_period_is_told(home, give):
    row = give(due_on=date(2026, 6, 20))
    with time_machine.travel(at(2026, 5, 20), tick=False):
        report(row, by=home.head, done=True, now=at(2026, 5, 20))
        workflow.send_back(
            row, by=home.office, now=at(2026, 5, 20), reason="Thiếu biên bản lần một"
        )
    with time_machine.travel(at(2026, 6, 10), tick=False):
        report(row, by=home.head, done=True, now=at(2026, 6, 10))
        workflow.send_back(
            row, by=home.office, now=at(2026, 6, 10), reason="Thiếu biên bản lần hai"
        )
    remarks = read(home.agency)["remarks"]
    assert [(one["day"], one["kind"], one["text"]) for one in remarks] == [
        ("2026-06-10", "Trả lại", "Thiếu biên bản lần hai")
    ]


def test_a_plan_that_ended_before_the_period_is_not_told(home, give, plan, second_plan):
    give()
    task = make_task(plan=second_plan, lead_agency=home.agency)
    make_assignment(task=task, agency=home.agency)
    second_plan.status = PlanStatus.CLOSED
    second_plan.ended_on = date(2026, 5, 31)
    second_plan.save()
    assert len(read(home.agency)["plans"]) == 1
    assert len(read(home.agency, first=date(2026, 5, 31))["plans"]) == 2


def test_a_body_that_is_only_asked_reports_without_being_late(home, mixed):
    figures = read(mixed.front)
    assert figures["is_requested"]
    assert figures["overdue"]["rows"] == []
    paper = paper_of(scope_of(mixed.front), NOW)
    words = " ".join(words_of(paper))
    assert "được đề nghị phối hợp thực hiện 2 phần việc" in words
    assert "uá hạn" not in words
    heads = [block.text for block in paper.body if getattr(block, "level", 0) == 1]
    assert heads == ["I. KẾT QUẢ THỰC HIỆN", "II. ĐỀ XUẤT, KIẾN NGHỊ"]
    assert KINDS[ReportKind.AGENCY].suggest({"figures": figures}) == {}


def test_an_agency_without_work_is_told_so(home, give):
    give()
    idle = make_agency(name="Sở Ngoại vụ", province=home.province, kind=AgencyKind.DEPARTMENT)
    with pytest.raises(ContentError, match="Sở Ngoại vụ"):
        read(idle)
