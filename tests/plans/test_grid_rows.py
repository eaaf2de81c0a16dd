"""Several rows of the grid at once, their order, and what a person typed and did not save."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from plans import rows, services, unsaved
from plans.grid import RowReader
from plans.models import Task, UnsavedRows
from plans.states import PlanStatus
from tests.conftest import count_queries, signed_in
from tests.factories import make_agency, make_dimension, make_plan, make_post, make_task, token

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def plan(province):
    make_dimension(1)
    return make_plan(province=province)


@pytest.fixture
def tasks(plan):
    lead = make_agency(province=plan.province)
    return [make_task(plan=plan, name=f"Việc {n}", lead_agency=lead) for n in "ABCDE"]


def sent(task=None, *, version=1, key="", after="", **cells):
    """A row as the page sends it."""
    pk = str(task.pk) if task else ""
    return {"pk": pk, "version": str(version), "row_key": key, "after": after, "cells": cells}


def save(client, plan, found=(), deleted=()):
    data = {"rows": json.dumps(list(found)), "deleted": json.dumps(list(deleted))}
    return client.post(f"/ke-hoach/{plan.pk}/cac-dong/", data, headers=JSON)


def move(client, plan, pks, after):
    data = {"task": pks, "after": after}
    return client.post(f"/ke-hoach/{plan.pk}/cac-dong/chuyen/", data, headers=JSON)


def names(plan):
    found = list(plan.tasks.in_order())
    assert [task.position for task in found] == list(range(1, len(found) + 1))
    return "".join(task.name.removeprefix("Việc ") for task in found)


# -- saving several -------------------------------------------------------------------------


def test_rows_are_changed_added_and_deleted_in_one_request(plan, tasks, office_client):
    answer = save(
        office_client,
        plan,
        [sent(tasks[0], name="Việc a"), sent(name="Việc F", key=token())],
        [sent(tasks[1])],
    )
    said = answer.json()
    assert names(plan) == "aCDEF"
    assert [row["pk"] for row in said["rows"]] == [tasks[0].pk, Task.objects.get(name="Việc F").pk]
    assert said["numbers"][str(tasks[2].pk)] == 2
    assert "Còn" in said["summary"]


def test_of_several_rows_a_stale_one_keeps_all_from_being_saved_and_is_told(
    plan, tasks, office_client
):
    Task.objects.filter(pk=tasks[1].pk).update(name="Của đồng nghiệp", version=2)
    answer = save(office_client, plan, [sent(tasks[0], name="Mới"), sent(tasks[1], name="Của tôi")])
    assert answer.status_code == 409
    assert list(answer.json()["rows"]) == ["1"]
    assert answer.json()["rows"]["1"]["theirs"]["name"] == "Của đồng nghiệp"
    tasks[0].refresh_from_db()
    assert (tasks[0].name, tasks[0].version) == ("Việc A", 1)


def test_of_several_rows_one_that_cannot_be_kept_keeps_all_from_being_saved(
    plan, tasks, office_client
):
    found = [sent(tasks[0], name="Mới"), sent(tasks[1], name="x" * 1001)]
    answer = save(office_client, plan, found, [sent(tasks[2])])
    assert answer.status_code == 422
    assert "1001" in answer.json()["rows"]["1"]["refused"]["name"]
    assert names(plan) == "ABCDE"


def test_a_row_that_is_gone_or_of_another_plan_refuses_all(plan, tasks, office_client):
    other = make_task(plan=make_plan(province=plan.province), name="Của kế hoạch khác")
    answer = save(office_client, plan, [sent(tasks[0], name="Mới"), sent(other, name="Của tôi")])
    assert answer.status_code == 409
    assert answer.json()["rows"]["1"]["is_gone"] is True
    assert names(plan) == "ABCDE"
    other.refresh_from_db()
    assert other.name == "Của kế hoạch khác"


def test_one_row_twice_in_one_request_is_refused(plan, tasks, office_client):
    answer = save(office_client, plan, [sent(tasks[0], name="Một"), sent(tasks[0], name="Hai")])
    assert answer.status_code == 409
    assert names(plan) == "ABCDE"


def test_a_row_that_a_colleague_changed_is_not_deleted_with_others(plan, tasks, office_client):
    Task.objects.filter(pk=tasks[1].pk).update(version=2)
    assert save(office_client, plan, [], [sent(tasks[0]), sent(tasks[1])]).status_code == 409
    assert names(plan) == "ABCDE"


def test_new_rows_sent_twice_are_made_once(plan, tasks, office_client):
    found = [sent(name=f"Việc {n}", key=token(), after=str(tasks[0].pk)) for n in "xy"]
    save(office_client, plan, found)
    assert names(plan) == "AxyBCDE"
    save(office_client, plan, found)
    assert names(plan) == "AxyBCDE"


@pytest.mark.parametrize(
    "raw", ["{", "{}", "[1]", '[{"cells": {"name": 1}}]', "[" * 100_000, json.dumps([{}] * 1001)]
)
def test_what_the_grid_does_not_send_is_refused_and_nothing_is_saved(
    plan, tasks, office_client, raw
):
    answer = office_client.post(f"/ke-hoach/{plan.pk}/cac-dong/", {"rows": raw}, headers=JSON)
    assert answer.status_code == 400
    assert "tải lại trang" in answer.json()["message"]
    assert names(plan) == "ABCDE"


def test_rows_of_a_plan_that_was_given_out_stay(province, office_client):
    plan = make_plan(province=province, status=PlanStatus.ACTIVE)
    task = make_task(plan=plan, name="Đã giao")
    assert save(office_client, plan, [sent(task, name="Khác")]).status_code == 409
    assert move(office_client, plan, [task.pk], 0).status_code == 409
    step = f"/ke-hoach/{plan.pk}/dong/{task.pk}/chuyen/"
    assert office_client.post(step, {"step": "len"}).url == plan.get_absolute_url()
    assert Task.objects.get().name == "Đã giao"


def test_each_further_row_that_is_only_changed_costs_few_queries(plan, tasks, office_client):
    def save_first(count):
        found = [
            sent(task, version=Task.objects.get(pk=task.pk).version, name=task.name + "!")
            for task in tasks[:count]
        ]
        return count_queries(lambda: save(office_client, plan, found)) - count_queries(
            lambda: save(office_client, plan)
        )

    save_first(1)
    assert save_first(5) - save_first(1) <= 4 * 4


# -- places -----------------------------------------------------------------------------------


def test_a_new_row_goes_behind_the_row_it_names(plan, tasks, office_client):
    url = f"/ke-hoach/{plan.pk}/dong/"
    said = office_client.post(
        url, {"name": "Việc x", "after": tasks[1].pk, "row_key": token()}, headers=JSON
    ).json()
    assert names(plan) == "ABxCDE"
    assert said["number"] == "3"
    assert said["numbers"][str(tasks[4].pk)] == 6
    office_client.post(url, {"name": "Việc y", "after": "0", "row_key": token()})
    assert names(plan) == "yABxCDE"


def test_a_new_row_whose_neighbour_is_gone_goes_to_the_end(plan, tasks, office_client):
    office_client.post(f"/ke-hoach/{plan.pk}/dong/", {"name": "Việc x", "after": 10**9})
    assert names(plan) == "ABCDEx"


@pytest.mark.parametrize(
    ("moved", "after", "expected"),
    [("D", "", "DABCE"), ("A", "E", "BCDEA"), ("BC", "D", "ADBCE"), ("EA", "B", "BEACD")],
)
def test_rows_are_put_behind_another_and_numbered_anew(
    plan, tasks, office_client, moved, after, expected
):
    by_name = {task.name[-1]: task.pk for task in tasks}
    answer = move(office_client, plan, [by_name[n] for n in moved], by_name.get(after, 0))
    assert answer.status_code == 200
    assert names(plan) == expected
    assert answer.json()["numbers"][str(by_name[expected[0]])] == 1


def test_moving_a_row_keeps_its_text_its_number_in_the_plan_and_its_version(plan, office_client):
    first, second = (make_task(plan=plan, number_in_plan=n) for n in ("1.1", "1.2"))
    move(office_client, plan, [second.pk], 0)
    second.refresh_from_db()
    assert (second.position, second.number_in_plan, second.version) == (1, "1.2", 1)
    first.refresh_from_db()
    assert first.number_in_plan == "1.1"


def test_a_move_beside_a_row_that_is_gone_is_refused_with_the_order_as_it_is(
    plan, tasks, office_client
):
    gone = tasks[4].pk
    tasks[4].delete()
    answer = move(office_client, plan, [tasks[0].pk], gone)
    assert answer.status_code == 409
    assert answer.json()["numbers"] == {str(t.pk): n for n, t in enumerate(tasks[:4], start=1)}
    assert names(plan) == "ABCD"


@pytest.mark.parametrize("after", ["", "x", "-1"])
def test_a_move_to_nowhere_is_refused(plan, tasks, office_client, after):
    assert move(office_client, plan, [tasks[0].pk], after).status_code == 400


def test_a_move_over_many_rows_makes_as_many_queries_as_over_few(plan):
    few = [make_task(plan=plan) for _ in range(3)]
    for_few = count_queries(lambda: rows.move_rows(plan, [few[2].pk], after=0))
    many = [make_task(plan=plan) for _ in range(20)]
    assert count_queries(lambda: rows.move_rows(plan, [many[19].pk], after=0)) == for_few


def test_a_deleted_row_leaves_no_gap(plan, tasks, office_client):
    office_client.post(f"/ke-hoach/{plan.pk}/dong/{tasks[1].pk}/xoa/", {"version": 1})
    assert names(plan) == "ACDE"


# -- without the script -------------------------------------------------------------------------


def test_without_the_script_a_row_moves_up_and_down_by_buttons(plan, tasks, office_client):
    page = office_client.get(f"/ke-hoach/{plan.pk}/nhiem-vu/").text
    url = f"/ke-hoach/{plan.pk}/dong/{tasks[1].pk}/chuyen/"
    assert page.count(f'formaction="{url}"') == 2
    assert office_client.post(url, {"step": "len"}).url.endswith(f"#dong-{tasks[1].pk}")
    assert names(plan) == "BACDE"
    office_client.post(url, {"step": "len"})
    assert names(plan) == "BACDE"
    for expected in ("ABCDE", "ACBDE"):
        office_client.post(url, {"step": "xuong"})
        assert names(plan) == expected


def test_without_the_script_a_row_is_put_in_the_middle(plan, tasks, office_client):
    page = office_client.get(f"/ke-hoach/{plan.pk}/nhiem-vu/?chen={tasks[0].pk}").text
    assert f'name="after" value="{tasks[0].pk}"' in page
    assert page.index('id="dong-moi"') < page.index(f'id="dong-{tasks[1].pk}"')
    office_client.post(f"/ke-hoach/{plan.pk}/dong/", {"name": "Việc x", "after": tasks[0].pk})
    assert names(plan) == "AxBCDE"


# -- what was typed and not saved ---------------------------------------------------------------


def keep(client, plan, found):
    return client.post(f"/ke-hoach/{plan.pk}/cac-dong/go-do/", {"rows": json.dumps(found)})


def offered(client, plan):
    page = client.get(f"/ke-hoach/{plan.pk}/nhiem-vu/").text
    script = page.split('id="grid-unsaved-rows"')[1].split(">", 1)[1]
    return json.loads(script.split("</script>")[0])


def test_what_was_typed_and_not_saved_is_given_back_to_the_same_person_alone(
    plan, tasks, office, office_client
):
    assert keep(office_client, plan, [sent(tasks[0], name="Gõ dở </script>")]).status_code == 204
    assert keep(office_client, plan, [sent(tasks[0], name="Gõ dở thêm")]).status_code == 204
    kept = offered(signed_in(office.user), plan)
    assert [row["cells"] for row in kept["rows"]] == [{"name": "Gõ dở thêm"}]
    assert kept["rows"][0]["version"] == 1
    colleague = make_post(role=office.role, agency=office.agency)
    assert offered(signed_in(colleague.user), plan) == {}
    tasks[0].refresh_from_db()
    assert tasks[0].name == "Việc A"


def test_what_was_typed_is_forgotten_once_nothing_is_left_unsaved(plan, tasks, office_client):
    keep(office_client, plan, [sent(tasks[0], name="Gõ dở")])
    keep(office_client, plan, [])
    assert not UnsavedRows.objects.exists()


def test_a_new_row_that_was_saved_after_all_is_told_by_its_key(plan, office_client):
    key = token()
    keep(office_client, plan, [sent(name="Gõ dở", key=key)])
    save(office_client, plan, [sent(name="Gõ dở", key=key)])
    assert offered(office_client, plan)["rows"][0]["pk"] == Task.objects.get().pk


@pytest.mark.parametrize("raw", ["x", "{}", '[{"cells": []}]'])
def test_what_is_no_list_of_rows_is_not_kept(plan, office_client, raw):
    url = f"/ke-hoach/{plan.pk}/cac-dong/go-do/"
    assert office_client.post(url, {"rows": raw}).status_code == 400
    assert not UnsavedRows.objects.exists()


def test_any_character_that_was_typed_is_kept(plan, office_client):
    keep(office_client, plan, [sent(name="a\x00b 😀 " + chr(0xD800), key="sai", after="-1")])
    name = offered(office_client, plan)["rows"][0]["cells"]["name"]
    assert [ord(letter) for letter in name[-4:]] == [0x20, 0x1F600, 0x20, 0xD800]


def test_what_nobody_came_back_for_is_deleted_after_a_month_and_with_its_plan(
    plan, office, office_client
):
    keep(office_client, plan, [sent(name="Gõ dở")])
    assert unsaved.forget_old(now=timezone.now() + timedelta(days=29)) == 0
    assert unsaved.forget_old(now=timezone.now() + timedelta(days=31)) == 1
    keep(office_client, plan, [sent(name="Gõ dở")])
    plan.delete()
    assert not UnsavedRows.objects.exists()


def test_keeping_what_is_typed_costs_few_queries(plan, tasks, office_client):
    keep(office_client, plan, [sent(tasks[0], name="Gõ dở")])
    few = count_queries(lambda: keep(office_client, plan, [sent(tasks[0], name="Gõ")]))
    many = count_queries(
        lambda: keep(office_client, plan, [sent(task, name="Gõ") for task in tasks])
    )
    assert many == few


# -- bringing back --------------------------------------------------------------------------


def carried_row(plan, **fields):
    """A row that was carried over from an earlier plan, deleted again; its origin and key."""
    origin = make_task(plan=make_plan(province=plan.province))
    row = make_task(plan=plan, origin=origin, is_carried_over=True, **fields)
    services.delete_task(plan, pk=row.pk, version=row.version)
    return origin, row.pk


def test_a_deleted_row_that_is_brought_back_keeps_its_origin(office_client, plan):
    origin, gone = carried_row(plan, ends_origin=True)
    for _time in range(2):
        row = sent(name="Họp giao ban", key=token()) | {"restores": str(gone)}
        assert save(office_client, plan, [row]).status_code == 200
    first, second = plan.tasks.in_order()
    assert (first.origin, first.is_carried_over, first.ends_origin) == (origin, True, True)
    # A row whose place another has taken is no copy of it.
    assert (second.origin, second.is_carried_over, second.ends_origin) == (None, False, False)


def test_a_row_that_is_brought_back_alone_keeps_its_origin(office_client, plan):
    origin, gone = carried_row(plan)
    data = {"name": "Họp giao ban", "restores": str(gone)}
    answer = office_client.post(f"/ke-hoach/{plan.pk}/dong/", data, headers=JSON)
    assert answer.status_code == 200
    assert plan.tasks.get().origin == origin


def test_nothing_is_taken_from_a_row_of_another_plan_or_one_that_is_there(plan):
    _origin, gone = carried_row(make_plan())
    there = make_task(plan=plan)
    row = RowReader(plan).read({"name": "Họp giao ban"}).row
    for pk in (gone, there.pk, 10**12):
        made = services.save_task(plan, row, pk=None, version=None, restores=pk)
        assert made.origin is None
