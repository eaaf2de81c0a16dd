"""A plan that replaces another, a plan ended by hand, and work of agencies that are gone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agencies.models import Succession
from agencies.states import SuccessionKind
from plans import carrying, drafting, services, taking_over
from plans.carrying import Choice
from plans.models import Assignment, Event, Plan, Reading
from plans.reader.draft import Draft, Found
from plans.states import EventKind, PlanStatus, Status
from tests.conftest import count_page_queries
from tests.factories import (
    make_agency,
    make_assignment,
    make_plan,
    make_task,
    report,
    token,
)
from tests.plans.test_plan_form import plan_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(office):
    return make_plan(province=office.agency.province, number="20/KH-UBND", status=PlanStatus.ACTIVE)


@pytest.fixture
def new(old):
    plan = make_plan(province=old.province, number="35/KH-UBND", supersedes=old)
    make_task(plan=plan)
    return plan


def give_out(plan, **options):
    now = timezone.now()
    return services.activate(plan, by=None, today=timezone.localdate(now), now=now, **options)


def test_open_work_of_a_replaced_plan_stops_only_with_consent(old, new, head):
    row = make_assignment(plan=old, agency=head.agency)
    with pytest.raises(taking_over.OpenWorkError):
        give_out(new)
    assert Plan.objects.get(pk=new.pk).is_draft
    assert not new.assignments.exists()
    give_out(new, may_stop_rest=True)
    row.refresh_from_db()
    old.refresh_from_db()
    assert (row.status, old.status) == (Status.CANCELLED, PlanStatus.SUPERSEDED)
    stop = row.events.get(kind=EventKind.CANCEL)
    assert stop.document == new
    assert "35/KH-UBND" in stop.text


def test_work_carried_over_into_the_replacing_plan_names_its_new_task(old, new, head):
    done = make_assignment(plan=old, agency=head.agency, status=Status.DONE)
    row = make_assignment(plan=old, agency=head.agency)
    row.task.lead_text, row.task.deadline_text = head.agency.name, "30/12"
    row.task.dimensions_text = "1"
    row.task.save()
    carrying.carry_into(new, old, Choice(0, frozenset({row.task_id})))
    give_out(new)
    stop = row.events.get(kind=EventKind.CANCEL)
    assert "nhiệm vụ 2" in stop.text
    assert Assignment.objects.get(pk=done.pk).status == Status.DONE


def test_the_page_shows_what_ends_and_asks(old, new, head, office_client):
    row = make_assignment(plan=old, agency=head.agency)
    url = f"/ke-hoach/{new.pk}/giao-viec/"
    for answer in (office_client.post(url), office_client.get(url)):
        assert answer.status_code == 200
        assert row.task.name in answer.content.decode()
    assert office_client.post(url, {"asked": "1"}).status_code == 422
    assert Plan.objects.get(pk=new.pk).is_draft
    assert office_client.post(url, {"asked": "1", "agrees": "on"}).url == new.get_absolute_url()
    assert Plan.objects.get(pk=old.pk).status == PlanStatus.SUPERSEDED
    pages = [office_client.get(plan.get_absolute_url()).content.decode() for plan in (old, new)]
    assert new.get_absolute_url() in pages[0]
    assert "Bị thay thế" in pages[0]
    assert old.get_absolute_url() in pages[1]


def test_a_plan_without_such_links_is_given_out_at_once(office, office_client):
    plan = make_plan(province=office.agency.province)
    make_task(plan=plan)
    office_client.post(f"/ke-hoach/{plan.pk}/giao-viec/")
    assert Plan.objects.get(pk=plan.pk).is_active


def test_agencies_of_the_province_still_see_a_replaced_plan(old, head_client):
    Plan.objects.filter(pk=old.pk).update(status=PlanStatus.SUPERSEDED)
    assert head_client.get(old.get_absolute_url()).status_code == 200


def test_parent_and_replaced_plan_are_chosen_on_the_form(office, office_client, old):
    parent = make_plan(
        province=old.province,
        number="9/KH-UBND",
        year=2021,
        status=PlanStatus.CLOSED,
        activated_on=date(2021, 1, 1),
    )
    form = plan_form(old.province, parent=parent.pk, supersedes=old.pk)
    office_client.post("/ke-hoach/them/", form)
    plan = Plan.objects.get(number="149/KH-UBND")
    assert (plan.parent, plan.supersedes) == (parent, old)
    page = office_client.get(parent.get_absolute_url()).content.decode()
    assert plan.get_absolute_url() in page


def test_a_plan_of_another_province_can_be_neither(office, office_client, stranger):
    other = make_plan(province=stranger.agency.province, status=PlanStatus.ACTIVE)
    form = plan_form(office.agency.province, supersedes=other.pk)
    assert office_client.post("/ke-hoach/them/", form).status_code == 422
    assert Plan.objects.count() == 1


def close_form(**fields):
    return {"token": token(), "reason": "Hết thời gian", "open_work": "giu", **fields}


def test_a_plan_is_closed_with_its_open_work_left_as_it_is(old, head, office_client):
    row = make_assignment(plan=old, agency=head.agency)
    office_client.post(f"/ke-hoach/{old.pk}/ket-thuc/", close_form())
    old.refresh_from_db()
    row.refresh_from_db()
    assert (old.status, old.ending_reason) == (PlanStatus.CLOSED, "Hết thời gian")
    assert row.status == Status.NOT_STARTED
    assert Assignment.objects.filter(plan=old).tally(timezone.localdate()).assigned == 1


def test_or_with_its_open_work_stopped_and_the_reason_at_each(old, head, office_client):
    row = make_assignment(plan=old, agency=head.agency)
    done = make_assignment(plan=old, agency=head.agency, status=Status.DONE)
    form = close_form(open_work="dung")
    url = f"/ke-hoach/{old.pk}/ket-thuc/"
    assert office_client.post(url, form).status_code == 302
    assert office_client.post(url, form).status_code == 302
    row.refresh_from_db()
    assert row.status == Status.CANCELLED
    assert "Hết thời gian" in row.events.get().text
    assert Assignment.objects.get(pk=done.pk).status == Status.DONE


@pytest.mark.parametrize("fields", [{"reason": " "}, {"open_work": ""}, {"open_work": "khac"}])
def test_a_plan_is_not_closed_without_a_reason_and_a_choice(old, head, office_client, fields):
    make_assignment(plan=old, agency=head.agency)
    answer = office_client.post(f"/ke-hoach/{old.pk}/ket-thuc/", close_form(**fields))
    assert answer.status_code == 422
    assert Plan.objects.get(pk=old.pk).is_active


@pytest.fixture
def gone(province):
    yesterday = timezone.localdate() - timedelta(days=1)
    agency = make_agency(province=province, name="Sở Cũ", valid_to=yesterday)
    heir = make_agency(province=province, name="Sở Kế thừa")
    act = Succession.objects.create(
        kind=SuccessionKind.MERGE, happened_on=yesterday, ground="Nghị quyết 18/NQ-HĐND"
    )
    act.old_agencies.add(agency)
    act.new_agencies.add(heir)
    return agency, heir


def hand_over_form(to, /, *rows, **fields):
    work = [row.pk for row in rows]
    return {"token": token(), "to": to.pk, "ground": "NQ 18", "work": work} | fields


def test_work_of_an_agency_that_is_gone_is_handed_over_with_its_reports(
    old, gone, head, office_client
):
    agency, heir = gone
    row = make_assignment(plan=old, agency=agency)
    report(row, by=head.user, percent=40)
    assert agency.name in office_client.get("/cho-xu-ly/co-quan-cu/").content.decode()
    assert "1 cơ quan" in office_client.get("/cho-xu-ly/").content.decode()
    url = f"/cho-xu-ly/co-quan-cu/{agency.pk}/"
    page = office_client.get(url).content.decode()
    assert "Nghị quyết 18/NQ-HĐND" in page
    form = hand_over_form(heir, row)
    for _time in range(2):
        assert office_client.post(url, form).url == "/cho-xu-ly/co-quan-cu/"
    row.refresh_from_db()
    assert (row.agency, row.status, row.percent_done) == (heir, Status.IN_PROGRESS, 40)
    event = row.events.get(kind=EventKind.MOVED)
    assert "Sở Cũ → Sở Kế thừa" in event.text
    assert "NQ 18" in event.text
    assert row.history.first().agency == heir
    assert agency.name not in office_client.get("/cho-xu-ly/co-quan-cu/").content.decode()


def test_where_the_heir_has_the_same_work_the_old_piece_stops(old, gone, office_client):
    agency, heir = gone
    row = make_assignment(plan=old, agency=agency)
    own = make_assignment(task=row.task, agency=heir)
    url = f"/cho-xu-ly/co-quan-cu/{agency.pk}/"
    assert office_client.post(url, hand_over_form(heir, row)).status_code == 302
    row.refresh_from_db()
    own.refresh_from_db()
    assert (row.status, own.status) == (Status.CANCELLED, Status.NOT_STARTED)


def test_only_the_chosen_work_goes(old, gone, office_client):
    agency, heir = gone
    first, second = (make_assignment(plan=old, agency=agency) for _row in range(2))
    url = f"/cho-xu-ly/co-quan-cu/{agency.pk}/"
    office_client.post(url, hand_over_form(heir, first))
    assert Assignment.objects.get(pk=second.pk).agency == agency


@pytest.mark.parametrize("fields", [{"to": ""}, {"ground": ""}, {"work": []}, {"work": ["9999"]}])
def test_nothing_is_handed_over_without_taker_ground_and_work(old, gone, office_client, fields):
    agency, heir = gone
    row = make_assignment(plan=old, agency=agency)
    url = f"/cho-xu-ly/co-quan-cu/{agency.pk}/"
    assert office_client.post(url, hand_over_form(heir, row, **fields)).status_code == 422
    assert Assignment.objects.get().agency == agency
    assert not Event.objects.exists()


def test_an_agency_of_another_province_cannot_take_the_work(old, gone, stranger, office_client):
    agency, _heir = gone
    row = make_assignment(plan=old, agency=agency)
    url = f"/cho-xu-ly/co-quan-cu/{agency.pk}/"
    assert office_client.post(url, hand_over_form(stranger.agency, row)).status_code == 422


@pytest.mark.parametrize("page", ["/ke-hoach/{plan}/ket-thuc/", "/cho-xu-ly/co-quan-cu/{agency}/"])
def test_the_pages_make_as_many_queries_for_ten_rows_as_for_one(old, gone, office_client, page):
    agency, _heir = gone
    url = page.format(plan=old.pk, agency=agency.pk)
    make_assignment(plan=old, agency=agency)
    for_one = count_page_queries(office_client, url)
    for _row in range(9):
        make_assignment(plan=old, agency=agency)
    assert count_page_queries(office_client, url) == for_one


@pytest.mark.parametrize(("number", "is_offered"), [("20/KH-UBND", True), ("21/KH-UBND", False)])
def test_a_document_that_says_what_it_replaces_offers_that_plan(office, old, number, is_offered):
    reading = Reading(province=old.province, requested_by=office.user)
    draft = Draft(supersedes=[Found(value=number, text=number)])
    offered = drafting.head_of(reading, draft)["supersedes"]
    assert offered == (str(old.pk) if is_offered else "")
