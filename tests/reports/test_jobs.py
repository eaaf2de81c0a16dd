"""A report as a job: taken by one worker, stored whole or failed with a reason, never stuck."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from kombu.exceptions import OperationalError

from plans import leases
from plans.reports import files, jobs, services
from plans.reports.content import ContentError
from plans.reports.kinds import KINDS
from plans.reports.models import Report, ReportFile, Snapshot
from plans.reports.services import making, texts
from plans.reports.states import STEP_PERCENT, Format, ReportKind, State, Step
from plans.states import PlanStatus
from tests.reports import fakes
from tests.reports.conftest import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + services.LEASE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    fakes.install(monkeypatch)
    for name in stored_files():
        default_storage.delete(f"bao-cao/{name}")


@pytest.fixture
def ask(plan, home, give):
    give()

    def make(period=fakes.QUARTER, **fields):
        scope = fakes.scope_of(plan, period, **fields)
        return services.request(scope, by=home.office, now=NOW)

    return make


@pytest.fixture
def sent(monkeypatch):
    """Reports a worker was woken for, with the options of the message."""
    woken = []
    monkeypatch.setattr(
        jobs.build_report,
        "apply_async",
        lambda args, **options: woken.append((args[0], options)),
    )
    return woken


@pytest.fixture
def printing(monkeypatch):
    """Let printing end otherwise: with an error, or with something done on the way."""

    def set_outcome(outcome):
        def make_files(text, *, on_step):
            if isinstance(outcome, BaseException):
                raise outcome
            outcome()
            return fakes.make_files(text, on_step=on_step)

        monkeypatch.setattr(files, "make_files", make_files)

    return set_outcome


def stored_files():
    folders = default_storage.listdir("")[0]
    return sorted(default_storage.listdir("bao-cao")[1]) if "bao-cao" in folders else []


def test_a_report_is_read_printed_and_stored_in_every_format(ask):
    report = ask()
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert (report.state, report.percent_done, report.reason) == (State.DONE, 100, "")
    assert report.snapshot.is_intact
    found = {file.format: file for file in report.files.all()}
    assert set(found) == set(Format) - {Format.SIGNED}
    assert found["pdf"].page_count == 12
    for file in found.values():
        with file.file.open("rb") as stored:
            content = stored.read()
        assert (files.File(content).sha256, len(content)) == (file.sha256, file.byte_count)
    assert found["json"].sha256 == report.snapshot.sha256


def test_a_second_message_finds_nothing_to_do(ask):
    report = ask()
    jobs.build_report(report.pk)
    jobs.build_report(report.pk)
    assert Snapshot.objects.count() == 1
    assert services.run(report.pk) is None


def test_of_two_workers_one_takes_the_report(ask):
    report = ask()
    assert services.claim(report.pk, now=NOW)
    assert services.claim(report.pk, now=NOW) is None


def test_a_worker_tells_its_step_and_percent_and_keeps_its_lease(ask, monkeypatch):
    told = []
    real = leases.write

    def write(row, **changes):
        real(row, **changes)
        told.append((changes.get("step"), changes["percent_done"], changes["lease_until"]))

    monkeypatch.setattr(leases, "write", write)
    seconds = iter(range(1000))
    report = services.claim(ask().pk, now=NOW)
    services.make(report, clock=lambda: NOW + timedelta(seconds=next(seconds)))
    steps = [step for step, _percent, _lease in told]
    percents = [percent for _step, percent, _lease in told]
    assert steps == [Step.FREEZE, Step.WRITE, Step.LAY_OUT, Step.STORE, Step.WAIT]
    assert percents == sorted(percents)
    assert STEP_PERCENT[Step.LAY_OUT] < percents[2] < STEP_PERCENT[Step.STORE]
    held = [lease for _step, _percent, lease in told[:-1]]
    assert held == sorted(set(held))
    assert told[-1][2] is None


def test_a_worker_writes_at_most_once_a_second_within_a_step(ask, monkeypatch):
    told = []
    monkeypatch.setattr(leases, "write", lambda _row, **changes: told.append(changes))
    follow = making._follower(ask(), lambda: NOW)
    for share in range(100):
        follow(Step.LAY_OUT, share / 100)
    assert len(told) == 1


@pytest.mark.parametrize("act", ["cancel", "discard", "save", "sweep"])
def test_a_worker_that_is_no_longer_wanted_stops_and_leaves_nothing(ask, printing, act):
    report = ask()
    acts = {
        "cancel": lambda: services.cancel(report, now=NOW),
        "discard": lambda: services.discard(report),
        "save": lambda: texts.save(report, {"assessment": "Mới"}, version=1, now=LATER),
        "sweep": lambda: services.sweep(now=LATER),
    }
    printing(acts[act])
    jobs.build_report(report.pk)
    assert stored_files() == []
    assert not Snapshot.objects.exists()
    expected = {"cancel": [State.CANCELLED], "discard": []}.get(act, [State.QUEUED])
    assert [row.state for row in Report.objects.all()] == expected


def test_a_worker_that_loses_the_report_while_it_stores_takes_its_files_back(ask, monkeypatch):
    report = services.claim(ask().pk, now=NOW)
    real = default_storage.save

    def save(name, content):
        services.cancel(report, now=NOW)
        return real(name, content)

    monkeypatch.setattr(default_storage, "save", save)
    with pytest.raises(leases.LostLeaseError):
        services.make(report)
    assert (stored_files(), ReportFile.objects.count(), Snapshot.objects.count()) == ([], 0, 0)


def test_a_worker_of_an_earlier_request_cannot_write_into_a_later_one(ask):
    old = services.claim(ask().pk, now=NOW)
    services.cancel(old, now=NOW)
    services.make_again(Report.objects.get(pk=old.pk), now=LATER)
    new = services.claim(old.pk, now=LATER)
    # The attempt alone would not tell them apart.
    assert new.attempt == old.attempt
    with pytest.raises(leases.LostLeaseError):
        services.make(old)
    assert services.make(new).state == State.DONE


def test_a_worker_that_died_is_replaced_after_its_lease(ask):
    report = services.claim(ask().pk, now=NOW)
    assert services.sweep(now=NOW + timedelta(seconds=10)) == []
    assert services.sweep(now=LATER) == [(report.pk, False)]
    assert services.run(report.pk).state == State.DONE


def test_a_report_that_kills_three_workers_is_failed_with_a_reason(ask):
    report = ask()
    for _attempt in range(leases.MAX_ATTEMPTS):
        assert services.claim(report.pk, now=NOW)
        woken = services.sweep(now=LATER)
    assert woken == []
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "3 lần" in report.reason


def test_a_broker_that_is_down_leaves_the_report_for_the_sweep(
    ask, monkeypatch, django_capture_on_commit_callbacks
):
    report = ask()

    def refuse(*_args, **_options):
        raise OperationalError("no broker")

    monkeypatch.setattr(jobs.build_report, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.wake(report)
    assert services.sweep(now=NOW + timedelta(seconds=10)) == []
    assert services.sweep(now=NOW + timedelta(seconds=60)) == [(report.pk, False)]


def test_the_sweep_wakes_a_worker_for_what_was_forgotten(ask, sent):
    report = ask()
    Report.objects.update(requested_at=NOW - timedelta(minutes=2))
    jobs.sweep_reports()
    assert [pk for pk, _options in sent] == [report.pk]


def test_the_sweep_freezes_what_is_over(ask, sent, django_capture_on_commit_callbacks):
    report = services.run(ask(fakes.RUNNING).pk)
    over = NOW.date() - timedelta(days=1)
    Report.objects.update(first_day=over, as_of=over)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.sweep_reports()
    assert [pk for pk, _options in sent] == [report.pk]


@pytest.mark.parametrize(("is_large", "queue"), [(False, "reports"), (True, "heavy")])
def test_large_reports_have_a_queue_and_limits_of_their_own(
    ask, sent, django_capture_on_commit_callbacks, is_large, queue
):
    report = ask()
    report.is_large = is_large
    with django_capture_on_commit_callbacks(execute=True):
        jobs.wake(report)
    Report.objects.update(requested_at=NOW - timedelta(minutes=2), is_large=is_large)
    jobs.sweep_reports()
    assert [options["queue"] for _pk, options in sent] == [queue, queue]
    assert all(("time_limit" in options) == is_large for _pk, options in sent)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("x"), "quản trị hệ thống xem nhật ký"),
        (MemoryError(), "không đủ bộ nhớ"),
        (OSError(28, "No space left on device"), "ổ đĩa đã đầy"),
    ],
)
def test_what_goes_wrong_is_tried_three_times_and_then_says_why(ask, printing, error, words):
    printing(error)
    report = ask()
    states = []
    for _attempt in range(4):
        jobs.build_report(report.pk)
        report.refresh_from_db()
        states.append(report.state)
    assert states == [State.QUEUED, State.QUEUED, State.FAILED, State.FAILED]
    assert words in report.reason
    assert report.attempt == 3
    assert stored_files() == []


def test_a_report_that_takes_too_long_is_failed_at_once(ask, printing):
    printing(SoftTimeLimitExceeded())
    report = ask()
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "quá lâu" in report.reason


def test_a_report_cancelled_while_it_fails_stays_cancelled(ask, monkeypatch):
    report = ask()

    def make_files(_text, *, on_step):
        services.cancel(report, now=NOW)
        raise RuntimeError

    monkeypatch.setattr(files, "make_files", make_files)
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert report.state == State.CANCELLED


def test_nothing_to_report_fails_with_its_reason_and_is_not_tried_again(ask, monkeypatch):
    def read(_scope, _now):
        raise ContentError("Không cơ quan nào quá hạn.")

    kind = fakes.Kind(fakes.SECTIONS, read, fakes.suggest, fakes.compose)
    monkeypatch.setitem(KINDS, ReportKind.PROGRESS, kind)
    report = ask()
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert (report.state, report.attempt) == (State.FAILED, 1)
    assert report.reason == "Không cơ quan nào quá hạn."


@pytest.mark.parametrize(
    ("content", "sha256", "words"),
    [('{"form":2}', "0" * 64, "đã bị sửa"), ('{"form":1}', "", "mẫu cũ")],
)
def test_what_was_frozen_and_cannot_be_trusted_is_not_printed(ask, content, sha256, words):
    report = services.run(ask().pk)
    sha256 = sha256 or making.fingerprint(content)
    damaged = Snapshot.objects.create(
        as_of=report.as_of, content=content, sha256=sha256, made_at=NOW
    )
    Report.objects.update(snapshot=damaged, state=State.QUEUED)
    jobs.build_report(report.pk)
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert words in report.reason


def test_a_closed_plan_can_still_be_reported(plan, ask):
    plan.status = PlanStatus.CLOSED
    plan.save()
    assert services.run(ask().pk).state == State.DONE


def test_files_that_a_dead_worker_left_are_deleted_after_a_day(ask):
    report = services.run(ask().pk)
    kept = stored_files()
    default_storage.save("bao-cao/left.pdf", ContentFile(b"left"))
    assert services.clean_files(now=NOW) == 0
    assert services.clean_files(now=NOW + timedelta(days=2)) == 1
    assert stored_files() == kept
    assert len(kept) == report.files.count()
