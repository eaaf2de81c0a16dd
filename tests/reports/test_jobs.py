"""A report as a job: asked for once, taken by one, stored whole or failed with a reason."""

import hashlib
from datetime import date, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError
from pypdf import PdfReader

from plans import leases
from plans.reports import jobs, pdf, services, snapshot
from plans.reports.models import Report, Snapshot
from plans.reports.querysets import ReportQuerySet
from plans.reports.states import State, Step
from plans.states import PlanStatus
from tests.factories import make_plan
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

LATER = NOW + services.LEASE + timedelta(seconds=1)


@pytest.fixture
def ask(plan, home, give):
    give()

    def make(as_of=TODAY, by=None):
        return services.request_report(plan, as_of, by=by or home.office, now=NOW)

    return make


@pytest.fixture
def sent(monkeypatch):
    """Ids of the reports a worker was woken for."""
    woken = []
    monkeypatch.setattr(
        jobs.build_report, "apply_async", lambda args, **_options: woken.append(args[0])
    )
    return woken


@pytest.fixture
def no_printing(monkeypatch):
    """Printing is tested elsewhere; here its outcome is what matters."""

    def set_outcome(outcome):
        def print_nothing(_figures, **_options):
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        monkeypatch.setattr(pdf, "render_counted", print_nothing)

    set_outcome((b"%PDF-1.7 short %%EOF", 3))
    return set_outcome


def stored_files():
    folders = default_storage.listdir("")[0]
    return default_storage.listdir("bao-cao")[1] if "bao-cao" in folders else []


def test_a_report_is_frozen_printed_and_stored(ask):
    report = ask()
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert (report.state, report.percent_done, report.reason) == (State.DONE, 100, "")
    assert report.snapshot.is_intact
    assert report.snapshot.figures()["as_of"] == "2026-06-15"
    with report.pdf.open("rb") as file:
        content = file.read()
        assert len(PdfReader(file).pages) == report.page_count
    assert hashlib.sha256(content).hexdigest() == report.pdf_sha256
    assert content == pdf.render(report.snapshot.figures())


def test_pressed_twice_there_is_one_job(ask):
    assert ask() == ask()
    assert Report.objects.count() == 1


def test_two_people_or_two_days_are_two_reports(plan, home, ask):
    plan.activated_on = date(2026, 4, 1)
    assert len({ask().pk, ask(by=home.leader).pk, ask(as_of=date(2026, 6, 1)).pk}) == 3


def test_the_database_refuses_a_second_open_report_of_one_person(plan, home, ask):
    first = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            plan=plan,
            province=first.province,
            as_of=TODAY,
            requested_by=home.office,
            requested_at=NOW,
        )


def test_of_two_copies_that_arrive_at_once_the_second_finds_the_first(ask, monkeypatch):
    first = ask()
    real, looks = ReportQuerySet.first, []

    def blind_at_first(rows):
        # The second copy looked before the first was written.
        looks.append(rows)
        return real(rows) if len(looks) > 1 else None

    monkeypatch.setattr(ReportQuerySet, "first", blind_at_first)
    assert ask() == first
    assert len(looks) == 2


def test_a_finished_report_is_followed_by_one_that_supersedes_it(ask, no_printing):
    first = services.run(ask().pk)
    second = services.run(ask().pk)
    assert second.pk != first.pk
    assert second.supersedes == first
    assert first.supersedes is None


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        (date(2026, 6, 16), "16/6/2026 chưa tới"),
        (date(2026, 3, 31), "giao việc từ ngày 01/4/2026"),
    ],
)
def test_a_day_without_figures_is_refused_with_the_days_to_choose_from(ask, as_of, words):
    with pytest.raises(services.ReportError, match=words) as refused:
        ask(as_of=as_of)
    assert "15/6/2026" in refused.value.message
    assert not Report.objects.exists()


def test_a_draft_has_nothing_to_report(home):
    draft = make_plan(province=home.province)
    with pytest.raises(services.ReportError, match="chưa giao việc"):
        services.request_report(draft, TODAY, by=home.office, now=NOW)


def test_one_report_is_taken_by_one_worker(ask):
    report = ask()
    assert services.claim(report.pk, now=NOW).attempt == 1
    assert services.claim(report.pk, now=NOW) is None


def test_a_second_run_of_the_job_does_nothing(ask, no_printing):
    report = ask()
    jobs.build_report(report.pk)
    jobs.build_report(report.pk)
    assert Snapshot.objects.count() == 1
    report.refresh_from_db()
    assert report.attempt == 1


def test_the_steps_are_shown_while_the_report_is_made(ask, monkeypatch):
    seen = []

    def look(_figures, **_options):
        row = Report.objects.get()
        seen.append((row.state, row.step, row.percent_done))
        return b"%PDF", 1

    monkeypatch.setattr(pdf, "render_counted", look)
    services.run(ask().pk)
    assert seen == [(State.RUNNING, Step.LAY_OUT, 25)]


def test_while_pages_are_laid_out_the_lease_is_renewed_and_the_bar_moves(ask):
    seconds = iter(range(1000))
    seen = []

    def clock():
        # Each look at the clock takes a second.
        row = Report.objects.get()
        seen.append((row.percent_done, row.lease_until))
        return NOW + timedelta(seconds=next(seconds))

    report = services.run(ask().pk, clock=clock)
    assert report.page_count >= 6
    percents = [percent for percent, _lease in seen]
    assert percents == sorted(percents)
    assert len({percent for percent in percents if 25 < percent < 90}) >= 3
    leases = [lease for _percent, lease in seen if lease]
    assert leases == sorted(leases)
    assert len(set(leases)) >= 6


def test_a_worker_that_lost_its_lease_stops_at_the_next_page(ask, monkeypatch):
    report = services.claim(ask().pk, now=NOW)
    seconds = iter(range(1000))
    real = services._follow

    def lose_it(*args):
        Report.objects.update(attempt=2)
        return real(*args)

    monkeypatch.setattr(services, "_follow", lose_it)
    with pytest.raises(leases.LostLeaseError):
        services.make(report, clock=lambda: NOW + timedelta(seconds=next(seconds)))


def test_a_worker_that_died_is_replaced_after_its_lease(ask, no_printing):
    report = services.claim(ask().pk, now=NOW)
    assert services.sweep(now=NOW + timedelta(seconds=10)) == []
    assert services.sweep(now=LATER) == [report.pk]
    assert services.run(report.pk).state == State.DONE


def test_a_worker_that_wakes_up_too_late_changes_nothing_and_leaves_no_file(ask, no_printing):
    old = services.claim(ask().pk, now=NOW)
    services.sweep(now=LATER)
    new = services.run(old.pk)
    files = stored_files()
    with pytest.raises(leases.LostLeaseError):
        services.make(old)
    old.snapshot = new.snapshot
    with pytest.raises(leases.LostLeaseError):
        services._store(old, b"late", 1, now=NOW)
    with pytest.raises(leases.LostLeaseError):
        leases.give_up(old, "late", now=NOW)
    new.refresh_from_db()
    assert (new.state, new.attempt) == (State.DONE, 2)
    assert stored_files() == files


def test_a_report_that_kills_three_workers_is_failed_with_a_reason(ask):
    report = ask()
    for _attempt in range(leases.MAX_ATTEMPTS):
        assert services.claim(report.pk, now=NOW)
        woken = services.sweep(now=LATER)
    assert woken == []
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "3 lần" in report.reason


def test_a_broker_that_is_down_leaves_the_report_for_the_sweep(ask, sent, monkeypatch):
    report = ask()

    def refuse(*_args, **_options):
        raise OperationalError("no broker")

    with monkeypatch.context() as patched:
        patched.setattr(jobs.build_report, "apply_async", refuse)
        jobs.wake(report.pk)
    assert services.sweep(now=NOW + timedelta(seconds=10)) == []
    assert services.sweep(now=NOW + timedelta(seconds=60)) == [report.pk]


def test_the_sweep_wakes_a_worker_for_what_was_forgotten(ask, sent):
    report = ask()
    Report.objects.update(requested_at=NOW - timedelta(minutes=2))
    jobs.sweep_reports()
    assert sent == [report.pk]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("x"), "quản trị hệ thống xem nhật ký"),
        (MemoryError(), "không đủ bộ nhớ"),
        (OSError(28, "No space left on device"), "ổ đĩa đã đầy"),
    ],
)
def test_what_goes_wrong_is_tried_three_times_and_then_says_why(ask, no_printing, error, words):
    no_printing(error)
    report, files = ask(), stored_files()
    states = []
    for _attempt in range(4):
        jobs.build_report(report.pk)
        report.refresh_from_db()
        states.append(report.state)
    assert states == [State.QUEUED, State.QUEUED, State.FAILED, State.FAILED]
    assert words in report.reason
    assert report.attempt == 3
    assert stored_files() == files
    # Frozen once: what is tried again prints the same figures.
    assert Snapshot.objects.count() == 1


def test_a_report_that_takes_too_long_is_failed_at_once(ask, no_printing):
    no_printing(SoftTimeLimitExceeded())
    report = ask()
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "quá lâu" in report.reason


def test_a_day_without_figures_fails_with_its_reason_and_is_not_tried_again(ask):
    report = ask(as_of=date(2026, 6, 1))
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert (report.state, report.attempt) == (State.FAILED, 1)
    assert "01/06/2026" in report.reason


def test_figures_that_were_tampered_with_are_not_printed(ask, monkeypatch):
    report = services.claim(ask().pk, now=NOW)
    content = snapshot.canonical({"form": 1})
    report.snapshot = Snapshot.objects.create(
        plan=report.plan, as_of=TODAY, content=content, sha256="0" * 64, made_at=NOW
    )
    services.make(report)
    assert report.state == State.FAILED
    assert "đã bị sửa" in report.reason


def test_a_failed_report_can_be_asked_for_again(ask, no_printing):
    no_printing(SoftTimeLimitExceeded())
    first = ask()
    jobs.build_report(first.pk)
    no_printing((b"%PDF", 1))
    second = ask()
    assert second.pk != first.pk
    assert services.run(second.pk).state == State.DONE


def test_a_closed_plan_can_still_be_reported(plan, ask, no_printing):
    plan.status = PlanStatus.CLOSED
    assert services.run(ask().pk).state == State.DONE
