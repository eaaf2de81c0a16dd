"""A plan with one piece of work in every standing, and the people around it."""

from datetime import date
from types import SimpleNamespace

import pytest
import time_machine

from agencies.states import AgencyKind, Role
from plans.reports import files
from plans.states import DeadlineKind, PlanStatus, Status
from tests.factories import (
    at,
    make_agency,
    make_assignment,
    make_dimension,
    make_plan,
    make_post,
    make_province,
    make_task,
)

TODAY = date(2026, 6, 15)
NOW = at(2026, 6, 15, 9)


def differing_formats(snapshot):
    """Which files of `snapshot` would come out otherwise now."""
    kept = dict(snapshot.files.values_list("format", "sha256"))
    made = files.make_files(snapshot.content)
    return [kind for kind, file in made.items() if kept.get(kind) != file.sha256]


@pytest.fixture
def frozen_clock():
    """Everything happens on 15/6/2026 at nine."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def home(db, frozen_clock):
    """Lào Cai with its office, its leader and an agency; all names of people are users."""
    province = make_province(name="Lào Cai", code="15")
    monitor = make_agency(name="Sở Nội vụ", code="SNV", province=province)
    agency = make_agency(name="Sở Tài chính", province=province)
    committee = make_agency(name="UBND tỉnh", province=province, kind=AgencyKind.COMMITTEE)
    return SimpleNamespace(
        province=province,
        monitor=monitor,
        agency=agency,
        office=make_post(role=Role.OFFICE, agency=monitor).user,
        leader=make_post(role=Role.LEADER, agency=committee).user,
        administrator=make_post(role=Role.ADMINISTRATOR, agency=committee).user,
        head=make_post(role=Role.HEAD, agency=agency).user,
        officer=make_post(role=Role.OFFICER, agency=agency).user,
    )


@pytest.fixture
def stranger(db, frozen_clock):
    """The office of another province."""
    elsewhere = make_agency(
        name="Sở Nội vụ Sơn La", province=make_province(name="Sơn La", code="14")
    )
    return make_post(role=Role.OFFICE, agency=elsewhere).user


@pytest.fixture
def plan(home):
    for number in range(1, 9):
        make_dimension(number)
    return make_plan(
        province=home.province,
        number="149/KH-UBND",
        issued_on=date(2026, 3, 30),
        year=2026,
        title="Cải thiện Chỉ số PAPI",
        issuer="UBND tỉnh Lào Cai",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        activated_on=date(2026, 4, 1),
        status=PlanStatus.ACTIVE,
        monitor=home.monitor,
    )


@pytest.fixture
def give(plan, home):
    """Make an assignment of the plan; keyword arguments are those of the assignment."""

    def make(*, name=None, number=1, due_on=date(2026, 6, 30), agency=None, task=None, **fields):
        agency = agency or home.agency
        task = task or make_task(
            plan=plan,
            dimension=make_dimension(number),
            lead_agency=agency,
            due_on=due_on,
            needs_evidence=False,
            # The same in every test, so that equal figures are printed once.
            name=name or f"Nhiệm vụ số {plan.tasks.count() + 1} của kế hoạch",
        )
        fields.setdefault("last_heard_on", TODAY)
        return make_assignment(agency=agency, plan=plan, task=task, due_on=due_on, **fields)

    return make


@pytest.fixture
def mixed(plan, home, give):
    """One piece of work in every standing; two of a body that is only asked."""
    front = make_agency(
        name="Ủy ban Mặt trận Tổ quốc tỉnh",
        province=home.province,
        kind=AgencyKind.FRONT,
        is_requested=True,
    )
    past, ahead = date(2026, 5, 31), date(2026, 7, 10)
    continuous = make_task(
        plan=plan,
        dimension=make_dimension(8),
        name="Tuyên truyền về Chỉ số PAPI",
        lead_agency=home.monitor,
        deadline_text="Thường xuyên",
        deadline_kind=DeadlineKind.CONTINUOUS,
        due_on=None,
    )
    return SimpleNamespace(
        on_time=give(due_on=past, status=Status.DONE, done_on=date(2026, 5, 30)),
        late=give(number=2, due_on=past, status=Status.DONE, done_on=date(2026, 6, 2)),
        doing=give(number=3, due_on=ahead, status=Status.IN_PROGRESS, percent_done=40),
        not_started=give(number=4, due_on=ahead),
        overdue=give(number=5, due_on=past, name="Công khai quy hoạch"),
        long_overdue=give(number=5, due_on=date(2026, 1, 31), agency=home.monitor),
        waiting=give(number=6, due_on=ahead, status=Status.REPORTED, percent_done=100),
        cancelled=give(number=7, due_on=ahead, status=Status.CANCELLED),
        no_due=give_without_date(continuous, home.monitor),
        requested=give(number=7, due_on=past, agency=front),
        requested_done=give(number=7, due_on=past, agency=front, status=Status.DONE),
        front=front,
    )


def give_without_date(task, agency):
    row = make_assignment(task=task, agency=agency, due_on=TODAY, last_heard_on=date(2026, 1, 2))
    row.due_on = row.first_due_on = None
    row.save(update_fields=["due_on", "first_due_on"])
    return row
