"""The page "Nhận nhắc việc": what letters name, and who reads them meanwhile."""

import pytest
from django.utils import timezone

from agencies.states import Role
from plans.reminders.models import Leave, MailChoice
from tests.conftest import signed_in
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_the_optional_part_is_left_out_and_taken_back_on_the_page(head):
    client_in = signed_in(head.user)
    page = client_in.get("/nhan-nhac-viec/").content.decode()
    assert "đang nhận qua thư" in page
    for chosen, is_without in (("thoi", True), ("lai", False)):
        page = client_in.post("/nhan-nhac-viec/thu/", {"nhan": chosen}, follow=True)
        assert MailChoice.objects.get().is_without_information is is_without
        told = "đang tắt, chỉ xem trong cổng" in page.content.decode()
        assert told is is_without


def test_the_page_tells_who_reads_whose_letters_today(head):
    delegate = make_post(agency=head.agency, role=Role.OFFICER)
    today = timezone.localdate()
    Leave.objects.create(
        user=head.user,
        delegate=delegate.user,
        starts_on=today,
        ends_on=today,
        entered_by=head.user,
        entered_at=timezone.now(),
    )
    for post, words in (
        (head, f"thư đang đến {delegate.user} đến hết ngày {today:%d/%m/%Y}"),
        (delegate, f"anh/chị đang nhận thay {head.user} đến hết ngày {today:%d/%m/%Y}"),
    ):
        page = signed_in(post.user).get("/nhan-nhac-viec/").content.decode()
        assert words in page
        assert 'href="/vang-mat/"' in page
