"""Recompute every published total from its parts and say where it does not close."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from indicators.models import Score
from indicators.totals import open_totals, parts_of, stored_figures

OPEN = 1


class Command(BaseCommand):
    help = "Cộng lại mọi điểm tổng từ các phần; in chỗ không khớp (mã thoát 1 nếu có)."

    def handle(self, *args: Any, **options: Any) -> None:
        figures = stored_figures(Score.objects.all())
        parts = parts_of({figure.edition.pk for figure in figures})
        found = list(open_totals(figures, parts))
        self.stdout.write("\n".join(map(str, found)) if found else _("Mọi tổng đều khớp."))
        message = _("%(count)s điểm đã kiểm, %(open)s tổng không khớp.")
        self.stdout.write(message % {"count": len(figures), "open": len(found)})
        if found:
            sys.exit(OPEN)
