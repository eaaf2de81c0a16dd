"""Paragraphs beside the figures: suggested, inserted, saved once, refused when stale."""

from datetime import date

import pytest
from django.urls import reverse

from plans.reports import jobs, services
from plans.reports.forms import TextsForm
from plans.reports.kinds.leader import LEADER
from plans.reports.models import Report
from plans.reports.services import texts
from plans.reports.states import State
from tests.reports import fakes
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    fakes.install(monkeypatch)
    ids = []
    monkeypatch.setattr(jobs, "wake", lambda report: ids.append(report.pk))
    return ids


@pytest.fixture
def report(plan, home, give):
    give()
    asked = services.request(fakes.scope_of(plan), by=home.office, now=NOW)
    return services.run(asked.pk)


def url(report):
    return reverse("reports:texts", args=[report.pk])


def test_figures_are_offered_as_sentences_beside_each_text(report, home, client_of):
    page = client_of(home.office).get(url(report)).content.decode()
    assert "Có 1 phần việc." in page
    assert 'value="assessment:1"' in page
    assert "Chưa có câu gợi ý" in page


@pytest.mark.parametrize(
    ("typed", "inserted", "shown"),
    [
        ("", "assessment:0", "Có 1 phần việc."),
        ("Đã viết.  ", "assessment:0", "Đã viết.\nCó 1 phần việc."),
        ("Có 1 phần việc.\nĐã viết.", "assessment:0", "Có 1 phần việc.\nĐã viết."),
        ("Đã viết.", "assessment:99", "Đã viết."),
        ("Đã viết.", f"assessment:{'9' * 5000}", "Đã viết."),
        ("Đã viết.", "khong-co:0", "Đã viết."),
        ("Đã viết.", "assessment:-1", "Đã viết."),
    ],
)
def test_a_sentence_is_put_behind_what_was_typed_and_nothing_is_saved(
    report, home, client_of, woken, typed, inserted, shown
):
    data = {"version": "1", "assessment": typed, "proposals": "Giữ nguyên", "insert": inserted}
    page = client_of(home.office).post(url(report), data)
    assert page.status_code == 200
    assert page.context["form"]["assessment"].value() == shown
    assert page.context["form"]["proposals"].value() == "Giữ nguyên"
    report.refresh_from_db()
    assert (report.texts, woken) == ({}, [])


def test_what_is_saved_is_printed(report, home, client_of, woken):
    data = {"version": "1", "assessment": "Tốt.\nĐúng hạn.", "proposals": ""}
    response = client_of(home.office).post(url(report), data)
    assert response["Location"] == report.get_absolute_url()
    report.refresh_from_db()
    assert (report.texts, report.version) == ({"assessment": "Tốt.\nĐúng hạn."}, 2)
    assert (report.state, woken) == (State.QUEUED, [report.pk])
    assert services.run(report.pk).snapshot.data()["texts"] == report.texts
    assert "Tốt." in client_of(home.leader).get(report.get_absolute_url()).content.decode()


def test_saving_what_is_there_already_makes_nothing(report, home, client_of, woken):
    data = {"version": "1", "assessment": "", "proposals": ""}
    assert client_of(home.office).post(url(report), data).status_code == 302
    assert woken == []


def test_of_two_who_write_the_second_sees_both_texts_and_may_keep_the_own(report, home, client_of):
    home.leader.full_name = "Đỗ Quang Vinh"
    home.leader.save(update_fields=["full_name"])
    texts.save(report, {"assessment": "Của lãnh đạo"}, version=1, now=NOW, by=home.leader)
    report.refresh_from_db()
    assert report.texts_by == home.leader
    client = client_of(home.office)
    data = {"version": "1", "assessment": "Của đầu mối", "proposals": ""}
    response = client.post(url(report), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Chưa lưu: Đỗ Quang Vinh vừa sửa phần này" in page
    assert "Của lãnh đạo" in page
    assert "Của đầu mối" in page
    again = {**data, "version": response.context["form"]["version"].value()}
    assert client.post(url(report), again).status_code == 302
    report.refresh_from_db()
    assert report.texts == {"assessment": "Của đầu mối"}
    assert report.texts_by == home.office


@pytest.mark.parametrize(
    ("change", "words"),
    [({"assessment": "x" * 20_001}, "20000"), ({"version": ""}, ""), ({"version": "x"}, "")],
)
def test_a_text_that_will_not_do_is_explained_and_kept(report, home, client_of, change, words):
    data = {"version": "1", "assessment": "Đã viết", "proposals": "Kiến nghị gì đó", **change}
    response = client_of(home.office).post(url(report), data)
    assert response.status_code == 422
    assert words in response.content.decode().replace(".", "")
    assert "Kiến nghị gì đó" in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x" * 400, ""),
        ("x" * 401, "tối đa 400 ký tự, đang có 401, hãy rút bớt 1."),
        ("Một.\n\nHai.\nBa.", ""),
        ("Một.\nHai.\nBa.\nBốn.", "tối đa 3 dòng, đang có 4"),
    ],
)
def test_what_is_written_on_the_page_of_a_leader_has_to_fit_it(typed, words):
    form = TextsForm({"version": "1", "decisions": typed}, sections=LEADER.sections)
    assert form.is_valid() == (not words)
    assert words in form.errors.as_text()
    field = str(form["decisions"])
    assert 'data-most-letters="400" data-most-lines="3"' in field
    # A browser would cut what is pasted beyond it, and say nothing.
    assert "maxlength" not in field


def test_an_issued_paper_is_not_written_into(report, home, client_of):
    new = services.Issue("05/BC-SNV", TODAY, "A")
    services.issue(report, new, version=1, by=home.office, now=NOW)
    data = {"version": "1", "assessment": "Muộn", "proposals": ""}
    response = client_of(home.office).post(url(report), data)
    assert response.status_code == 422
    assert "đã phát hành" in response.content.decode()
    assert "Muộn" in response.content.decode()


def test_the_next_report_offers_what_was_written_the_last_time(report, home, plan, client_of, give):
    earlier = fakes.scope_of(plan, fakes.until(date(2026, 4, 1), date(2026, 4, 30)))
    earlier = services.request(earlier, by=home.office, now=NOW)
    texts.save(report, {"proposals": "Đề nghị lần trước."}, version=1, now=NOW)
    texts.save(earlier, {"proposals": "Đề nghị lần trước nữa."}, version=1, now=NOW)
    following = services.request(fakes.scope_of(plan, fakes.RUNNING), by=home.office, now=NOW)
    assert following.texts == {}
    page = client_of(home.office).get(url(following)).content.decode()
    assert "Đề nghị lần trước." in page
    assert "Báo cáo trước viết" in page
    assert "lần trước nữa" not in page
    other = services.request(fakes.scope_of(plan, fakes.QUARTER, "leader"), by=home.office, now=NOW)
    assert "Đề nghị lần trước." not in client_of(home.office).get(url(other)).content.decode()


def test_hostile_words_are_shown_as_they_are(report, home, client_of):
    words = '<script>alert(1)</script> {{ x }} "onload='
    texts.save(report, {"assessment": words}, version=1, now=NOW)
    page = client_of(home.office).get(report.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert Report.objects.get().texts["assessment"] == words


def opened(report, **texts):
    """What a form sends whose sections said `texts` when it was opened."""
    before = {f"initial-{key}": text for key, text in texts.items()}
    return {"version": str(report.version), **before, **texts}


def test_two_who_write_in_different_sections_both_keep_their_words(report, home, client_of, woken):
    data = opened(report, assessment="", proposals="")
    texts.save(report, {"assessment": "Của lãnh đạo"}, version=1, now=NOW)
    response = client_of(home.office).post(url(report), {**data, "proposals": "Của đầu mối"})
    assert response.status_code == 302
    report.refresh_from_db()
    assert report.texts == {"assessment": "Của lãnh đạo", "proposals": "Của đầu mối"}
    assert woken == [report.pk]


def test_only_what_both_have_changed_is_disputed_and_the_rest_is_taken_over(
    report, home, client_of
):
    texts.save(report, {"assessment": "Gốc"}, version=1, now=NOW)
    report.refresh_from_db()
    data = opened(report, assessment="Gốc", proposals="")
    theirs = {"assessment": "Của lãnh đạo", "proposals": "Họ thêm"}
    texts.save(report, theirs, version=2, now=NOW)
    client = client_of(home.office)
    response = client.post(url(report), {**data, "assessment": "Của đầu mối"})
    assert response.status_code == 409
    assert [row["mine"] for row in response.context["conflict"]] == ["Của đầu mối"]
    form = response.context["form"]
    sent = {field.html_name: field.value() for field in form}
    assert sent["proposals"] == "Họ thêm"

    # Sent as it came back, and after a third person saved: the same question again.
    before = {"initial-assessment": "Của lãnh đạo", "initial-proposals": "Họ thêm"}
    for key, text in before.items():
        assert f'name="{key}" value="{text}"' in response.content.decode()
    texts.save(report, {**theirs, "proposals": "Người thứ ba"}, version=3, now=NOW)
    assert client.post(url(report), {**sent, **before}).status_code == 302
    report.refresh_from_db()
    assert report.texts == {"assessment": "Của đầu mối", "proposals": "Người thứ ba"}


def test_a_sentence_inserted_without_scripts_does_not_hide_what_the_section_said(
    report, home, client_of
):
    texts.save(report, {"assessment": "Gốc"}, version=1, now=NOW)
    report.refresh_from_db()
    data = opened(report, assessment="Gốc", proposals="")
    page = client_of(home.office).post(url(report), {**data, "insert": "assessment:0"})
    assert 'name="initial-assessment" value="Gốc"' in page.content.decode()
    assert page.context["form"]["assessment"].value() == "Gốc\nCó 1 phần việc."


def test_a_sentence_whose_figures_have_moved_on_is_pointed_out_until_the_paper_is_issued(
    report, home, client_of
):
    client = client_of(home.office)
    texts.save(report, {"assessment": "Có 1 phần việc.\nKhác."}, version=1, now=NOW)
    services.run(report.pk)
    assert "số liệu cũ" not in client.get(report.get_absolute_url()).content.decode()
    texts.save(report, {"assessment": "Có 7 phần việc.\nKhác."}, version=2, now=NOW)
    report = services.run(report.pk)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "số liệu cũ: “Có 7 phần việc.” Theo số liệu nay: “Có 1 phần việc.”" in page
    new = services.Issue("05/BC-SNV", TODAY, "A")
    services.issue(report, new, version=3, by=home.office, now=NOW)
    assert "số liệu cũ" not in client.get(report.get_absolute_url()).content.decode()
