"""One assignment of the invented plan with its people: what they may do, at which time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from plans import workflow
from plans.demo import proof
from plans.demo.days import moment

if TYPE_CHECKING:
    from agencies.models import User
    from plans.demo.clock import Clock
    from plans.models import Assignment, Event, Extension

BEGUN = (
    "Đã thành lập tổ giúp việc và lập kế hoạch chi tiết.",
    "Đã họp với các cơ quan phối hợp, thống nhất cách làm.",
    "Đã khảo sát hiện trạng, đang tổng hợp số liệu.",
    "Đã có văn bản hướng dẫn gửi các đơn vị thực hiện.",
)
GOING_ON = (
    "Đã có dự thảo, đang lấy ý kiến góp ý.",
    "Đã làm xong ở hơn nửa số đơn vị, các đơn vị còn lại đang làm.",
    "Đang hoàn thiện theo ý kiến góp ý của các cơ quan.",
    "Đã làm thử một nơi, đang điều chỉnh trước khi nhân rộng.",
    "Đã trình lãnh đạo xem xét, chờ phê duyệt.",
)
FINISHED = (
    "Đã hoàn thành và ban hành đúng yêu cầu.",
    "Đã hoàn thành, kết quả gửi kèm.",
    "Đã làm xong ở tất cả đơn vị, có biên bản kèm theo.",
    "Đã hoàn thành, công khai trên trang thông tin của cơ quan.",
)


@dataclass
class Scene:
    """Acts of the agency's head, the office and the leader; `number` gives variety.

    `begin` is the day from which the agency could work; nothing happens before it nor after
    yesterday.
    """

    assignment: Assignment
    today: date
    begin: date
    number: int
    head: User
    office: User
    leader: User
    clock: Clock

    @property
    def due(self) -> date:
        """The due date; ten days ago for work without one."""
        return self.assignment.due_on or self.today - timedelta(days=10)

    def day(self, wanted: date) -> date:
        """The nearest day to `wanted` on which something can have happened."""
        latest = self.today - timedelta(days=1)
        return min(max(wanted, self.begin + timedelta(days=2)), latest)

    def ago(self, days: int) -> date:
        return self.day(self.today - timedelta(days=days))

    def between(self, share: float, end: date) -> date:
        """The day at `share` of the time from the beginning to `end`."""
        return self.day(self.begin + (end - self.begin) * share)

    def progress(self, day: date, percent: int, text: str = "") -> None:
        pool = BEGUN if percent < 35 else GOING_ON
        self._report(day, 9, workflow.NewReport(percent, False, text or self._pick(pool)))

    def complete(self, day: date, text: str = "") -> None:
        """Report completion with a document number, a file or a picture, by turns."""
        code = "UBND" if not self.assignment.agency.code else self.assignment.agency.code
        number = f"{20 + self.number}/BC-{code}"
        if self.number % 9 == 4:
            evidence = proof.picture(f"anh-hien-truong-{self.number}")
        elif self.number % 5 == 0:
            evidence = proof.document(f"bao-cao-{self.number}", number)
        else:
            evidence = workflow.NewEvidence(document_number=number)
        report = workflow.NewReport(100, True, text or self._pick(FINISHED), (evidence,))
        self._report(day, 10, report)

    def confirm(self, day: date) -> None:
        now = self._set(day, 15, self.office)
        workflow.confirm(self.assignment, by=self.office, now=now)

    def send_back(self, day: date, reason: str) -> None:
        now = self._set(day, 16, self.office)
        workflow.send_back(self.assignment, by=self.office, now=now, reason=reason)

    def cancel(self, day: date, reason: str) -> None:
        now = self._set(day, 16, self.office)
        workflow.cancel(self.assignment, by=self.office, now=now, reason=reason)

    def ask_extension(self, day: date, to: date, reason: str) -> Extension:
        now = self._set(day, 11, self.head)
        return workflow.ask_extension(
            self.assignment, by=self.head, now=now, reason=reason, proposed_due_on=to
        )

    def decide(self, extension: Extension, day: date, *, is_approved: bool, note: str) -> None:
        now = self._set(day, 14, self.leader)
        workflow.decide_extension(
            extension, is_approved=is_approved, by=self.leader, now=now, note=note
        )
        self.assignment.refresh_from_db()

    def direct(self, day: date, text: str) -> Event:
        now = self._set(day, 8, self.leader)
        return workflow.direct(self.assignment, by=self.leader, now=now, text=text)

    def answer(self, direction: Event, day: date, text: str) -> None:
        now = self._set(day, 13, self.head)
        workflow.answer_direction(direction, by=self.head, now=now, text=text)

    def comment(self, day: date, text: str) -> None:
        now = self._set(day, 12, self.office)
        workflow.comment(self.assignment, by=self.office, now=now, text=text)

    def _report(self, day: date, hour: int, report: workflow.NewReport) -> None:
        now = self._set(day, hour, self.head)
        workflow.report_progress(
            self.assignment, report, by=self.head, version=self.assignment.version, now=now
        )

    def _set(self, day: date, hour: int, by: User) -> datetime:
        self.clock.now = moment(day, hour, self.number % 50)
        self.clock.by = by
        return self.clock.now

    def _pick(self, pool: tuple[str, ...]) -> str:
        return pool[self.number % len(pool)]
