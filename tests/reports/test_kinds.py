"""What holds of every kind of report: pure papers, closed sums, fixed queries, open ends."""

import json
from datetime import date

import pytest

from plans.models import Assignment, Plan, Target
from plans.reports import periods
from plans.reports.content import ContentError, canonical, fingerprint
from plans.reports.kinds import KINDS
from plans.reports.paper import RowKind
from plans.reports.scope import Scope
from plans.reports.states import OF_A_PLAN, ReportKind, Stage
from tests.factories import make_edition, make_score
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import content_of, paper_of, words_of

pytestmark = pytest.mark.django_db

FIRST = date(2026, 6, 1)
EVERY = pytest.mark.parametrize("kind", list(ReportKind))


@pytest.fixture
def scope_of(plan, home):
    def make(kind, *, first=FIRST, as_of=TODAY):
        agencies = (home.agency,) if kind == ReportKind.AGENCY else ()
        period = periods.custom(first, as_of)
        # As a request would: nothing of the plan is known yet.
        fresh = Plan.objects.get(pk=plan.pk) if kind in OF_A_PLAN else None
        return Scope(kind, home.province, period, fresh, agencies)

    return make


def test_every_kind_is_there():
    assert set(KINDS) == set(ReportKind)


def test_equal_content_has_one_text_in_whatever_order_it_was_put_together():
    one, other = {"b": [1, 2], "a": {"d": "ạ", "c": 0}}, {"a": {"c": 0, "d": "ạ"}, "b": [1, 2]}
    assert canonical(one) == canonical(other) == '{"a":{"c":0,"d":"ạ"},"b":[1,2]}'


@EVERY
def test_the_figures_are_plain_data_with_every_label_resolved(kind, scope_of, mixed):
    figures = KINDS[kind].read(scope_of(kind), NOW)
    text = canonical(figures)
    assert json.loads(text) == figures
    assert "__proxy__" not in text
    assert "None" not in text
    assert "_id" not in text
    assert all(words == words.strip() for words in every_text(figures))


def every_text(value):
    """Every text of plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from every_text(part)


@EVERY
def test_the_paper_is_a_function_of_the_content_alone(kind, scope_of, mixed, count_queries, home):
    content = content_of(scope_of(kind), NOW)
    first = KINDS[kind].compose(content)
    home.agency.name = "Sở khác"
    home.agency.save()
    mixed.doing.delete()
    assert count_queries(lambda: KINDS[kind].compose(content)) == 0
    assert KINDS[kind].compose(content) == first
    assert first.seal.fingerprint == fingerprint(canonical(content))


@EVERY
def test_suggestions_belong_to_sections_and_need_no_query(kind, scope_of, mixed, count_queries):
    content = content_of(scope_of(kind), NOW)
    found = {}
    assert count_queries(lambda: found.update(KINDS[kind].suggest(content))) == 0
    assert set(found) <= {section.key for section in KINDS[kind].sections}
    assert all(words and "None" not in words for lines in found.values() for words in lines)


@EVERY
def test_what_people_wrote_is_printed_literally(kind, scope_of, mixed):
    hostile = "<b>{{ 7 }}</b> %(x)s"
    texts = {section.key: f"{hostile} {section.key}" for section in KINDS[kind].sections}
    words = " ".join(words_of(paper_of(scope_of(kind), NOW, texts=texts)))
    for key in texts:
        assert f"{hostile} {key}" in words


@pytest.mark.parametrize(
    ("kind", "tables"), [(ReportKind.PROGRESS, 3), (ReportKind.AGENCY, 1), (ReportKind.PROVINCE, 5)]
)
def test_sums_at_the_foot_of_tables_are_those_of_their_rows(kind, tables, scope_of, mixed):
    closing = [
        table
        for table in paper_of(scope_of(kind), NOW).tables()
        if table.rows[-1].kind == RowKind.SUM and "Cộng" in {c.text for c in table.rows[-1].cells}
    ]
    assert len(closing) == tables
    for table in closing:
        for place, cell in enumerate(table.rows[-1].cells):
            if cell.value is not None:
                parts = [row.cells[place].value for row in table.rows[:-1]]
                assert cell.value == sum(parts), (table.name, table.columns[place].title)


@EVERY
def test_nothing_unresolved_is_printed(kind, scope_of, mixed):
    paper = paper_of(scope_of(kind), NOW)
    words = words_of(paper)
    assert not [line for line in words if "None" in line or "{" in line]
    names = [table.name for table in paper.tables()]
    assert len(names) == len(set(names))


@EVERY
def test_a_draft_has_room_for_number_and_day_and_an_issued_paper_has_them(kind, scope_of, mixed):
    draft = paper_of(scope_of(kind), NOW)
    # The plan was issued long before: its own number stands on what is printed.
    if kind != ReportKind.PLAN:
        assert "DỰ THẢO" in draft.marks
        assert draft.head.number.startswith("Số: \N{NO-BREAK SPACE}")
        assert draft.foot.name == ""
    issue = {"number": "7/BC-SNV", "day": "2026-06-05", "signer": "Trần Văn An"}
    paper = paper_of(scope_of(kind), NOW, stage=Stage.ISSUED, issue=issue)
    assert paper.marks == ()
    assert paper.head.number == "Số: 07/BC-SNV"
    assert paper.head.day == "Lào Cai, ngày 05 tháng 6 năm 2026"
    assert paper.foot.name == "Trần Văn An"
    for appendix in paper.appendices:
        assert "số 07/BC-SNV ngày 05 tháng 6 năm 2026 của" in appendix.of


@EVERY
def test_a_correction_names_what_it_replaces(kind, scope_of, mixed):
    paper = paper_of(scope_of(kind), NOW, supersedes="Báo cáo số 06/BC-SNV ngày 01/6/2026")
    assert "thay thế Báo cáo số 06/BC-SNV ngày 01/6/2026." in paper.notices[0]


@EVERY
def test_an_illustrative_plan_is_marked(kind, scope_of, plan, mixed):
    Plan.objects.filter(pk=plan.pk).update(is_illustrative=True)
    assert "MINH HỌA: SỐ LIỆU KHÔNG CÓ THẬT" in paper_of(scope_of(kind), NOW).marks


@EVERY
def test_reading_takes_as_many_queries_for_ten_tasks_as_for_one(
    kind, scope_of, plan, home, give, count_queries
):
    def read():
        KINDS[kind].read(scope_of(kind), NOW)

    make_score(edition=make_edition(year=2024), province=home.province)
    Target.objects.create(plan=plan, position=1, text="Đạt từ 42 điểm", metric="score", value=42)
    give(due_on=date(2026, 5, 1))
    for_one = count_queries(read)
    for number in range(1, 10):
        give(number=number % 8 + 1, due_on=date(2026, 5, number), agency=home.agency)
        Target.objects.create(plan=plan, position=9, text="Mục tiêu", metric="score", value=41)
    assert count_queries(read) == for_one


@EVERY
def test_a_plan_without_any_work_says_why_there_is_no_report(kind, scope_of, plan):
    with pytest.raises(ContentError) as refused:
        KINDS[kind].read(scope_of(kind), NOW)
    # Of a plan that gave out nothing no other day would help.
    needs_work = kind in OF_A_PLAN - {ReportKind.PLAN}
    reason = "chưa giao việc cho cơ quan nào" if needs_work else "15/6/2026"
    assert reason in refused.value.message


@EVERY
def test_a_period_that_has_not_begun_is_refused(kind, scope_of, mixed):
    scope = scope_of(kind, first=date(2026, 7, 1), as_of=date(2026, 7, 31))
    with pytest.raises(ContentError, match="01/7/2026|1/7/2026"):
        KINDS[kind].read(scope, NOW)


@EVERY
def test_no_body_that_is_only_asked_is_ever_called_late(kind, scope_of, mixed):
    Assignment.objects.filter(pk=mixed.requested.pk).update(due_on=date(2026, 1, 1))
    for table in paper_of(scope_of(kind), NOW).tables():
        if table.name == "Quá hạn":
            cells = [cell.text for row in table.rows for cell in row.cells]
            assert not [text for text in cells if mixed.front.name in text]
