"""The pages of reports: who may ask, read and change, what is said when it cannot be done."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans import leases
from plans.reports import files, jobs, services
from plans.reports.models import Report
from plans.reports.scope import Scope
from plans.reports.services import texts
from plans.reports.states import Format, ReportKind, Stage, State, Step
from plans.states import PlanStatus
from tests.factories import make_plan
from tests.reports import fakes
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
ISSUE = {"version": "1", "number": "05/BC-SNV", "day": "15/6/2026", "signer": "Nguyễn Văn Ký"}


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """Ids of the reports a worker was woken for; no broker is asked, no page printed."""
    fakes.install(monkeypatch)
    ids = []
    monkeypatch.setattr(jobs, "wake", lambda report: ids.append(report.pk))
    return ids


@pytest.fixture
def report(plan, home, give):
    give(name="Bí mật của Lào Cai")
    return services.request(fakes.scope_of(plan), by=home.office, now=NOW)


@pytest.fixture
def done(report):
    return services.run(report.pk)


@pytest.fixture
def draft(plan, home, give):
    give()
    asked = services.request(fakes.scope_of(plan, fakes.RUNNING), by=home.office, now=NOW)
    return services.run(asked.pk)


@pytest.fixture
def issued(done, home):
    new = services.Issue("05/BC-SNV", TODAY, "Nguyễn Văn Ký")
    services.issue(done, new, version=1, by=home.office, now=NOW)
    return services.run(done.pk)


@pytest.fixture
def of_agency(home, give, plan):
    give()
    scope = Scope(ReportKind.AGENCY, home.province, fakes.QUARTER, agencies=(home.agency,))
    return services.run(services.request(scope, by=home.office, now=NOW).pk)


def url(name, row):
    return reverse(f"reports:{name}", args=[row.pk])


def plan_url(plan, kind=""):
    return url("plan_reports", plan) + (f"?loai={kind}" if kind else "")


def file_url(report, kind="pdf"):
    return url("download", report.files.get(snapshot=report.snapshot, format=kind))


# Asking


@pytest.mark.parametrize("role", ["office", "leader"])
def test_offices_and_leaders_ask_for_a_report_and_see_it_being_made(
    plan, home, give, client_of, woken, role
):
    give()
    response = client_of(getattr(home, role)).post(plan_url(plan), {"period": "2026-Q2"})
    made = Report.objects.get()
    assert response.status_code == 302
    assert response["Location"] == url("report", made)
    assert woken == [made.pk]
    assert (made.kind, made.as_of, made.state) == ("progress", date(2026, 6, 14), State.QUEUED)


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [("", "2026-Q2"), ("progress", "2026-Q2"), ("leader", "2026-06-15..2026-06-15")],
)
def test_the_form_offers_the_last_closed_quarter_or_today(plan, home, client_of, kind, chosen):
    page = client_of(home.office).get(plan_url(plan, kind))
    assert page.context["form"]["period"].value() == chosen
    assert f'<option value="{chosen}" selected>' in page.content.decode()


@pytest.mark.parametrize(
    ("page", "kind", "button", "period"),
    [
        ("plans:plan", "progress", "Báo cáo quý II năm 2026", "2026-Q2"),
        ("plans:overview", "leader", "Tóm tắt một trang", "2026-06-15..2026-06-15"),
    ],
)
def test_the_usual_report_is_one_button_away(
    plan, home, give, client_of, page, kind, button, period
):
    give()
    address = reverse(page, args=[plan.pk] if page == "plans:plan" else [])
    action = f'action="{plan_url(plan, kind)}"'
    shown = client_of(home.leader).get(address).content.decode()
    assert action in shown
    assert button in shown
    assert f'name="period" value="{period}"' in shown
    client_of(home.leader).post(plan_url(plan, kind), {"period": period})
    assert Report.objects.get().kind == kind
    assert action not in client_of(home.administrator).get(address).content.decode()


def test_pressed_twice_there_is_one_report_and_both_land_on_it(plan, home, give, client_of):
    give()
    client = client_of(home.office)
    answers = {client.post(plan_url(plan), {"period": "2026-Q2"})["Location"] for _ in range(2)}
    assert len(answers) == Report.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Hãy chọn kỳ báo cáo"),
        ({"period": "2019-Q1"}, "2019-Q1"),
        ({"period": "custom", "first_day": "1/6/2026"}, "Hãy ghi cả hai ngày"),
        ({"period": "custom", "first_day": "31/2/2026", "last_day": "1/6/2026"}, "28"),
        ({"period": "custom", "first_day": "2/6/2026", "last_day": "1/6/2026"}, "đổi lại"),
        ({"period": "custom", "first_day": "1/6/2026", "last_day": "16/6/2026"}, "chưa tới"),
        ({"period": "custom", "first_day": "1/3/2026", "last_day": "31/3/2026"}, "01/4/2026"),
        ({"period": "custom", "first_day": "x" * 5000, "last_day": "1/6/2026"}, "40"),
    ],
)
def test_what_will_not_do_is_explained_and_kept(plan, home, client_of, woken, data, words):
    response = client_of(home.office).post(plan_url(plan), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    for name in ("first_day", "last_day"):
        assert f'value="{data.get(name, "")}"' in page or name not in data
    assert not Report.objects.exists()
    assert woken == []


def test_days_that_are_written_count_whatever_the_list_says(plan, home, give, client_of):
    give()
    data = {"period": "2026-Q2", "first_day": "1/5/2026", "last_day": "31/5/2026"}
    client = client_of(home.office)
    client.post(plan_url(plan), data)
    made = Report.objects.get()
    assert (made.period_kind, made.as_of) == ("custom", date(2026, 5, 31))
    half = client.post(plan_url(plan), {**data, "last_day": ""})
    assert "Hãy ghi cả hai ngày" in half.content.decode()


def test_a_letter_names_the_agencies_with_overdue_work_and_how_much(plan, home, give, client_of):
    give(due_on=date(2026, 5, 31))
    give(due_on=date(2026, 5, 31))
    give(agency=home.monitor)
    client = client_of(home.office)
    page = client.get(plan_url(plan, "urging")).content.decode()
    assert "Sở Tài chính: 2 phần việc quá hạn" in page
    assert "Sở Nội vụ:" not in page
    now = "2026-06-15..2026-06-15"
    assert client.post(plan_url(plan, "urging"), {"period": now}).status_code == 422
    client.post(plan_url(plan, "urging"), {"period": now, "agencies": [home.agency.pk]})
    assert list(Report.objects.get().agencies.all()) == [home.agency]
    foreign = {"period": now, "agencies": [home.monitor.pk]}
    assert client.post(plan_url(plan, "urging"), foreign).status_code == 422


def test_a_draft_plan_offers_to_be_printed_and_nothing_else(home, client_of):
    draft = make_plan(province=home.province)
    client = client_of(home.office)
    assert "chưa giao việc" in client.get(plan_url(draft)).content.decode()
    assert client.post(plan_url(draft), {"period": "2026-Q2"}).status_code == 422
    assert client.post(plan_url(draft, "plan"), {"period": "2026-Q2"}).status_code == 302


def test_a_head_asks_for_the_report_of_the_own_agency_alone(home, client_of, plan):
    client = client_of(home.head)
    new = reverse("reports:new_report")
    page = client.get(new).content.decode()
    assert "Sở Tài chính" in page
    assert "Sở Nội vụ" not in page
    assert "Báo cáo tổng hợp" not in page
    period = {"period": "2026-Q2"}
    assert client.post(new, {**period, "agency": home.monitor.pk}).status_code == 422
    assert client.post(new, {**period, "agency": home.agency.pk}).status_code == 302
    report = Report.objects.get()
    assert (report.kind, report.plan, report.agencies.get()) == ("agency", None, home.agency)


def test_the_office_asks_for_any_agency_and_for_the_province(home, stranger, client_of, plan):
    client = client_of(home.office)
    new = reverse("reports:new_report")
    data = {"period": "2026-Q2", "agency": home.agency.pk}
    assert client.post(new, data).status_code == 302
    province = {"period": "2026", "province": home.province.pk}
    assert client.post(f"{new}?loai=province", province).status_code == 302
    assert set(Report.objects.values_list("kind", flat=True)) == {"agency", "province"}
    foreign = stranger.memberships.get().agency
    assert client.post(new, {"period": "2026-Q2", "agency": foreign.pk}).status_code == 422
    elsewhere = {"period": "2026", "province": foreign.province_id}
    assert client.post(f"{new}?loai=province", elsewhere).status_code == 422


def test_an_agency_is_not_sent_to_pages_of_plans_that_it_may_not_open(home, plan, client_of):
    page = client_of(home.head).get(reverse("reports:reports")).content.decode()
    assert "Lập báo cáo của cơ quan" in page
    assert "Mở một kế hoạch" not in page
    assert "Chọn kế hoạch" not in page
    assert "Chọn kế hoạch" in client_of(home.office).get("/bao-cao/").content.decode()


def test_who_may_ask_for_none_is_sent_to_the_list(home, client_of):
    for person in (home.officer, home.administrator):
        response = client_of(person).get(reverse("reports:new_report"))
        assert response["Location"] == reverse("reports:reports")


# Who may what


ROLES = [
    ("office", 302, 200),
    ("leader", 302, 200),
    ("administrator", 403, 200),
    ("head", 403, 403),
    ("officer", 403, 403),
]


@pytest.mark.parametrize(("role", "changes", "reads"), ROLES)
def test_everyone_in_the_province_has_the_rights_of_the_role(
    plan, home, done, client_of, role, changes, reads
):
    client = client_of(getattr(home, role))
    assert client.post(plan_url(plan), {"period": "2026-M06"}).status_code == changes
    for address in (plan_url(plan), url("report", done), file_url(done)):
        assert client.get(address).status_code == reads
    for name in ("make_again", "cancel", "correct"):
        assert client.post(url(name, done)).status_code == changes
    assert client.post(url("texts", done), {"version": 1}).status_code == changes
    assert client.get(url("issue", done)).status_code == (200 if changes == 302 else 403)
    assert client.post(url("issue", done), ISSUE).status_code == changes


@pytest.mark.parametrize(("role", "changes", "reads"), [("head", 302, 200), ("officer", 403, 200)])
def test_an_agency_reads_its_own_report_and_its_head_changes_it(
    home, of_agency, client_of, role, changes, reads
):
    client = client_of(getattr(home, role))
    listed = client.get(reverse("reports:reports")).content.decode()
    assert url("report", of_agency) in listed
    assert client.get(url("report", of_agency)).status_code == reads
    assert client.get(file_url(of_agency)).status_code == reads
    assert client.post(url("make_again", of_agency)).status_code == changes
    assert client.post(url("discard", of_agency)).status_code == changes


def test_a_stranger_finds_nothing(plan, done, stranger, client_of):
    client = client_of(stranger)
    for address in (plan_url(plan), url("report", done), file_url(done), url("texts", done)):
        assert client.get(address).status_code == 404
    assert client.get(url("report", done), headers=HTMX).status_code == 404
    for name in ("make_again", "cancel", "discard", "issue", "correct", "texts"):
        assert client.post(url(name, done), ISSUE).status_code == 404
    assert client.post(plan_url(plan), {"period": "2026-Q2"}).status_code == 404
    page = client.get(reverse("reports:reports")).content.decode()
    assert "149/KH-UBND" not in page
    filtered = client.get(reverse("reports:reports"), {"ke-hoach": plan.pk}).content.decode()
    assert "149/KH-UBND" not in filtered


def test_nobody_reads_reports_without_signing_in(plan, done, client):
    for address in (plan_url(plan), url("report", done), file_url(done), "/bao-cao/"):
        assert client.get(address).status_code == 302


def test_what_does_not_exist_answers_as_what_is_foreign(home, client_of):
    client = client_of(home.office)
    for pk in (0, 987654, 2**63, 10**30):
        for path in ("bao-cao/%s/", "bao-cao/tep/%s/", "ke-hoach/%s/bao-cao/"):
            assert client.get(f"/{path % pk}").status_code == 404


def test_other_methods_are_refused(plan, done, home, client_of):
    client = client_of(home.office)
    for address in (url("report", done), file_url(done), reverse("reports:reports")):
        assert client.post(address).status_code == 405
    for name in ("make_again", "cancel", "discard", "correct"):
        assert client.get(url(name, done)).status_code == 405
    assert client.put(plan_url(plan)).status_code == 405


# Watching


def test_a_report_that_is_being_made_asks_for_itself_each_second(report, home, client_of):
    page = client_of(home.office).get(url("report", report)).content.decode()
    assert page.count('hx-trigger="every 1s"') == 1
    assert "<progress" in page
    assert "Đang chờ đến lượt" in page
    assert "Dừng lập" in page
    # Without a script there is a link.
    assert "Xem lại" in page


def test_while_it_is_made_only_the_progress_is_sent_with_step_and_percent(draft, home, client_of):
    Report.objects.update(
        state=State.RUNNING, step=Step.LAY_OUT, percent_done=25, lease_until=NOW, attempt=1
    )
    with CaptureQueriesContext(connection) as queries:
        part = client_of(home.office).get(url("report", draft), headers=HTMX).content.decode()
    assert part.strip().startswith('<div id="report-progress"')
    assert part.strip().endswith("</div>")
    # Nothing in it takes the focus; the sentence is read out once for each step.
    assert "<a" not in part.partition("<noscript")[0]
    assert "<button" not in part
    assert 'data-say="Đang dàn trang PDF"' in part
    # What is frozen is not read each second.
    assert not [query for query in queries if '"content"' in query["sql"]]
    assert 'value="25"' in part
    assert 'class="is-done"' in part
    assert 'class="is-current"' in part


def test_a_page_that_watches_a_report_stops_asking_when_somebody_discards_it(
    report, home, client_of
):
    client, address = client_of(home.office), url("report", report)
    services.discard(report)
    answer = client.get(address, headers=HTMX)
    assert (answer.status_code, answer["HX-Refresh"]) == (404, "true")
    assert "HX-Refresh" not in client.get(address)


def test_the_page_says_when_a_report_waits_long(report, home, client_of):
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        page = client_of(home.office).get(url("report", report)).content.decode()
    assert "Yêu cầu vẫn được giữ" in page


def test_a_finished_report_stops_asking_and_shows_every_file_with_its_size(done, home, client_of):
    response = client_of(home.leader).get(url("report", done), headers=HTMX)
    part = response.content.decode()
    assert response["HX-Retarget"] == "#report-state"
    assert part.strip().startswith('<section id="report-state"')
    assert "hx-trigger" not in part
    for kind in ("pdf", "docx", "xlsx", "json"):
        assert file_url(done, kind) in part
    assert "12 trang" in part
    assert done.snapshot.sha256 in part
    assert done.printed_code in part
    assert "style=" not in part
    assert "no-store" in response["Cache-Control"]


def test_a_failed_report_says_why_and_can_be_made_again(report, home, client_of, woken):
    leases.give_up(services.claim(report.pk, now=NOW), "Ổ đĩa đã đầy.", now=NOW)
    client = client_of(home.office)
    page = client.get(url("report", report)).content.decode()
    assert "Ổ đĩa đã đầy." in page
    assert "Lập lại" in page
    assert "hx-trigger" not in page
    reader = client_of(home.administrator).get(url("report", report)).content.decode()
    assert "Lập lại" not in reader
    client.post(url("make_again", report))
    report.refresh_from_db()
    assert (report.state, report.reason, woken) == (State.QUEUED, "", [report.pk])


def test_a_report_is_stopped_and_the_page_says_so(report, home, client_of):
    client = client_of(home.office)
    page = client.post(url("cancel", report), follow=True).content.decode()
    assert "Đã dừng lập báo cáo." in page
    assert "Đã dừng lập</span>" in page
    assert "Lập lại" in page
    again = client.post(url("cancel", report), follow=True).content.decode()
    assert "không có gì để dừng" in again


def test_the_files_of_the_last_time_stay_while_new_ones_are_made(draft, home, client_of):
    services.make_again(draft, now=NOW)
    page = client_of(home.office).get(url("report", draft)).content.decode()
    assert "của lần lập trước" in page
    assert file_url(draft) in page


def test_earlier_snapshots_stay_in_the_history(draft, home, give, client_of):
    give()
    services.make_again(draft, now=NOW)
    again = services.run(draft.pk)
    page = client_of(home.office).get(url("report", again)).content.decode()
    assert file_url(draft) in page
    assert file_url(again) in page
    assert "Các bản trước" in page


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pdf", "du-thao-bao-cao-tien-do-ke-hoach_149-kh-ubnd_2026-q2.pdf"),
        ("json", "du-thao-bao-cao-tien-do-ke-hoach_149-kh-ubnd_2026-q2.json"),
    ],
)
def test_a_file_comes_under_a_name_every_system_keeps(done, home, client_of, kind, name):
    response = client_of(home.office).get(file_url(done, kind))
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_an_issued_file_is_named_by_number_plan_and_period(issued, home, client_of):
    response = client_of(home.office).get(file_url(issued))
    assert b"".join(response.streaming_content).startswith(b"%PDF-1.7")
    assert '"05-bc-snv_149-kh-ubnd_2026-q2.pdf"' in response["Content-Disposition"]


def test_a_draft_keeps_its_name_when_the_paper_is_issued_and_is_not_offered_as_it(
    done, home, client_of
):
    draft = file_url(done)
    new = services.Issue("05/BC-SNV", TODAY, "A")
    services.issue(done, new, version=1, by=home.office, now=NOW)
    client = client_of(home.office)
    while_made = client.get(url("report", done))
    assert while_made.context["files"] == []
    assert '"du-thao-' in client.get(draft)["Content-Disposition"]
    done.refresh_from_db()
    services.run(done.pk)
    assert '"du-thao-' in client.get(draft)["Content-Disposition"]
    assert draft in client.get(url("report", done)).content.decode()


def test_a_file_that_is_gone_from_the_storage_is_not_found(done, home, client_of):
    file = done.files.get(format=Format.PDF)
    file.file.storage.delete(file.file.name)
    assert client_of(home.office).get(file_url(done)).status_code == 404


def test_files_of_an_agency_and_signed_ones_have_names_of_their_own(of_agency, issued):
    named = files.file_name(of_agency, Format.PDF)
    assert named == "du-thao-bao-cao-cua-mot-co-quan_so-tai-chinh_2026-q2.pdf"
    named = files.file_name(issued, Format.SIGNED)
    assert named == "05-bc-snv_149-kh-ubnd_2026-q2.da-ky.pdf"


# Stages


def test_issuing_asks_for_number_day_and_signer_and_then_makes_the_issued_files(
    done, home, client_of, woken
):
    client = client_of(home.office)
    assert "Ghi phát hành" in client.get(url("report", done)).content.decode()
    response = client.post(url("issue", done), ISSUE, follow=True)
    done.refresh_from_db()
    assert (done.stage, done.number, done.signer_name) == ("issued", "05/BC-SNV", "Nguyễn Văn Ký")
    assert done.pk in woken
    page = response.content.decode()
    assert "05/BC-SNV" in page
    assert "Bỏ báo cáo" not in page
    assert "Dừng lập" not in page


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"number": ""}, 422, "Hãy ghi số, ký hiệu"),
        ({"number": "x" * 51}, 422, "50"),
        ({"number": "5"}, 422, "thiếu ký hiệu"),
        ({"day": "16/6/2026"}, 422, "16/6/2026 chưa tới"),
        ({"day": "ngày mai"}, 422, "ngày mai"),
        ({"signer": " "}, 422, "họ và tên"),
        ({"version": "2"}, 409, "vừa được sửa"),
        ({"version": ""}, 422, ""),
        ({"version": "9" * 30}, 422, ""),
    ],
)
def test_what_cannot_stand_on_a_paper_is_explained_and_kept(
    done, home, client_of, change, status, words
):
    response = client_of(home.office).post(url("issue", done), {**ISSUE, **change})
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert f'value="{ {**ISSUE, **change}["day"] }"' in page
    done.refresh_from_db()
    assert done.stage == Stage.FROZEN


@pytest.mark.parametrize(
    ("change", "field"),
    [({"number": "5/bc-snv"}, "number"), ({"day": "13/6/2026"}, "day"), ({"day": "1/7/26"}, "day")],
)
def test_what_is_wrong_with_number_or_day_is_told_at_its_field(
    issued, of_agency, home, client_of, change, field
):
    data = {**ISSUE, "number": "07/BC-STC", **change}
    response = client_of(home.office).post(url("issue", of_agency), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_number_is_kept_in_the_one_way_of_writing(done, home, client_of):
    client = client_of(home.office)
    client.post(url("issue", done), {**ISSUE, "number": "5 / bc-snv"})
    done.refresh_from_db()
    assert done.number == "05/BC-SNV"


def test_once_the_newer_texts_were_named_the_paper_is_issued_with_them(done, home, client_of):
    texts.save(done, {"proposals": "Mới"}, version=1, now=NOW)
    services.run(done.pk)
    client = client_of(home.office)
    refused = client.post(url("issue", done), ISSUE)
    assert refused.status_code == 409
    again = {field.html_name: field.value() for field in refused.context["form"]}
    assert client.post(url("issue", done), again).status_code == 302


def test_a_report_that_is_made_again_meanwhile_is_not_issued(draft, home, client_of):
    response = client_of(home.office).get(url("issue", draft))
    assert "14/9/2026 mới chốt" in response.content.decode()
    assert client_of(home.office).post(url("issue", draft), ISSUE).status_code == 422


def test_a_correction_is_begun_told_on_both_pages_and_in_the_list(issued, home, client_of):
    client = client_of(home.office)
    page = client.post(url("correct", issued), follow=True).content.decode()
    assert "Thay thế văn bản số 05/BC-SNV" in page
    assert "Đang soạn văn bản thay thế" in client.get(url("report", issued)).content.decode()

    new = services.run(issued.correction().pk)
    services.issue(new, services.Issue("06/BC-SNV", TODAY, "A"), version=1, by=home.office, now=NOW)
    services.run(new.pk)
    old = client.get(url("report", issued)).content.decode()
    assert "đã được thay thế bằng văn bản số 06/BC-SNV" in old
    assert "Lập văn bản thay thế" not in old
    assert "Đã thay bằng số 06/BC-SNV" in client.get("/bao-cao/").content.decode()
    refused = client.post(url("correct", issued), follow=True).content.decode()
    assert "đã được thay thế bằng văn bản số 06/BC-SNV" in refused


def test_a_draft_can_be_discarded_and_an_issued_paper_cannot(plan, draft, issued, home, client_of):
    client = client_of(home.office)
    response = client.post(url("discard", draft), follow=True)
    assert response.redirect_chain[-1][0] == plan_url(plan)
    assert client.get(url("report", draft)).status_code == 404
    refused = client.post(url("discard", issued), follow=True).content.decode()
    assert "không bỏ được" in refused


# Lists


def test_the_list_is_filtered_by_kind_stage_and_plan(plan, done, draft, of_agency, home, client_of):
    client = client_of(home.office)

    def shown(**filters):
        page = client.get(reverse("reports:reports"), filters).context["page"]
        return {row.pk for row in page.rows}

    assert shown() == {done.pk, draft.pk, of_agency.pk}
    assert shown(loai="agency") == {of_agency.pk}
    assert shown(**{"giai-doan": "draft"}) == {draft.pk}
    assert shown(**{"ke-hoach": plan.pk}) == {done.pk, draft.pk}
    for nonsense in ("x", "9" * 40, "-1"):
        odd = {"loai": nonsense, "giai-doan": nonsense, "ke-hoach": nonsense, "sau": nonsense}
        assert client.get(reverse("reports:reports"), odd).status_code == 200


def test_the_list_goes_on_by_key(plan, home, give, client_of):
    give()
    for day in range(1, 61):
        period = fakes.until(date(2026, 3, 1), date(2026, 4, 1) + timedelta(days=day))
        services.request(fakes.scope_of(plan, period), by=None, now=NOW)
    client = client_of(home.office)
    first = client.get(reverse("reports:reports")).context["page"]
    second = client.get(reverse("reports:reports"), {"sau": first.next}).context["page"]
    assert (len(first.rows), len(second.rows), second.next) == (50, 10, "")
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


@pytest.mark.parametrize("page", ["list", "plan"])
def test_lists_make_as_many_queries_for_ten_reports_as_for_one(
    plan, home, issued, client_of, count_queries, page
):
    address = reverse("reports:reports") if page == "list" else plan_url(plan)
    client = client_of(home.office)
    client.get(address)
    for_one = count_queries(lambda: client.get(address))
    for day in range(1, 10):
        period = fakes.until(date(2026, 4, 1), date(2026, 6, day))
        agencies = [home.agency, home.monitor]
        scope = fakes.scope_of(plan, period, ReportKind.URGING, agencies)
        services.run(services.request(scope, by=home.leader, now=NOW).pk)
    assert count_queries(lambda: client.get(address)) == for_one


def test_a_closed_plan_keeps_its_reports(plan, done, home, client_of):
    plan.status = PlanStatus.CLOSED
    plan.save()
    assert client_of(home.leader).get(url("report", done)).status_code == 200
