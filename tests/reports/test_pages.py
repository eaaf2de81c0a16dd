"""The pages of reports: who may ask and read, what is said when it cannot be done."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from plans import leases
from plans.reports import jobs, pdf, services
from plans.reports.models import Report
from plans.reports.states import State, Step
from plans.states import PlanStatus
from tests.factories import make_plan
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """Ids of the reports a worker was woken for; no broker is asked."""
    ids = []
    monkeypatch.setattr(jobs, "wake", ids.append)
    return ids


@pytest.fixture
def report(plan, home, give):
    give(name="Bí mật của Lào Cai")
    return services.request_report(plan, TODAY, by=home.office, now=NOW)


@pytest.fixture
def done(report, monkeypatch):
    monkeypatch.setattr(pdf, "render_counted", lambda _figures, **_options: (b"%PDF-1.7 %%EOF", 12))
    return services.run(report.pk)


def plan_url(plan):
    return reverse("reports:plan_reports", args=[plan.pk])


def report_url(report):
    return reverse("reports:report", args=[report.pk])


def download_url(report):
    return reverse("reports:download", args=[report.pk])


@pytest.mark.parametrize("role", ["office", "leader"])
def test_offices_and_leaders_ask_for_a_report_and_see_it_being_made(
    plan, home, give, client_of, woken, role
):
    give()
    client = client_of(getattr(home, role))
    response = client.post(plan_url(plan), {"as_of": "15/6/2026"})
    made = Report.objects.get()
    assert response.status_code == 302
    assert response["Location"] == report_url(made)
    assert woken == [made.pk]
    assert (made.as_of, made.state) == (TODAY, State.QUEUED)


def test_the_form_offers_today(plan, home, client_of):
    assert b'value="15/06/2026"' in client_of(home.office).get(plan_url(plan)).content


def test_pressed_twice_there_is_one_report_and_both_land_on_it(plan, home, give, client_of):
    give()
    client = client_of(home.office)
    answers = {client.post(plan_url(plan), {"as_of": "15/6/2026"})["Location"] for _ in range(2)}
    assert len(answers) == Report.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Hãy ghi ngày chốt số liệu"),
        ("31/02/2026", "28"),
        ("16/6/2026", "chưa tới"),
        ("31/3/2026", "giao việc từ ngày 01/4/2026"),
        ("hôm qua", "hôm qua"),
        ("x" * 5000, "40"),
    ],
)
def test_a_day_that_will_not_do_is_explained_and_kept(plan, home, client_of, woken, typed, words):
    response = client_of(home.office).post(plan_url(plan), {"as_of": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'value="{typed}"' in page or not typed
    assert not Report.objects.exists()
    assert woken == []


def test_a_draft_offers_no_report(home, client_of):
    draft = make_plan(province=home.province)
    client = client_of(home.office)
    assert "chưa giao việc" in client.get(plan_url(draft)).content.decode()
    assert client.post(plan_url(draft), {"as_of": "15/6/2026"}).status_code == 422


@pytest.mark.parametrize(
    ("role", "asks", "reads"),
    [
        ("office", 302, 200),
        ("leader", 302, 200),
        ("administrator", 403, 200),
        ("head", 403, 403),
        ("officer", 403, 403),
    ],
)
def test_everyone_in_the_province_has_the_rights_of_the_role(
    plan, home, done, client_of, role, asks, reads
):
    client = client_of(getattr(home, role))
    assert client.post(plan_url(plan), {"as_of": "14/6/2026"}).status_code in {asks}
    for url in (plan_url(plan), report_url(done), download_url(done), reverse("reports:reports")):
        assert client.get(url).status_code == reads


def test_a_stranger_finds_nothing(plan, done, stranger, client_of):
    client = client_of(stranger)
    for url in (plan_url(plan), report_url(done), download_url(done)):
        assert client.get(url).status_code == 404
    assert client.get(report_url(done), headers=HTMX).status_code == 404
    assert client.post(plan_url(plan), {"as_of": "15/6/2026"}).status_code == 404
    page = client.get(reverse("reports:reports")).content.decode()
    assert "149/KH-UBND" not in page


def test_nobody_reads_reports_without_signing_in(plan, done, client):
    for url in (plan_url(plan), report_url(done), download_url(done), reverse("reports:reports")):
        assert client.get(url).status_code == 302


def test_what_does_not_exist_answers_as_what_is_foreign(home, client_of):
    client = client_of(home.office)
    for pk in (0, 987654, 2**63, 10**30):
        assert client.get(f"/bao-cao/{pk}/").status_code == 404
        assert client.get(f"/bao-cao/{pk}/tai-ve/").status_code == 404
        assert client.get(f"/ke-hoach/{pk}/bao-cao/").status_code == 404


def test_other_methods_are_refused(plan, done, home, client_of):
    client = client_of(home.office)
    for url in (report_url(done), download_url(done), reverse("reports:reports")):
        assert client.post(url).status_code == 405
    assert client.put(plan_url(plan)).status_code == 405


def test_a_report_that_is_being_made_asks_for_itself_each_second(report, home, client_of):
    client = client_of(home.office)
    page = client.get(report_url(report)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "<progress" in page
    assert "Đang chờ đến lượt" in page
    # Without a script there is a link.
    assert "Xem lại" in page


def test_the_partial_is_the_part_alone_with_step_and_percent(report, home, client_of):
    Report.objects.update(
        state=State.RUNNING, step=Step.LAY_OUT, percent_done=25, lease_until=NOW, attempt=1
    )
    part = client_of(home.office).get(report_url(report), headers=HTMX).content.decode()
    assert part.strip().startswith('<section id="report-state"')
    assert 'value="25"' in part
    assert 'class="is-done"' in part
    assert 'class="is-current"' in part


def test_the_page_says_when_a_report_waits_long(report, home, client_of):
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        page = client_of(home.office).get(report_url(report)).content.decode()
    assert "Yêu cầu vẫn được giữ" in page


def test_a_finished_report_stops_asking_and_shows_figures_chart_and_file(done, home, client_of):
    response = client_of(home.leader).get(report_url(done), headers=HTMX)
    part = response.content.decode()
    assert "hx-trigger" not in part
    assert download_url(done) in part
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chart"' in part
    assert done.snapshot.sha256 in part
    assert "style=" not in part
    assert "no-store" in response["Cache-Control"]


def test_a_failed_report_says_why_and_offers_to_try_again(plan, report, home, client_of):
    leases.give_up(services.claim(report.pk, now=NOW), "Ổ đĩa đã đầy.", now=NOW)
    page = client_of(home.office).get(report_url(report)).content.decode()
    assert "Ổ đĩa đã đầy." in page
    assert "Lập lại" in page
    assert "hx-trigger" not in page
    reader = client_of(home.administrator).get(report_url(report)).content.decode()
    assert "Lập lại" not in reader


def test_the_file_comes_under_a_name_every_system_keeps(done, home, client_of):
    response = client_of(home.office).get(download_url(done))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 %%EOF"
    assert response["Content-Type"] == "application/pdf"
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="bao-cao-149-kh-ubnd-2026-06-15.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_file_is_not_there_before_it_is_done(report, home, client_of):
    assert client_of(home.office).get(download_url(report)).status_code == 404


def test_the_list_goes_on_by_key(plan, home, give, client_of):
    give()
    for day in range(1, 61):
        Report.objects.create(
            plan=plan,
            province=home.province,
            as_of=date(2026, 3, 1) + timedelta(days=day),
            requested_by=home.office,
            requested_at=NOW,
        )
    client = client_of(home.office)
    first = client.get(reverse("reports:reports")).context["page"]
    second = client.get(reverse("reports:reports"), {"sau": first.next}).context["page"]
    assert (len(first.rows), len(second.rows), second.next) == (50, 10, "")
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    for nonsense in ("x", "9" * 40, "-1"):
        assert client.get(reverse("reports:reports"), {"sau": nonsense}).status_code == 200


@pytest.mark.parametrize("page", ["list", "plan"])
def test_lists_make_as_many_queries_for_ten_reports_as_for_one(
    plan, home, report, client_of, count_queries, page
):
    url = reverse("reports:reports") if page == "list" else plan_url(plan)
    client = client_of(home.office)
    client.get(url)
    for_one = count_queries(lambda: client.get(url))
    for day in range(1, 10):
        services.request_report(plan, date(2026, 6, day), by=home.leader, now=NOW)
    assert count_queries(lambda: client.get(url)) == for_one


def test_a_closed_plan_keeps_its_reports(plan, done, home, client_of):
    plan.status = PlanStatus.CLOSED
    plan.save()
    assert client_of(home.leader).get(report_url(done)).status_code == 200
