"""The administrator's tables open and search."""

import pytest
from django.contrib import admin
from django.urls import reverse

from agencies.models import Agency, User
from agencies.reference import load_provinces
from indicators.models import Index, Release, Score
from indicators.reference import load_indices
from indicators.score_import import preview
from tests.factories import make_agency, make_edition, make_post

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


def copy(chief, edition):
    return chief.post(
        reverse("admin:indicators_edition_changelist"),
        {"action": "copy_to_next_year", "_selected_action": [edition.pk]},
        follow=True,
    ).content.decode()


def test_an_edition_nobody_knew_is_begun_from_the_one_before_and_takes_scores(chief):
    load_provinces()
    load_indices()
    papi = Index.objects.get(code="PAPI")
    last = papi.editions.get(year=2024)
    table = [("diem", [("Tỉnh", "Năm", "PAPI", "8.3"), ("Lào Cai", 2025, 42.5, 0.9)])]
    assert preview(table, index=papi).errors
    assert "Đã chép thành kỳ PAPI 2025" in copy(chief, last)
    edition = papi.editions.get(year=2025)
    assert (edition.structure, edition.components.count()) == ("2025", last.components.count())
    shown = preview(table, index=papi)
    assert not shown.errors
    assert [str(score.province.valid_from) for score in shown.scores] == ["2025-07-01"] * 2
    assert "Kỳ PAPI 2025 đã có" in copy(chief, last)
    assert edition.components.count() == last.components.count()


def test_an_edition_without_its_total_says_what_it_lacks():
    load_provinces()
    index = Index.objects.create(code="XYZ", name="Chỉ số thử")
    make_edition(year=2025, index=index).components.all().delete()
    rows = [("Tỉnh", "Năm", "XYZ"), ("Lào Cai", 2025, 42.5)]
    (error,) = preview([("diem", rows)], index=index).errors
    assert "Kỳ XYZ 2025 đã khai nhưng thiếu dòng điểm tổng" in str(error)


def test_components_of_another_index_are_defined_there_and_imported(chief):
    load_provinces()
    load_indices()
    pgi = Index.objects.get(code="PGI")
    edition = pgi.editions.get(year=2023)
    whole = edition.components.get()
    for number in (1, 2):
        answer = chief.post(
            reverse("admin:indicators_component_add"),
            {
                "index": pgi.pk,
                "stable_key": f"PGI{number}",
                "level": "dimension",
                "parent": "",
                "name": f"Thành phần {number}",
                "position": number,
            },
        )
        assert answer.status_code == 302, answer.content.decode()
    lines = [whole, *pgi.components.exclude(pk=whole.component_id).order_by("position")]
    form = {
        "index": pgi.pk,
        "year": 2023,
        "structure": edition.structure,
        "score_min": "0",
        "score_max": "40",
        "components-TOTAL_FORMS": len(lines),
        "components-INITIAL_FORMS": 1,
    }
    for at, line in enumerate(lines):
        is_whole = line == whole
        form |= {
            f"components-{at}-id": whole.pk if is_whole else "",
            f"components-{at}-edition": edition.pk,
            f"components-{at}-component": whole.component_id if is_whole else line.pk,
            f"components-{at}-code": whole.code if is_whole else at,
            f"components-{at}-name": line.name,
            f"components-{at}-score_min": "0",
            f"components-{at}-score_max": "40" if is_whole else "10",
        }
    answer = chief.post(reverse("admin:indicators_edition_change", args=[edition.pk]), form)
    assert answer.status_code == 302, answer.content.decode()
    rows = [("Tỉnh", "Năm", "PGI", "1", "Thành phần 2"), ("Quảng Ninh", 2023, "26", "6,5", "7,25")]
    shown = preview([("diem", rows)], index=pgi)
    assert not shown.doubts
    assert [str(score.value) for score in shown.scores] == ["26.0000", "6.5000", "7.2500"]
