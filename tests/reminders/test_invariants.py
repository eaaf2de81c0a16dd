"""manage.py check_invariants: silent on what is whole, and a line for each thing that is not."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import UniqueConstraint
from django.utils import timezone

from agencies.models import Membership
from papi_portal import checking
from plans.models import Assignment, Evidence, Reading, SheetImport
from plans.reminders import invariants as of_reminders
from plans.reminders import outbox, planner
from plans.reminders.models import Mail, MailChoice, PlannedDay, Reminder
from plans.reminders.states import MailState
from plans.reports import services as report_services
from plans.reports.models import Report, ReportFile, Snapshot
from plans.reports.states import Format, State
from plans.states import SheetKind
from tests.factories import at, make_assignment, make_post, report
from tests.reports import fakes

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)
NIGHT = at(2026, 10, 13, 3)


@pytest.fixture(autouse=True)
def _without_files_of_other_tests(settings):
    """Setting the storage anew empties it: what other tests left in memory has no row."""
    settings.STORAGES = {**settings.STORAGES}


@pytest.fixture
def planned(head, monday):
    """Two letters of a morning, sent."""
    make_assignment(agency=head.agency, due_on=monday)
    make_post(agency=head.agency)
    planner.plan_day(monday, NOW)
    outbox.send_due(lambda: NOW)
    return Mail.objects.all()


def found(rule, now=NIGHT, *, is_quick=False):
    return [
        breach.text for breach in checking.breaches(now, is_quick=is_quick) if breach.rule == rule
    ]


def test_every_rule_is_found_and_a_whole_portal_has_no_breach(planned):
    rules = {rule for checks in checking.all_checks() for rule in checks}
    assert sorted(rules) == ["I1", "I2", "I3", "I5", "I6", "I8"]
    assert [str(breach) for breach in checking.breaches(NIGHT, is_quick=False)] == []


def test_what_a_letter_told_that_is_never_sent_counts_as_lost(planned):
    letter = planned[0]
    letter.state, letter.sent_at = MailState.OVERTAKEN, None
    letter.save()
    assert len(found("I1")) == letter.reminders.count() == 1


def test_the_command_prints_each_breach_and_ends_with_an_error(planned, capsys):
    call_command("check_invariants")
    assert "Không có sai lệch." in capsys.readouterr().out
    Mail.objects.update(sent_at=None, state=MailState.PENDING, next_try_at=timezone.now() - DAYS)
    with pytest.raises(CommandError, match="2 sai lệch"):
        call_command("check_invariants", "--quick")
    assert capsys.readouterr().out.count("I3: thư") == 2


DAYS = timedelta(days=2)


def test_i1_a_reminder_that_is_gone_is_found(planned):
    assert found("I1") == []
    # The rows of the work are as old as the morning, and not of the moment of the test.
    Assignment.history.update(history_date=NOW - DAYS)
    Membership.history.update(history_date=NOW - DAYS)
    Reminder.objects.first().delete()
    [line] = found("I1")
    assert "thiếu lượt nhắc" in line


def test_i1_a_reminder_in_no_letter_is_found(planned):
    Reminder.objects.filter(pk=Reminder.objects.first().pk).update(mail=None)
    assert len(found("I1")) == 1
    recipients = Reminder.objects.filter(mail=None).values_list("recipient", flat=True)
    MailChoice.objects.create(user_id=recipients[0], changed_at=NOW)
    assert found("I1") == []


def test_i1_what_has_changed_since_the_morning_is_told_tomorrow_and_not_lost(planned, monday, head):
    later = make_assignment(agency=head.agency, due_on=monday)
    later.save()  # its history says: after the morning
    make_post(agency=head.agency)
    assert found("I1", timezone.now()) == []


def test_i1_says_nothing_before_anything_was_planned(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    assert found("I1") == []
    PlannedDay.objects.create(for_date=monday)
    assert found("I1") == []


def test_i2_what_the_constraints_would_not_let_in_is_found_nevertheless(planned, monkeypatch):
    assert found("I2") == []
    assert list(of_reminders._repeated(Mail.objects.all(), "for_date")) == [
        {"for_date": planned[0].for_date, "rows": 2}
    ]
    asked = []
    monkeypatch.setattr(of_reminders, "_repeated", lambda rows, *key: asked.append(key) or [{}])
    assert len(found("I2")) == 3
    assert {frozenset(key) for key in asked} == {
        frozenset(rule.fields)
        for model in (Reminder, Mail)
        for rule in model._meta.constraints
        if isinstance(rule, UniqueConstraint)
    } | {frozenset({"message_id"})}


@pytest.mark.parametrize(
    "stuck",
    [
        {"state": MailState.PENDING, "next_try_at": NIGHT - DAYS},
        {"state": MailState.SENDING, "lease_until": NIGHT - DAYS},
        {"state": MailState.PENDING, "tries": 9, "created_at": NIGHT - 2 * DAYS},
    ],
)
def test_i3_a_letter_without_an_end_is_found(planned, stuck):
    assert found("I3") == []
    Mail.objects.filter(pk=planned[0].pk).update(sent_at=None, error="451 later", **stuck)
    [line] = found("I3")
    assert f"thư {planned[0].pk}" in line
    assert "451 later" not in line


def test_i3_a_letter_that_is_only_late_is_none(planned):
    Mail.objects.update(sent_at=None, state=MailState.PENDING, next_try_at=NIGHT)
    assert found("I3") == []


def test_i5_a_change_without_history_and_a_status_without_event_are_found(head, plan):
    assignment = make_assignment(agency=head.agency, plan=plan)
    report(assignment, by=head.user)
    assert found("I5") == []
    version = Assignment.objects.get().version
    Assignment.objects.update(version=7)
    assert "ở bản 7 " in found("I5")[0]
    Assignment.objects.update(version=version, status="done", done_on=NOW.date(), percent_done=100)
    assert found("I5") == [f"phần việc {assignment.pk} là done, diễn biến cuối ghi in_progress"]


def make_evidence(head):
    content = b"bien ban"
    name = default_storage.save("minh-chung/bien-ban.pdf", ContentFile(content))
    return Evidence.objects.create(
        assignment=make_assignment(agency=head.agency),
        file=name,
        file_name="biên bản.pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=head.user,
        added_at=NOW,
    )


def test_i8_a_file_that_is_gone_or_another_is_found(head):
    row = make_evidence(head)
    assert found("I8") == []
    default_storage.delete(row.file.name)
    assert "không đọc được tệp" in found("I8")[0]
    assert found("I8", is_quick=True)
    default_storage.save(row.file.name, ContentFile(b"bien bxn"))
    assert "khác SHA-256" in found("I8")[0]
    assert found("I8", is_quick=True) == []
    default_storage.delete(row.file.name)
    default_storage.save(row.file.name, ContentFile(b"ngan"))
    assert "dài 4 byte, phải là 8" in found("I8", is_quick=True)[0]


def test_i8_a_file_that_no_row_names_is_found_once_it_is_old(head):
    kept = make_evidence(head).file.name
    name = default_storage.save("evidence/mo-coi.pdf", ContentFile(b"%PDF-"))
    now = timezone.now()
    for days in (0, 1):
        assert found("I8", now + timedelta(days=days)) == []
    [line] = found("I8", now + timedelta(days=2, minutes=1))
    assert name in line
    assert kept not in line
    assert default_storage.exists(name)


def test_i8_a_file_of_no_report_is_found_once_it_is_old(done_report):
    name = default_storage.save("bao-cao/mo-coi.pdf", ContentFile(b"%PDF-"))
    now = timezone.now()
    for days in (0, 1):
        assert found("I8", now + timedelta(days=days)) == []
    assert found("I8", now + timedelta(days=2, minutes=1)) == [
        f"tệp {name} không thuộc bản ghi nào"
    ]


def test_i8_a_document_or_a_spreadsheet_that_is_gone_is_found(office, plan):
    name = default_storage.save("van-ban/ke-hoach.docx", ContentFile(b"van ban"))
    job = {
        "province": office.agency.province,
        "file": name,
        "requested_by": office.user,
        "requested_at": NOW,
    }
    Reading.objects.create(**job)
    SheetImport.objects.create(kind=SheetKind.TASKS, plan=plan, sha256="0" * 64, **job)
    assert found("I8") == []
    default_storage.delete(name)
    assert [line.partition(" ")[0] for line in found("I8")] == ["lần", "lần"]


@pytest.fixture
def done_report(plan, leader, monkeypatch):
    fakes.install(monkeypatch)
    asked = fakes.scope_of(plan, fakes.QUARTER)
    report = report_services.request(asked, by=leader.user, now=NOW)
    return report_services.run(report.pk, clock=lambda: NOW)


def replace(file, content, **noted):
    """Another content under the name of `file`; `noted` is what its row says then."""
    default_storage.delete(file.file.name)
    default_storage.save(file.file.name, ContentFile(content))
    ReportFile.objects.filter(pk=file.pk).update(**noted)


def test_i6_a_report_without_its_files_or_with_others_is_found(done_report):
    assert found("I6") == []
    pdf = done_report.files.get(format=Format.PDF)
    with default_storage.open(pdf.file.name) as file:
        whole = file.read()
    replace(pdf, whole.replace(b"1.7", b"1.6"))
    [line] = found("I6")
    assert f"báo cáo {done_report.pk}: " in line
    assert "khác SHA-256" in line
    assert found("I6", is_quick=True) == []
    cut = whole[:20]
    replace(pdf, cut)
    assert "dài 20 byte" in found("I6", is_quick=True)[0]
    replace(pdf, cut, sha256=hashlib.sha256(cut).hexdigest(), byte_count=len(cut))
    assert "bị cụt" in found("I6")[0]
    default_storage.delete(pdf.file.name)
    assert "không đọc được tệp" in found("I6", is_quick=True)[0]
    pdf.delete()
    assert found("I6") == [f"báo cáo {done_report.pk}: không có tệp PDF"]


def test_i6_a_word_file_that_is_gone_is_found(done_report):
    default_storage.delete(done_report.files.get(format=Format.DOCX).file.name)
    assert "không đọc được tệp" in found("I6")[0]


def test_i6_figures_that_are_not_those_that_were_frozen_are_found(done_report):
    frozen = done_report.snapshot
    other = Snapshot.objects.create(
        as_of=frozen.as_of, content=f"{frozen.content} ", sha256=frozen.sha256, made_at=NOW
    )
    Report.objects.update(snapshot=other)
    assert f"báo cáo {done_report.pk}: số liệu khác bản đã chốt" in found("I6")


def test_i6_a_report_that_is_stuck_is_found(done_report):
    Report.objects.update(state=State.RUNNING, lease_until=timezone.now())
    assert found("I6", timezone.now()) == []
    assert found("I6", timezone.now() + timedelta(hours=1)) == [
        f"báo cáo {done_report.pk} đứng giữa chừng"
    ]


def test_the_check_makes_as_many_queries_for_ten_assignments_as_for_one(head, plan, count_queries):
    def check():
        return count_queries(lambda: list(checking.breaches(NIGHT, is_quick=True)))

    make_assignment(agency=head.agency, plan=plan)
    for_one = check()
    for _number in range(9):
        make_assignment(agency=head.agency, plan=plan)
    assert check() == for_one
