"""Load provinces, agencies, communes, indices and PAPI's structure; may be run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from agencies import reference as agencies_reference
from agencies.models import Agency, Province
from agencies.states import AgencyKind
from indicators.models import Edition, Index, Score
from indicators.reference import load_indices, load_scores


class Command(BaseCommand):
    help = "Nạp dữ liệu nền: tỉnh, cơ quan, xã phường, chỉ số, cấu trúc PAPI (chạy lại được)."

    def handle(self, *args: Any, **options: Any) -> None:
        provinces = agencies_reference.load_provinces()
        agencies = agencies_reference.load_agencies()
        indices = load_indices()
        scores = load_scores(timezone.now())
        communes = agencies.pop(AgencyKind.COMMUNE, 0)
        lines = (
            ("Tỉnh, thành phố (mọi thời kỳ)", provinces, Province.objects.count()),
            (
                "Cơ quan",
                sum(agencies.values()),
                Agency.objects.exclude(kind=AgencyKind.COMMUNE).count(),
            ),
            ("UBND cấp xã", communes, Agency.objects.filter(kind=AgencyKind.COMMUNE).count()),
            ("Chỉ số", indices.indices, Index.objects.count()),
            ("Kỳ công bố", indices.editions, Edition.objects.count()),
            ("Điểm PAPI (mười hai tỉnh)", scores, Score.objects.count()),
        )
        self.stdout.write(f"Dữ liệu nền {agencies_reference.VERSION}:")
        for label, added, total in lines:
            self.stdout.write(f"  {label:<32} thêm {added:>5}  có {total:>5}")
