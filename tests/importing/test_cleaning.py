"""Spreadsheets that were given long ago go at night, with their files and previews."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from plans.importing import pipeline
from plans.models import SheetImport
from plans.states import ReadingState
from tests.sheets import files

pytestmark = pytest.mark.django_db

ROWS = (("Nhiệm vụ", "Cơ quan chủ trì"), ("Họp", "Sở Nội vụ"))


@pytest.fixture
def clean(settings, django_capture_on_commit_callbacks):
    """Clean up as on the night of `now`; return how many were deleted."""
    settings.SHEET_KEEP_DAYS = 30

    def run(now):
        with django_capture_on_commit_callbacks(execute=True):
            return pipeline.clean_up(now=now)

    return run


def test_old_spreadsheets_go_with_their_files_and_what_was_imported_stays(
    give, confirm, clean, plan
):
    old, _page = give(files.xlsx(*ROWS))
    assert confirm(old).status_code == 302
    young, _page = give(files.xlsx(*ROWS))
    now = timezone.now()
    SheetImport.objects.filter(pk=old.pk).update(requested_at=now - timedelta(days=31))
    assert clean(now) == 1
    assert list(SheetImport.objects.all()) == [young]
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(young.file.name)
    assert plan.tasks.get().name == "Họp"
    assert clean(now) == 0


def test_a_spreadsheet_a_worker_has_in_hand_stays(give, clean):
    row, _page = give(files.xlsx(*ROWS))
    now = timezone.now()
    SheetImport.objects.update(
        state=ReadingState.RUNNING, lease_until=now, requested_at=now - timedelta(days=31)
    )
    assert clean(now) == 0
    assert default_storage.exists(row.file.name)


def test_files_without_a_row_go_once_no_row_can_follow(give, clean):
    row, _page = give(files.xlsx(*ROWS))
    orphan = default_storage.save(f"{pipeline.FOLDER}/mo-coi.xlsx", ContentFile(b"x"))
    now = timezone.now()
    clean(now)
    assert default_storage.exists(orphan)
    clean(now + timedelta(days=2))
    assert not default_storage.exists(orphan)
    assert default_storage.exists(row.file.name)
