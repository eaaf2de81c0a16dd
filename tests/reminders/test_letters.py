"""What stands in a letter, and what does not."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.utils.html import escape

from agencies.states import Role
from plans.reminders.models import Mail, MailChoice, Notice, Reminder
from plans.states import PlanStatus
from tests.factories import (
    at,
    make_agency,
    make_assignment,
    make_plan,
    make_post,
    make_province,
    make_task,
)
from tests.reminders.mornings import play

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)


def letter_of(user):
    return Mail.objects.get(recipient=user)


def test_the_four_parts_of_a_letter_come_in_their_order(head, monday):
    for days in (-7, 1, 15):
        make_assignment(agency=head.agency, due_on=monday + timedelta(days=days))
    make_assignment(
        agency=head.agency,
        due_on=monday + timedelta(days=200),
        last_heard_on=monday - timedelta(days=90),
    )
    play(monday)
    text = letter_of(head.user).text
    titles = re.findall(r"^([A-ZĐÀ-Ỹ/ ]+) \(1 việc\)$", text, re.MULTILINE)
    assert titles == ["QUÁ HẠN", "TUẦN NÀY", "CHỜ ANH/CHỊ", "ĐỂ BIẾT"]
    assert letter_of(head.user).subject == (
        "Cổng PAPI: 1 việc quá hạn, 1 việc đến hạn tuần này, 1 việc chờ anh/chị, "
        "1 việc để biết (12/10/2026)"
    )


def test_a_long_letter_names_the_first_and_counts_the_others(head, monday):
    for _number in range(23):
        make_assignment(agency=head.agency, due_on=monday)
    play(monday)
    mail = letter_of(head.user)
    assert mail.text.count("(hôm nay)") == 10
    for said in (mail.text, mail.html):
        assert "và 13 việc khác." in said
    assert '/viec-cua-toi/" style="color:#0d4f8b">và 13 việc khác.</a>' in mail.html
    assert Reminder.objects.count() == 23


def test_work_that_is_late_and_silent_stands_in_the_letter_once(head, monday):
    make_assignment(
        agency=head.agency,
        due_on=monday - timedelta(days=7),
        last_heard_on=monday - timedelta(days=90),
    )
    play(monday)
    assert Reminder.objects.count() == 2
    assert letter_of(head.user).subject == "Cổng PAPI: 1 việc quá hạn (12/10/2026)"


def test_nothing_of_other_agencies_stands_in_the_letter_of_an_agency(head, monday):
    other = make_post(agency=make_agency(name="Sở của người khác"))
    for post in (head, other):
        make_assignment(agency=post.agency, due_on=monday)
    play(monday)
    mail = letter_of(head.user)
    assert "Sở của người khác" not in mail.text + mail.html + mail.subject
    assert other.user.full_name not in mail.text.replace(head.user.full_name, "")


@pytest.mark.parametrize(
    ("day", "is_told"), [(date(2026, 9, 30), False), (date(2026, 10, 1), True)]
)
def test_from_october_on_the_office_is_told_that_the_holidays_of_next_year_are_missing(
    head, office, day, is_told
):
    make_assignment(agency=head.agency, due_on=day - timedelta(days=7))
    play(day)
    for user, expected in ((office.user, is_told), (head.user, False)):
        mail = letter_of(user)
        for said in (mail.text, mail.html):
            assert ("lịch nghỉ lễ, Tết năm 2027" in said) is expected


def test_what_people_typed_is_literal_in_the_text_and_escaped_in_the_html(head, monday):
    typed = '<img src=x onerror=alert(1)> & "A" {{ x }}'
    plan = make_plan(status=PlanStatus.ACTIVE, number=typed[:20])
    task = make_task(plan=plan, lead_agency=head.agency, name=typed)
    head.user.full_name = "Ánh <b>& Co"
    head.user.save()
    make_assignment(agency=head.agency, task=task, due_on=monday, period_label="<i>")
    play(monday)
    mail = letter_of(head.user)
    for words in (f"{typed} (<i>)", typed[:20], "Ánh <b>& Co"):
        assert words in mail.text
        assert words not in mail.html
        assert escape(words) in mail.html


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_html_is_made_of_tables_without_style_sheets_pictures_or_scripts(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    play(monday)
    tags = Tags()
    tags.feed(letter_of(head.user).html)
    assert tags.open == []
    assert "table" in tags.seen
    assert not tags.seen & {"style", "link", "img", "script", "div", "form"}


def test_a_letter_with_information_can_be_unsubscribed_from_and_one_of_duties_cannot(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    other = make_post()
    make_assignment(agency=other.agency, due_on=monday + timedelta(days=15))
    play(monday)
    assert letter_of(head.user).headers == {}
    headers = letter_of(other.user).headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https?://\S+/thoi-nhan-thu/\S+/>", headers["List-Unsubscribe"])


def test_who_does_without_information_is_told_in_the_portal_alone(head, monday):
    MailChoice.objects.create(user=head.user, is_without_information=True, changed_at=NOW)
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=15))
    play(monday)
    assert not Mail.objects.exists()
    assert Reminder.objects.get().mail is None
    assert Notice.objects.get().text == "1 việc để biết"
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=2))
    play(monday + timedelta(days=1))
    assert "ĐỂ BIẾT" not in letter_of(head.user).text


def test_a_leader_without_information_hears_of_late_work_all_the_same(head, leader, monday):
    MailChoice.objects.create(user=leader.user, is_without_information=True, changed_at=NOW)
    make_assignment(agency=head.agency, due_on=monday - timedelta(days=14))
    play(monday)
    text = letter_of(leader.user).text
    assert "QUÁ HẠN (1 việc)" in text
    assert "TÌNH HÌNH THỰC HIỆN" not in text


def test_office_and_head_in_one_person_get_one_letter_with_one_line(head, monday):
    make_post(user=head.user, agency=head.agency, role=Role.OFFICE)
    make_assignment(agency=head.agency, due_on=monday - timedelta(days=7))
    play(monday)
    assert Mail.objects.count() == Reminder.objects.count() == 1


def announce(user, when):
    return Notice.objects.create(
        recipient=user, text="Đã có báo cáo tiến độ quý III.", url="/bao-cao/7/", created_at=when
    )


def test_what_the_portal_has_told_by_itself_stands_in_the_next_letter_and_in_no_other(
    office, monday, settings
):
    play(monday)
    early = announce(office.user, at(2026, 10, 12, 6, 59))
    notice = announce(office.user, at(2026, 10, 12, 7))
    play(monday + timedelta(days=1))
    mail = letter_of(office.user)
    assert mail.subject == "Cổng PAPI: 1 thông báo (13/10/2026)"
    assert mail.text.count("Đã có báo cáo tiến độ quý III.") == 1
    for said in (mail.text, mail.html):
        assert f"{settings.PORTAL_URL}{notice.get_absolute_url()}" in said
        assert early.get_absolute_url() not in said
    assert "List-Unsubscribe" in mail.headers
    play(monday + timedelta(days=2))
    assert Mail.objects.count() == 1
    # The notice is there already: the letter adds none.
    assert Notice.objects.count() == 2


def test_what_was_read_or_is_not_wanted_stands_in_no_letter(office, leader, monday):
    play(monday)
    announce(office.user, NOW)
    Notice.objects.update(read_at=NOW)
    announce(leader.user, NOW)
    MailChoice.objects.create(user=leader.user, is_without_information=True, changed_at=NOW)
    play(monday + timedelta(days=1))
    assert not Mail.objects.exists()


def test_who_works_for_two_provinces_is_told_by_the_portal_alone(office, monday):
    elsewhere = make_agency(province=make_province(code="01", name="Hà Nội"))
    make_post(user=office.user, agency=elsewhere, role=Role.OFFICE)
    play(monday)
    announce(office.user, NOW)
    play(monday + timedelta(days=1))
    assert not Mail.objects.exists()
