"""Published scores come in through the same page, for whoever runs the portal alone."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from openpyxl.utils import get_column_letter

from agencies.reference import load_provinces
from indicators.models import Index, Release, Score
from indicators.reference import load_indices
from papi_portal.sheets import SheetRefusedError
from plans.importing import pipeline
from tests import factories
from tests.conftest import signed_in
from tests.importing.conftest import told
from tests.sheets import files

pytestmark = pytest.mark.django_db

URL = "/nhap-bang-tinh/diem/"
SOURCE = "Báo cáo PAPI 2023, UNDP, trang 61"
ROWS = (("Tỉnh", "Năm", "PAPI"), ("Lào Cai", 2023, 42.5), ("Hà Giang", 2023, "41,2"))


@pytest.fixture
def runner_client(db):
    return signed_in(factories.make_user(is_superuser=True))


@pytest.fixture
def give_scores(give, runner_client):
    load_provinces()
    load_indices()

    def give_table(content, name="diem.xlsx", *, index="PAPI", **fields):
        fields = {"index": Index.objects.get(code=index).pk, "source": SOURCE, **fields}
        return give(content, name, client=runner_client, url=URL, **fields)

    return give_table


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
    assert Release.objects.latest("pk").source == SOURCE
    assert {score.as_printed for score in Score.objects.filter(release__file_name="diem.xlsx")} == {
        "42.5",
        "41,2",
    }


def test_a_file_of_scores_is_read_before_anybody_else_has_to_wait(
    give_scores, confirm, runner_client, monkeypatch
):
    row, _page = give_scores(files.xlsx(*ROWS))
    asked = {f"q_{question.key}": "yes" for question in pipeline.preview_of(row).questions}
    outer, inner = len(connection.savepoint_ids), []

    def refuse(*_arguments):
        inner.append(len(connection.savepoint_ids))
        raise SheetRefusedError("Tệp không đọc lại được.")

    monkeypatch.setattr(pipeline, "read_workbook", refuse)
    before = Release.objects.count()
    answer = confirm(row, runner_client, **asked)
    assert answer.status_code == 422
    assert "Tệp không đọc lại được." in answer.content.decode()
    assert inner == [outer]
    assert Release.objects.count() == before


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


def test_the_page_asks_of_which_index_and_from_where(runner_client):
    load_indices()
    page = runner_client.get(URL).content.decode()
    assert 'name="index"' in page
    assert 'name="source"' in page
    answer = runner_client.post(URL, {"token": uuid4(), "edition_year": "20"})
    assert answer.status_code == 422
    refused = answer.context["form"].errors
    assert set(refused) == {"index", "source", "edition_year", "file"}


def test_scores_of_another_index_become_its_release(give_scores, confirm, runner_client):
    row, _page = give_scores(
        files.xlsx(("Tỉnh", "Năm", "PAR INDEX"), ("Lào Cai", 2023, 86.5)), index="PAR INDEX"
    )
    assert not told(row), told(row)
    asked = {f"q_{question.key}": "yes" for question in pipeline.preview_of(row).questions}
    assert confirm(row, runner_client, **asked).status_code == 302
    assert Score.objects.get().edition.index.code == "PAR INDEX"


def test_a_table_without_years_is_read_with_the_year_that_was_given(give_scores):
    content = files.xlsx(("Tỉnh", "PAPI"), ("Lào Cai", 42.5))
    row, _page = give_scores(content)
    assert "Năm" in " ".join(told(row))
    row, page = give_scores(content, edition_year="2023")
    assert not told(row), told(row)
    assert "Lào Cai 2023" in page


def test_scores_that_are_there_already_are_not_imported_again(give_scores, confirm, runner_client):
    row, _page = give_scores(files.xlsx(*ROWS))
    asked = {f"q_{question.key}": "yes" for question in pipeline.preview_of(row).questions}
    confirm(row, runner_client, **asked)
    again, page = give_scores(files.xlsx(*ROWS))
    assert "không cần nhập lại" in page
    assert confirm(again, runner_client, **asked).status_code == 422
    assert Release.objects.count() == 1


def test_the_page_and_the_command_read_one_file_alike(give_scores, runner_client, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (("Tỉnh", "Năm", "PAPI"), ("Lào Cai", 2023, 42.5), (None, 2022, 41)):
        sheet.append(cells)
    sheet.merge_cells("A2:A3")
    sheet["C2"].font = openpyxl.styles.Font(strike=True)
    hidden = book.create_sheet("Ẩn")
    hidden.append(("Tỉnh", "Năm", "PAPI"))
    hidden.append(("Hà Giang", 2023, "=1+"))
    hidden.sheet_state = "hidden"
    path = tmp_path / "diem.xlsx"
    book.save(path)
    row, _page = give_scores(path.read_bytes())
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_scores", str(path), stdout=said, stderr=said)
    assert any("Ô là công thức" in message for message in told(row)), told(row)
    for message in (*told(row), *pipeline.preview_of(row).notes):
        assert message.partition(": ")[2] in said.getvalue(), message


def test_the_pages_of_scores_lead_back_to_the_indices(give_scores, runner_client):
    _row, page = give_scores(files.xlsx(*ROWS))
    assert '<li><a href="/chi-so/">Chỉ số</a></li>' in page
    assert '<li><a href="/chi-so/">Chỉ số</a></li>' in runner_client.get(URL).content.decode()
