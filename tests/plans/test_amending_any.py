"""Whatever a document changes, the work is what giving out the amended plan anew would ask for."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans import amending, services, workflow
from plans.models import Assignment, Event, Plan
from plans.services import assignments_of, leads_of, members_of_lead_groups
from plans.states import EventKind, Status
from tests.factories import at, make_agency, make_dimension, make_group, make_plan, report
from tests.plans.amendments import NOW, TODAY, add, apply, drop, edit, start

pytestmark = pytest.mark.django_db

LEADS = ("Sở Một", "Sở Hai", "Sở Ba", "các sở")
# No period of these ends before the day of the document, but for the quarters.
DEADLINES = ("31/10/2026", "30/11/2026", "thường xuyên", "hằng quý", "năm 2026")
rows = st.fixed_dictionaries(
    {"lead": st.sampled_from(LEADS), "deadline": st.sampled_from(DEADLINES)}
)
edits = st.one_of(
    st.none(),
    st.just("stop"),
    st.fixed_dictionaries(
        {},
        optional={
            "lead": st.sampled_from(LEADS),
            "deadline": st.sampled_from(DEADLINES),
            "name": st.just("Tên mới"),
            "product": st.just("Báo cáo"),
        },
    ),
)
# What was done by each of the first pieces of work before the document came.
progress = st.lists(st.sampled_from(["", "half", "done", "waiting"]), max_size=6)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    tasks=st.lists(st.tuples(rows, edits), min_size=1, max_size=4),
    added=st.lists(rows, max_size=2),
    done=progress,
)
def test_after_any_amendment_the_work_is_that_of_the_amended_plan(office, tasks, added, done):
    with transaction.atomic():
        _check(office, tasks, added, done)
        transaction.set_rollback(True)


def _check(office, tasks, added, done):
    plan = _plan(office)
    made = [(add(plan, row["lead"], deadline=row["deadline"]), change) for row, change in tasks]
    given_out = services.activate(plan, by=None, today=date(2026, 1, 20), now=at(2026, 1, 20))
    for work, how_far in zip(given_out, done, strict=False):
        _progress(work, how_far, office)
    before = {work.pk: work for work in Assignment.objects.all()}

    amendment = start(plan, office)
    for task, change in made:
        if change == "stop":
            drop(amendment, task)
        elif change:
            edit(amendment, task, **change)
    for row in added:
        add(amendment, row["lead"], deadline=row["deadline"])
    apply(amendment, office)

    plan = Plan.objects.get(pk=plan.pk)
    _assert_work_is_what_the_plan_asks(plan, amendment, before)
    _assert_dates_moved_by_the_document_alone(amendment, before)
    assert amending.compare(start(plan, office, number="300/QĐ-UBND"), TODAY).is_empty


def _plan(office):
    province = office.agency.province
    for number in (1, 2):
        make_dimension(number)
    agencies = [make_agency(province=province, name=name) for name in LEADS[:3]]
    make_group(members=agencies, name="các sở")
    return make_plan(
        province=province,
        number="20/KH-UBND",
        issued_on=date(2026, 1, 15),
        year=2026,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )


def _progress(work, how_far, office):
    if how_far == "half":
        report(work, by=office.user, percent=50, now=NOW)
    elif how_far:
        report(work, by=office.user, done=True, now=NOW)
        if how_far == "done":
            workflow.confirm(work, by=office.user, now=NOW)


def _assert_work_is_what_the_plan_asks(plan, amendment, before):
    """Open and asked work agree, but for done work and periods over when the document came."""
    members = members_of_lead_groups(plan)
    asked = {
        (task.pk, agency.pk, work.period_label): work.due_on
        for task in plan.tasks.filter(stopped_by__isnull=True).select_related("lead_agency")
        for agency in leads_of(task, members)
        for work in assignments_of(plan, task, agency, TODAY)
    }
    live = {
        (work.task_id, work.agency_id, work.period_label): work
        for work in Assignment.objects.exclude(status=Status.CANCELLED)
    }
    for key, due_on in asked.items():
        if _is_over(key, due_on, amendment):
            continue
        assert key in live, f"{key} is asked for and not given out"
        if live[key].status != Status.DONE:
            assert live[key].due_on == due_on
    for key, work in live.items():
        is_kept = work.status == Status.DONE or _is_over(key, work.due_on, amendment)
        assert key in asked or (is_kept and work.pk in before), f"{key} is asked for by nobody"


def _is_over(key, due_on, amendment):
    return bool(key[2]) and due_on is not None and due_on < amendment.issued_on


def _assert_dates_moved_by_the_document_alone(amendment, before):
    for work in Assignment.objects.filter(pk__in=before):
        old = before[work.pk]
        assert work.first_due_on == old.first_due_on
        assert work.percent_done == old.percent_done
        named = Event.objects.filter(assignment=work, document=amendment)
        assert (work.due_on != old.due_on) <= named.filter(kind=EventKind.AMENDED).exists()
        assert (work.status != old.status) <= named.filter(kind=EventKind.CANCEL).exists()
