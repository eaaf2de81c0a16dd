"""Drafts, frozen figures, issued papers and their corrections: what may follow what, and when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, transaction

from plans.reports import codes, files, services
from plans.reports.models import Report, ReportFile, Snapshot
from plans.reports.printing import signing
from plans.reports.services import stages, texts
from plans.reports.states import ReportKind, Stage, State
from plans.states import PlanStatus
from tests.factories import make_plan, make_province
from tests.reports import fakes
from tests.reports.conftest import NOW, TODAY, differing_formats

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
ISSUE = services.Issue("05/BC-SNV", TODAY, "Nguyễn Văn Ký")


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    fakes.install(monkeypatch)


@pytest.fixture
def made(plan, home, give):
    """Make a report of a period now."""
    give()

    def make(period=fakes.QUARTER, *, now=NOW, **fields):
        scope = fakes.scope_of(plan, period, **fields)
        report = services.request(scope, by=home.office, now=now)
        return services.run(report.pk, clock=lambda: now)

    return make


@pytest.fixture
def issued(made, home):
    def make(issue=ISSUE, **fields):
        report = made(**fields)
        services.issue(report, issue, version=report.version, by=home.office, now=LATER)
        return services.run(report.pk, clock=lambda: LATER)

    return make


def files_of(report):
    return dict(report.files.filter(snapshot=report.snapshot).values_list("format", "sha256"))


def test_a_running_period_gives_a_draft_with_the_figures_of_today(made):
    report = made(fakes.RUNNING)
    content = report.snapshot.data()
    assert (report.stage, content["stage"], content["as_of"]) == ("draft", "draft", "2026-06-15")


def test_a_period_that_is_over_is_frozen_when_it_is_made(made):
    report = made()
    content = report.snapshot.data()
    assert (report.stage, content["stage"], content["as_of"]) == ("frozen", "frozen", "2026-06-14")


def test_the_sweep_freezes_a_draft_once_its_last_day_is_over(made):
    report = made(fakes.RUNNING)
    last = NOW.replace(month=9, day=14, hour=16)
    assert services.freeze_ripe(now=last) == []
    over = last + timedelta(hours=8)  # one o'clock of the 15th in Việt Nam
    assert services.freeze_ripe(now=over) == [report]
    frozen = services.run(report.pk, clock=lambda: over)
    assert (frozen.stage, frozen.snapshot.data()["as_of"]) == (Stage.FROZEN, "2026-09-14")
    assert services.freeze_ripe(now=over) == []


def test_frozen_figures_are_not_read_again_when_texts_change(made, give):
    report = made()
    figures = report.snapshot.data()["figures"]
    give()
    texts.save(report, {"assessment": "Tốt."}, version=1, now=LATER)
    again = services.run(report.pk)
    assert again.snapshot.data()["figures"] == figures
    assert again.snapshot.data()["texts"] == {"assessment": "Tốt."}
    assert again.snapshot != report.snapshot


def test_figures_of_a_draft_are_read_again_and_the_earlier_snapshot_stays(made, give):
    first = made(fakes.RUNNING)
    give()
    second = made(fakes.RUNNING, now=LATER)
    assert second.pk == first.pk
    assert second.snapshot != first.snapshot
    assert second.files.count() == 8


def test_a_draft_that_says_the_same_keeps_its_snapshot_and_files(made):
    first = made(fakes.RUNNING)
    second = made(fakes.RUNNING, now=LATER)
    assert (second.snapshot, second.state) == (first.snapshot, State.DONE)
    assert second.files.count() == 4


def test_an_issued_paper_bears_number_day_and_signer_and_the_figures_that_were_frozen(issued, home):
    report = issued()
    content = report.snapshot.data()
    assert content["stage"] == "issued"
    assert content["issue"] == {
        "number": "05/BC-SNV",
        "day": "2026-06-15",
        "signer": "Nguyễn Văn Ký",
    }
    assert (report.stage, report.state, report.issued_by) == ("issued", "done", home.office)
    assert len(files_of(report)) == 4


def test_an_issued_paper_is_signed_if_the_office_has_a_certificate(issued, made, monkeypatch):
    monkeypatch.setattr(signing, "has_certificate", lambda: True)
    monkeypatch.setattr(signing, "certificate", lambda now: None)
    monkeypatch.setattr(signing, "sign", lambda content, now: content + b" signed")
    report = issued()
    files = {file.format: file for file in report.files.filter(snapshot=report.snapshot)}
    assert files["signed"].byte_count == files["pdf"].byte_count + len(b" signed")
    # A signature bears its moment, so it is no part of what comes out again.
    assert differing_formats(report.snapshot) == []
    assert "signed" not in files_of(made(kind=ReportKind.LEADER))


def test_a_certificate_that_cannot_sign_fails_an_issued_paper_before_it_is_printed(
    made, home, settings, monkeypatch
):
    report = made()
    services.issue(report, ISSUE, version=1, by=home.office, now=LATER)
    settings.SIGNING_P12 = "/nowhere/office.p12"
    with monkeypatch.context() as patched:
        patched.setattr(files, "make_files", fakes.compose)
        failed = services.run(report.pk, clock=lambda: LATER)
    assert (failed.stage, failed.state) == (Stage.ISSUED, State.FAILED)
    assert "SIGNING_P12" in failed.reason
    settings.SIGNING_P12 = ""
    services.make_again(failed, now=LATER)
    assert services.run(report.pk, clock=lambda: LATER).state == State.DONE


def test_what_is_issued_cannot_be_issued_changed_cancelled_or_discarded(issued, home):
    report = issued()
    with pytest.raises(services.ReportError, match="đã phát hành"):
        services.issue(report, ISSUE, version=1, by=home.office, now=LATER)
    with pytest.raises(services.ReportError, match="đã phát hành"):
        texts.save(report, {"assessment": "Khác"}, version=1, now=LATER)
    with pytest.raises(services.ReportError, match="đã phát hành"):
        services.discard(report)
    Report.objects.update(state=State.QUEUED)
    assert not services.cancel(report, now=LATER)


def test_asking_for_what_is_issued_gives_the_issued_report(issued, made):
    report = issued()
    assert made() is None  # nothing was queued, so there was nothing to take
    assert Report.objects.get() == report


def test_a_running_period_cannot_be_issued_before_its_last_day(made, home):
    report = made(fakes.RUNNING)
    with pytest.raises(services.ReportError, match="14/9/2026 mới chốt"):
        services.issue(report, ISSUE, version=1, by=home.office, now=LATER)


def test_a_letter_of_today_can_be_issued_today(made, home):
    report = made(
        fakes.until(date(2026, 6, 1), TODAY), kind=ReportKind.URGING, agencies=[home.agency]
    )
    assert report.stage == Stage.DRAFT
    services.issue(report, ISSUE, version=1, by=home.office, now=LATER)
    assert services.run(report.pk).snapshot.data()["stage"] == "issued"


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.FAILED, State.CANCELLED])
def test_only_a_report_with_its_files_can_be_issued(made, home, state):
    report = made()
    Report.objects.update(state=state, reason="x", lease_until=NOW)
    with pytest.raises(services.ReportError, match="chưa lập xong"):
        services.issue(report, ISSUE, version=1, by=home.office, now=LATER)


@pytest.mark.parametrize(
    ("issue", "words"),
    [
        (services.Issue("1/BC", TODAY + timedelta(days=1), "A"), "16/6/2026 chưa tới"),
        (services.Issue("1/BC", date(2026, 6, 13), "A"), "chốt đến ngày 14/6/2026"),
    ],
)
def test_a_day_no_paper_can_bear_is_refused(made, home, issue, words):
    with pytest.raises(services.ReportError, match=words):
        services.issue(made(), issue, version=1, by=home.office, now=LATER)


def test_a_number_is_given_once_a_year(issued, made, home):
    issued()
    other = made(kind=ReportKind.LEADER)
    with pytest.raises(services.ReportError, match="đã ghi cho một văn bản khác"):
        services.issue(other, ISSUE, version=1, by=home.office, now=LATER)


def test_a_number_is_of_another_paper_in_another_province_or_year(issued):
    first = issued()
    copy = Report.objects.get(pk=first.pk)
    for change in ({"issued_year": 2027}, {"province": make_province(name="Sơn La", code="14")}):
        for name, value in change.items():
            setattr(copy, name, value)
        copy.pk, copy.code = None, codes.draw()
        copy.save()
    assert Report.objects.filter(number=first.number).count() == 3


@pytest.mark.parametrize("number", ["05/BC-SNV", "05/bc-snv"])
def test_of_two_papers_that_get_one_number_at_once_the_database_refuses_one(
    issued, made, home, monkeypatch, number
):
    issued()
    other = made(kind=ReportKind.LEADER)
    # Both were looked up before either was written.
    monkeypatch.setattr(stages, "check_issue", lambda *_given: None)
    again = replace(ISSUE, number=number)
    with pytest.raises(services.ReportError, match=f"Số {number} đã ghi cho một văn bản khác"):
        services.issue(other, again, version=1, by=home.office, now=LATER)
    other.refresh_from_db()
    assert (other.stage, other.number) == (Stage.FROZEN, "")


def test_the_same_number_of_another_province_is_another_number(issued, home):
    issued()
    elsewhere = make_plan(
        province=make_province(name="Sơn La", code="14"),
        status=PlanStatus.ACTIVE,
        activated_on=date(2026, 4, 1),
    )
    theirs = services.request(fakes.scope_of(elsewhere), by=home.office, now=NOW)
    services.issue(services.run(theirs.pk), ISSUE, version=1, by=home.office, now=LATER)
    assert Report.objects.filter(number=ISSUE.number).count() == 2


def test_issuing_what_was_edited_meanwhile_is_refused(made, home):
    report = made()
    texts.save(report, {"assessment": "Mới."}, version=1, now=LATER)
    services.run(report.pk)
    with pytest.raises(services.StaleError):
        services.issue(report, ISSUE, version=1, by=home.office, now=LATER)


def test_the_database_holds_that_an_issued_paper_is_signed_and_frozen(made):
    made()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(stage=Stage.ISSUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(snapshot=None, state=State.QUEUED)


def test_a_correction_begins_with_the_old_texts_and_says_what_it_replaces(issued, made, home):
    report = made()
    texts.save(report, {"proposals": "Đề nghị."}, version=1, now=NOW)
    services.run(report.pk)
    services.issue(report, ISSUE, version=2, by=home.office, now=LATER)
    old = services.run(report.pk)
    new = services.correct(old, by=home.office, now=LATER)
    assert (new.supersedes, new.texts, new.code != old.code) == (
        old,
        {"proposals": "Đề nghị."},
        True,
    )
    done = services.run(new.pk)
    assert done.snapshot.data()["supersedes"] == "Báo cáo số 05/BC-SNV ngày 15/6/2026"
    assert old.correction() == new


def test_correcting_twice_gives_the_same_correction_until_it_is_issued(issued, home):
    old = issued()
    new = services.correct(old, by=home.office, now=LATER)
    assert services.correct(old, by=home.leader, now=LATER) == new
    services.run(new.pk)
    second = services.Issue("06/BC-SNV", TODAY, "Nguyễn Văn Ký")
    services.issue(new, second, version=1, by=home.office, now=LATER)
    with pytest.raises(services.ReportError, match="06/BC-SNV"):
        services.correct(old, by=home.office, now=LATER)


def test_only_what_is_issued_is_corrected(made, home):
    with pytest.raises(services.ReportError, match="chưa phát hành"):
        services.correct(made(), by=home.office, now=LATER)


def test_asking_for_a_period_that_is_being_corrected_gives_the_correction(issued, made, home, plan):
    old = issued()
    new = services.correct(old, by=home.office, now=LATER)
    assert services.request(fakes.scope_of(plan), by=home.leader, now=LATER) == new


def test_a_discarded_draft_takes_its_files_but_not_what_was_frozen(
    made, django_capture_on_commit_callbacks
):
    report = made()
    names = [file.file.name for file in report.files.all()]
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(report)
    assert not Report.objects.exists()
    assert not ReportFile.objects.exists()
    assert not any(default_storage.exists(name) for name in names)
    assert Snapshot.objects.count() == 1


def test_the_database_refuses_to_change_or_delete_a_snapshot(made):
    frozen = made().snapshot
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Snapshot.objects.filter(pk=frozen.pk).update(content="{}")
    Report.objects.all().delete()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Snapshot.objects.filter(pk=frozen.pk).delete()
    assert Snapshot.objects.get().content == frozen.content


def test_the_database_refuses_to_empty_the_table_of_snapshots(made):
    made()
    # PostgreSQL would refuse for rows that it still has to check, too.
    connection.check_constraints()
    empty = {
        "sqlite": "DELETE FROM reports_snapshot",
        "postgresql": "TRUNCATE reports_snapshot CASCADE",
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute(empty)
    assert Snapshot.objects.count() == 1
