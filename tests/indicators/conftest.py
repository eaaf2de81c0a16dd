"""The whole map and PAPI's editions, and tables of scores made for tests."""

import pytest
from django.utils import timezone

from agencies.reference import load_provinces
from indicators.models import Index
from indicators.reference import load_indices
from indicators.score_import import apply, preview


@pytest.fixture
def papi(db):
    load_provinces()
    load_indices()
    return Index.objects.get(code="PAPI")


@pytest.fixture
def read(papi):
    """Read one table, its header first, into a preview."""

    def _read(*rows, year=None, name="diem", index=papi):
        return preview([(name, rows)], index=index, year=year)

    return _read


@pytest.fixture
def store():
    def _store(shown, *, name="diem.csv", content=b"x", by=None):
        return apply(
            shown, content=content, file_name=name, source="Thử", by=by, now=timezone.now()
        )

    return _store
