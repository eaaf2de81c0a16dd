"""The words of a letter: what it says to one person on one day, as subject, text and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    from plans.querysets import Tally

SHOWN_LINES = 20
TASK_LENGTH = 160
_EMPTY_LINES = re.compile(r"\n\s*\n")

# What a line needs of an assignment, for `.values()`.
LINE_FIELDS = (
    "pk",
    "province_id",
    "due_on",
    "period_label",
    "agency__name",
    "agency__is_requested",
    "task__name",
    "plan__number",
    "plan__title",
    "plan__is_illustrative",
)


@dataclass(frozen=True)
class Line:
    """One assignment as a letter shows it; `days` since the due date, negative before it."""

    task: str
    plan: str
    agency: str
    due_on: date | None
    days: int
    url: str
    is_requested: bool = False

    @property
    def days_left(self) -> int:
        return -self.days

    @property
    def days_overdue(self) -> int:
        """0 for a body that is asked: it is never called late."""
        return 0 if self.is_requested else max(self.days, 0)


def plan_label(number: str, title: str, *, is_illustrative: bool) -> str:
    label = number or Truncator(title).chars(80)
    return _("%(plan)s (minh họa)") % {"plan": label} if is_illustrative else label


def line_of(row: Mapping[str, Any], today: date) -> Line:
    """A line out of LINE_FIELDS."""
    task = Truncator(row["task__name"]).chars(TASK_LENGTH)
    period = row["period_label"]
    return Line(
        task=f"{task} ({period})" if period else task,
        plan=plan_label(
            row["plan__number"],
            row["plan__title"],
            is_illustrative=row["plan__is_illustrative"],
        ),
        agency=row["agency__name"],
        due_on=row["due_on"],
        days=(today - row["due_on"]).days if row["due_on"] else 0,
        url=settings.PORTAL_URL + reverse("plans:assignment", args=[row["pk"]]),
        is_requested=row["agency__is_requested"],
    )


@dataclass
class Listing:
    """The first lines of a list and how many there are."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0

    def add(self, line: Line) -> None:
        self.total += 1
        if len(self.lines) < SHOWN_LINES:
            self.lines.append(line)

    @property
    def unshown(self) -> int:
        return self.total - len(self.lines)

    def __bool__(self) -> bool:
        return bool(self.total)


@dataclass
class Digest:
    """The work of the person's own agencies that a rung has come for."""

    overdue: list[Line] = field(default_factory=list)
    today: list[Line] = field(default_factory=list)
    soon: list[Line] = field(default_factory=list)
    # Work of bodies that are asked: before its date or after, it is never called late.
    requested: list[Line] = field(default_factory=list)
    # Overdue work that an earlier letter has told of.
    overdue_before: int = 0

    def add(self, line: Line) -> None:
        if line.is_requested:
            self.requested.append(line)
        elif line.days > 0:
            self.overdue.append(line)
        else:
            (self.soon if line.days else self.today).append(line)

    def sort(self) -> None:
        """The longest overdue first, then the next due first."""
        for lines in (self.overdue, self.soon, self.requested):
            lines.sort(key=lambda line: -line.days)

    def __bool__(self) -> bool:
        return bool(self.overdue or self.today or self.soon or self.requested)

    def parts(self) -> list[str]:
        counted = [
            (len(self.overdue), _("%(count)s việc quá hạn")),
            (len(self.today), _("%(count)s việc đến hạn hôm nay")),
            (len(self.soon), _("%(count)s việc sắp đến hạn")),
            (len(self.requested), _("%(count)s việc đề nghị thực hiện")),
        ]
        return [words % {"count": count} for count, words in counted if count]


@dataclass
class OfficeSummary:
    """What office staff has to know of its province since the last letter."""

    waiting: Listing = field(default_factory=Listing)
    overdue: Listing = field(default_factory=Listing)
    extensions: Listing = field(default_factory=Listing)
    silent: dict[str, int] = field(default_factory=dict)
    # Agencies whose work a rung has come for, and nobody there to remind.
    unreachable: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        lists = (self.waiting, self.overdue, self.extensions, self.silent, self.unreachable)
        return any(lists)

    def parts(self) -> list[str]:
        counted = [
            (self.waiting.total, _("%(count)s việc chờ xác nhận")),
            (self.overdue.total, _("%(count)s việc của các cơ quan mới quá hạn")),
            (self.extensions.total, _("%(count)s đề nghị gia hạn")),
            (sum(self.silent.values()), _("%(count)s việc im lặng")),
            (len(self.unreachable), _("%(count)s cơ quan chưa có người nhận")),
        ]
        return [words % {"count": count} for count, words in counted if count]


@dataclass(frozen=True)
class PlanLine:
    label: str
    tally: Tally
    url: str


@dataclass
class LeaderSummary:
    """The week for a leader: each plan counted, what is late, what waits for a decision."""

    plans: list[PlanLine] = field(default_factory=list)
    overdue: dict[str, int] = field(default_factory=dict)
    extensions: Listing = field(default_factory=Listing)
    silent: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.plans or self.extensions)

    def parts(self) -> list[str]:
        parts = [_("tình hình thực hiện kế hoạch")]
        if self.extensions:
            parts.append(_("%(count)s việc chờ quyết định") % {"count": self.extensions.total})
        return parts


@dataclass
class Letter:
    """All that one person is told in one letter."""

    to_name: str
    post: str
    shows_agencies: bool = False
    digest: Digest = field(default_factory=Digest)
    office: OfficeSummary | None = None
    leader: LeaderSummary | None = None

    def __bool__(self) -> bool:
        return bool(self.digest or self.office or self.leader)

    def summary_parts(self) -> list[str]:
        """What the person oversees, in a few words each."""
        summaries = (self.office, self.leader)
        # Office and leader of one province hear once of the same requests.
        told = [part for summary in summaries if summary for part in summary.parts()]
        return list(dict.fromkeys(told))


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


def write(letter: Letter, today: date) -> Written:
    """Put a letter into words; the text alone says everything."""
    letter.digest.sort()
    context = {
        "letter": letter,
        "today": today,
        "silent_days": settings.SILENT_AFTER_DAYS,
        "my_work_url": settings.PORTAL_URL + reverse("plans:my_work"),
        "overview_url": settings.PORTAL_URL + reverse("plans:overview"),
    }
    text = render_to_string("reminders/mail/daily.txt", context)
    html = render_to_string("reminders/mail/daily.html", context)
    return Written(
        subject=subject([*letter.digest.parts(), *letter.summary_parts()], today),
        text=_EMPTY_LINES.sub("\n\n", text).strip() + "\n",
        html=_EMPTY_LINES.sub("\n", html).strip() + "\n",
    )


def subject(parts: Sequence[str], today: date) -> str:
    """For example "Cổng PAPI: 2 việc quá hạn, 3 việc sắp đến hạn (23/11/2026)"."""
    shown = ", ".join(parts)
    values = {"parts": Truncator(shown).chars(170), "date": f"{today:%d/%m/%Y}"}
    return _("Cổng PAPI: %(parts)s (%(date)s)") % values
