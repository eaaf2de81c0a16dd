"""Rows for tests: keyword-only, valid by default, no hidden second world."""

from datetime import date, datetime, timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone

from agencies.models import Agency, AgencyGroup, Membership, Province, User
from agencies.services import save_agency
from agencies.states import AgencyKind, ProvinceKind, Role
from indicators.models import Component, Edition, EditionComponent, Index, Release, Score
from indicators.states import Level
from plans import readings, workflow
from plans.models import Assignment, Plan, Reading, Task
from plans.states import DeadlineKind, PlanKind, PlanStatus, ReadingState, Status

PASSWORD = "mat-khau-thu-nghiem-1"
_numbers = count(1)

DIMENSION_NAMES = (
    "Tham gia của người dân ở cấp cơ sở",
    "Công khai, minh bạch trong việc ra quyết định ở địa phương",
    "Trách nhiệm giải trình với người dân",
    "Kiểm soát tham nhũng trong khu vực công",
    "Thủ tục hành chính công",
    "Cung ứng dịch vụ công",
    "Quản trị môi trường",
    "Quản trị điện tử",
)


def make_province(*, name="Lào Cai", code="10", **fields):
    row, _ = Province.objects.get_or_create(
        code=code, name=name, kind=fields.pop("kind", ProvinceKind.PROVINCE), defaults=fields
    )
    return row


def make_agency(*, name=None, province=None, kind=AgencyKind.DEPARTMENT, aliases=(), **fields):
    name = name or f"Sở Thử nghiệm {next(_numbers)}"
    agency = Agency(province=province or make_province(), name=name, kind=kind, **fields)
    return save_agency(agency, aliases=aliases)


def make_group(*, members, name="các sở, ban, ngành", province=None, **fields):
    group = AgencyGroup.objects.create(
        province=province or members[0].province, name=name, **fields
    )
    group.members.set(members)
    return group


def make_user(*, email=None, full_name="Nguyễn Thị Thử", **fields):
    email = email or f"nguoi{next(_numbers)}@example.vn"
    return User.objects.create_user(email, PASSWORD, full_name=full_name, **fields)


def make_post(*, role=Role.HEAD, agency=None, user=None, starts_on=date(2020, 1, 1), **fields):
    """A user in a post; returns the Membership."""
    return Membership.objects.create(
        user=user or make_user(),
        agency=agency or make_agency(),
        role=role,
        starts_on=starts_on,
        **fields,
    )


def make_papi():
    row, _ = Index.objects.get_or_create(code="PAPI", defaults={"name": "Chỉ số PAPI"})
    return row


def make_dimension(number=1):
    row, _ = Component.objects.get_or_create(
        index=make_papi(),
        stable_key=f"D{number}",
        defaults={
            "level": Level.DIMENSION,
            "name": DIMENSION_NAMES[number - 1],
            "position": number,
        },
    )
    return row


def make_edition(*, year=2020, index=None, structure="2020", components=(), **fields):
    """An edition with its composite and `components`, each printed under its stable key."""
    index = index or make_papi()
    values = {"score_min": 8, "score_max": 80, "published_on": date(year + 1, 4, 14), **fields}
    edition, _ = Edition.objects.get_or_create(
        index=index, year=year, defaults={"structure": structure, **values}
    )
    whole, _ = Component.objects.get_or_create(
        index=index, stable_key="PAPI8", defaults={"level": Level.COMPOSITE, "name": "Tổng"}
    )
    for component in (whole, *components):
        EditionComponent.objects.get_or_create(
            edition=edition,
            component=component,
            defaults={
                "code": component.stable_key,
                "name": component.name,
                "score_min": edition.score_min if component == whole else 1,
                "score_max": edition.score_max if component == whole else 10,
            },
        )
    return edition


def make_release(*, index=None, **fields):
    values = {
        "source": "Báo cáo thử",
        "file_name": "diem.csv",
        "sha256": "0" * 64,
        "imported_at": timezone.now(),
        "score_count": 1,
        **fields,
    }
    return Release.objects.create(index=index or make_papi(), **values)


def make_score(*, edition=None, component=None, province=None, release=None, **fields):
    """A score of the whole index in a release of its own."""
    edition = edition or make_edition()
    component = component or edition.components.get(component__level=Level.COMPOSITE).component
    return Score.objects.create(
        release=release or make_release(index=edition.index),
        edition=edition,
        component=component,
        province=province or make_province(),
        **{"value": "41.5", **fields},
    )


def make_plan(*, province=None, **fields):
    """A draft plan of this year; `status=PlanStatus.ACTIVE` for one that was given out."""
    today = timezone.localdate()
    values = {
        "kind": PlanKind.PLAN,
        "number": f"{next(_numbers)}/KH-UBND",
        "issued_on": date(today.year, 1, 15),
        "year": today.year,
        "title": "Cải thiện chỉ số PAPI",
        "issuer": "UBND tỉnh Lào Cai",
        "period_start": date(today.year, 1, 1),
        "period_end": date(today.year, 12, 31),
        **fields,
    }
    if values.get("status") == PlanStatus.ACTIVE:
        values.setdefault("activated_on", values["period_start"])
    plan = Plan.objects.create(province=province or make_province(), **values)
    plan.indices.add(make_papi())
    return plan


def make_task(*, plan=None, dimension=None, supporters=(), **fields):
    """A task that lacks nothing: one lead, one dimension, one date."""
    plan = plan or make_plan()
    dimension = dimension or make_dimension()
    values = {
        "position": plan.tasks.count() + 1,
        "name": f"Nhiệm vụ thử nghiệm {next(_numbers)}",
        "deadline_text": "30/6",
        "deadline_kind": DeadlineKind.DATE,
        "due_on": date(plan.year, 6, 30),
        "primary_component": dimension,
        **fields,
    }
    if "lead_agency" not in values and "lead_group" not in values:
        values["lead_agency"] = make_agency(province=plan.province)
    task = Task.objects.create(plan=plan, **values)
    task.components.add(dimension)
    task.supporters.set(supporters)
    return task


def make_assignment(*, agency=None, plan=None, task=None, due_on=None, **fields):
    """An assignment of an active plan, not started; `due_on=None` is due in ten days."""
    agency = agency or make_agency(province=plan.province if plan else None)
    plan = (
        plan
        or (task.plan if task else None)
        or make_plan(province=agency.province, status=PlanStatus.ACTIVE)
    )
    due_on = due_on or timezone.localdate() + timedelta(days=10)
    task = task or make_task(plan=plan, lead_agency=agency, due_on=due_on)
    values = {
        "first_due_on": due_on,
        "due_on": due_on,
        "last_heard_on": timezone.localdate(),
        **fields,
    }
    if values.get("status") == Status.DONE:
        values.setdefault("done_on", timezone.localdate())
        values["percent_done"] = 100
    return Assignment.objects.create(
        task=task,
        plan=plan,
        province=plan.province,
        agency=agency,
        primary_component=task.primary_component,
        **values,
    )


def make_reading(draft, *, by, **fields):
    """A document that was read into `draft`, by the same road as the worker's; `by` is a post."""
    now = timezone.now()
    values = {"text": "Văn bản", "province": by.agency.province, **fields}
    reading = Reading.objects.create(
        requested_by=by.user,
        requested_at=now,
        state=ReadingState.RUNNING,
        lease_until=now + readings.LEASE,
        **values,
    )
    readings.finish(reading, draft, now=now)
    return Reading.objects.get(pk=reading.pk)


def report(assignment, *, by, percent=50, done=False, text="Đã làm.", evidence=(), now=None):
    """Let the agency report, by the same road as the page."""
    new = workflow.NewReport(100 if done else percent, done, text, evidence)
    return workflow.report_progress(
        assignment,
        new,
        by=by,
        version=Assignment.objects.get(pk=assignment.pk).version,
        now=now or timezone.now(),
    )


def at(year, month, day, hour=8, minute=0):
    """A moment in Việt Nam."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())


def token():
    return str(uuid4())
