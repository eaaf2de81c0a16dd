"""What the radar points at, each with the figures it rests on; rules only, no database.

A flag says that no task was found, never that somebody failed: a task may be there that nobody
tied to the part, and a plan may leave a part alone for a good reason, which the office writes
down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators import gap_wording
from indicators.gaps import FALL_SHARE, Gap
from indicators.wording import group_name, points
from plans.radar.coverage import EVERYTHING_FROM, SURVEY_MONTHS, Coverage, TaskFacts
from plans.states import FlagKind

# More than half is "most". Of fewer tasks than five half is soon reached by chance.
MOST_SHARE = 0.5
MOST_FROM_TASKS = 5


@dataclass(frozen=True)
class Row:
    """One row of the matrix: a dimension or a part of one, its score and its tasks."""

    key: str
    code: str
    name: str
    component: int
    is_dimension: bool
    coverage: Coverage
    gap: Gap | None = None

    @property
    def dimension(self) -> str:
        """The number of the dimension it belongs to."""
        return self.code.partition(".")[0]


@dataclass(frozen=True)
class Flag:
    """One gap: `basis` is what it rests on, for a machine; `told` and `rests_on` for people.

    `key` is the stable key of the part it is about, empty for the whole plan; an answer holds
    as long as the figures are the same.
    """

    kind: FlagKind
    key: str
    code: str
    told: str
    rests_on: tuple[str, ...]
    basis: str
    tasks: tuple[TaskFacts, ...] = ()

    @property
    def figures(self) -> str:
        """A digest that changes as soon as one of the figures does."""
        return sha256(f"{self.slug} {self.basis}".encode()).hexdigest()

    @property
    def slug(self) -> str:
        return f"{self.kind}-{self.key}" if self.key else str(self.kind)

    @property
    def dimension(self) -> str:
        return self.code.partition(".")[0]


def flags_of(rows: Sequence[Row], facts: Sequence[TaskFacts], survey_end: date) -> list[Flag]:
    """All flags: those of the parts in the order of the rows, then those of the whole plan."""
    found: list[Flag | None] = []
    for row in rows:
        if row.is_dimension and row.gap is not None:
            parts = [each for each in rows if each.dimension == row.code and not each.is_dimension]
            found += _of_dimension(row, parts)
    found += [_most(facts), _late(facts, survey_end), _everything(facts)]
    return [flag for flag in found if flag is not None]


def _of_dimension(row: Row, parts: Sequence[Row]) -> list[Flag | None]:
    """The flags of a dimension; of itself only what none of its parts says already."""
    if not row.coverage.tasks:
        return [_bare_dimension(row, parts)]
    talk = [_talk_only(part) for part in parts]
    own = [] if any(talk) else [_talk_only(row)]
    return [*own, *(flag for part in parts for flag in (_uncovered(part), _talk_only(part)))]


def _needs_work(row: Row) -> bool:
    return row.gap is not None and (row.gap.is_lowest or row.gap.has_fallen)


def _bare_dimension(row: Row, parts: Sequence[Row]) -> Flag | None:
    """A dimension without any task: one flag, not one for each of its parts."""
    weak = [part for part in parts if _needs_work(part)]
    if not _needs_work(row) and not weak:
        return None
    told = _("Nội dung %(code)s: không thấy nhiệm vụ nào gắn với nội dung này.")
    said = [row, *weak] if _needs_work(row) else weak
    return Flag(
        FlagKind.UNCOVERED,
        row.key,
        row.code,
        told % {"code": row.code},
        tuple(_standing(each, is_named=True) for each in said),
        _figures(*said),
    )


def _uncovered(row: Row) -> Flag | None:
    if row.coverage.tasks or not _needs_work(row):
        return None
    told = _("%(code)s %(name)s: không thấy nhiệm vụ nào gắn với phần này.")
    return Flag(
        FlagKind.UNCOVERED,
        row.key,
        row.code,
        told % {"code": row.code, "name": row.name},
        (_standing(row),),
        _figures(row),
    )


def _talk_only(row: Row) -> Flag | None:
    if row.gap is None or not row.gap.has_fallen or not row.coverage.is_talk_only:
        return None
    count = len(row.coverage.tasks)
    told = ngettext(
        "%(code)s %(name)s: điểm giảm, chỉ thấy %(count)s nhiệm vụ tuyên truyền.",
        "%(code)s %(name)s: điểm giảm, chỉ thấy %(count)s nhiệm vụ tuyên truyền.",
        count,
    )
    return Flag(
        FlagKind.TALK_ONLY,
        row.key,
        row.code,
        told % {"code": row.code, "name": row.name, "count": count},
        (_standing(row),),
        f"{_figures(row)} talk={_keys(row.coverage.tasks)}",
        row.coverage.tasks,
    )


def _most(facts: Iterable[TaskFacts]) -> Flag | None:
    led = [task for task in facts if task.lead]
    counts = Counter(task.lead for task in led if task.is_one_agency)
    if not counts or len(led) < MOST_FROM_TASKS:
        return None
    ((lead, count),) = counts.most_common(1)
    if count <= MOST_SHARE * len(led):
        return None
    told = _("%(lead)s chủ trì %(count)s trên %(all)s nhiệm vụ.")
    rests_on = _("Tiếp theo: %(others)s.") if len(counts) > 1 else ""
    others = ", ".join(f"{name} {number}" for name, number in counts.most_common(4)[1:])
    return Flag(
        FlagKind.ONE_AGENCY,
        "",
        "",
        told % {"lead": lead, "count": count, "all": len(led)},
        (rests_on % {"others": others},) if rests_on else (),
        f"lead={lead} count={count} of={len(led)}",
        tuple(task for task in led if task.lead == lead and task.is_one_agency),
    )


def _late(facts: Iterable[TaskFacts], survey_end: date) -> Flag | None:
    dated = [task for task in facts if task.due_on]
    late = tuple(task for task in dated if task.is_late)
    if not late:
        return None
    told = ngettext(
        "Trong %(all)s nhiệm vụ có hạn, %(count)s đến hạn sau ngày %(day)s, khi khảo sát đã xong.",
        "Trong %(all)s nhiệm vụ có hạn, %(count)s đến hạn sau ngày %(day)s, khi khảo sát đã xong.",
        len(late),
    )
    rests_on = _(
        "Người dân được hỏi khoảng tháng %(first)s đến tháng %(last)s năm %(year)s: việc xong sau "
        "đó chưa kịp vào kết quả năm ấy."
    )
    values = {"first": SURVEY_MONTHS[0], "last": SURVEY_MONTHS[1], "year": survey_end.year}
    return Flag(
        FlagKind.AFTER_SURVEY,
        "",
        "",
        told % {"count": len(late), "all": len(dated), "day": f"{survey_end:%d/%m/%Y}"},
        (rests_on % values,),
        f"late={_keys(late)} of={len(dated)}",
        late,
    )


def _everything(facts: Sequence[TaskFacts]) -> Flag | None:
    broad = tuple(task for task in facts if task.serves_all)
    if not broad:
        return None
    told = ngettext(
        "%(count)s trên %(all)s nhiệm vụ gắn với mọi nội dung.",
        "%(count)s trên %(all)s nhiệm vụ gắn với mọi nội dung.",
        len(broad),
    )
    rests_on = _(
        "Ghi “chung” hoặc từ %(from)s nội dung trở lên. Nhiệm vụ ghi “chung” không được tính cho "
        "nội dung nào ở bảng dưới."
    )
    return Flag(
        FlagKind.EVERYTHING,
        "",
        "",
        told % {"count": len(broad), "all": len(facts)},
        (rests_on % {"from": EVERYTHING_FROM},),
        f"broad={_keys(broad)} of={len(facts)}",
        broad,
    )


def _standing(row: Row, *, is_named: bool = False) -> str:
    """The figures of a part in words; a new way of measuring is said, not called a fall."""
    gap = row.gap
    assert gap is not None
    part = f"{row.code} {row.name}" if is_named else row.code
    said = [_("%(part)s: %(score)s điểm") % {"part": part, "score": _score(gap)}]
    if gap.group:
        group = _("nhóm %(group)s") if gap.is_published else _("nhóm %(group)s (ước tính)")
        said.append(group % {"group": group_name(gap.group)})
    if gap.has_fallen and gap.change is not None:
        fall = _("giảm %(points)s điểm so với %(year)s")
        said.append(fall % {"points": points(-gap.change, 4), "year": gap.since})
    elif gap.change is not None and not gap.is_comparable:
        said.append(f"{gap_wording.change(gap)} {gap_wording.comparison(gap)}")
    return ", ".join(said)


def _score(gap: Gap) -> str:
    return points(gap.score, 4) if gap.score is not None else "–"


def _figures(*rows: Row) -> str:
    told = []
    for row in rows:
        gap = row.gap
        assert gap is not None
        told.append(f"{row.key}={gap.score}/{gap.group}/{gap.change}/{gap.comparison}")
    return " ".join(told)


def _keys(tasks: Iterable[TaskFacts]) -> str:
    return ",".join(str(task.pk) for task in tasks)


def thresholds(survey_end: date) -> list[tuple[str, str]]:
    """What each flag is raised at, and why there: printed below the flags."""
    fall = points(FALL_SHARE * 100)
    return [
        (
            _("Điểm thấp"),
            _("thuộc nhóm thấp nhất (một phần tư số tỉnh); cần có điểm của ít nhất 9/10 số tỉnh."),
        ),
        (
            _("Điểm giảm"),
            _(
                "giảm từ %(share)s %% khoảng điểm trở lên so với kỳ trước, cùng cách đo: ba phần "
                "tư các thay đổi hằng năm trong các kỳ 2021–2024 nhỏ hơn 5,4 %%."
            )
            % {"share": fall},
        ),
        (
            _("Một cơ quan chủ trì phần lớn"),
            _("quá nửa số nhiệm vụ; chỉ xét khi có từ %(count)s nhiệm vụ.")
            % {"count": MOST_FROM_TASKS},
        ),
        (
            _("Sau khảo sát"),
            _(
                "hạn sau ngày %(day)s: khảo sát khoảng tháng 8–11 của năm. Việc thường xuyên, định "
                "kỳ không tính."
            )
            % {"day": f"{survey_end:%d/%m/%Y}"},
        ),
        (
            _("Gắn với mọi nội dung"),
            _("ghi “chung” hoặc từ %(count)s trong tám nội dung.") % {"count": EVERYTHING_FROM},
        ),
        (
            _("Chỉ tuyên truyền"),
            _(
                "câu mở đầu bằng tuyên truyền, phổ biến, vận động… hoặc sản phẩm là tin bài, tờ "
                "rơi, và không kèm việc khác."
            ),
        ),
    ]
