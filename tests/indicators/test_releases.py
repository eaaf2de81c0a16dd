"""What was imported stays, in the database itself."""

import io

import openpyxl
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from indicators.models import Release, Score
from tests.factories import make_release, make_score
from tests.indicators.published import MISSING, PARTS, SCORES

pytestmark = pytest.mark.django_db

needs_panel = pytest.mark.skipif(not SCORES.is_file(), reason=f"{MISSING}: nothing is proved")


@pytest.mark.parametrize("model", [Score, Release])
def test_the_database_refuses_to_change_what_was_imported(model):
    make_score()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        model.objects.update(source="khác")
    assert not model.objects.filter(source="khác").exists()


def test_the_triggers_are_still_there_after_all_migrations():
    """SQLite drops them when a migration rebuilds the table; make them again there."""
    tables = ("indicators_score_stays", "indicators_release_stays")
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert set(tables) <= {name for (name,) in cursor.fetchall()}


def test_current_scores_are_one_query_however_many_releases(count_queries):
    score = make_score(value="40.1")
    for value in ("40.2", "40.3"):
        release = make_release(index=score.edition.index)
        make_score(
            release=release,
            edition=score.edition,
            component=score.component,
            province=score.province,
            value=value,
        )
    assert count_queries(lambda: list(Score.objects.current())) == 1
    assert [str(row.value) for row in Score.objects.current()] == ["40.3000"]


# The command


def run(*arguments):
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import_scores", *arguments, stdout=out, stderr=err)
    except SystemExit as error:
        code = int(error.code)
    return code, out.getvalue() + err.getvalue()


@pytest.fixture
def file(tmp_path):
    def _file(text, name="diem.csv", encoding="utf-8-sig"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return _file


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16")]
)
def test_the_command_stores_a_file_without_doubts_at_once(papi, file, separator, encoding):
    table = separator.join(("Tỉnh", "Năm", "PAPI")) + "\n"
    table += separator.join(("Khánh Hòa", "2020", "39.1406")) + "\n"
    code, said = run(file(table, encoding=encoding), "--source", "Báo cáo PAPI 2020")
    assert code == 0
    assert "Đã nhập 1 điểm" in said
    assert Release.objects.get().source == "Báo cáo PAPI 2020"


def test_the_command_asks_for_a_yes_where_there_are_questions(papi, file):
    path = file("Tỉnh;Năm;PAPI\nKhánh Hòa;2020;39.140\n")
    code, said = run(path)
    assert (code, Release.objects.count()) == (2, 0)
    assert "“39.140” được hiểu là 39,14" in said
    assert "--yes" in said
    assert run(path, "--yes")[0] == 0
    assert Score.objects.get().as_printed == "39.140"


def test_a_dry_run_stores_nothing(papi, file):
    code, said = run(file("Tỉnh;Năm;PAPI\nKhánh Hòa;2020;39.1406\n"), "--dry-run")
    assert (code, Release.objects.count()) == (0, 0)
    assert "Mới 1, đổi 0, như cũ 0" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--index", "XYZ"), "Không có chỉ số “XYZ”"),
        (("--yes",), "Tệp còn lỗi"),
        ((), "Tệp còn lỗi"),
    ],
)
def test_the_command_refuses_with_two(papi, file, arguments, said):
    code, printed = run(file("Tỉnh;Năm;PAPI\nKhánh Hòa;2020;391.406\n"), *arguments)
    assert code == 2
    assert said in printed
    assert not Release.objects.exists()


def test_a_file_that_is_not_there_is_refused(papi, tmp_path):
    assert run(str(tmp_path / "khong-co.csv"))[0] == 2


@needs_panel
def test_the_whole_panel_is_read_and_every_total_closes(papi):
    code, said = run(str(SCORES), "--yes")
    assert code == 0, said
    assert Score.objects.filter(component__level="composite").count() == 882
    assert Score.objects.filter(component__level="composite", value=None).count() == 13
    code, said = run(str(PARTS), "--yes")
    assert code == 0, said
    assert Score.objects.filter(component__level="subdimension").count() == 21_891
    out = io.StringIO()
    call_command("check_scores", stdout=out)
    assert "Mọi tổng đều khớp." in out.getvalue()


# Sheets of real programs


@pytest.fixture
def workbook(tmp_path):
    def _workbook(*rows, edit=None):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "PAPI"
        for row in rows:
            sheet.append(row)
        if edit:
            edit(sheet)
        path = tmp_path / "diem.xlsx"
        book.save(path)
        return str(path)

    return _workbook


def test_a_workbook_is_read_with_titles_above_its_header(papi, workbook):
    path = workbook(
        ["Kết quả PAPI năm 2020"], [], ["Tỉnh/Thành phố", "Chỉ số tổng hợp"], ["TP. HCM", 42.5]
    )
    code, said = run(path, "--yes")
    assert code == 0, said
    assert Score.objects.get().edition.year == 2020


def test_what_is_odd_about_cells_is_said_with_their_place(papi, workbook):
    def edit(sheet):
        sheet["C2"] = "=1+"
        sheet["C3"] = "#N/A"
        sheet["C3"].data_type = "e"
        sheet["C4"] = 0.42
        sheet["C4"].number_format = "0.0%"
        sheet["A5"].font = openpyxl.styles.Font(strike=True)

    names = ("Lào Cai", "Sơn La", "Đắk Lắk", "Khánh Hòa")
    path = workbook(["Tỉnh", "Năm", "PAPI"], *[[name, 2020, 39.1406] for name in names], edit=edit)
    code, said = run(path)
    assert code == 2
    assert "Dòng 2, cột “PAPI” (C): Ô là công thức chưa được tính" in said
    assert "Dòng 3, cột “PAPI” (C): Ô có lỗi công thức #N/A" in said
    assert "Dòng 4, cột “PAPI” (C): “42%” không phải là số" in said
    assert "gạch ngang" in said
    assert not Score.objects.exists()


def test_a_file_that_is_no_table_at_all_is_refused(papi, tmp_path):
    path = tmp_path / "diem.xlsx"
    path.write_bytes(b"%PDF-1.7")
    code, said = run(str(path))
    assert code == 2
    assert "PDF" in said


# Before there were releases


@pytest.fixture
def before_releases(transactional_db):
    """The models as they were when scores were typed in by hand; all migrations afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate([("indicators", "0002_releases")])
    yield executor.loader.project_state([("indicators", "0002_releases")]).apps
    MigrationExecutor(connection).migrate(executor.loader.graph.leaf_nodes())


def test_scores_typed_in_before_there_were_releases_become_one_of_their_index(before_releases):
    model = before_releases.get_model
    province = model("agencies", "Province").objects.create(name="Khánh Hòa", code="56")
    for code, count in (("PAPI", 2), ("SIPAS", 1), ("PCI", 0)):
        index = model("indicators", "Index").objects.create(code=code, name=code)
        component = model("indicators", "Component").objects.create(
            index=index, stable_key=code, level="composite", name=code
        )
        for year in range(2019, 2019 + count):
            edition = model("indicators", "Edition").objects.create(
                index=index, year=year, structure="S", score_min=8, score_max=80
            )
            model("indicators", "Score").objects.create(
                edition=edition, component=component, province=province, value="40.5"
            )
    for _time in range(2):
        MigrationExecutor(connection).migrate([("indicators", "0003_first_release")])
    found = Release.objects.values_list("index__code", "score_count", "source").order_by("index")
    assert list(found) == [
        ("PAPI", 2, "Nhập tay trong Quản trị"),
        ("SIPAS", 1, "Nhập tay trong Quản trị"),
    ]
    assert not Score.objects.filter(release__isnull=True).exists()
    assert {str(score.release.index) for score in Score.objects.current()} == {"PAPI", "SIPAS"}
