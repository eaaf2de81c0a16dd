"""The words of a letter: what it says to one person on one day, as subject, text and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.reminders.states import AGENCY_AUDIENCES, Kind
from plans.states import SOON_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from plans.querysets import Tally
    from plans.reminders.expected import Item
    from plans.reminders.models import Notice

SHOWN_LINES = 10
TASK_LENGTH = 160
_EMPTY_LINES = re.compile(r"\n\s*\n")

# What a line needs of an assignment, for `.values()`.
LINE_FIELDS = (
    "pk",
    "due_on",
    "period_label",
    "agency__name",
    "agency__is_requested",
    "task__name",
    "plan__number",
    "plan__title",
    "plan__is_illustrative",
)


class Section(TextChoices):
    """The parts of a letter, in their order."""

    OVERDUE = "overdue", gettext_lazy("Quá hạn")
    THIS_WEEK = "this_week", gettext_lazy("Tuần này")
    YOUR_TURN = "your_turn", gettext_lazy("Chờ anh/chị")
    # Work of bodies that are asked: before its date or after, it is never called late.
    REQUESTED = "requested", gettext_lazy("Trân trọng đề nghị quý cơ quan quan tâm thực hiện")
    # What a person may do without; the other parts are duties.
    INFORMATION = "information", gettext_lazy("Để biết")


# Where work stands that more than one part could name.
PRECEDENCE = (
    *(Section.YOUR_TURN, Section.OVERDUE, Section.THIS_WEEK),
    *(Section.REQUESTED, Section.INFORMATION),
)


def section_of(item: Item, today: date) -> Section:
    """Where a letter of `today` names the item; this week is today and the six days after it."""
    if item.kind == Kind.REQUEST:
        return Section.REQUESTED
    if item.kind == Kind.SILENCE and item.audience not in AGENCY_AUDIENCES:
        return Section.INFORMATION
    if item.kind in {Kind.SILENCE, Kind.WAITING, Kind.EXTENSION, Kind.RETURNED}:
        return Section.YOUR_TURN
    days_left = (item.anchor - today).days
    if days_left < 0:
        return Section.OVERDUE
    return Section.THIS_WEEK if days_left < SOON_DAYS else Section.INFORMATION


def arranged(items: Iterable[Item], today: date) -> dict[Section, list[Item]]:
    """Each piece of work in one part, the one that has waited longest or is due next first."""

    def rank(item: Item) -> tuple[bool, int]:
        # That late work is silent as well says less than that it is late.
        return item.kind == Kind.SILENCE, PRECEDENCE.index(section_of(item, today))

    found: dict[int, Item] = {}
    for item in items:
        other = found.get(item.work.pk)
        if other is None or rank(item) < rank(other):
            found[item.work.pk] = item
    parts: dict[Section, list[Item]] = {section: [] for section in Section}
    for item in found.values():
        parts[section_of(item, today)].append(item)
    for listed in parts.values():
        listed.sort(key=lambda item: (item.anchor, item.work.pk))
    return {section: listed for section, listed in parts.items() if listed}


@dataclass(frozen=True)
class Line:
    """One assignment as a letter shows it; `days` since the due date, negative before it."""

    task: str
    plan: str
    agency: str
    due_on: date | None
    days: int
    url: str
    is_requested: bool
    kind: Kind
    # The day of the report, request or return that waits.
    since: date
    # Opens the form of this very work without signing in; empty where there is nothing to report.
    update_url: str = ""

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


def line_of(row: Mapping[str, Any], item: Item, today: date, *, update_url: str = "") -> Line:
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
        kind=item.kind,
        since=item.anchor,
        update_url=update_url,
    )


@dataclass(frozen=True)
class Part:
    """The first lines of a part and how many there are."""

    section: Section
    lines: list[Line]
    total: int

    @property
    def unshown(self) -> int:
        return self.total - len(self.lines)

    @property
    def title(self) -> str:
        return str(self.section.label)

    @property
    def is_optional(self) -> bool:
        return self.section == Section.INFORMATION


@dataclass(frozen=True)
class Announcement:
    """What the portal has told by itself: a report is ready, an address was refused."""

    text: str
    url: str


def announcement_of(notice: Notice) -> Announcement:
    return Announcement(notice.text, settings.PORTAL_URL + notice.get_absolute_url())


@dataclass(frozen=True)
class PlanLine:
    label: str
    tally: Tally
    url: str


@dataclass
class LeaderSummary:
    """The week for a leader: each plan counted, and which agencies are late."""

    plans: list[PlanLine] = field(default_factory=list)
    overdue: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.plans)


@dataclass
class Letter:
    """All that one person is told in one letter."""

    to_name: str
    post: str
    parts: list[Part] = field(default_factory=list)
    shows_agencies: bool = False
    has_own_work: bool = False
    oversees: bool = False
    # Overdue work of the person's agencies that an earlier letter has told of.
    overdue_before: int = 0
    # Agencies with work to be told of and nobody there to tell.
    unreachable: list[str] = field(default_factory=list)
    leader: LeaderSummary | None = None
    # People who are away and whose letters the person reads: name and last day.
    instead_of: list[tuple[str, date]] = field(default_factory=list)
    # The year for which the province has not entered its holidays.
    missing_year: int | None = None
    announcements: list[Announcement] = field(default_factory=list)
    # Where the person may do without the optional parts; empty in a letter without any.
    unsubscribe_url: str = ""

    @property
    def said(self) -> list[str]:
        """What the letter is about, in a few words each."""
        counted = {part.section: part.total for part in self.parts}
        return said(
            counted,
            len(self.unreachable),
            has_summary=bool(self.leader),
            announcements=len(self.announcements),
        )

    @property
    def has_optional_parts(self) -> bool:
        named = any(part.is_optional for part in self.parts)
        return named or bool(self.leader or self.announcements)


def said(
    counted: Mapping[Section, int],
    unreachable: int = 0,
    *,
    has_summary: bool = False,
    announcements: int = 0,
) -> list[str]:
    """For example ["2 việc quá hạn", "1 việc chờ anh/chị"]."""
    words = {
        Section.OVERDUE: _("%(count)s việc quá hạn"),
        Section.THIS_WEEK: _("%(count)s việc đến hạn tuần này"),
        Section.YOUR_TURN: _("%(count)s việc chờ anh/chị"),
        Section.REQUESTED: _("%(count)s việc đề nghị thực hiện"),
        Section.INFORMATION: _("%(count)s việc để biết"),
    }
    told = [words[part] % {"count": counted[part]} for part in Section if counted.get(part)]
    if unreachable:
        told.append(_("%(count)s cơ quan chưa có người nhận") % {"count": unreachable})
    if has_summary:
        told.append(_("tình hình thực hiện kế hoạch"))
    if announcements:
        told.append(_("%(count)s thông báo") % {"count": announcements})
    return told


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str
    headers: dict[str, str]


def write(letter: Letter, today: date) -> Written:
    """Put a letter into words; the text alone says everything."""
    my_work_url = settings.PORTAL_URL + reverse("plans:my_work")
    overview_url = settings.PORTAL_URL + reverse("plans:overview")
    context = {
        "letter": letter,
        "today": today,
        "my_work_url": my_work_url,
        "overview_url": overview_url,
        "list_url": my_work_url if letter.has_own_work else overview_url,
    }
    text = render_to_string("reminders/mail/daily.txt", context)
    html = render_to_string("reminders/mail/daily.html", context)
    headers = {}
    if letter.unsubscribe_url:
        # RFC 8058: the mail program itself posts to the address, without signing in.
        headers = {
            "List-Unsubscribe": f"<{letter.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return Written(
        subject=subject(letter.said, today),
        text=_EMPTY_LINES.sub("\n\n", text).strip() + "\n",
        html=_EMPTY_LINES.sub("\n", html).strip() + "\n",
        headers=headers,
    )


def subject(parts: Sequence[str], today: date) -> str:
    """For example "Cổng PAPI: 2 việc quá hạn, 3 việc đến hạn tuần này (23/11/2026)"."""
    shown = ", ".join(parts)
    values = {"parts": Truncator(shown).chars(170), "date": f"{today:%d/%m/%Y}"}
    return _("Cổng PAPI: %(parts)s (%(date)s)") % values
