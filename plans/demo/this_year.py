"""One invented plan in full swing: 96 tasks of today's Lào Cai in every state there is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from agencies.services import Directory
from indicators.models import Index
from indicators.states import ScoreGroup
from plans import services
from plans.demo.accounts import load_heads
from plans.demo.clock import Clock, history_by
from plans.demo.days import Calendar, moment
from plans.demo.rows import add_tasks, province_of, read_rows
from plans.demo.scene import Scene
from plans.demo.stories import STORIES
from plans.models import Assignment, Plan, Target, Task
from plans.states import Metric, Operator, PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVINCE_CODE = "15"
NUMBER = "999/KH-UBND"


@transaction.atomic
def load_this_year(people: Mapping[str, User], today: date) -> Plan | None:
    """Add the invented plan and play what happened in it; None if it is there already."""
    calendar = Calendar.around(today)
    province = province_of(PROVINCE_CODE, today)
    if Plan.objects.filter(province=province, is_illustrative=True).exists():
        return None

    clock = Clock(now=moment(calendar.issued_on, 8), by=people["van-phong"])
    with history_by(clock):
        rows = read_rows("tasks_this_year.csv")
        plan = _make_plan(calendar, province.pk, people["van-phong"])
        tasks = add_tasks(plan, [_cells(row, calendar) for row in rows])
        made = services.activate(
            plan, by=people["van-phong"], today=calendar.issued_on, now=clock.now
        )
        stories = {task.pk: row["story"] for task, row in zip(tasks, rows, strict=True)}
        _play(made, stories, people, calendar, clock)
    Plan.objects.filter(pk=plan.pk).update(
        created_at=moment(calendar.issued_on, 8), updated_at=moment(calendar.issued_on, 8)
    )
    return plan


def _make_plan(calendar: Calendar, province_id: int, office: User) -> Plan:
    papi = Index.objects.get(code="PAPI")
    last_year = calendar.period_end.year
    plan = Plan(
        province_id=province_id,
        kind=PlanKind.PLAN,
        number=NUMBER,
        issued_on=calendar.issued_on,
        year=calendar.issued_on.year,
        title=_("Nâng cao Chỉ số PAPI của tỉnh Lào Cai %(period)s (minh họa)")
        % {"period": calendar.period_words},
        issuer="UBND tỉnh Lào Cai",
        signer_title=_("Phó Chủ tịch"),
        period_start=calendar.period_start,
        period_end=calendar.period_end,
        monitor=Directory(province_id, calendar.issued_on).find("Sở Nội vụ").agency,
        baseline=_("Số liệu bịa để làm quen với cổng, không phải văn bản thật."),
        is_illustrative=True,
        created_by=office,
    )
    targets = [
        Target(
            text=_("Chỉ số PAPI năm %(year)s thuộc nhóm trung bình cao trở lên")
            % {"year": last_year},
            index=papi,
            metric=Metric.GROUP,
            operator=Operator.AT_LEAST,
            group=ScoreGroup.UPPER_MIDDLE,
            year=last_year,
        ),
        Target(
            text=_("Tăng ít nhất 03 bậc so với năm %(year)s") % {"year": last_year - 1},
            index=papi,
            metric=Metric.RANK_UP,
            operator=Operator.AT_LEAST,
            value=3,
            year=last_year,
            baseline_year=last_year - 1,
        ),
    ]
    return services.save_plan(plan, targets=targets, indices=[papi], version=None)


def _cells(row: Mapping[str, str], calendar: Calendar) -> dict[str, str]:
    """A row as somebody would have typed it into the grid."""
    cells = {name: row[name] for name in ("number", "dimensions", "lead", "supporters")}
    return {
        **cells,
        "name": row["name"],
        "product": row["product"],
        "deadline": calendar.written(row["when"]),
        "needs_evidence": "1",
    }


def _play(
    made: list[Assignment],
    stories: Mapping[int, str],
    people: Mapping[str, User],
    calendar: Calendar,
    clock: Clock,
) -> None:
    agencies = Agency.objects.in_bulk({assignment.agency_id for assignment in made})
    heads = load_heads(list(agencies.values()))
    tasks = Task.objects.in_bulk(list(stories))
    for number, assignment in enumerate(made):
        assignment.agency = agencies[assignment.agency_id]
        assignment.task = tasks[assignment.task_id]
        scene = Scene(
            assignment=assignment,
            today=calendar.today,
            begin=max(calendar.issued_on, assignment.starts_on or calendar.issued_on),
            number=number,
            head=heads[assignment.agency_id],
            office=people["van-phong"],
            leader=people["lanh-dao"],
            clock=clock,
        )
        STORIES[stories[assignment.task_id]](scene)
