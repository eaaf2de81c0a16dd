"""manage.py build_report: the same files as the portal's, and what it says when it cannot."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from plans.models import Task
from plans.reports import services
from plans.reports.models import Report
from plans.reports.states import State
from tests.factories import make_agency, make_plan, make_province
from tests.reports import fakes
from tests.reports.conftest import NOW, differing_formats

pytestmark = pytest.mark.django_db


def build(*arguments, out):
    told = io.StringIO()
    call_command("build_report", *arguments, "--out", str(out), stdout=told)
    return told.getvalue().split()


def test_the_files_are_those_of_the_portal_and_come_out_again_from_the_snapshot(
    plan, home, give, tmp_path
):
    kept, deleted = give(), give(due_on=date(2026, 5, 31))
    arguments = ("progress", "--plan", "149/kh-ubnd", "--period", "2026-Q3")
    written = build(*arguments, out=tmp_path / "a" / "b")
    assert [path.rpartition(".")[2] for path in written] == ["pdf", "docx", "xlsx", "json"]
    report = Report.objects.get()
    assert (report.requested_by, report.state) == (None, State.DONE)
    for file in report.files.all():
        path = next(path for path in written if path.endswith(f".{file.format}"))
        with open(path, "rb") as copy, file.file.open("rb") as stored:  # noqa: PTH123
            assert copy.read() == stored.read()
    assert not list((tmp_path / "a" / "b").glob(".*"))
    asked = services.request(fakes.scope_of(plan, fakes.RUNNING), by=home.office, now=NOW)
    assert asked == report

    # And the same bytes once more, whatever happened since.
    Agency.objects.filter(pk=home.agency.pk).update(name="Sở Đã đổi tên")
    deleted.delete()
    Task.objects.filter(pk=kept.task_id).update(name="Đã đổi tên")
    plan.title = "Đã đổi trích yếu"
    plan.save()
    assert differing_formats(report.snapshot) == []


def test_a_letter_to_one_agency_does_not_replace_the_letter_to_all(
    plan, home, give, monkeypatch, tmp_path
):
    fakes.install(monkeypatch)
    give(due_on=date(2026, 5, 31))
    give(due_on=date(2026, 5, 31), agency=home.monitor)
    asked = ("urging", "--plan", "149/KH-UBND", "--period", "2026-Q3")
    to_all = build(*asked, out=tmp_path)
    to_one = build(*asked, "--agency", "SNV", out=tmp_path)
    assert not set(to_all) & set(to_one)
    assert to_one[0].endswith("/du-thao-cong-van-don-doc_149-kh-ubnd_so-noi-vu_2026-q3.pdf")


def test_figures_of_a_past_day_end_the_period_there(plan, give, monkeypatch, tmp_path):
    fakes.install(monkeypatch)
    give()
    build(
        *("progress", "--plan", "149/KH-UBND", "--period", "2026-Q2", "--as-of", "2026-05-31"),
        out=tmp_path,
    )
    assert Report.objects.get().period.code == "2026-03-15..2026-05-31"


def test_without_a_period_it_is_the_running_quarter(plan, give, monkeypatch, tmp_path):
    fakes.install(monkeypatch)
    give()
    build("leader", "--plan", "149/KH-UBND", out=tmp_path)
    assert Report.objects.get().period == fakes.RUNNING


def test_agencies_and_provinces_go_by_code_or_name(plan, home, give, monkeypatch, tmp_path):
    fakes.install(monkeypatch)
    give(due_on=date(2026, 5, 31))
    build("agency", "--agency", "SNV", out=tmp_path)
    build("agency", "--agency", "Sở Tài chính", "--province", "15", out=tmp_path)
    build("province", "--province", "Lào Cai", out=tmp_path)
    build("urging", "--plan", "149/KH-UBND", out=tmp_path)
    letter = Report.objects.get(kind="urging")
    assert list(letter.agencies.all()) == [home.agency]
    assert Report.objects.count() == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["progress"], "cần --plan"),
        (["progress", "--plan", "1/XX"], "--plan: không có “1/XX”"),
        (["agency"], "cần --agency"),
        (["agency", "--agency", "XYZ"], "--agency: không có"),
        (["agency", "--agency", "SNV", "--plan", "149/KH-UBND"], "bỏ --plan"),
        (["progress", "--plan", "149/KH-UBND", "--agency", "SNV"], "bỏ --agency"),
        (["province"], "cần --province"),
        (["province", "--province", "99"], "--province: không có"),
        (["progress", "--plan", "149/KH-UBND", "--period", "2026-X"], "--period"),
        (["progress", "--plan", "149/KH-UBND", "--period", "2026-M13"], "--period"),
        (["progress", "--plan", "149/KH-UBND", "--as-of", "31/2/2026"], "--as-of"),
        (
            ["progress", "--plan", "149/KH-UBND", "--period", "2026-Q2", "--as-of", "2026-01-01"],
            "từ 2026-03-15 đến 2026-06-14",
        ),
        (["progress", "--plan", "149/KH-UBND", "--period", "2026-Q4"], "chưa tới"),
    ],
)
def test_what_was_typed_wrong_is_named_and_ends_with_2(plan, tmp_path, arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        build(*arguments, out=tmp_path)
    assert refused.value.returncode == 2
    assert not Report.objects.exists()


def test_a_number_or_code_of_two_provinces_asks_which(plan, home, tmp_path):
    elsewhere = make_province(name="Sơn La", code="14")
    make_plan(province=elsewhere, number="149/KH-UBND")
    make_agency(province=elsewhere, name="Sở Nội vụ", code="SNV")
    for arguments in (["progress", "--plan", "149/KH-UBND"], ["agency", "--agency", "SNV"]):
        with pytest.raises(CommandError, match="nhiều"):
            build(*arguments, out=tmp_path)


def test_what_cannot_be_made_ends_with_1_and_leaves_nothing(plan, tmp_path):
    with pytest.raises(CommandError, match="chưa có số liệu") as refused:
        build("progress", "--plan", "149/KH-UBND", "--period", "2026-Q2", out=tmp_path)
    assert refused.value.returncode == 1
    assert not Report.objects.exists()


def test_a_folder_that_cannot_be_written_is_named(plan, give, monkeypatch, tmp_path):
    fakes.install(monkeypatch)
    give()
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="Không ghi được vào"):
        build("leader", "--plan", "149/KH-UBND", out=tmp_path / "file")
