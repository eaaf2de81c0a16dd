"""Files given by the office of a province, previewed without a worker."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.states import Role
from plans import jobs
from plans.importing import pipeline
from plans.models import SheetImport
from tests import factories
from tests.conftest import signed_in


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """Ids of the files a worker was woken for; no broker is asked."""
    ids = []
    monkeypatch.setattr(jobs, "wake_for_sheet", ids.append)
    return ids


@pytest.fixture
def plan(office):
    """A draft plan of 2026 in the office's province, with the eight dimensions known."""
    for number in range(1, 9):
        factories.make_dimension(number)
    return factories.make_plan(
        province=office.agency.province,
        year=2026,
        issued_on=date(2026, 1, 15),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )


@pytest.fixture
def administrator(province):
    agency = factories.make_agency(province=province, name="Văn phòng UBND tỉnh", code="VP")
    return factories.make_post(role=Role.ADMINISTRATOR, agency=agency)


@pytest.fixture
def administrator_client(administrator):
    return signed_in(administrator.user)


@pytest.fixture
def give(plan, office_client):
    """Send a file and preview it; return the import and the page that shows it."""

    def send(content, name="nhiem-vu.xlsx", *, client=office_client, url=None, **fields):
        answer = client.post(
            url or f"/ke-hoach/{plan.pk}/nhap-bang-tinh/",
            {"token": uuid4(), "file": SimpleUploadedFile(name, content), **fields},
        )
        assert answer.status_code == 302, answer.content.decode()
        row = SheetImport.objects.latest("pk")
        jobs.preview_sheet(row.pk)
        row.refresh_from_db()
        return row, client.get(row.get_absolute_url()).content.decode()

    return send


@pytest.fixture
def confirm(office_client):
    """Press the button of the preview; keyword arguments are the answers."""

    def press(row, client=office_client, **fields):
        return client.post(f"/nhap-bang-tinh/{row.pk}/nhap/", {"token": uuid4(), **fields})

    return press


def told(row):
    """What the preview says is wrong, as sentences."""
    return [fault.text for fault in pipeline.preview_of(row).all_faults()]
