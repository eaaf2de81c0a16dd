"""What came after the invented plan: a document that amends it, and a draft that carries it on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from papi_portal import text
from plans import amending, carrying, services
from plans.demo.clock import Clock, history_by
from plans.demo.days import Calendar, moment
from plans.grid import CELLS, RowReader
from plans.states import PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from agencies.models import User
    from plans.models import Plan

NUMBER = "998/QĐ-UBND"
LATER, STOPPED = "1.8", "5.7"
CARRIED = ("1.4", "2.4", "2.8")


@transaction.atomic
def load_later_documents(plan: Plan, people: Mapping[str, User], today: date) -> Plan:
    """Amend the invented plan after all else that happened, and start the plan that follows it."""
    office = people["van-phong"]
    now = moment(today - timedelta(days=1), 17, 30)
    day = timezone.localdate(now)
    clock = Clock(now=now, by=office)
    with history_by(clock):
        amendment = amending.start(plan, _head(plan, day), by=office)
        _write(amendment, Calendar.around(today))
        digest = amending.compare(amendment, day).digest
        amending.apply(amendment, digest=digest, by=office, today=day, now=clock.now)
    unfinished = plan.tasks.filter(number_in_plan__in=CARRIED).values_list("pk", flat=True)
    choice = carrying.Choice(years=1, tasks=frozenset(unfinished), ends_origin=True)
    title = text.shift_years(plan.title, 1)
    return carrying.copy_plan(plan, choice, title=title, with_targets=True, by=office)


def _head(plan: Plan, day: date) -> dict[str, object]:
    return {
        "kind": PlanKind.DECISION,
        "number": NUMBER,
        "issued_on": day,
        "title": _("Sửa đổi, bổ sung một số nhiệm vụ của Kế hoạch %(number)s (minh họa)")
        % {"number": plan.number},
        "issuer": plan.issuer,
        "signer_title": plan.signer_title,
    }


def _write(amendment: Plan, calendar: Calendar) -> None:
    """Give one task more time and a fuller product, stop one, add one."""
    reader = RowReader(amendment)
    row = amendment.tasks.get(number_in_plan=LATER)
    cells = {cell: getattr(row, column) for cell, (column, _length) in CELLS.items()}
    cells |= {
        "needs_evidence": "1",
        "deadline": calendar.written("d+24"),
        "product": _("Sổ tay điện tử, danh sách người nhận"),
    }
    services.save_task(amendment, reader.read(cells).row, pk=row.pk, version=row.version)
    stopped = amendment.tasks.get(number_in_plan=STOPPED)
    services.delete_task(amendment, pk=stopped.pk, version=stopped.version)
    added = {
        "number": "8.90",
        "name": _("Công bố hằng tuần kết quả xử lý phản ánh hiện trường trên một trang chung"),
        "dimensions": "8",
        "lead": "Sở Khoa học và Công nghệ",
        "deadline": calendar.written("d+28"),
        "product": _("Trang công bố"),
        "needs_evidence": "1",
    }
    services.save_task(amendment, reader.read(added).row, pk=None, version=None)
