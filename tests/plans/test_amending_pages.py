"""The pages on which a plan is amended: from its document to what it did."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from plans import amending, workflow
from plans.models import Assignment, Event, Plan
from plans.states import EventKind, PlanStatus, Status
from tests.factories import (
    make_group,
    report,
    token,
)
from tests.plans.amendments import (
    NOW,
    TODAY,
    add,
    apply,
    drop,
    edit,
    give_out,
    plan_to_amend,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(office):
    return plan_to_amend(office.agency.province)


def test_the_agency_sees_at_the_head_of_its_work_what_a_document_changed(
    plan, office, head, head_client, office_client
):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    digest = amending.compare(Plan.objects.get(pk=amendment.pk), TODAY).digest
    moment = timezone.now()
    amending.apply(amendment, digest=digest, by=office.user, today=TODAY, now=moment)
    assert "Vừa thay đổi theo văn bản" in head_client.get("/viec-cua-toi/").content.decode()
    Event.objects.update(happened_at=moment - timedelta(days=20))
    assert "Vừa thay đổi" not in head_client.get("/viec-cua-toi/").content.decode()


def test_a_stopped_task_stays_visible_its_open_work_stops_and_done_work_stays(
    plan, office, head, office_client
):
    group = make_group(members=[head.agency, office.agency], name="các sở")
    task = add(plan, group.name)
    done, other = give_out(plan)
    report(done, by=head.user, done=True, now=NOW)
    workflow.confirm(done, by=office.user, now=NOW)
    report(other, by=head.user, percent=40, now=NOW)
    amendment = start(plan, office)
    drop(amendment, task)
    apply(amendment, office)
    assert dict(Assignment.objects.values_list("pk", "status")) == {
        done.pk: Status.DONE,
        other.pk: Status.CANCELLED,
    }
    stop = other.events.get(kind=EventKind.CANCEL)
    assert (stop.document, stop.old) == (amendment, Status.IN_PROGRESS)
    assert other.reports.count() == 1
    task.refresh_from_db()
    assert task.stopped_by == amendment
    page = office_client.get(task.get_absolute_url()).content.decode()
    assert "Đã dừng" in page
    assert amendment.get_absolute_url() in page


def head_form(**fields):
    return {
        "token": token(),
        "number": "215/QĐ-UBND",
        "kind": "QĐ",
        "issued_on": "15/9/2026",
        "title": "Sửa đổi Kế hoạch 20/KH-UBND",
        "issuer": "UBND tỉnh",
        **fields,
    }


def test_from_the_page_of_the_plan_to_the_applied_amendment(plan, office, head, office_client):
    task = add(plan, head.agency)
    give_out(plan)
    answer = office_client.post(f"/ke-hoach/{plan.pk}/sua-doi/", head_form())
    amendment = Plan.objects.get(amends=plan)
    assert answer.url == f"/ke-hoach/{amendment.pk}/nhiem-vu/"
    assert "Xem trước và áp dụng" in office_client.get(answer.url).content.decode()
    edit(amendment, task, deadline="30/11/2026")
    url = f"/ke-hoach/{amendment.pk}/ap-dung/"
    page = office_client.get(url)
    assert "30/11/2026" in page.content.decode()
    form = {"token": token(), "digest": page.context["comparison"].digest}
    assert office_client.post(url, form).url == plan.get_absolute_url()
    assert office_client.post(url, form).status_code == 302
    assert Assignment.objects.get().due_on == date(2026, 11, 30)
    amendment.refresh_from_db()
    assert amendment.status == PlanStatus.APPLIED
    assert (
        amendment.get_absolute_url() in office_client.get(plan.get_absolute_url()).content.decode()
    )
    assert "30/11/2026" in office_client.get(amendment.get_absolute_url()).content.decode()


def test_stopping_a_task_needs_its_own_consent(plan, office, head, office_client):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    drop(amendment, task)
    url = f"/ke-hoach/{amendment.pk}/ap-dung/"
    form = {"token": token(), "digest": office_client.get(url).context["comparison"].digest}
    assert office_client.post(url, form).status_code == 422
    assert Assignment.objects.get().is_open
    office_client.post(url, {**form, "agrees_to_stops": "on"})
    assert not Assignment.objects.get().is_open


def test_a_stale_page_is_answered_with_409_and_the_new_preview(plan, office, head, office_client):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    url = f"/ke-hoach/{amendment.pk}/ap-dung/"
    form = {"token": token(), "digest": office_client.get(url).context["comparison"].digest}
    report(row, by=head.user, done=True, now=NOW)
    answer = office_client.post(url, form)
    assert answer.status_code == 409
    assert "vừa thay đổi" in answer.content.decode()
    form["digest"] = answer.context["comparison"].digest
    assert office_client.post(url, form).status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"number": ""}, "hãy ghi số"),
        ({"number": "215 quyết định gì đó"}, "215"),
        ({"number": "215/KH-UBND"}, "chọn lại loại văn bản"),
        ({"number": "20/KH-UBND", "kind": "KH"}, "đã có văn bản"),
        ({"issued_on": "31/02/2026"}, "28 ngày"),
        ({"issued_on": "1/1/2026"}, "trước ngày ban hành"),
        ({"title": " "}, "điền ô này"),
    ],
)
def test_a_document_that_is_not_named_rightly_is_refused(
    plan, office, head, office_client, fields, message
):
    add(plan, head.agency)
    give_out(plan)
    answer = office_client.post(f"/ke-hoach/{plan.pk}/sua-doi/", head_form(**fields))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Plan.objects.count() == 1


def test_the_rows_of_an_amendment_are_not_found_beside_those_of_the_plan(
    plan, office, head, office_client
):
    add(plan, head.agency)
    give_out(plan)
    start(plan, office)
    found = office_client.get("/tim-kiem/?q=niem+yet").context["tasks"]
    assert [task.plan for task in found] == [plan]


def test_the_head_of_an_amendment_sent_twice_leads_to_the_same_draft(
    plan, office, head, office_client
):
    add(plan, head.agency)
    give_out(plan)
    form = head_form()
    answers = [office_client.post(f"/ke-hoach/{plan.pk}/sua-doi/", form) for _ in range(2)]
    draft = Plan.objects.get(amends=plan)
    assert [answer.url for answer in answers] == [f"/ke-hoach/{draft.pk}/nhiem-vu/"] * 2
