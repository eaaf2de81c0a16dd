"""What somebody tries with everything that brings plans in: rows, documents, spreadsheets."""

import json
import time
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from plans import jobs
from plans.grid import RowReader
from plans.importing import pipeline
from plans.models import Plan, Reading, ReadingRow, SheetHeading, SheetImport, Task, UnsavedRows
from plans.reader import Draft
from plans.states import PlanStatus, ReadingState
from tests import factories
from tests.conftest import signed_in
from tests.sheets import files

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}
SCRIPT = "</script><img src=x onerror=alert(1)>"
SECONDS = 5


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr(jobs, "wake_for_sheet", lambda pk: None)
    monkeypatch.setattr(jobs, "wake", lambda pk: None)


@pytest.fixture
def plan(office):
    return factories.make_plan(province=office.agency.province)


@pytest.fixture
def foreign_plan(stranger):
    return factories.make_plan(province=stranger.agency.province)


def reading_of(post, **fields):
    now = timezone.now()
    return Reading.objects.create(
        province=post.agency.province,
        requested_by=post.user,
        requested_at=now,
        finished_at=now,
        state=ReadingState.DONE,
        text="x",
        draft=json.dumps(Draft().dump()),
        **fields,
    )


def give(client, plan, content, name="a.xlsx"):
    client.post(
        reverse("plans:import_tasks", args=[plan.pk]),
        {"token": uuid4(), "file": SimpleUploadedFile(name, content)},
    )
    row = SheetImport.objects.latest("pk")
    jobs.preview_sheet(row.pk)
    row.refresh_from_db()
    return row


def send_rows(client, plan, rows, **more):
    data = {"rows": rows if isinstance(rows, str) else json.dumps(rows), **more}
    return client.post(reverse("plans:save_rows", args=[plan.pk]), data, headers=JSON)


# Rows of the grid


@pytest.mark.parametrize(
    "raw",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "[" + "9" * 5_000 + "]",
        '[{"cells": {"name": ["x"]}}]',
        '[{"cells": {"name": {"$gt": ""}}}]',
        '[{"cells": []}]',
        "[1]",
        "{}",
        '"x"',
        "NaN",
        "\x00",
        json.dumps([{"cells": {"name": "x"}}] * 1_001),
    ],
    ids=lambda raw: raw[:12],
)
@pytest.mark.parametrize("name", ["save_rows", "keep_unsaved"])
def test_rows_that_no_page_sends_are_refused_and_nothing_is_kept(office_client, plan, raw, name):
    answer = office_client.post(reverse(f"plans:{name}", args=[plan.pk]), {"rows": raw})
    assert answer.status_code == 400
    assert not Task.objects.exists()
    assert not UnsavedRows.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        {"pk": 2**70, "version": 1},
        {"pk": -1, "version": 1},
        {"pk": True, "version": True},
        {"pk": float("nan"), "version": float("inf")},
        {"pk": "1e9", "after": "١"},
        {"after": 10**17, "row_key": "{x}", "pk": None},
        {"pk": "../1", "version": [1], "row_key": {"a": 1}},
    ],
    ids=str,
)
def test_odd_keys_and_versions_are_no_rows_and_no_fault_of_the_portal(office_client, plan, row):
    answer = send_rows(office_client, plan, [{"cells": {"name": "Việc"}, **row}])
    assert answer.status_code in {200, 409}
    assert Task.objects.count() == (answer.status_code == 200)


def test_half_letters_are_refused_in_a_row_and_escaped_in_what_is_kept(office_client, plan):
    name = "Vi\ud800ệc\x00 \u202eđảo"
    answer = send_rows(office_client, plan, [{"cells": {"name": name}}])
    assert answer.status_code == 422
    assert not Task.objects.exists()
    kept = {"rows": json.dumps([{"cells": {"name": name}}])}
    url = reverse("plans:keep_unsaved", args=[plan.pk])
    assert office_client.post(url, kept).status_code == 204
    page = office_client.get(reverse("plans:grid", args=[plan.pk]))
    assert page.status_code == 200
    assert UnsavedRows.objects.get().content.isascii()


def test_one_key_on_two_new_rows_of_one_request_is_told_and_nothing_is_saved(office_client, plan):
    key = str(uuid4())
    rows = [{"cells": {"name": name}, "row_key": key} for name in ("Một", "Hai")]
    assert send_rows(office_client, plan, rows).status_code == 400
    assert not Task.objects.exists()


def test_a_cell_of_hundreds_of_commas_or_unknown_names_is_read_at_once(office):
    for number in range(150):
        factories.make_agency(province=office.agency.province, name=f"UBND xã Số {number}")
    reader = RowReader(factories.make_plan(province=office.agency.province))
    start = time.perf_counter()
    reader.read({"name": "x", "supporters": "a," * 499})
    reader.read({"name": "x", "supporters": ";".join(f"{n:x}" for n in range(300))})
    assert time.perf_counter() - start < SECONDS


def test_rows_of_a_foreign_plan_in_a_request_for_an_own_one_are_untouched(
    office_client, plan, foreign_plan
):
    foreign = factories.make_task(plan=foreign_plan)
    ours = factories.make_task(plan=plan)
    stolen = {"pk": foreign.pk, "version": foreign.version, "cells": {"name": "Chiếm"}}
    own = {"pk": ours.pk, "version": ours.version, "cells": {"name": "Đổi"}}
    answers = [
        send_rows(office_client, plan, [own, stolen]),
        send_rows(office_client, plan, [own], deleted=json.dumps([stolen])),
        office_client.post(
            reverse("plans:move_rows", args=[plan.pk]), {"task": [foreign.pk], "after": ours.pk}
        ),
        office_client.post(
            reverse("plans:move_rows", args=[plan.pk]), {"task": [ours.pk], "after": foreign.pk}
        ),
        office_client.post(reverse("plans:step_row", args=[plan.pk, foreign.pk]), {"step": "len"}),
    ]
    assert [answer.status_code for answer in answers] == [409, 200, 409, 409, 302]
    before = (foreign.name, foreign.position, foreign.version, foreign.plan_id)
    foreign.refresh_from_db()
    assert (foreign.name, foreign.position, foreign.version, foreign.plan_id) == before
    assert foreign.name not in "".join(answer.content.decode() for answer in answers)


def test_what_one_person_has_not_saved_is_shown_to_nobody_else(office_client, office, plan):
    colleague = factories.make_post(role=Role.OFFICE, agency=office.agency)
    rows = {"rows": json.dumps([{"cells": {"name": "Chưa lưu của tôi"}}])}
    office_client.post(reverse("plans:keep_unsaved", args=[plan.pk]), rows)
    url = reverse("plans:grid", args=[plan.pk])
    unsaved = "Chưa lưu của tôi"
    assert unsaved in json.dumps(office_client.get(url).context["unsaved"], ensure_ascii=False)
    other = signed_in(colleague.user)
    assert not other.get(url).context["unsaved"]
    other.post(reverse("plans:keep_unsaved", args=[plan.pk]), {"rows": "[]"})
    assert UnsavedRows.objects.get().user == office.user


# Documents under review


def test_rows_of_another_document_are_not_reached_through_an_own_one(
    office_client, office, stranger
):
    own, foreign = reading_of(office), reading_of(stranger)
    row = ReadingRow.objects.create(reading=foreign, position=1, cells={"name": "Kín"})
    typed = {"name": "Chiếm", "version": 1, "accepts": "1"}
    answers = [
        office_client.post(reverse("plans:save_read_row", args=[own.pk, row.pk]), typed),
        office_client.post(reverse("plans:delete_read_row", args=[own.pk, row.pk]), typed),
        *(
            office_client.post(reverse(f"plans:{name}", args=[foreign.pk]), typed)
            for name in ("add_read_row", "judge_rows", "save_read_head", "make_plan")
        ),
    ]
    assert [answer.status_code for answer in answers] == [409, 302, 404, 404, 404, 404]
    assert not any("Kín" in answer.content.decode() for answer in answers)
    row.refresh_from_db()
    assert (row.cells, row.version, row.reading.rows.count()) == ({"name": "Kín"}, 1, 1)


def test_a_document_with_more_tasks_than_any_plan_is_not_laid_out(office):
    reading = reading_of(office)
    Reading.objects.filter(pk=reading.pk).update(
        state=ReadingState.QUEUED, finished_at=None, draft=""
    )
    lines = "".join(f"{n}\tViệc {n}\tSở Nội vụ\t30/6\n" for n in range(1, 2_102))
    Reading.objects.filter(pk=reading.pk).update(text=f"TT\tNhiệm vụ\tChủ trì\tThời hạn\n{lines}")
    jobs.read_document(reading.pk)
    reading.refresh_from_db()
    assert reading.state == ReadingState.FAILED
    assert "2.101 nhiệm vụ; tối đa 2.000" in reading.reason
    assert not reading.rows.exists()


# Spreadsheets


def test_a_preview_is_its_givers_alone(office, office_client, plan):
    row = give(office_client, plan, files.xlsx(("Nhiệm vụ", "Chủ trì"), ("Việc", "Sở Nội vụ")))
    colleague = signed_in(factories.make_post(role=Role.OFFICE, agency=office.agency).user)
    assert colleague.get(row.get_absolute_url()).status_code == 404
    assert colleague.get(reverse("plans:import_faults", args=[row.pk])).status_code == 404
    for name in ("preview_again", "apply_import"):
        url = reverse(f"plans:{name}", args=[row.pk])
        assert colleague.post(url, {"token": uuid4()}).status_code == 404
    office.ends_on = timezone.localdate().replace(year=2020)
    office.starts_on = office.ends_on
    office.save()
    assert signed_in(office.user).get(row.get_absolute_url()).status_code == 404
    assert not Task.objects.exists()


def test_a_hostile_name_of_a_sheet_and_of_headings_is_chosen_kept_and_shown_harmlessly(
    office_client, plan
):
    long = files.WORKBOOK.replace("Trang 1", "T" * 1_000)
    heads = ("Nhiệm vụ", "Chủ trì", SCRIPT.replace("<", "&lt;"), "ﷺ" * 110)
    cells = "".join(files.inline(f"{at}1", head) for at, head in zip("ABCD", heads, strict=True))
    body = "".join(files.inline(f"{at}2", "Sở Nội vụ") for at in "ABCD")
    xml = files.sheet_xml(f'<row r="1">{cells}</row><row r="2">{body}</row>')
    row = give(office_client, plan, files.raw_xlsx(xml, workbook=long))
    layout = pipeline.layout_of(row)
    answer = office_client.post(
        reverse("plans:preview_again", args=[row.pk]),
        {"sheet": layout.sheet, "c_name": 1, "c_lead": 2, "c_product": 3, "c_deadline": 4},
    )
    assert answer.status_code == 302
    jobs.preview_sheet(row.pk)
    page = office_client.get(row.get_absolute_url())
    assert page.status_code == 200
    assert "<img src=x" not in page.content.decode()
    assert {len(each.heading) <= 200 for each in SheetHeading.objects.all()} == {True}
    faults = office_client.get(reverse("plans:import_faults", args=[row.pk]))
    assert faults["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "name", ["../../../x.csv", "a; filename=y.csv", "CON.csv", "\u202evsc.csv", "x" * 400 + ".csv"]
)
def test_no_name_of_a_sheet_leads_out_of_its_folder_or_into_a_header(office_client, plan, name):
    upload = SimpleUploadedFile("x.csv", "Nhiệm vụ;Chủ trì\nViệc;Sở X\n".encode())
    upload._name = name
    office_client.post(
        reverse("plans:import_tasks", args=[plan.pk]), {"token": uuid4(), "file": upload}
    )
    row = SheetImport.objects.get()
    stored = row.file.name or ""
    assert stored.startswith("nhap-bang-tinh/")
    assert ".." not in stored
    assert len(row.file_name) <= 200
    jobs.preview_sheet(row.pk)
    answer = office_client.get(reverse("plans:import_faults", args=[row.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].count("filename=") == 1


def stored_files():
    if not default_storage.exists(pipeline.FOLDER):
        return []
    return [f"{pipeline.FOLDER}/{name}" for name in default_storage.listdir(pipeline.FOLDER)[1]]


def test_a_file_given_twice_or_refused_leaves_nothing_behind(office_client, plan):
    url = reverse("plans:import_tasks", args=[plan.pk])
    token, before = uuid4(), set(stored_files())
    for _time in range(2):
        upload = SimpleUploadedFile("a.csv", b"x;y\n1;2\n")
        office_client.post(url, {"token": token, "file": upload})
    assert SheetImport.objects.count() == 1
    upload = SimpleUploadedFile("b.csv", b"other")
    assert office_client.post(url, {"token": token, "file": upload}).status_code == 422
    assert set(stored_files()) - before == {SheetImport.objects.get().file.name}


# Other plans


def test_nothing_is_carried_into_or_out_of_a_foreign_plan(office_client, plan, foreign_plan):
    active = factories.make_plan(province=plan.province, status=PlanStatus.ACTIVE)
    task = factories.make_task(plan=active)
    foreign_active = factories.make_plan(province=foreign_plan.province, status=PlanStatus.ACTIVE)
    foreign_task = factories.make_task(plan=foreign_active, name="Việc kín")
    form = {"token": uuid4(), "title": "Mới", "old_work": "o-lai"}
    url = reverse("plans:carry_over", args=[active.pk])
    into = office_client.post(
        f"{url}?nam=1&chi=tat-ca&vao={foreign_plan.pk}", {**form, "tasks": [task.pk]}
    )
    assert into.status_code == 422
    mixed = {**form, "token": uuid4(), "tasks": [task.pk, foreign_task.pk]}
    answer = office_client.post(f"{url}?nam=1&chi=tat-ca", mixed)
    assert answer.status_code == 422
    assert "Việc kín" not in answer.content.decode()
    for odd in ("nam=99999999999999999999", "nam=-1&chi=x&vao=abc", "nam=1&vao=%00", "nam=%ff"):
        assert office_client.get(f"{url}?{odd}").status_code in {200, 400, 422}
    stolen = reverse("plans:carry_over", args=[foreign_active.pk])
    assert office_client.post(stolen, {**form, "tasks": [foreign_task.pk]}).status_code == 404
    assert not foreign_plan.tasks.exists()
    assert not Task.objects.filter(origin__isnull=False).exists()


def test_a_plan_is_named_as_parent_or_replaced_only_within_the_persons_provinces(
    office_client, plan, foreign_plan
):
    today = timezone.localdate()
    Plan.objects.filter(pk=foreign_plan.pk).update(
        status=PlanStatus.ACTIVE, activated_on=today, title="Kế hoạch kín"
    )
    form = {
        "token": uuid4(),
        "kind": "KH",
        "title": "Kế hoạch",
        "issuer": "UBND tỉnh",
        "period_start": f"01/01/{today.year}",
        "period_end": f"31/12/{today.year}",
        "province": plan.province_id,
        "monitor": "Sở Nội vụ",
        "indices": factories.make_papi().pk,
    }
    for name in ("supersedes", "parent"):
        answer = office_client.post(
            reverse("plans:add_plan"), {**form, "token": uuid4(), name: foreign_plan.pk}
        )
        assert answer.status_code == 422
        assert "Kế hoạch kín" not in answer.content.decode()
    assert Plan.objects.count() == 2


def test_an_amendment_stays_with_its_plan(office, office_client):
    elsewhere = factories.make_province(name="Yên Bái", code="15")
    agency = factories.make_agency(province=elsewhere, name="Sở Nội vụ")
    factories.make_post(role=Role.OFFICE, user=office.user, agency=agency)
    row = factories.make_assignment(agency=office.agency)
    amendment = factories.make_plan(
        province=row.province, amends=row.plan, number="9/QĐ-UBND", kind="QĐ"
    )
    today = timezone.localdate()
    form = {
        "token": uuid4(),
        "version": amendment.version,
        "number": "9/QĐ-UBND",
        "kind": "QĐ",
        "issued_on": f"15/01/{today.year}",
        "title": "Sửa đổi",
        "issuer": "UBND tỉnh",
        "period_start": f"01/01/{today.year}",
        "period_end": f"31/12/{today.year}",
        "province": elsewhere.pk,
        "monitor": "Sở Nội vụ",
        "indices": factories.make_papi().pk,
    }
    answer = office_client.post(reverse("plans:edit_plan", args=[amendment.pk]), form)
    amendment.refresh_from_db()
    assert answer.status_code == 422
    assert amendment.province_id == row.province_id


def test_every_way_in_is_shut_to_forms_of_other_sites(office, plan):
    active = factories.make_plan(province=plan.province, status=PlanStatus.ACTIVE)
    task = factories.make_task(plan=plan)
    reading = reading_of(office)
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.user)
    for name, keys in {
        "save_rows": [plan.pk],
        "move_rows": [plan.pk],
        "keep_unsaved": [plan.pk],
        "step_row": [plan.pk, task.pk],
        "import_tasks": [plan.pk],
        "read_document": [],
        "read_targets": [],
        "add_read_row": [reading.pk],
        "judge_rows": [reading.pk],
        "save_read_head": [reading.pk],
        "make_plan": [reading.pk],
        "delete_reading": [reading.pk],
        "carry_over": [active.pk],
        "amend": [active.pk],
        "close": [active.pk],
    }.items():
        url = reverse(f"plans:{name}", args=keys)
        answer = client.post(url, {"token": uuid4()}, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403, name
    assert Reading.objects.exists()


def test_a_body_larger_than_any_file_is_refused_before_it_is_read(client):
    answer = client.generic(
        "POST", "/tai-khoan/login/", b"x", CONTENT_LENGTH=str(61 * 2**20), headers=JSON
    )
    assert answer.status_code == 413
