"""Two presses at once: of everything that may happen once, one happens (PostgreSQL)."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership, User
from agencies.reference import load_provinces
from agencies.states import Role
from indicators import score_import
from indicators.models import Index, Release, Score
from indicators.reference import load_indices
from plans import jobs as jobs_of_plans
from plans import workflow
from plans.importing import pipeline
from plans.models import (
    Assignment,
    Event,
    Extension,
    Plan,
    ProgressReport,
    Reading,
    SheetImport,
    Submission,
    Task,
)
from plans.reader import Draft
from plans.reports import jobs, periods
from plans.reports import services as report_services
from plans.reports.models import Report
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import EventKind, ReadingState, Status
from tests import factories
from tests.conftest import signed_in
from tests.reports import fakes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]
AT_ONCE = 4


def at_once(user, forms):
    """Post `forms` (address and fields) from as many browsers at one moment; the statuses."""
    clients = [signed_in(user) for _form in forms]
    barrier = threading.Barrier(len(forms))
    statuses = []

    def run(client, url, data):
        barrier.wait()
        try:
            statuses.append(client.post(url, data).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(client, *form))
        for client, form in zip(clients, forms, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def same_form(url, **data):
    return [(url, {"token": uuid4(), **data})] * AT_ONCE


def other_forms(url, **data):
    return [(url, {"token": uuid4(), **data}) for _number in range(AT_ONCE)]


def head_of_plan(agency):
    """The fields of a plan that a form has to fill in."""
    year = timezone.localdate().year
    return {
        "province": agency.province_id,
        "number": "779/KH-UBND",
        "kind": "KH",
        "issued_on": f"15/01/{year}",
        "title": "Kế hoạch",
        "issuer": "UBND tỉnh",
        "period_start": f"01/01/{year}",
        "period_end": f"31/12/{year}",
        "monitor": agency.name,
        "indices": factories.make_papi().pk,
    }


def waiting(head):
    row = factories.make_assignment(agency=head.agency)
    proof = (workflow.NewEvidence(document_number="1/BC-STTTT"),)
    factories.report(row, by=head.user, done=True, evidence=proof)
    return row


def test_one_form_sent_at_once_is_one_comment(head):
    row = factories.make_assignment(agency=head.agency)
    url = reverse("plans:comment", args=[row.pk])
    assert at_once(head.user, same_form(url, text="Một lần")) == [302] * AT_ONCE
    assert Event.objects.filter(kind=EventKind.COMMENT).count() == 1
    assert Submission.objects.count() == 1


def test_of_reports_on_one_version_one_is_kept(head):
    row = factories.make_assignment(agency=head.agency)
    url = reverse("plans:report", args=[row.pk])
    forms = other_forms(url, text="Đã làm", percent_done="50", version=row.version)
    assert at_once(head.user, forms) == [302] + [409] * (AT_ONCE - 1)
    assert ProgressReport.objects.count() == 1


def test_of_confirmations_one_counts(office, head):
    row = waiting(head)
    forms = other_forms(reverse("plans:confirm", args=[row.pk]))
    assert at_once(office.user, forms) == [302] + [422] * (AT_ONCE - 1)
    assert Event.objects.filter(kind=EventKind.CONFIRM).count() == 1


def test_a_confirmation_and_a_return_do_not_both_happen(office, head):
    row = waiting(head)
    forms = [
        (reverse("plans:confirm", args=[row.pk]), {"token": uuid4()}),
        (reverse("plans:send_back", args=[row.pk]), {"token": uuid4(), "reason": "Thiếu"}),
    ]
    assert at_once(office.user, forms) == [302, 422]
    told = Event.objects.filter(kind__in=[EventKind.CONFIRM, EventKind.RETURN]).get()
    row.refresh_from_db()
    assert row.status == told.new
    assert row.status in {Status.DONE, Status.IN_PROGRESS}


def test_of_requests_for_more_time_one_waits_and_is_decided_once(head, leader):
    row = factories.make_assignment(agency=head.agency)
    later = row.due_on.replace(year=row.due_on.year + 1)
    url = reverse("plans:ask_extension", args=[row.pk])
    forms = other_forms(url, reason="Chờ", proposed_due_on=f"{later:%d/%m/%Y}")
    assert at_once(head.user, forms) == [302] + [422] * (AT_ONCE - 1)
    url = reverse("plans:decide_extension", args=[Extension.objects.get().pk])
    forms = [
        (url, {"token": uuid4(), "decision": decision, "note": "Vì"})
        for decision in ("approve", "refuse", "approve", "refuse")
    ]
    assert at_once(leader.user, forms) == [302, 422, 422, 422]
    decided = Extension.objects.get()
    row.refresh_from_db()
    assert (row.due_on == later) == (decided.decision == "approved")


def test_a_direction_is_answered_once(head, leader):
    row = factories.make_assignment(agency=head.agency)
    direction = workflow.direct(row, by=leader.user, now=timezone.now(), text="Làm ngay")
    at_once(head.user, other_forms(reverse("plans:answer", args=[direction.pk]), text="Rõ"))
    assert Event.objects.filter(answers=direction).count() == 1


def test_a_plan_is_given_out_once(office):
    plan = factories.make_plan(province=office.agency.province)
    factories.make_task(plan=plan)
    url = reverse("plans:activate", args=[plan.pk])
    assert at_once(office.user, [(url, {})] * AT_ONCE) == [302] * AT_ONCE
    assert Assignment.objects.count() == 1
    assert Event.objects.count() == 1


def test_no_row_is_added_to_a_plan_while_it_is_given_out(office):
    plan = factories.make_plan(province=office.agency.province)
    factories.make_task(plan=plan)
    forms = [
        (reverse("plans:activate", args=[plan.pk]), {}),
        (reverse("plans:add_row", args=[plan.pk]), {"name": "Muộn"}),
    ]
    at_once(office.user, forms)
    late = Task.objects.filter(name="Muộn").exists()
    plan.refresh_from_db()
    # The late row came first, and kept the plan from being given out, or it did not come.
    assert plan.is_draft == late


def test_a_document_that_was_read_becomes_one_plan(office):
    reading = Reading.objects.create(
        province=office.agency.province,
        requested_by=office.user,
        requested_at=timezone.now(),
        finished_at=timezone.now(),
        state=ReadingState.DONE,
        text="x",
        draft=json.dumps(Draft().dump()),
    )
    url = reverse("plans:make_plan", args=[reading.pk])
    forms = other_forms(url, **head_of_plan(office.agency))
    assert at_once(office.user, forms) == [302] * AT_ONCE
    assert Plan.objects.count() == 1


def test_a_number_is_given_to_one_plan(office):
    forms = other_forms(reverse("plans:add_plan"), **head_of_plan(office.agency))
    assert at_once(office.user, forms) == [302] + [422] * (AT_ONCE - 1)
    assert Plan.objects.count() == 1


def test_a_new_row_of_the_grid_sent_at_once_is_one_row(office):
    plan = factories.make_plan(province=office.agency.province)
    form = (reverse("plans:add_row", args=[plan.pk]), {"name": "Việc", "row_key": str(uuid4())})
    assert at_once(office.user, [form] * AT_ONCE) == [302] * AT_ONCE
    assert Task.objects.count() == 1


def test_an_invited_person_has_one_account_and_one_post(office):
    admin = factories.make_post(role=Role.ADMINISTRATOR, agency=office.agency)
    form = (
        reverse("agencies:invite"),
        {
            "token": uuid4(),
            "email": "moi@example.vn",
            "full_name": "Mới",
            "agency": office.agency_id,
            "role": "head",
            "starts_on": "1/1/2020",
        },
    )
    assert at_once(admin.user, [form] * AT_ONCE) == [200] * AT_ONCE
    invited = User.objects.get(email="moi@example.vn")
    assert Membership.objects.filter(user=invited).count() == 1


def test_a_report_asked_for_at_once_is_made_once(office, monkeypatch):
    monkeypatch.setattr(jobs, "wake", lambda _report: None)
    row = factories.make_assignment(agency=office.agency)
    url = reverse("reports:plan_reports", args=[row.plan_id])
    today = f"{timezone.localdate():%d/%m/%Y}"
    form = (url, {"period": "custom", "first_day": today, "last_day": today})
    assert at_once(office.user, [form] * AT_ONCE) == [302] * AT_ONCE
    assert Report.objects.count() == 1


def frozen_report(office, days_ago):
    """A report of the province for one day that is over, ready to be issued."""
    day = timezone.localdate() - timedelta(days=days_ago)
    scope = Scope(ReportKind.PROVINCE, office.agency.province, periods.custom(day, day))
    return report_services.run(
        report_services.request(scope, by=office.user, now=timezone.now()).pk
    )


@pytest.mark.parametrize("numbers", [["05/BC-SNV"], ["05/BC-SNV", "05/bc-snv"]])
def test_two_papers_issued_at_once_do_not_bear_one_number(office, monkeypatch, numbers):
    fakes.install(monkeypatch)
    monkeypatch.setattr(jobs, "wake", lambda _report: None)
    forms = []
    for place in range(AT_ONCE):
        row = frozen_report(office, place + 1)
        issue = {"number": numbers[place % len(numbers)], "signer": "A", "version": 1}
        issue["day"] = f"{timezone.localdate():%d/%m/%Y}"
        forms.append((reverse("reports:issue", args=[row.pk]), issue))
    assert at_once(office.user, forms) == [302] + [422] * (AT_ONCE - 1)
    assert Report.objects.filter(number__iexact="05/BC-SNV").count() == 1


def test_a_paper_corrected_at_once_has_one_correction(office, monkeypatch):
    fakes.install(monkeypatch)
    monkeypatch.setattr(jobs, "wake", lambda _report: None)
    row = frozen_report(office, 1)
    new = report_services.Issue("05/BC-SNV", timezone.localdate(), "A")
    report_services.issue(row, new, version=1, by=office.user, now=timezone.now())
    report_services.run(row.pk)
    forms = [(reverse("reports:correct", args=[row.pk]), {})] * AT_ONCE
    assert at_once(office.user, forms) == [302] * AT_ONCE
    assert Report.objects.filter(supersedes=row).count() == 1


def test_a_paper_is_either_issued_or_thrown_away(office, monkeypatch):
    fakes.install(monkeypatch)
    monkeypatch.setattr(jobs, "wake", lambda _report: None)
    row = frozen_report(office, 1)
    issue = {"number": "05/BC-SNV", "day": f"{timezone.localdate():%d/%m/%Y}", "signer": "A"}
    forms = [
        (reverse("reports:issue", args=[row.pk]), {**issue, "version": 1}),
        (reverse("reports:discard", args=[row.pk]), {}),
    ]
    statuses = at_once(office.user, forms)
    found = Report.objects.filter(pk=row.pk).first()
    assert statuses in ([302, 302], [302, 403], [302, 404], [302, 422])
    assert found is None or (found.number == "05/BC-SNV" and found.files.exists())


def previewed(user, kind, content, **fields):
    """A file of `kind` that was given and previewed without a worker."""
    stored, digest = pipeline.store(SimpleUploadedFile("a.csv", content))
    row = SheetImport.objects.create(
        kind=kind,
        requested_by=user,
        requested_at=timezone.now(),
        file=stored,
        file_name="a.csv",
        sha256=digest,
        **fields,
    )
    jobs_of_plans.preview_sheet(row.pk)
    return row


def confirmations(*rows):
    return [(reverse("plans:apply_import", args=[row.pk]), {"token": uuid4()}) for row in rows]


def test_a_sheet_confirmed_at_once_is_imported_once(office):
    plan = factories.make_plan(province=office.agency.province)
    content = "Nhiệm vụ;Chủ trì\nMột;Sở Nội vụ\n".encode()
    row = previewed(office.user, "tasks", content, plan=plan, province=plan.province)
    assert at_once(office.user, confirmations(*[row] * AT_ONCE)) == [302] * AT_ONCE
    assert Task.objects.count() == 1


def test_two_files_with_one_new_agency_make_it_once(office):
    admin = factories.make_post(role=Role.ADMINISTRATOR, agency=office.agency)
    content = "Tên cơ quan;Loại\nSở Thử;Sở, ban, ngành\n".encode()
    province = office.agency.province
    rows = [
        previewed(admin.user, "agencies", content, province=province) for _number in range(AT_ONCE)
    ]
    assert at_once(admin.user, confirmations(*rows)) == [302] + [409] * (AT_ONCE - 1)
    assert Agency.objects.filter(name="Sở Thử").count() == 1


def test_of_two_tables_of_one_edition_one_is_published(office):
    load_provinces()
    load_indices()
    runner = factories.make_user(is_superuser=True)
    papi = Index.objects.get(code="PAPI")
    rows = [
        previewed(
            runner,
            "scores",
            f"Tỉnh;Năm;PAPI\nKhánh Hòa;2020;39,{number}\n".encode(),
            index=papi,
            source="Báo cáo",
        )
        for number in range(1, AT_ONCE + 1)
    ]
    assert at_once(runner, confirmations(*rows)) == [302] + [409] * (AT_ONCE - 1)
    assert Release.objects.get().scores.count() == 1


def test_of_two_commands_that_read_at_once_one_stores(office):
    load_provinces()
    load_indices()
    papi = Index.objects.get(code="PAPI")
    previews = [
        score_import.preview(
            [("diem", [("Tỉnh", "Năm", "PAPI"), ("Khánh Hòa", 2020, value)])], index=papi
        )
        for value in ("39,1", "39,2")
    ]
    barrier, stored = threading.Barrier(len(previews)), []

    def store(shown):
        barrier.wait()
        try:
            score_import.apply(
                shown, content=b"x", file_name="a.csv", source="", by=None, now=timezone.now()
            )
            stored.append(shown)
        except score_import.ImportRefusedError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=store, args=(shown,)) for shown in previews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored) == Release.objects.count() == Score.objects.count() == 1
