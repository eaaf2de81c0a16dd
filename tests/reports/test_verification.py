"""The public page of verification: what it tells of a paper, what it never tells."""

import hashlib

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from plans.reports import forms, services
from plans.reports.models import Report
from plans.reports.states import State
from plans.reports.verifying import digests
from tests.reports import fakes
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

VALID = "đã phát hành, còn giá trị"


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    fakes.install(monkeypatch)
    cache.clear()


@pytest.fixture
def done(plan, home, give):
    give(name="Bí mật của Lào Cai")
    asked = services.request(fakes.scope_of(plan), by=home.office, now=NOW)
    return services.run(asked.pk)


@pytest.fixture
def issue(home):
    def make(report, number="05/BC-SNV"):
        new = services.Issue(number, TODAY, "Nguyễn Văn Ký")
        services.issue(report, new, version=report.version, by=home.office, now=NOW)
        return services.run(report.pk)

    return make


def url(report):
    return reverse("reports:verification", args=[report.code])


def bytes_of(report, kind="pdf", snapshot=None):
    file = report.files.get(snapshot=snapshot or report.snapshot, format=kind)
    with file.file.open("rb") as stored:
        return stored.read()


def posted(client, report, content, name="a.pdf"):
    response = client.post(url(report), {"file": SimpleUploadedFile(name, content)})
    return response, response.content.decode()


def test_anyone_sees_that_an_issued_paper_is_valid_with_its_digests(done, issue, client):
    report = issue(done)
    page = client.get(url(report)).content.decode()
    assert VALID in page
    for words in ("05/BC-SNV", "15/06/2026", "Báo cáo tiến độ kế hoạch", "SỞ NỘI VỤ"):
        assert words in page
    for file in report.files.filter(snapshot=report.snapshot):
        assert file.sha256 in page


def test_nothing_else_is_told(done, issue, client):
    page = client.get(url(issue(done))).content.decode()
    for words in ("Bí mật", "149/KH-UBND", "Cải thiện", "Nguyễn Văn Ký", "@"):
        assert words not in page.partition("<main")[2]
    assert "/bao-cao/" not in page


def test_a_draft_is_never_valid(done, client):
    page = client.get(url(done)).content.decode()
    assert "chưa phát hành: không có giá trị" in page
    assert VALID not in page


def test_a_paper_is_valid_until_its_correction_is_issued(done, issue, home, client):
    old = issue(done)
    new = services.correct(old, by=home.office, now=NOW)
    new = services.run(new.pk)
    assert VALID in client.get(url(old)).content.decode()
    issue(new, "06/BC-SNV")
    page = client.get(url(old)).content.decode()
    assert "Đã bị thay thế bằng văn bản số 06/BC-SNV" in page
    assert VALID not in page
    # An unchanged file of a paper that no longer holds is not told with success alone.
    compared = posted(client, old, bytes_of(old))[1].partition("<template")[0]
    assert 'class="message success"' not in compared
    assert "nhưng văn bản đã bị thay thế" in compared
    assert VALID in client.get(url(new)).content.decode()


def test_while_the_issued_files_are_made_no_draft_counts_as_one(done, issue, client):
    report = issue(done)
    first = report.files.earliest("pk").snapshot
    content = bytes_of(report, snapshot=first)
    Report.objects.update(state=State.QUEUED, snapshot=first)
    page = client.get(url(report)).content.decode()
    assert "đang được lập" in page
    assert "Bản dự thảo" in posted(client, report, content)[1].partition("<template")[0]


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "json"])
def test_an_unchanged_file_is_recognised(done, issue, client, kind):
    report = issue(done)
    response, page = posted(client, report, bytes_of(report, kind))
    assert response.status_code == 200
    assert response.context["found"] == "original"
    assert "Đúng nguyên bản đã phát hành" in page


def test_a_signature_appended_to_the_pdf_is_recognised_and_nothing_more_is_promised(
    done, issue, client
):
    report = issue(done)
    response, page = posted(client, report, bytes_of(report) + b"\n1 0 obj << /Sig >> %%EOF")
    assert response.context["found"] == "extended"
    assert "Chỉ tin tệp này khi phần mềm ký số báo chữ ký" in page


@pytest.mark.parametrize("change", ["first byte", "cut", "docx appended", "other"])
def test_a_changed_file_is_not_recognised(done, issue, client, change):
    report = issue(done)
    content = {
        "first byte": b"#" + bytes_of(report)[1:],
        "cut": bytes_of(report)[:-1],
        "docx appended": bytes_of(report, "docx") + b" ",
        "other": b"x",
    }[change]
    assert posted(client, report, content)[0].context["found"] == "other"


def test_a_draft_of_the_paper_is_told_as_one(done, issue, client):
    draft = bytes_of(done)
    assert posted(client, issue(done), draft)[0].context["found"] == "earlier"


def test_a_missing_empty_or_huge_file_is_explained(done, issue, client, monkeypatch):
    report = issue(done)
    assert "Hãy chọn tệp" in client.post(url(report)).content.decode()
    assert "Tệp rỗng" in posted(client, report, b"")[1]
    monkeypatch.setattr(forms, "LARGEST_FILE", 10)
    response, page = posted(client, report, b"x" * 11)
    assert response.status_code == 422
    assert "lớn hơn" in page


def test_unknown_foreign_and_impossible_codes_look_alike(done, client):
    pages = []
    for code in ("ABCDE23456", "abcde-23456", "khong-co", "0" * 10, "A" * 300):
        response = client.get(reverse("reports:verification", args=[code]))
        assert response.status_code == 404
        main = response.content.decode().partition("<main")[2].partition("</main")[0]
        pages.append(main.replace(code[:40], "#"))
    assert len(set(pages)) == 1
    assert "Không có văn bản nào mang mã này" in pages[0]


def test_a_code_may_be_typed_in_any_way(done, client):
    code = done.printed_code.lower()
    response = client.get(reverse("reports:verify"), {"ma": f" {code} "})
    assert response["Location"] == url(done)
    assert client.get(reverse("reports:verification", args=[code])).status_code == 200
    odd = client.get(reverse("reports:verify"), {"ma": "12 34"})
    assert odd.status_code == 422
    assert 'value="12 34"' in odd.content.decode()


def test_who_asks_too_often_waits(done, client, settings):
    settings.VERIFICATIONS_PER_MINUTE = 3
    answers = [client.get(url(done)).status_code for _question in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert client.post(url(done)).status_code == 429
    assert client.get(url(done), REMOTE_ADDR="10.0.0.9").status_code == 200


def test_the_page_carries_what_a_browser_needs_to_compare_by_itself(done, issue, client):
    report = issue(done)
    page = client.get(url(report)).content.decode()
    pdf = report.files.get(snapshot=report.snapshot, format="pdf")
    assert f"{pdf.sha256}:{pdf.byte_count}:pdf" in page
    assert page.count("<template data-match=") == 4


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_browser_itself_tells_what_a_file_is_and_sends_none(done, issue, chromium, live_server):
    draft = bytes_of(done)
    report = issue(done)
    pdf = bytes_of(report)
    page, methods = chromium.new_page(), set()
    page.on("request", lambda request: methods.add(request.method))
    page.goto(f"{live_server.url}{url(report)}")
    for content, words in (
        (pdf, "Đúng nguyên bản"),
        (pdf + b"\n1 0 obj << /Sig >> %%EOF", "có ghi thêm phía sau"),
        (draft, "Bản dự thảo"),
        (pdf[:-1], "Không phải tệp"),
        (bytes_of(report, "xlsx"), "Đúng nguyên bản"),
    ):
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
        page.set_input_files("input[type=file]", file)
        expect(page.locator("#match")).to_contain_text(words)
    page.click("form[data-verify] button[type=submit]")
    expect(page.locator("#match")).to_contain_text("Đúng nguyên bản")
    page.close()
    assert methods == {"GET"}


@pytest.mark.parametrize("length", [0, 1, 5, 64 * 1024, 64 * 1024 + 1, 200_000])
def test_the_digest_of_the_first_bytes_is_that_of_the_bytes_alone(length):
    content = bytes(range(256)) * 1000
    whole, starts = digests(SimpleUploadedFile("a", content), [length, len(content)])
    assert whole == hashlib.sha256(content).hexdigest()
    assert starts[length] == hashlib.sha256(content[:length]).hexdigest()
    # The whole file has nothing appended.
    assert len(content) not in starts


def test_the_page_makes_as_many_queries_for_ten_snapshots_as_for_one(
    done, issue, client, count_queries
):
    report = issue(done)
    for_one = count_queries(lambda: client.get(url(report)))
    for _time in range(9):
        twin = report.files.get(snapshot=report.snapshot, format="pdf")
        copy = report.snapshot
        copy.pk = None
        copy.save(force_insert=True)
        twin.pk, twin.snapshot = None, copy
        twin.save(force_insert=True)
        report.refresh_from_db()
    assert count_queries(lambda: client.get(url(report))) == for_one
