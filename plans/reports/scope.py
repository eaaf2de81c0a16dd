"""What a report is asked about: its kind, its subject and its period."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from agencies.models import Agency, Province
    from plans.models import Plan
    from plans.reports.periods import Period
    from plans.reports.states import ReportKind

# A letter to hundreds of agencies still has a key that the column holds.
LONGEST_LIST = 150


@dataclass(frozen=True)
class Scope:
    """`plan` for kinds that are of a plan; one agency for its report, one or many for letters."""

    kind: ReportKind
    province: Province
    period: Period
    plan: Plan | None = None
    agencies: tuple[Agency, ...] = ()

    @property
    def as_of(self) -> date:
        """The day at whose end the figures are read, in Việt Nam; today while it is to come."""
        return self.period.last

    @property
    def key(self) -> str:
        """The same for the same request, whoever makes it."""
        agencies = ",".join(str(pk) for pk in sorted(agency.pk for agency in self.agencies))
        if len(agencies) > LONGEST_LIST:
            agencies = hashlib.sha256(agencies.encode()).hexdigest()
        plan = self.plan.pk if self.plan else ""
        return f"{self.kind}:{self.province.pk}:{plan}:{agencies}:{self.period.code}"
