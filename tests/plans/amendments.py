"""A plan of this year and the documents that amend it, entered by the road of the grid."""

from datetime import date

from plans import amending, services
from plans.grid import CELLS, RowReader
from plans.models import Plan
from tests.factories import (
    at,
    make_dimension,
    make_plan,
)

TODAY = date(2026, 9, 20)
NOW = at(2026, 9, 20)


def plan_to_amend(province):
    make_dimension(1)
    make_dimension(2)
    return make_plan(
        province=province,
        number="20/KH-UBND",
        issued_on=date(2026, 1, 15),
        year=2026,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )


def add(plan, agency, **cells):
    """A row of the plan, entered by the road of the grid."""
    values = {
        "name": "Niêm yết thủ tục",
        "dimensions": "1",
        "lead": agency if isinstance(agency, str) else agency.name,
        "deadline": "31/10/2026",
        "needs_evidence": "",
        **cells,
    }
    row = RowReader(plan).read(values)
    assert not row.problems, row.problems
    return services.save_task(plan, row.row, pk=None, version=None)


def give_out(plan):
    return services.activate(plan, by=None, today=date(2026, 1, 20), now=at(2026, 1, 20))


def start(plan, office, **head):
    values = {
        "kind": "QĐ",
        "number": "215/QĐ-UBND",
        "issued_on": date(2026, 9, 15),
        "title": "Sửa đổi, bổ sung Kế hoạch 20/KH-UBND",
        "issuer": "UBND tỉnh",
        "signer_title": "Chủ tịch",
        "signer_name": "Nguyễn Văn Ký",
        **head,
    }
    return amending.start(Plan.objects.get(pk=plan.pk), values, by=office.user)


def edit(amendment, task, **cells):
    """Change cells of the copy of `task`, by the road of the grid."""
    row = amendment.tasks.get(origin=task)
    typed = {cell: getattr(row, column) for cell, (column, _length) in CELLS.items()}
    typed |= {"needs_evidence": "1" if row.needs_evidence else "", **cells}
    reading = RowReader(amendment).read(typed)
    assert not reading.problems, reading.problems
    services.save_task(amendment, reading.row, pk=row.pk, version=row.version)


def drop(amendment, task):
    row = amendment.tasks.get(origin=task)
    services.delete_task(amendment, pk=row.pk, version=row.version)


def apply(amendment, office, today=TODAY):
    amendment = Plan.objects.select_related("amends").get(pk=amendment.pk)
    digest = amending.compare(amendment, today).digest
    return amending.apply(amendment, digest=digest, by=office.user, today=today, now=NOW)
