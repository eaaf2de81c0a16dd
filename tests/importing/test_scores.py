"""Published scores come in through the same page, for whoever runs the portal alone."""

import pytest
from openpyxl.utils import get_column_letter

from agencies.reference import load_provinces
from indicators.models import Release, Score
from indicators.reference import load_indices
from plans.importing import pipeline
from tests import factories
from tests.conftest import signed_in
from tests.importing.conftest import told
from tests.sheets import files

pytestmark = pytest.mark.django_db

URL = "/nhap-bang-tinh/diem/"
ROWS = (("Tỉnh", "Năm", "PAPI"), ("Lào Cai", 2023, 42.5), ("Hà Giang", 2023, "41,2"))


@pytest.fixture
def runner_client(db):
    return signed_in(factories.make_user(is_superuser=True))


@pytest.fixture
def give_scores(give, runner_client):
    load_provinces()
    load_indices()
    return lambda content, name="diem.xlsx": give(content, name, client=runner_client, url=URL)


def test_scores_become_one_release(give_scores, confirm, runner_client):
    row, page = give_scores(files.xlsx(*ROWS))
    assert not told(row), told(row)
    assert "Lào Cai 2023" in page
    asked = {f"q_{question.key}": "yes" for question in pipeline.preview_of(row).questions}
    before = Release.objects.count()
    for _time in range(2):
        answer = confirm(row, runner_client, **asked)
        assert answer.status_code == 302, answer.content.decode()
    assert Release.objects.count() == before + 1
    assert {score.as_printed for score in Score.objects.filter(release__file_name="diem.xlsx")} == {
        "42.5",
        "41,2",
    }


def test_faults_of_scores_name_their_cells(give_scores, confirm, runner_client):
    row, _page = give_scores(files.xlsx(*ROWS, ("Không Tỉnh Nào", 2023, "abc")))
    assert told(row)
    assert all("Dòng 4" in message for message in told(row)), told(row)
    assert confirm(row, runner_client).status_code == 422


def test_a_wide_table_is_not_refused_for_its_width(give_scores):
    heading = ("Tỉnh", "Năm", "PAPI", *(f"Cột {get_column_letter(n)}" for n in range(4, 90)))
    row, _page = give_scores(files.xlsx(heading, ("Lào Cai", 2023, 42.5)))
    assert row.is_done


def test_nobody_else_imports_scores(administrator_client, office_client):
    for client in (administrator_client, office_client):
        assert client.get(URL).status_code == 403
        assert client.post(URL).status_code == 403
