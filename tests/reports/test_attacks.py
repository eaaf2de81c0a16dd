"""What a clerk, the holder of a paper or somebody in the database could try on reports."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from lxml import etree
from pypdf import PdfReader

from papi_portal.caching import JsonSerializer
from plans.reports import jobs, services
from plans.reports.models import Report, Snapshot
from plans.reports.paper import Heading, Paragraph
from plans.reports.printing import docx, pdf
from plans.reports.scope import Scope
from plans.reports.services import asking
from plans.reports.states import ReportKind, Stage
from plans.states import PlanStatus
from tests.factories import make_plan
from tests.reports import fakes
from tests.reports.conftest import NOW, TODAY
from tests.reports.papers import CONTROLS, sample_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(monkeypatch):
    fakes.install(monkeypatch)
    monkeypatch.setattr(jobs, "wake", lambda report: None)
    cache.clear()


@pytest.fixture
def done(fake, plan, home, give):
    give()
    asked = services.request(fakes.scope_of(plan), by=home.office, now=NOW)
    return services.run(asked.pk)


# What is frozen


REPLACE = (
    "INTO reports_snapshot (id, as_of, content, sha256, made_at) VALUES (%s, %s, '{}', 'x', %s)"
)


def test_a_snapshot_is_not_replaced_by_another_of_its_number(done):
    frozen = done.snapshot
    inserts = ["INSERT"]
    if connection.vendor == "sqlite":
        inserts += ["REPLACE", "INSERT OR REPLACE"]
    for insert in inserts:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{insert} {REPLACE}", [frozen.pk, frozen.as_of, frozen.made_at])
    frozen.refresh_from_db()
    assert frozen.is_intact


def test_no_deletion_of_what_a_report_is_about_takes_it_along(done, plan, home):
    def delete(row):
        # Past the protection of the ORM, as a script would.
        type(row).objects.filter(pk=row.pk)._raw_delete("default")
        connection.check_constraints()

    for row in (plan, home.province, home.office, done.snapshot):
        with pytest.raises(DatabaseError), transaction.atomic():
            delete(row)
    assert Snapshot.objects.filter(pk=done.snapshot_id).exists()


# Papers that somebody holds


def test_what_is_appended_to_a_paper_is_never_called_the_paper(done, home, client):
    """An update appended to a PDF may draw other figures over those of the paper."""
    services.issue(
        done, services.Issue("05/BC-SNV", TODAY, "A"), version=1, by=home.office, now=NOW
    )
    issued = services.run(done.pk)
    file = issued.files.get(snapshot=issued.snapshot, format="pdf")
    with file.file.open("rb") as stored:
        forged = stored.read() + b"\n9 0 obj <</Contents 10 0 R>> endobj\n%%EOF"
    url = reverse("reports:verification", args=[issued.code])
    page = client.post(url, {"file": SimpleUploadedFile("a.pdf", forged)}).content.decode()
    answer = page.partition('id="match"')[2].partition("<form")[0]
    assert "message warning" in answer
    assert "message success" not in answer
    assert "có thể làm tệp hiện ra nội dung khác" in answer


# The queue


def test_one_person_does_not_fill_the_queue(fake, home, give, monkeypatch, client_of):
    monkeypatch.setattr(asking, "MOST_OPEN", 2)
    give()
    client, url = client_of(home.head), reverse("reports:new_report") + "?loai=agency"

    def ask(days):
        first = TODAY - timedelta(days=days)
        day = {"first_day": f"{first:%d/%m/%Y}", "last_day": f"{TODAY:%d/%m/%Y}"}
        return client.post(url, {"agency": home.agency.pk, "period": "custom", **day})

    assert [ask(days).status_code for days in (1, 2)] == [302, 302]
    refused = ask(3)
    assert refused.status_code == 422
    assert "đang có 2 báo cáo chờ lập" in refused.content.decode()
    assert f"{TODAY:%d/%m/%Y}" in refused.content.decode()
    assert Report.objects.count() == 2
    # What waits already may be asked for again, and others are not kept out.
    assert ask(2).status_code == 302
    other = Scope(ReportKind.AGENCY, home.province, fakes.QUARTER, agencies=(home.agency,))
    services.request(other, by=home.office, now=NOW)


# Text


def test_a_caption_with_signs_that_no_file_may_hold_leaves_the_file_whole():
    paper = sample_paper(2)
    block = next(block for appendix in paper.appendices for block in appendix.blocks)
    appendix = replace(paper.appendices[0], blocks=(replace(block, caption=CONTROLS),))
    content = docx.render(replace(paper, appendices=(appendix,)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        etree.fromstring(archive.read("word/document.xml"))


def titles(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from titles(entry)
        else:
            yield entry.title


@pytest.mark.embedded
def test_words_of_the_language_of_pdf_stay_words():
    hostile = ") /URI (http://x.example) 5 0 R \\) (( << /AA 7 0 R >> endobj stream endstream %%EOF"
    paper = replace(
        sample_paper(2),
        title=hostile,
        author=hostile,
        body=(Heading(hostile), Paragraph(hostile)),
        appendices=(),
    )
    reader = PdfReader(io.BytesIO(pdf.render(paper).content), strict=True)
    words = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert words.count("".join(hostile.split())) >= 2
    assert reader.metadata.title == hostile
    assert hostile in titles(reader.outline)
    links = [
        note.get_object()["/A"].get("/URI", "")
        for page in reader.pages
        for note in page.get("/Annots", ())
    ]
    assert not [link for link in links if "x.example" in link]


# The cache


def test_what_lies_in_the_cache_is_data_and_never_run():
    serializer = JsonSerializer()
    for value in (7, "y", [1.5, 2.0], None, {"a": 1}):
        assert serializer.loads(serializer.dumps(value)) == value
    # The counters are added to by Redis itself.
    assert serializer.dumps(7) == b"7"
    with pytest.raises((ValueError, json.JSONDecodeError)):
        serializer.loads(b"cos\nsystem\n(S'true'\ntR.")


# A draft of a plan


def test_a_draft_that_was_printed_is_not_thrown_away_with_an_error(fake, home, client_of):
    draft = make_plan(province=home.province, status=PlanStatus.DRAFT, monitor=home.monitor)
    scope = Scope(ReportKind.PLAN, home.province, fakes.until(TODAY, TODAY), draft)
    report = services.request(scope, by=home.office, now=NOW)
    answer = client_of(home.office).post(reverse("plans:delete_plan", args=[draft.pk]), follow=True)
    assert answer.status_code == 200
    assert "văn bản" in answer.content.decode()
    assert Report.objects.get(pk=report.pk).stage == Stage.DRAFT
