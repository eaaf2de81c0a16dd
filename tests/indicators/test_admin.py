"""The administrator's tables open and search."""

import pytest
from django.contrib import admin
from django.urls import reverse

from agencies.models import Agency, User
from indicators.models import Index, Release, Score
from indicators.reference import load_indices
from tests.factories import make_agency, make_post

pytestmark = pytest.mark.django_db

TABLES = [
    model for model in admin.site._registry if model._meta.app_label in {"agencies", "indicators"}
]

# Come in by an import alone, and nobody changes them.
IMPORTED = (Release, Score)


@pytest.fixture
def chief(client):
    user = User.objects.create_superuser("quan-tri@example.vn", "mat-khau-thu-nghiem-1")
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_each_table_and_its_empty_form_open(chief, model):
    make_post(agency=make_agency())
    load_indices()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert chief.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
    adds = 403 if model in IMPORTED else 200
    assert chief.get(reverse(f"{name}_add")).status_code == adds
    row = model.objects.first()
    if row is not None:
        assert chief.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_indices_and_agencies_are_among_the_tables():
    assert {Agency, Index} <= set(TABLES)


def test_an_alias_added_there_is_found_by_search(chief):
    agency = make_agency(name="Sở Khoa học và Công nghệ", code="SKHCN")
    response = chief.post(
        reverse("admin:agencies_agency_change", args=[agency.pk]),
        {
            "province": agency.province_id,
            "name": agency.name,
            "short_name": "",
            "code": "SKHCN",
            "kind": agency.kind,
            "gso_code": "",
            "valid_from": "",
            "valid_to": "",
            "aliases-TOTAL_FORMS": "1",
            "aliases-INITIAL_FORMS": "0",
            "aliases-0-name": "Sở Chuyển đổi số",
            "aliases-0-agency": agency.pk,
        },
    )
    assert response.status_code == 302
    assert "chuyen" in Agency.objects.get().search_text
