"""Making the files of a claimed report: read or take what is frozen, print, store whole.

Taking the job, and keeping it, is the business of plans.leases.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plans import leases, stored_files
from plans.leases import MAX_ATTEMPTS
from plans.reports import files
from plans.reports.content import FORM, Content, ContentError, canonical, fingerprint
from plans.reports.envelope import envelope, issue_facts
from plans.reports.kinds import KINDS
from plans.reports.models import Report, ReportFile, Snapshot
from plans.reports.printing import printer
from plans.reports.services.asking import WAITING
from plans.reports.states import STEP_PERCENT, ReportKind, Stage, State, Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from plans.reports.files import File
    from plans.reports.states import Format

# Renewed at each step and while files are written; longer than a printer may take for one answer,
# so that only a dead worker loses it.
LEASE = timedelta(seconds=printer.SECONDS + 30)
LEASE_RENEWED_AFTER = timedelta(seconds=1)
FOLDER = "bao-cao"


def claim(pk: int, *, now: datetime) -> Report | None:
    """Take the queued report `pk`; None if another worker was quicker or nothing is to do."""
    rows = Report.objects.select_related(
        "province", "plan__province", "plan__monitor", "snapshot", "supersedes"
    )
    report: Report | None = leases.claim(
        rows, pk, lease_until=now + LEASE, started_at=now, **WAITING
    )
    return report


def run(pk: int, *, clock: Callable[[], datetime] = timezone.now) -> Report | None:
    """Take and make the report `pk` here and now; None if it was not there to be taken."""
    report = claim(pk, now=clock())
    return make(report, clock=clock) if report else None


def make(report: Report, *, clock: Callable[[], datetime] = timezone.now) -> Report:
    """Freeze, print and store a claimed report; slow, so no transaction is open meanwhile.

    A report for which there are no figures is failed with its reason. Whatever else goes wrong
    is raised: the caller decides whether to try again.
    """
    follow = _follower(report, clock)
    follow(Step.FREEZE, 0.0)
    now = clock()
    is_over = report.as_of < timezone.localdate(now)
    stage = Stage.FROZEN if report.stage == Stage.DRAFT and is_over else Stage(report.stage)
    try:
        text = canonical(content_of(report, stage, now=now))
    except ContentError as error:
        leases.give_up(report, error.message, now=clock())
        return report
    if _is_made(report, text):
        _finish(report, stage, now=clock())
        return report
    # Known before minutes of printing, and no better at a second attempt.
    if stage == Stage.ISSUED and (reason := files.why_not_signable(now=now)):
        leases.give_up(report, reason, now=clock())
        return report
    made = files.make_files(text, on_step=follow)
    follow(Step.STORE, 0.0)
    if stage == Stage.ISSUED:
        made = files.signed(made, now=clock())
    _store(report, stage, text, made, now=clock())
    return report


def content_of(report: Report, stage: Stage, *, now: datetime) -> Content:
    """What the paper says at `stage`. Figures once frozen are never read again.

    Raise `ContentError` if there is nothing to report or what was frozen is damaged.
    """
    # The paper is Vietnamese, whatever language the worker or the browser speaks.
    with translation.override("vi"):
        if report.stage == Stage.DRAFT or report.snapshot is None:
            return _read(report, stage, now=now)
        if not report.snapshot.is_intact:
            raise ContentError(_("Bản chốt số liệu đã bị sửa nên không dùng được."))
        frozen = report.snapshot.data()
        if frozen.get("form") != FORM:
            raise ContentError(_("Báo cáo lập theo mẫu cũ, chỉ xem được tệp đã có."))
        if stage == Stage.ISSUED:
            return {**frozen, "stage": stage, "issue": issue_facts(report)}
        return {**frozen, "stage": stage, "texts": report.texts}


def _read(report: Report, stage: Stage, *, now: datetime) -> Content:
    scope = report.scope()
    figures = KINDS[ReportKind(report.kind)].read(scope, now)
    return {**envelope(report, scope, stage, now=now), "figures": figures}


def _is_made(report: Report, text: str) -> bool:
    """Whether the files that are there say just this."""
    frozen = report.snapshot
    return frozen is not None and frozen.content == text and frozen.files.exists()


def _finish(report: Report, stage: Stage, *, now: datetime, **changes: object) -> None:
    leases.write(
        report,
        stage=stage,
        state=State.DONE,
        reason="",
        step=Step.WAIT,
        percent_done=100,
        lease_until=None,
        finished_at=now,
        **changes,
    )


def _store(
    report: Report, stage: Stage, text: str, made: dict[Format, File], *, now: datetime
) -> None:
    """The files first, the rows second and all at once: a row never names half a report."""
    names: dict[Format, str] = {}
    try:
        for kind, file in made.items():
            name = f"{FOLDER}/{uuid4()}.{kind}"
            names[kind] = default_storage.save(name, ContentFile(file.content))
        with transaction.atomic():
            frozen = Snapshot.objects.create(
                as_of=report.as_of, content=text, sha256=fingerprint(text), made_at=now
            )
            _finish(report, stage, now=now, snapshot=frozen)
            ReportFile.objects.bulk_create(
                ReportFile(
                    report=report,
                    snapshot=frozen,
                    format=kind,
                    file=names[kind],
                    sha256=file.sha256,
                    byte_count=len(file.content),
                    page_count=file.page_count,
                )
                for kind, file in made.items()
            )
    except BaseException:
        for name in names.values():
            with suppress(OSError):
                default_storage.delete(name)
        raise


def _follower(report: Report, clock: Callable[[], datetime]) -> Callable[[Step, float], None]:
    """What to do at each step and at most once a second within: show how far, renew the lease.

    A worker that has lost its lease stops there instead of printing to the end.
    """
    steps = list(STEP_PERCENT)
    written: tuple[Step, datetime] | None = None

    def follow(step: Step, share: float) -> None:
        nonlocal written
        now = clock()
        if written and written[0] == step and now - written[1] < LEASE_RENEWED_AFTER:
            return
        written = (step, now)
        start = STEP_PERCENT[step]
        following = steps[steps.index(step) + 1 :]
        end = STEP_PERCENT[following[0]] if following else 100
        percent = start + int((end - start) * min(max(share, 0), 1))
        leases.write(report, step=step, percent_done=percent, lease_until=now + LEASE)

    return follow


def try_again(report: Report, reason: str, *, now: datetime) -> None:
    """Queue a report for the next sweep; after the last attempt fail it with `reason`."""
    leases.try_again(report, reason, now=now, **WAITING)


def sweep(*, now: datetime) -> list[tuple[int, bool]]:
    """Reports a worker should be woken for, and whether each is large.

    Those that were abandoned, and those the broker may have lost.
    """
    reason = _("Máy lập báo cáo dừng giữa chừng %(count)s lần; có thể báo cáo quá lớn.")
    rows = Report.objects.all()
    found = leases.sweep(rows, reason % {"count": MAX_ATTEMPTS}, now=now, **WAITING)
    return list(rows.filter(pk__in=found).order_by("pk").values_list("pk", "is_large"))


def clean_files(*, now: datetime) -> int:
    """Delete files that no row names, left by workers that died; how many were deleted."""
    return stored_files.discard_orphans(FOLDER, ReportFile.objects.all(), now=now)
