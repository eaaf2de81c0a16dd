"""Two provinces alike, in which every text carries a word that tells where it came from."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from unittest import mock
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from agencies.models import Agency, Membership, User
from agencies.states import AgencyKind, Role
from plans import reviewing, workflow
from plans.importing import pipeline
from plans.models import Reading, SheetImport, Target
from plans.reader.draft import Draft, Found
from plans.reader.draft import Task as FoundTask
from plans.reminders.models import (
    CalendarDecision,
    CalendarFeed,
    Leave,
    Mail,
    Notice,
    Webhook,
)
from plans.reminders.states import MailState
from plans.reports import files, periods
from plans.reports import services as report_services
from plans.reports.files import File
from plans.reports.scope import Scope
from plans.reports.states import Format, ReportKind
from plans.states import DeadlineKind, PlanStatus, ReadingState, RowVerdict, SheetKind
from tests import factories

# Kinds of words, by who may meet them besides the province's overseers.
PUBLIC = "public"  # everyone with a post in the province
WORK = "work"  # the agencies that lead or support the work
INNER = "inner"  # overseers alone: drafts, reports, letters, people


@dataclass
class Side:
    """One province with its people and one object of each kind."""

    key: str
    words: dict[str, dict[str, str]] = field(
        default_factory=lambda: {PUBLIC: {}, WORK: {}, INNER: {}}
    )
    people: dict[str, User] = field(default_factory=dict)
    objects: SimpleNamespace = field(default_factory=SimpleNamespace)

    def word(self, label: str, kind: str) -> str:
        """A word that occurs nowhere else, kept under `label`; folding leaves it as it is."""
        word = f"zq{hashlib.sha256(f'{self.key}{label}'.encode()).hexdigest()[:10]}xj"
        self.words[kind][label] = word
        return word

    def all_words(self) -> dict[str, str]:
        return {label: word for words in self.words.values() for label, word in words.items()}


def build(key: str, *, name: str, code: str, today: date) -> Side:
    """A province with a draft, an active plan, work in every state, letters and reports."""
    side = Side(key)
    province = factories.make_province(name=name, code=code)
    side.objects.province = province
    _agencies_and_people(side)
    _plans(side, today)
    _work(side, today)
    _letters(side, today)
    _reminding(side, today)
    _report(side, today)
    _reading(side)
    _sheet(side)
    return side


def _agencies_and_people(side: Side) -> None:
    made = side.objects
    made.agency = {}
    for place, kind in (
        ("office", AgencyKind.DEPARTMENT),
        ("lead", AgencyKind.DEPARTMENT),
        ("support", AgencyKind.DEPARTMENT),
        ("other", AgencyKind.DEPARTMENT),
        ("committee", AgencyKind.COMMITTEE),
    ):
        made.agency[place] = factories.make_agency(
            province=made.province,
            name=f"Sở {side.word(f'{place} agency', PUBLIC)}",
            short_name=side.word(f"{place} agency, short", PUBLIC),
            code=side.word(f"{place} agency, code", PUBLIC),
            kind=kind,
            aliases=[side.word(f"{place} agency, alias", PUBLIC)],
        )
    made.group = factories.make_group(
        members=[made.agency["lead"], made.agency["support"]],
        name=side.word("group", PUBLIC),
        phrases=side.word("group, phrase", PUBLIC),
    )
    posts = {
        "office": (Role.OFFICE, "office"),
        "head": (Role.HEAD, "lead"),
        "officer": (Role.OFFICER, "lead"),
        "supporter": (Role.HEAD, "support"),
        "other_head": (Role.HEAD, "other"),
        "leader": (Role.LEADER, "committee"),
        "administrator": (Role.ADMINISTRATOR, "office"),
        "inactive": (Role.OFFICE, "office"),
        "invited": (Role.OFFICE, "office"),
        "colleague": (Role.OFFICER, "other"),
    }
    made.post = {}
    for role, (post, place) in posts.items():
        made.post[role] = _person_in_post(side, role, post, made.agency[place])
    made.post["ended"] = _person_in_post(
        side, "ended", Role.OFFICE, made.agency["office"], ends_on=date(2020, 12, 31)
    )
    User.objects.filter(pk=side.people["inactive"].pk).update(is_active=False)
    User.objects.filter(pk=side.people["invited"].pk).update(must_change_password=True)


def _person_in_post(side: Side, name: str, role: Role, agency: Agency, **dates) -> Membership:
    user = factories.make_user(
        email=f"{side.word(f'{name}, address', INNER)}@example.vn",
        full_name=f"Lê Thị {side.word(f'{name}, name', INNER)}",
        phone=side.word(f"{name}, phone", INNER),
    )
    side.people[name] = user
    title = side.word(f"{name}, title", INNER)
    return factories.make_post(role=role, agency=agency, user=user, title=title, **dates)


def _plans(side: Side, today: date) -> None:
    made = side.objects
    for number in range(1, 9):
        factories.make_dimension(number)

    def plan(label: str, kind: str, **fields):
        row = factories.make_plan(
            province=made.province,
            number=f"{side.word(f'{label}, number', kind)}/KH-UBND",
            title=f"Kế hoạch {side.word(f'{label}, title', kind)}",
            issuer=side.word(f"{label}, issuer", kind),
            signer_name=side.word(f"{label}, signer", kind),
            signer_title=side.word(f"{label}, signer's title", kind),
            based_on=side.word(f"{label}, ground", kind),
            baseline=side.word(f"{label}, baseline", kind),
            monitor=made.agency["office"],
            created_by=side.people["office"],
            **fields,
        )
        Target.objects.create(plan=row, text=side.word(f"{label}, target", kind))
        return row

    given_out = {"status": PlanStatus.ACTIVE, "activated_on": today - timedelta(days=100)}
    made.active = plan("plan", PUBLIC, **given_out)
    made.draft = plan("draft", INNER)
    made.draft_task = _task(side, made.draft, "draft task", INNER)
    made.closed = plan("closed plan", PUBLIC, **{**given_out, "status": PlanStatus.CLOSED})
    made.amendment = plan("amendment", INNER, amends=made.active)


def _task(side: Side, plan, label: str, kind: str):
    lead, support = side.objects.agency["lead"], side.objects.agency["support"]
    return factories.make_task(
        plan=plan,
        name=f"Nhiệm vụ {side.word(f'{label}, name', kind)}",
        product=side.word(f"{label}, product", kind),
        number_in_plan=side.word(f"{label}, number", kind),
        dimensions_text="1",
        lead_text=lead.name,
        lead_agency=lead,
        supporters_text=support.name,
        supporters=[support],
        deadline_text=f"30/6 {side.word(f'{label}, deadline', kind)}",
        deadline_kind=DeadlineKind.DATE,
    )


def _work(side: Side, today: date) -> None:
    """One piece of work for each act, so that every act finds its object ready."""
    made, head, now = side.objects, side.people["head"], timezone.now()
    made.work = {}
    # Due before today and not heard of for long, so that it stands in every list there is.
    for label in ("open", "waiting", "done", "asked", "directed"):
        task = _task(side, made.active, f"{label} work", WORK)
        made.work[label] = factories.make_assignment(
            task=task,
            agency=made.agency["lead"],
            due_on=today - timedelta(days=3),
            last_heard_on=today - timedelta(days=200),
            period_label=side.word(f"{label} work, period", WORK),
        )
    for label in ("waiting", "done"):
        _complete(side, made.work[label], label, now)
    workflow.confirm(made.work["done"], by=side.people["office"], now=now)

    row = made.work["open"]
    made.task = row.task
    made.evidence = _evidence(side, row, now)
    workflow.comment(row, by=head, now=now, text=side.word("comment", WORK))
    made.extension = workflow.ask_extension(
        made.work["asked"],
        by=head,
        now=now,
        reason=side.word("extension, reason", WORK),
        proposed_due_on=today + timedelta(days=30),
    )
    made.direction = workflow.direct(
        made.work["directed"],
        by=side.people["leader"],
        now=now,
        text=side.word("direction", WORK),
    )
    answered = workflow.direct(
        made.work["directed"], by=side.people["leader"], now=now, text="Ý kiến đã trả lời"
    )
    workflow.answer_direction(answered, by=head, now=now, text=side.word("answer", WORK))


def _complete(side: Side, row, label: str, now) -> None:
    proof = workflow.NewEvidence(document_number=f"{side.word(f'{label} proof', WORK)}/BC-SNV")
    new = workflow.NewReport(100, True, side.word(f"{label} report", WORK), (proof,))
    version = type(row).objects.get(pk=row.pk).version
    workflow.report_progress(row, new, by=side.people["head"], version=version, now=now)


def _evidence(side: Side, row, now):
    name = side.word("evidence, file", WORK)
    content = f"%PDF-1.7 {side.word('evidence, content', WORK)}".encode()
    stored = default_storage.save(f"evidence/{uuid4().hex}.pdf", ContentFile(content))
    new = workflow.NewEvidence(
        file=stored,
        file_name=f"{name}.pdf",
        content_type="application/pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        note=side.word("evidence, note", WORK),
    )
    return workflow.add_evidence(row, [new], by=side.people["head"], now=now)[0]


def _letters(side: Side, today: date) -> None:
    made, now = side.objects, timezone.now()
    made.mail = Mail.objects.create(
        province=made.province,
        recipient=side.people["head"],
        to_name=side.word("letter, name", INNER),
        to_email=f"{side.word('letter, address', INNER)}@example.vn",
        for_date=today,
        subject=side.word("letter, subject", INNER),
        text=side.word("letter, text", INNER),
        html=f"<p>{side.word('letter, html', INNER)}</p>",
        message_id=f"<{side.word('letter, id', INNER)}@example.vn>",
        state=MailState.FAILED,
        error=side.word("letter, error", INNER),
        next_try_at=now,
        created_at=now,
    )
    made.webhook = Webhook.objects.create(
        province=made.province,
        name=side.word("gateway, name", INNER),
        # Nobody listens there, and the portal does not call inside.
        url="https://127.0.0.1:9/",
        active_from=now,
    )
    # To the head, so the head's own words: nobody else may read them.
    made.notice = Notice.objects.create(
        recipient=side.people["head"],
        text=side.word("notice", WORK),
        url=made.work["open"].get_absolute_url(),
        created_at=now,
    )
    made.feed = CalendarFeed.objects.create(
        owner=side.people["head"],
        plan=made.closed,
        token_hash=side.word("feed, hash", INNER),
        made_at=now,
    )


def _reminding(side: Side, today: date) -> None:
    made, people = side.objects, side.people
    made.decision = CalendarDecision.objects.create(
        province=made.province,
        number=f"{side.word('decision, number', INNER)}/TB-BNV",
        note=side.word("decision, note", INNER),
        year=today.year,
        entered_by=people["administrator"],
        entered_at=timezone.now(),
    )
    past = today - timedelta(days=40)
    made.decision.days.create(province=made.province, day=past, is_working=True)
    # Over before anything is told by it.
    made.leave = Leave.objects.create(
        user=people["head"],
        delegate=people["officer"],
        starts_on=today - timedelta(days=2),
        ends_on=today - timedelta(days=1),
        reason=side.word("leave, reason", INNER),
        entered_by=people["administrator"],
        entered_at=timezone.now(),
    )


def _report(side: Side, today: date) -> None:
    """Reports of a plan: made, failed, issued; and one of the agency that leads."""
    made = side.objects
    word = side.word("report, PDF", INNER)
    with mock.patch.object(files, "make_files", return_value=_files(word)):
        made.report = _made_report(side, ReportKind.PROGRESS, today)
        made.report_file = made.report.files.get(format=Format.PDF)
        made.agency_report = _made_report(side, ReportKind.AGENCY, today)
        made.issued_report = _made_report(side, ReportKind.PLAN, today)
        new = report_services.Issue(
            f"{side.word('report, number', INNER)}/KH",
            today,
            side.word("report, signer", INNER),
        )
        leader, now = side.people["leader"], timezone.now()
        report_services.issue(made.issued_report, new, version=1, by=leader, now=now)
        made.issued_report = report_services.run(made.issued_report.pk)
    made.failed_report = _asked_report(side, ReportKind.LEADER, today)
    type(made.report).objects.filter(pk=made.failed_report.pk).update(
        state="failed", reason=side.word("report, failure", INNER), finished_at=timezone.now()
    )


def _files(word: str) -> dict:
    return {kind: File(f"%PDF-1.7 {word}".encode(), 1) for kind in Format}


def _asked_report(side: Side, kind: ReportKind, day: date):
    made = side.objects
    plan, agencies = made.active, ()
    if kind == ReportKind.AGENCY:
        plan, agencies = None, (made.agency["lead"],)
    scope = Scope(kind, made.province, periods.custom(day, day), plan, agencies)
    return report_services.request(scope, by=side.people["leader"], now=timezone.now())


def _made_report(side: Side, kind: ReportKind, day: date):
    return report_services.run(_asked_report(side, kind, day).pk)


def _reading(side: Side) -> None:
    draft = Draft(tasks=[FoundTask(text=Found(side.word("reading, task", INNER)))])
    draft.document.title = Found(side.word("reading, title", INNER))
    content = ContentFile(side.word("reading, content", INNER).encode())
    made, now = side.objects, timezone.now()
    made.reading = factories.make_reading(
        draft,
        by=made.post["office"],
        text="",
        file=default_storage.save(f"doc-van-ban/{uuid4().hex}.docx", content),
        file_name=f"{side.word('reading, file', INNER)}.docx",
    )
    made.read_row = made.reading.rows.get()
    made.added_row = reviewing.save_row(
        made.reading,
        {"name": side.word("reading, added task", INNER)},
        RowVerdict.ACCEPTED,
        pk=None,
        version=None,
        by=side.people["office"],
        now=now,
    )
    made.failed_reading = Reading.objects.create(
        province=made.province,
        requested_by=side.people["office"],
        requested_at=now,
        state=ReadingState.FAILED,
        text="Văn bản",
        reason=side.word("reading, failure", INNER),
    )


def _sheet(side: Side) -> None:
    """A spreadsheet of the office, previewed."""
    lead = side.objects.agency["lead"].name
    task = side.word("sheet, task", INNER)
    content = f"Nhiệm vụ;Cơ quan chủ trì\n{task};{lead}\n".encode()
    side.objects.sheet = SheetImport.objects.create(
        kind=SheetKind.TASKS,
        province=side.objects.province,
        plan=side.objects.draft,
        requested_by=side.people["office"],
        requested_at=timezone.now(),
        file=default_storage.save(f"nhap-bang-tinh/{uuid4().hex}.csv", ContentFile(content)),
        file_name=f"{side.word('sheet, file', INNER)}.csv",
        sha256=hashlib.sha256(content).hexdigest(),
    )
    pipeline.preview(
        pipeline.claim(side.objects.sheet.pk, now=timezone.now()), today=timezone.localdate()
    )


def superuser() -> User:
    return factories.make_user(
        email="toan-quyen@example.vn", full_name="Toàn quyền", is_staff=True, is_superuser=True
    )
