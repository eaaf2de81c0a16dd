"""A plan from an earlier one: deadlines move, questions are asked, unfinished work is carried."""

from datetime import date

import pytest
from django.utils import timezone

from agencies.models import Succession
from agencies.states import SuccessionKind
from plans import carrying, services
from plans.carrying import Choice
from plans.models import Assignment, Event, Plan, Target, Task
from plans.states import EventKind, PlanStatus, Status
from tests.conftest import count_page_queries, count_queries
from tests.factories import (
    make_agency,
    make_assignment,
    make_papi,
    make_plan,
    make_task,
    token,
)

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 1)


def old_plan(province, **fields):
    values = {
        "number": "20/KH-UBND",
        "issued_on": date(2025, 2, 1),
        "year": 2025,
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
        "title": "Nâng cao PAPI năm 2025",
        "status": PlanStatus.ACTIVE,
        "activated_on": date(2025, 2, 2),
    }
    return make_plan(province=province, **{**values, **fields})


def old_task(plan, agency, *, status=Status.NOT_STARTED, **fields):
    values = {"lead_text": agency.name, "dimensions_text": "1", "deadline_text": "Quý II/2025"}
    values |= {"due_on": date(2025, 6, 30), **fields}
    task = make_task(plan=plan, lead_agency=agency, **values)
    make_assignment(task=task, agency=agency, due_on=date(2025, 6, 30), status=status)
    return task


def url_of(plan, query=""):
    return f"/ke-hoach/{plan.pk}/chuyen-tiep/{query}"


def carry_form(*tasks, **fields):
    return {
        "token": token(),
        "title": "Nâng cao PAPI năm 2026",
        "old_work": "o-lai",
        "tasks": [task.pk for task in tasks],
        **fields,
    }


def test_the_new_plan_is_a_draft_without_number_a_year_later(office, office_client):
    plan = old_plan(office.agency.province, monitor=office.agency)
    Target.objects.create(plan=plan, text="Tăng ít nhất 05 bậc so với năm 2024")
    task = old_task(plan, office.agency)
    answer = office_client.post(url_of(plan), carry_form(task, with_targets="on"))
    new = Plan.objects.exclude(pk=plan.pk).get()
    assert answer.url == f"/ke-hoach/{new.pk}/nhiem-vu/"
    assert (new.number, new.issued_on, new.signer_name) == ("", None, "")
    assert (new.period_start, new.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (new.status, new.monitor) == (PlanStatus.DRAFT, office.agency)
    assert list(new.indices.all()) == [make_papi()]
    target = new.targets.get()
    assert (target.text, target.baseline_year) == ("Tăng ít nhất 05 bậc so với năm 2025", 2025)
    copy = new.tasks.get()
    assert (copy.deadline_text, copy.due_on) == ("Quý II/2026", date(2026, 6, 30))
    assert (copy.lead_agency, copy.origin, copy.is_carried_over) == (office.agency, task, True)
    assert not copy.assignments.exists()


def test_targets_stay_behind_unless_they_are_asked_for(office, office_client):
    plan = old_plan(office.agency.province)
    Target.objects.create(plan=plan, text="Duy trì nhóm cao nhất")
    task = old_task(plan, office.agency)
    office_client.post(url_of(plan), carry_form(task))
    assert not Plan.objects.exclude(pk=plan.pk).get().targets.exists()


def test_a_finished_task_is_copied_but_not_carried_over(office):
    plan = old_plan(office.agency.province)
    task = old_task(plan, office.agency, status=Status.DONE)
    choice = Choice(1, frozenset({task.pk}), ends_origin=True)
    new = carrying.copy_plan(plan, choice, title="Mới", with_targets=False, by=office.user)
    copy = new.tasks.get()
    assert (copy.origin, copy.is_carried_over, copy.ends_origin) == (task, False, False)


def test_only_unfinished_tasks_are_offered_until_all_are_asked_for(office, office_client):
    plan = old_plan(office.agency.province)
    old_task(plan, office.agency, name="Việc đã xong", status=Status.DONE)
    old_task(plan, office.agency, name="Việc còn dở")
    page = office_client.get(url_of(plan)).content.decode()
    assert "Việc còn dở" in page
    assert "Việc đã xong" not in page
    page = office_client.get(url_of(plan, "?nam=1&chi=tat-ca")).content.decode()
    assert "Việc đã xong" in page


def test_a_year_in_the_name_of_a_task_is_asked_about_and_changed_only_on_request(
    office, office_client
):
    plan = old_plan(office.agency.province)
    kept = old_task(plan, office.agency, name="Tổng kết năm 2025")
    renamed = old_task(plan, office.agency, name="Khảo sát năm 2025")
    assert "Khảo sát năm 2026" in office_client.get(url_of(plan)).content.decode()
    office_client.post(url_of(plan), carry_form(kept, renamed, renamed=[renamed.pk]))
    new = Plan.objects.exclude(pk=plan.pk).get()
    names = dict(new.tasks.values_list("origin", "name"))
    assert names == {kept.pk: "Tổng kết năm 2025", renamed.pk: "Khảo sát năm 2026"}


@pytest.fixture
def abolished(province):
    """An agency that ended in 2025, and the one that took over."""
    gone = make_agency(
        province=province, name="Sở Thông tin, Truyền thông", valid_to=date(2025, 2, 28)
    )
    heir = make_agency(
        province=province, name="Sở Khoa học và Công nghệ", valid_from=date(2025, 3, 1)
    )
    act = Succession.objects.create(
        kind=SuccessionKind.MERGE, happened_on=date(2025, 3, 1), ground="NQ 18"
    )
    act.old_agencies.add(gone)
    act.new_agencies.add(heir)
    return gone, heir


def test_an_agency_that_is_gone_is_asked_about_and_replaced_by_its_heir(
    office, office_client, abolished
):
    gone, heir = abolished
    plan = old_plan(office.agency.province)
    led = old_task(plan, gone)
    supported = old_task(
        plan, office.agency, supporters=[gone], supporters_text=f"{gone.name}, Báo Lào Cai"
    )
    page = office_client.get(url_of(plan)).content.decode()
    assert heir.name in page
    unanswered = office_client.post(url_of(plan), carry_form(led, supported))
    assert unanswered.status_code == 422
    assert Plan.objects.count() == 1
    office_client.post(url_of(plan), carry_form(led, supported, **{f"heir_{gone.pk}": heir.pk}))
    new = Plan.objects.exclude(pk=plan.pk).get()
    assert new.tasks.get(origin=led).lead_agency == heir
    copy = new.tasks.get(origin=supported)
    assert copy.supporters_text == "Sở Khoa học và Công nghệ, Báo Lào Cai"
    assert list(copy.supporters.all()) == [heir]


def test_the_old_name_may_be_kept_and_is_then_a_missing_lead(office, office_client, abolished):
    gone, _heir = abolished
    plan = old_plan(office.agency.province)
    led = old_task(plan, gone)
    office_client.post(url_of(plan), carry_form(led, **{f"heir_{gone.pk}": "giu"}))
    copy = Task.objects.get(origin=led)
    assert (copy.lead_text, copy.lead_agency) == (gone.name, None)


def test_the_page_makes_as_many_queries_for_ten_agencies_that_are_gone_as_for_one(
    office, office_client, province
):
    plan = old_plan(office.agency.province)

    def end_one():
        gone = make_agency(province=province, valid_to=date(2025, 2, 28))
        heir = make_agency(province=province, valid_from=date(2025, 3, 1))
        act = Succession.objects.create(
            kind=SuccessionKind.RENAME, happened_on=date(2025, 3, 1), ground="NQ 18"
        )
        act.old_agencies.add(gone)
        act.new_agencies.add(heir)
        old_task(plan, gone)
        return heir

    heirs = [end_one()]
    for_one = count_page_queries(office_client, url_of(plan))
    heirs += [end_one() for _ in range(9)]
    assert count_page_queries(office_client, url_of(plan)) == for_one
    form = office_client.get(url_of(plan)).context["form"]
    assert {heir for row in form.gone for heir in row.heirs} == set(heirs)
    assert {len(row.heirs) for row in form.gone} == {1}


def give_out(plan):
    return services.activate(plan, by=None, today=TODAY, now=timezone.now())


@pytest.mark.parametrize(
    ("ends_origin", "status"), [(True, Status.CANCELLED), (False, Status.NOT_STARTED)]
)
def test_the_old_work_stops_only_if_chosen_and_only_when_the_new_plan_is_given_out(
    office, ends_origin, status
):
    plan = old_plan(office.agency.province)
    task = old_task(plan, office.agency)
    choice = Choice(1, frozenset({task.pk}), ends_origin=ends_origin)
    new = carrying.copy_plan(plan, choice, title="Mới", with_targets=False, by=office.user)
    old_work = task.assignments.get()
    assert old_work.status == Status.NOT_STARTED
    new.number = "7/KH-UBND"
    new.save()
    give_out(new)
    old_work.refresh_from_db()
    assert old_work.status == status
    stop = Event.objects.filter(kind=EventKind.CANCEL).first()
    assert (stop is not None) == ends_origin
    if stop is not None:
        assert stop.document == new
        assert "7/KH-UBND" in stop.text
        assert old_work.history.first().status == Status.CANCELLED
    created = Event.objects.get(kind=EventKind.CREATED)
    assert "20/KH-UBND" in created.text


def test_finished_work_of_a_carried_task_stays_done(office):
    plan = old_plan(office.agency.province)
    task = old_task(plan, office.agency)
    done = make_assignment(
        task=task, agency=make_agency(province=plan.province), status=Status.DONE
    )
    choice = Choice(1, frozenset({task.pk}), ends_origin=True)
    new = carrying.copy_plan(plan, choice, title="Mới", with_targets=False, by=office.user)
    give_out(new)
    assert Assignment.objects.get(pk=done.pk).status == Status.DONE


def test_tasks_go_into_a_draft_that_is_there_and_none_goes_twice(office, office_client):
    plan = old_plan(office.agency.province)
    first, second = old_task(plan, office.agency), old_task(plan, office.agency)
    draft = make_plan(province=plan.province, period_start=date(2026, 1, 1), year=2026)
    query = f"?nam=1&chi=chua-xong&vao={draft.pk}"
    office_client.post(url_of(plan, query), carry_form(first))
    office_client.post(url_of(plan, query), carry_form(first, second))
    assert list(draft.tasks.values_list("origin", flat=True)) == [first.pk, second.pk]


def test_a_form_sent_twice_makes_one_plan(office, office_client):
    plan = old_plan(office.agency.province)
    form = carry_form(old_task(plan, office.agency))
    assert office_client.post(url_of(plan), form).url == office_client.post(url_of(plan), form).url
    assert Plan.objects.count() == 2


def test_how_often_a_task_was_carried_over_is_told_on_its_page(office, office_client):
    plan = old_plan(office.agency.province)
    task = old_task(plan, office.agency)
    for _year in range(2):
        choice = Choice(1, frozenset({task.pk}))
        new = carrying.copy_plan(plan, choice, title="Mới", with_targets=False, by=office.user)
        give_out(new)
        plan, task = new, new.tasks.get()
    page = office_client.get(task.get_absolute_url()).content.decode()
    assert "đã chuyển tiếp 2 lần" in page
    assert task.origin.get_absolute_url() in page
    earlier = office_client.get(task.origin.get_absolute_url()).content.decode()
    assert task.get_absolute_url() in earlier


@pytest.mark.parametrize(
    ("query", "fields", "message"),
    [
        ("?nam=99&chi=tat-ca", {}, "10"),
        ("?nam=x&chi=tat-ca", {}, "số nguyên"),
        ("", {"tasks": []}, "Chưa chọn nhiệm vụ"),
        ("", {"tasks": ["abc"]}, "tải lại trang"),
        ("", {"old_work": ""}, "vẫn mở hay dừng"),
        ("", {"title": "\u200b"}, "điền ô này"),
    ],
)
def test_bad_input_is_told_and_makes_nothing(office, office_client, query, fields, message):
    plan = old_plan(office.agency.province)
    task = old_task(plan, office.agency)
    answer = office_client.post(url_of(plan, query), carry_form(task, **fields))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Plan.objects.count() == 1


def test_a_task_of_another_plan_cannot_be_slipped_in(office, office_client):
    plan, other = old_plan(office.agency.province), old_plan(office.agency.province, number="9/KH")
    old_task(plan, office.agency)
    stray = old_task(other, office.agency)
    assert office_client.post(url_of(plan), carry_form(stray)).status_code == 422


def test_a_draft_has_nothing_to_carry_over(office, office_client):
    draft = make_plan(province=office.agency.province)
    assert office_client.get(url_of(draft)).url == draft.get_absolute_url()


def test_the_page_makes_as_many_queries_for_ten_tasks_as_for_one(office, office_client):
    plan = old_plan(office.agency.province)
    old_task(plan, office.agency)
    for_one = count_page_queries(office_client, url_of(plan))
    for _row in range(9):
        old_task(plan, office.agency)
    assert count_page_queries(office_client, url_of(plan)) == for_one


def test_carrying_over_makes_as_many_queries_for_ten_tasks_as_for_one(office):
    def carry(count):
        old = old_plan(office.agency.province, number=f"{count}/KH-UBND")
        wanted = Choice(1, frozenset(old_task(old, office.agency).pk for _row in range(count)))
        new = make_plan(province=office.agency.province, period_start=date(2026, 1, 1))
        queries = count_queries(lambda: carrying.carry_into(new, old, wanted))
        assert new.tasks.count() == count
        return queries

    assert carry(10) == carry(1)


def test_a_finished_plan_offers_all_its_tasks_for_the_year_that_comes(
    office, office_client, time_machine
):
    time_machine.move_to("2028-02-01T08:00:00+07:00")
    office_client.force_login(office.user)
    done = old_task(old_plan(office.agency.province), office.agency, status=Status.DONE)
    page = office_client.get(url_of(done.plan)).content.decode()
    assert f'name="tasks" value="{done.pk}"' in page
    assert 'name="nam" value="3"' in page
