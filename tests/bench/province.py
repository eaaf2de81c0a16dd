"""An invented province of 160 agencies, 600 people, 20 plans and 20,000 assignments.

The same random numbers every time, placed around the day of measuring.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, AgencyGroup, Membership, Province, User
from agencies.states import AgencyKind, ProvinceKind, Role
from indicators.models import Component, Index
from papi_portal import text
from plans.models import Assignment, Plan, Task
from plans.states import DeadlineKind, PlanKind, PlanStatus, Recurrence, Status

DEPARTMENTS = 60
COMMUNES = 100
# Leaders, office staff and officers; with a head for each agency these are 600 people.
LEADERS, OFFICE, OFFICERS = 5, 15, 420
PLANS = 20
# Of one plan: how many tasks of which kind. 100 tasks make 1,000 assignments.
SHAPE = {"single": 70, "quarterly": 15, "departments": 12, "communes": 1, "some": 2}
GROUPS = {"departments": DEPARTMENTS, "communes": COMMUNES, "some": 25}
WORDS = (
    *("rà soát", "công khai", "hướng dẫn", "niêm yết", "đối thoại", "kiểm tra", "tập huấn"),
    *("danh sách hộ nghèo", "thu chi ngân sách xã", "quy hoạch đất đai", "thủ tục cấp giấy phép"),
    *("dịch vụ công trực tuyến", "tiếp công dân", "chất lượng khám chữa bệnh", "thu gom rác thải"),
)


@dataclass(frozen=True)
class World:
    """The province and one person of each kind."""

    province: Province
    departments: list[Agency]
    communes: list[Agency]
    heads: dict[int, User]
    office: User
    leader: User
    plans: list[Plan]

    @property
    def head(self) -> User:
        """The head of a department with work of every kind."""
        return self.heads[self.departments[10].pk]


@transaction.atomic
def settle(today: date) -> World:
    """The province with its agencies and people, before it has any plan."""
    province = Province.objects.create(code="00", name="Đo Đạc", kind=ProvinceKind.PROVINCE)
    departments = _agencies(province, "Sở Chuyên ngành", DEPARTMENTS, AgencyKind.DEPARTMENT)
    communes = _agencies(province, "UBND xã Bản", COMMUNES, AgencyKind.COMMUNE)
    heads, office, leader = _people(departments, communes, today)
    return World(province, departments, communes, heads, office, leader, [])


@transaction.atomic
def plan(world: World, today: date) -> None:
    """Give it its plans; some seconds."""
    chance = random.Random(20_000)
    for number in range(1, PLANS + 1):
        world.plans.append(add_plan(world, number, SHAPE, today, chance))


def add_plan(
    world: World, number: int, shape: dict[str, int], today: date, chance: random.Random
) -> Plan:
    """An active plan with its tasks and assignments in the states that its dates suggest."""
    begin = today - timedelta(days=60 + 35 * (number % 20))
    plan = Plan.objects.create(
        province=world.province,
        kind=PlanKind.PLAN,
        number=f"{number}/KH-UBND",
        issued_on=begin,
        year=begin.year,
        title=f"Nâng cao Chỉ số PAPI của tỉnh, đợt {number}",
        issuer="UBND tỉnh Đo Đạc",
        period_start=begin,
        period_end=max(begin, today) + timedelta(days=365),
        monitor=world.departments[0],
        status=PlanStatus.ACTIVE,
        activated_on=begin,
        created_by=world.office,
    )
    plan.indices.set(Index.objects.filter(code="PAPI"))
    tasks = _tasks(world, plan, shape, today, chance)
    rows = [row for task, kind in tasks for row in _assignments(world, task, kind, today, chance)]
    Assignment.objects.bulk_create(rows)
    return plan


def _agencies(province: Province, name: str, count: int, kind: AgencyKind) -> list[Agency]:
    names = [f"{name} {number}" for number in range(1, count + 1)]
    rows = [
        Agency(
            province=province,
            name=each,
            kind=kind,
            sort_text=text.sort_key(each),
            search_text=text.agency_keys(each, ""),
            # A few are only asked, as the Front and the courts are.
            is_requested=kind == AgencyKind.DEPARTMENT and place % 20 == 19,
        )
        for place, each in enumerate(names)
    ]
    return Agency.objects.bulk_create(rows)


def _people(
    departments: list[Agency], communes: list[Agency], today: date
) -> tuple[dict[int, User], User, User]:
    agencies = [*departments, *communes]
    posts = [(Role.HEAD, agency) for agency in agencies]
    posts += [(Role.OFFICER, agencies[n % len(agencies)]) for n in range(OFFICERS)]
    posts += [(Role.OFFICE, departments[0])] * OFFICE + [(Role.LEADER, departments[1])] * LEADERS
    users = User.objects.bulk_create(
        User(email=f"nguoi-{n}@do-dac.example", full_name=f"Nguyễn Văn Số {n}", password="!")
        for n in range(len(posts))
    )
    since = today - timedelta(days=900)
    made = Membership.objects.bulk_create(
        Membership(user=user, agency=agency, role=role, title="Chức vụ", starts_on=since)
        for user, (role, agency) in zip(users, posts, strict=True)
    )
    heads = {post.agency_id: post.user for post in made if post.role == Role.HEAD}
    return heads, users[-LEADERS - 1], users[-1]


def _tasks(
    world: World, plan: Plan, shape: dict[str, int], today: date, chance: random.Random
) -> list[tuple[Task, str]]:
    dimensions = list(Component.objects.dimensions())
    kinds = [kind for kind, count in shape.items() for _ in range(count)]
    rows = []
    for position, kind in enumerate(kinds, start=1):
        due_on = _due_on(plan, today, chance)
        deadline = DeadlineKind.CONTINUOUS if due_on is None else DeadlineKind.DATE
        if kind == "quarterly":
            deadline, due_on = DeadlineKind.RECURRING, None
        row = Task(
            plan=plan,
            position=position,
            number_in_plan=str(position),
            name=f"{', '.join(chance.sample(WORDS, 4))} ({plan.number}, {position})".capitalize(),
            product="Báo cáo kết quả",
            primary_component=chance.choice(dimensions),
            deadline_text=f"{due_on:%d/%m/%Y}" if due_on else "thường xuyên",
            deadline_kind=deadline,
            recurrence=Recurrence.QUARTERLY if kind == "quarterly" else Recurrence.NEVER,
            due_on=due_on,
        )
        if kind in GROUPS:
            row.lead_group = _group(world, kind)
        else:
            row.lead_agency = chance.choice(world.departments)
        rows.append(row)
    made = Task.objects.bulk_create(rows)
    Task.components.through.objects.bulk_create(
        Task.components.through(task=task, component=task.primary_component) for task in made
    )
    Task.supporters.through.objects.bulk_create(
        Task.supporters.through(task=task, agency=agency)
        for task in made
        if task.lead_agency
        for agency in chance.sample(world.departments, 4)
        if agency != task.lead_agency
    )
    return list(zip(made, kinds, strict=True))


def _group(world: World, kind: str) -> AgencyGroup:
    members = world.communes if kind == "communes" else world.departments
    group, is_new = AgencyGroup.objects.get_or_create(province=world.province, name=f"các {kind}")
    if is_new:
        group.members.set(members[: GROUPS[kind]])
    return group


def _due_on(plan: Plan, today: date, chance: random.Random) -> date | None:
    """Most in the past, some about now, some ahead, one in ten without a date."""
    turn = chance.random()
    if turn < 0.1:
        return None
    if turn < 0.25:
        return today + timedelta(days=chance.randint(-30, 30))
    if turn < 0.4:
        return today + timedelta(days=chance.randint(31, 300))
    return plan.period_start + timedelta(days=chance.randint(20, (today - plan.period_start).days))


def _assignments(
    world: World, task: Task, kind: str, today: date, chance: random.Random
) -> list[Assignment]:
    if kind in GROUPS:
        members = world.communes if kind == "communes" else world.departments
        return [
            _assignment(world, task, agency, task.due_on, "", today, chance)
            for agency in members[: GROUPS[kind]]
        ]
    assert task.lead_agency is not None
    if kind == "single":
        return [_assignment(world, task, task.lead_agency, task.due_on, "", today, chance)]
    first = task.plan.period_start + timedelta(days=45)
    return [
        _assignment(
            world,
            task,
            task.lead_agency,
            first + timedelta(days=91 * n),
            f"Kỳ {n + 1}",
            today,
            chance,
        )
        for n in range(4)
    ]


def _assignment(
    world: World,
    task: Task,
    agency: Agency,
    due_on: date | None,
    label: str,
    today: date,
    chance: random.Random,
) -> Assignment:
    status = _status(due_on, today, chance)
    done_on = None
    if status == Status.DONE:
        late = timedelta(days=chance.choice((-20, -9, -4, -1, 0, 0, 6, 25)))
        done_on = min((due_on or today) + late, today - timedelta(days=1))
    has_reported = status in {Status.IN_PROGRESS, Status.REPORTED, Status.DONE}
    percent = {Status.IN_PROGRESS: chance.randint(5, 95), Status.NOT_STARTED: 0}
    silent_for = chance.choice((3, 12, 25, 40, 60, 80, 110))
    return Assignment(
        task=task,
        plan=task.plan,
        province=world.province,
        agency=agency,
        primary_component=task.primary_component,
        period_label=label,
        first_due_on=due_on,
        due_on=due_on,
        status=status,
        percent_done=percent.get(status, 100) if status != Status.CANCELLED else 0,
        done_on=done_on,
        last_heard_on=done_on or today - timedelta(days=silent_for),
        last_said="Đã có dự thảo, đang lấy ý kiến góp ý." if has_reported else "",
        has_reported=has_reported,
    )


def _status(due_on: date | None, today: date, chance: random.Random) -> Status:
    """Not started, in progress, reported, done or stopped, as likely as the date makes it."""
    weights = (20, 70, 2, 5, 3)
    if due_on is not None:
        days = (due_on - today).days
        if days < -30:
            weights = (1, 3, 1, 91, 4)
        elif days <= 30:
            weights = (15, 35, 8, 40, 2)
        else:
            weights = (42, 42, 3, 12, 1)
    return chance.choices(
        (Status.NOT_STARTED, Status.IN_PROGRESS, Status.REPORTED, Status.DONE, Status.CANCELLED),
        weights,
    )[0]


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
