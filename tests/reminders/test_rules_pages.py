"""The pages of rungs, days off, absences and the preview of a morning."""

import logging
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from agencies.states import Role
from plans.reminders import letters, moves, outbox, planner, services
from plans.reminders.ladder import DEFAULT
from plans.reminders.models import CalendarDecision, Leave, Mail, ProvinceLadder, Reminder
from plans.reminders.states import MailKind
from plans.reminders.working_days import NATIONAL
from plans.states import Status
from tests.factories import at, make_agency, make_assignment, make_post

pytestmark = pytest.mark.django_db

MORNING = at(2026, 10, 12, 10)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def office_client(office, client_of):
    return client_of(office.user)


def ladder_url(post):
    return reverse("reminders:ladder", args=[post.agency.province_id])


def rungs(*rows, version=0):
    """What the form of a ladder sends; a row is (kind, days, unit, repeat, audience)."""
    data = {"nac-TOTAL_FORMS": len(rows), "nac-INITIAL_FORMS": 0, "version": version}
    for number, row in enumerate(rows):
        names = ("kind", "days", "unit", "repeat_days", "audience")
        data |= {f"nac-{number}-{name}": value for name, value in zip(names, row, strict=True)}
    return data


TWO = (("due", 5, "day", "", ["officer", "head"]), ("overdue", 2, "working_day", 3, ["office"]))


def test_the_page_says_in_sentences_what_holds(office, office_client):
    page = office_client.get(ladder_url(office)).content.decode()
    assert "Tỉnh đang dùng bậc nhắc mặc định." in page
    assert "Quá hạn 10 ngày làm việc: báo lên lãnh đạo tỉnh." in page


def test_rungs_of_the_office_hold_from_the_next_morning(office, head, office_client, monday):
    assert office_client.post(ladder_url(office), rungs(*TWO)).status_code == 302
    page = office_client.get(ladder_url(office)).content.decode()
    assert "Trước hạn 5 ngày: nhắc cán bộ, thủ trưởng." in page
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=6))
    planner.plan_day(monday + timedelta(days=1), MORNING)
    assert Reminder.objects.get().step == -5


def test_a_plan_may_have_its_own_rungs(office, plan, head, office_client, monday):
    url = reverse("reminders:plan_ladder", args=[plan.pk])
    office_client.post(url, rungs(("due", 9, "day", "", ["head"])))
    make_assignment(agency=head.agency, plan=plan, due_on=monday + timedelta(days=8))
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=8))
    planner.plan_day(monday, MORNING)
    assert set(Reminder.objects.values_list("step", flat=True)) == {-9, -15}


def test_going_back_to_the_usual_rungs_leaves_none_behind(office, office_client):
    office_client.post(ladder_url(office), rungs(*TWO))
    office_client.post(ladder_url(office), {"mac-dinh": "1"})
    assert not ProvinceLadder.objects.exists()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("due", "", "day", "", ["head"]), "Chưa ghi số ngày"),
        (("due", "bảy", "day", "", ["head"]), "Hãy ghi một số nguyên"),
        (("due", 401, "day", "", ["head"]), "Hãy ghi nhiều nhất là 400"),
        (("due", 7, "day", 7, ["head"]), "chỉ nhắc một lần"),
        (("overdue", 0, "day", "", ["head"]), "Hãy ghi từ 1 ngày trở lên"),
        (("overdue", 7, "day", 0, ["head"]), "Hãy ghi từ 1 trở lên"),
        (("due", 7, "day", "", []), "Chọn ít nhất một người"),
        (("", "", "day", "", []), "Chưa có nấc nào"),
    ],
)
def test_a_faulty_rung_is_refused_with_its_row_and_what_to_write(office, office_client, row, fault):
    answer = office_client.post(ladder_url(office), rungs(row))
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert not ProvinceLadder.objects.exists()


def test_two_rungs_on_one_day_are_refused(office, office_client):
    answer = office_client.post(ladder_url(office), rungs(TWO[0], TWO[0]))
    assert "Đã có một nấc như thế" in answer.content.decode()


def test_a_second_save_of_the_same_page_shows_both(office, office_client):
    office_client.post(ladder_url(office), rungs(*TWO))
    answer = office_client.post(ladder_url(office), rungs(("due", 9, "day", "", ["head"])))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Trước hạn 5 ngày" in page
    assert 'value="9"' in page


def test_a_fault_that_is_mended_does_not_overwrite_what_others_saved_meanwhile(
    office, office_client
):
    office_client.post(ladder_url(office), rungs(*TWO))
    faulty = office_client.post(ladder_url(office), rungs(("due", "bảy", "day", "", ["head"])))
    assert faulty.status_code == 422
    typed = rungs(("due", 9, "day", "", ["head"]), version=faulty.context["version"])
    assert office_client.post(ladder_url(office), typed).status_code == 409


def decision(**values):
    return {
        "number": "99/QĐ-UBND",
        "year": "2026",
        "closed": "",
        "worked": "",
        "note": "",
        **values,
    }


def calendar_url(post):
    return reverse("reminders:calendar", args=[post.agency.province_id])


def test_a_day_off_is_shown_with_what_it_moves_and_moves_no_deadline(
    office, head, office_client, monday
):
    row = make_assignment(agency=head.agency, due_on=monday + timedelta(days=9))
    answer = office_client.post(calendar_url(office), decision(closed="21/10/2026"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<td>21/10/2026</td><td>20/10/2026</td>" in page
    assert not CalendarDecision.objects.exists()
    agreed = decision(closed="21/10/2026", **{"dong-y": "1"})
    assert office_client.post(calendar_url(office), agreed).status_code == 302
    row.refresh_from_db()
    assert row.due_on == monday + timedelta(days=9)
    assert planner.plan_day(date(2026, 10, 21), MORNING).mails == 0
    assert planner.plan_day(date(2026, 10, 20), MORNING).reminders == 1
    assert Reminder.objects.get().step == 0


def test_days_off_move_what_recurs_what_is_silent_and_what_waits_and_are_counted(head, monday):
    for due_on, fields in (
        # Overdue each seven days: next on Wednesday the 14th.
        (date(2026, 9, 23), {}),
        (date(2026, 9, 23), {}),
        # Ninety days without a word, three working days without a confirmation: on the 21st.
        (date(2027, 3, 1), {"last_heard_on": date(2026, 7, 23)}),
        (date(2027, 3, 1), {"last_heard_on": date(2026, 10, 16), "status": Status.REPORTED}),
        # Reported today, and its due date counts no more: the third working day comes later.
        (date(2026, 10, 21), {"status": Status.REPORTED}),
    ):
        make_assignment(agency=head.agency, due_on=due_on, **fields)
    province = head.agency.province_id
    after = moves.with_days(NATIONAL, {date(2026, 10, 14), date(2026, 10, 21)}, ())
    assert moves.moved(province, [province], after, monday) == [
        moves.Move(date(2026, 10, 14), date(2026, 10, 15), 2),
        moves.Move(date(2026, 10, 15), date(2026, 10, 16), 1),
        moves.Move(date(2026, 10, 21), date(2026, 10, 22), 2),
    ]
    assert moves.moved(province, [province], NATIONAL, monday) == []


def test_a_saturday_worked_in_exchange_has_its_letters(office, head, office_client, monday):
    data = decision(closed="23/10/2026", worked="17/10/2026", **{"dong-y": "1"})
    office_client.post(calendar_url(office), data)
    make_assignment(agency=head.agency, due_on=date(2026, 10, 17))
    assert planner.plan_day(date(2026, 10, 17), MORNING).mails == 1


def test_dropping_a_decision_says_what_moves_back(office, head, office_client, monday):
    office_client.post(calendar_url(office), decision(closed="21/10/2026", **{"dong-y": "1"}))
    make_assignment(agency=head.agency, due_on=date(2026, 10, 21))
    url = reverse("reminders:drop_decision", args=[CalendarDecision.objects.get().pk])
    page = office_client.get(url).content.decode()
    assert "<td>20/10/2026</td><td>21/10/2026</td>" in page
    office_client.post(url)
    assert not CalendarDecision.objects.exists()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"number": ""}, "Chưa ghi số văn bản"),
        ({}, "ít nhất một ngày nghỉ"),
        ({"closed": "hôm nào đó"}, "hôm nào đó"),
        ({"closed": "20/10/2026 - 16/10/2026"}, "không phải một khoảng ngày"),
        ({"closed": "1/1/2026 - 31/12/2026"}, "tối đa 60"),
        ({"closed": "20/10/2026", "worked": "20/10"}, "vừa nghỉ vừa làm bù"),
        ({"closed": "20/10/2026", "year": "1999"}, "từ 2020 trở lên"),
    ],
)
def test_a_faulty_decision_says_what_to_write(office, office_client, values, fault):
    answer = office_client.post(calendar_url(office), decision(**values))
    assert answer.status_code == 422
    assert fault in answer.content.decode()


def test_a_day_of_another_decision_is_named(office, office_client):
    office_client.post(calendar_url(office), decision(closed="20/10 - 22/10", **{"dong-y": "1"}))
    again = decision(number="100/QĐ-UBND", closed="21/10/2026")
    page = office_client.post(calendar_url(office), again).content.decode()
    assert "Ngày 21/10/2026 đã có trong 99/QĐ-UBND." in page


def test_from_october_on_the_missing_decision_of_next_year_is_named(office, head, office_client):
    warned = "lịch nghỉ lễ, Tết năm 2027"
    assert warned in office_client.get(reverse("reminders:preview")).content.decode()
    yearly = decision(year="2027", is_yearly="on", closed="5/2/2027", **{"dong-y": "1"})
    office_client.post(calendar_url(office), yearly)
    assert warned not in office_client.get(reverse("reminders:preview")).content.decode()


def test_the_link_of_that_warning_opens_the_form_for_next_year(office, office_client):
    page = office_client.get(f"{calendar_url(office)}?nam=2027")
    assert page.context["form"].initial == {"year": 2027, "is_yearly": True}
    for typed in ("2028", "x", ""):
        page = office_client.get(f"{calendar_url(office)}?nam={typed}")
        assert page.context["form"].initial == {"year": 2026, "is_yearly": False}


def test_the_letters_of_a_person_who_is_away_go_to_the_delegate(head, client_of, monday):
    deputy = make_post(agency=head.agency, role=Role.OFFICER)
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=1))
    data = {"delegate": deputy.user_id, "starts_on": "12/10/2026", "ends_on": "13/10/2026"}
    client = client_of(head.user)
    assert client.post(reverse("reminders:leaves"), data).status_code == 302
    planner.plan_day(monday, MORNING)
    mail = Mail.objects.get()
    assert mail.recipient == deputy.user
    assert f"Anh/chị nhận thay {head.user.full_name} đến hết ngày 13/10/2026." in mail.text
    # The last day counts.
    planner.plan_day(monday + timedelta(days=1), MORNING)
    assert Mail.objects.get(for_date=monday + timedelta(days=1)).recipient == deputy.user
    planner.plan_day(monday + timedelta(days=2), MORNING)
    assert Mail.objects.get(for_date=monday + timedelta(days=2), recipient=head.user)


def test_who_entered_and_who_ended_an_absence_is_kept(head, office, office_client, monday, caplog):
    deputy = make_post(agency=head.agency, role=Role.OFFICER)
    data = {"delegate": deputy.user_id, "starts_on": "12/10/2026", "ends_on": "13/10/2026"}
    with caplog.at_level(logging.INFO, "plans.reminders"):
        office_client.post(f"{reverse('reminders:leaves')}?nguoi={head.user_id}", data)
        leave = Leave.objects.get()
        assert (leave.user, leave.entered_by) == (head.user, office.user)
        office_client.post(reverse("reminders:end_leave", args=[leave.pk]))
    assert not Leave.objects.exists()
    assert caplog.messages == [
        f"user {office.user_id} entered the leave {leave.pk}: user {deputy.user_id} for user "
        f"{head.user_id} from 2026-10-12 to 2026-10-13",
        f"user {office.user_id} ended the leave {leave.pk}",
    ]


def test_back_early_the_letters_come_again(head, client_of, monday):
    deputy = make_post(agency=head.agency, role=Role.OFFICER)
    fields = {"delegate": deputy.user, "entered_by": head.user, "entered_at": MORNING}
    dates = {"starts_on": monday - timedelta(days=3), "ends_on": monday + timedelta(days=30)}
    leave = Leave.objects.create(user=head.user, **dates, **fields)
    client_of(head.user).post(reverse("reminders:end_leave", args=[leave.pk]))
    leave.refresh_from_db()
    assert leave.ends_on == monday - timedelta(days=1)


def test_nobody_from_another_agency_stands_in(head, client_of, monday):
    other = make_post()
    data = {"delegate": other.user_id, "starts_on": "12/10/2026", "ends_on": "13/10/2026"}
    answer = client_of(head.user).post(reverse("reminders:leaves"), data)
    assert answer.status_code == 422
    assert not Leave.objects.exists()


def test_a_delegate_who_has_left_the_agency_reads_nothing_of_it(head, monday):
    deputy = make_post(agency=head.agency, role=Role.OFFICER, ends_on=monday - timedelta(days=1))
    make_post(user=deputy.user)
    Leave.objects.create(
        user=head.user,
        delegate=deputy.user,
        starts_on=monday,
        ends_on=monday,
        entered_by=head.user,
        entered_at=MORNING,
    )
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, MORNING)
    assert Mail.objects.get().recipient == head.user


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"ends_on": "11/10/2026"}, "Ngày cuối phải từ 12/10/2026"),
        ({"starts_on": "1/10/2026", "ends_on": "2/10/2026"}, "Ngày cuối đã qua"),
        ({"ends_on": "12/12/2030"}, "tối đa một năm"),
        ({"delegate": ""}, "Chưa chọn người nhận thay"),
    ],
)
def test_a_faulty_absence_says_what_to_write(head, client_of, values, fault):
    deputy = make_post(agency=head.agency, role=Role.OFFICER)
    data = {"delegate": deputy.user_id, "starts_on": "12/10/2026", "ends_on": "13/10/2026"}
    answer = client_of(head.user).post(reverse("reminders:leaves"), {**data, **values})
    assert answer.status_code == 422
    assert fault in answer.content.decode()


def test_the_office_sees_who_will_be_told_of_what_tomorrow(office, head, office_client, monday):
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=1))
    make_assignment(agency=make_agency(name="Sở Không người"), due_on=monday + timedelta(days=1))
    url = reverse("reminders:preview")
    page = office_client.get(url).content.decode()
    assert "Ngày mai 7:00: 2 người, 1 việc" in page
    assert "1 việc đến hạn tuần này" in page
    assert "Sở Không người" in page
    assert not Reminder.objects.exists()
    letter = office_client.get(f"{url}?nguoi={head.user_id}").content.decode()
    assert "TUẦN NÀY (1 việc)" in letter
    assert head.user.email in letter
    assert "cap-nhat-qua-thu" not in letter


def test_the_preview_names_work_of_two_roles_once_as_the_letter_does(office, office_client, monday):
    make_post(user=office.user, role=Role.HEAD, agency=office.agency)
    overdue = monday - timedelta(days=20)
    make_assignment(agency=office.agency, due_on=overdue)
    make_assignment(agency=make_agency(), due_on=overdue)
    page = office_client.get(reverse("reminders:preview"))
    [said] = [row["said"] for row in page.context["people"] if row["user"] == office.user]
    assert said.startswith("2 việc quá hạn")
    assert said.count("quá hạn") == 1


def test_the_preview_of_a_day_that_is_written_has_nothing_left(head, leader, office_client, monday):
    make_assignment(agency=head.agency, due_on=monday)
    make_assignment(agency=make_agency(), due_on=monday)
    url, day = reverse("reminders:preview"), {"ngay": f"{monday:%d/%m/%Y}"}
    assert len(office_client.get(url, day).context["people"]) == 3
    planner.plan_day(monday, at(2026, 10, 12, 7))
    page = office_client.get(url, day)
    assert page.context["people"] == page.context["unreachable"] == []
    assert "Thư của ngày này đã viết xong" in page.content.decode()


def test_the_preview_of_a_day_off_says_so(office, office_client):
    page = office_client.get(reverse("reminders:preview"), {"ngay": "17/10/2026"})
    assert "là ngày nghỉ" in page.content.decode()


def test_a_trial_letter_comes_to_oneself_without_links_that_report(
    office, head, office_client, monday
):
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=1))
    url = reverse("reminders:send_trial", args=[office.agency.province_id])
    for _time in range(2):
        office_client.post(url, {"ngay": "13/10/2026", "nguoi": head.user_id})
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient) == (MailKind.TRIAL, office.user)
    assert mail.subject.startswith(f"[Gửi thử, thư của {head.user.full_name}]")
    assert "cap-nhat-qua-thu" not in mail.text + mail.html
    assert mail.headers == {}
    planner.plan_day(monday + timedelta(days=1), MORNING)
    assert Mail.objects.filter(kind=MailKind.DAILY).count() == 1


def test_two_trials_pressed_at_once_are_one_letter(office, monday, monkeypatch):
    written = letters.Written("Thử", "x", "", {})
    province = office.agency.province
    message_id = outbox.message_id

    def be_overtaken(mail):
        monkeypatch.setattr(outbox, "message_id", message_id)
        services.send_trial(written, province, monday, to=office.user, now=MORNING)
        return message_id(mail)

    monkeypatch.setattr(outbox, "message_id", be_overtaken)
    mail = services.send_trial(written, province, monday, to=office.user, now=MORNING)
    assert Mail.objects.get() == mail


def test_the_preview_makes_as_many_queries_for_ten_people_as_for_one(
    office, head, office_client, count_queries, monday
):
    url = reverse("reminders:preview")
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=1))
    office_client.get(url)
    for_one = count_queries(lambda: office_client.get(url))
    for _number in range(9):
        make_assignment(agency=make_post().agency, due_on=monday + timedelta(days=1))
    assert count_queries(lambda: office_client.get(url)) == for_one


def test_the_usual_rungs_are_kept_in_one_place():
    assert len({(rule.kind, rule.days, rule.unit) for rule in DEFAULT.rules}) == len(DEFAULT.rules)
