"""Old reports among the new ones: their files stay, their codes are their own."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from plans.reports import codes, services
from plans.reports.models import Report, Snapshot
from tests.factories import make_plan, make_user

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
BEFORE = [("reports", "0002_snapshots_stay")]
UNNUMBERED, NUMBERED = "0006_snapshots_stay_whole", "0007_one_number_a_year"


@pytest.fixture
def old_portal(transactional_db):
    """The tables as they were; brought up to date again whatever happens."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(latest)


def make_old(old, plan, user, state, **fields):
    snapshot = None
    if state == "done":
        snapshot = old.get_model("reports", "Snapshot").objects.create(
            plan_id=plan.pk,
            as_of=date(2026, 6, 1),
            content='{"form":1}',
            sha256="a" * 64,
            made_at=NOW,
        )
        name = default_storage.save("bao-cao/cu.pdf", ContentFile(b"%PDF-1.7 cu"))
        fields |= {"pdf": name, "pdf_sha256": "b" * 64, "page_count": 7, "finished_at": NOW}
    return old.get_model("reports", "Report").objects.create(
        plan_id=plan.pk,
        province_id=plan.province_id,
        as_of=date(2026, 6, 1),
        requested_by_id=user.pk,
        requested_at=NOW,
        state=state,
        snapshot=snapshot,
        **fields,
    )


def test_old_reports_keep_their_file_and_become_documents(old_portal):
    plan, user = make_plan(activated_on=date(2026, 4, 1)), make_user()
    first = make_old(old_portal, plan, user, "done")
    second = make_old(old_portal, plan, user, "done", supersedes_id=first.pk)
    waiting = make_old(old_portal, plan, user, "queued")
    failed = make_old(old_portal, plan, user, "failed", reason="Ổ đĩa đã đầy.")
    MigrationExecutor(connection).migrate([("reports", NUMBERED)])

    rows = {report.pk: report for report in Report.objects.select_related("snapshot")}
    for pk in (first.pk, second.pk):
        report, file = rows[pk], rows[pk].files.get()
        assert (report.kind, report.stage, report.state) == ("progress", "frozen", "done")
        assert (file.format, file.sha256, file.page_count) == ("pdf", "b" * 64, 7)
        assert file.byte_count == len(b"%PDF-1.7 cu")
        assert report.period.code == "2026-04-01..2026-06-01"
        assert report.supersedes is None
        assert "mẫu cũ" in services.why_not_issuable(report, date(2026, 6, 15))
    assert {rows[waiting.pk].stage, rows[failed.pk].stage} == {"draft"}
    assert rows[failed.pk].reason == "Ổ đĩa đã đầy."
    kept = [report.code for report in rows.values()]
    assert len(set(kept)) == 4
    assert all(codes.as_kept(code) == code for code in kept)

    # It can run twice.
    import_module("plans.reports.migrations.0004_old_reports").adopt(apps, None)
    assert sorted(Report.objects.values_list("code", flat=True)) == sorted(kept)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Snapshot.objects.update(content="")


@pytest.fixture
def papers_without_years(transactional_db):
    """The tables before numbers had a year; brought up to date again whatever happens."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    executor = MigrationExecutor(connection)
    executor.migrate([("reports", UNNUMBERED)])
    yield executor.loader.project_state([("reports", UNNUMBERED)]).apps
    MigrationExecutor(connection).migrate(latest)


def make_issued(old, plan, **fields):
    frozen = old.get_model("reports", "Snapshot").objects.create(
        as_of=date(2026, 6, 1), content="{}", sha256="a" * 64, made_at=NOW
    )
    issued = {"number": "5/BC-SNV", "issued_on": date(2026, 6, 2), "signer_name": "A"} | fields
    return old.get_model("reports", "Report").objects.create(
        kind="progress",
        plan_id=plan.pk,
        province_id=plan.province_id,
        period_kind="custom",
        period_year=2026,
        first_day=date(2026, 4, 1),
        as_of=date(2026, 6, 1),
        code=codes.draw(),
        stage="issued",
        state="done",
        snapshot=frozen,
        requested_at=NOW,
        finished_at=NOW,
        **issued,
    )


def test_issued_papers_get_their_year_and_a_number_given_twice_stays_as_it_was(
    papers_without_years,
):
    old, plan = papers_without_years, make_plan()
    first = make_issued(old, plan)
    other = make_issued(old, plan, number="6/BC-SNV")
    later = make_issued(old, plan, issued_on=date(2027, 1, 4))
    twice = make_issued(old, plan, number="5/bc-snv", issued_on=date(2026, 6, 3))
    MigrationExecutor(connection).migrate([("reports", NUMBERED)])
    years = dict(Report.objects.values_list("pk", "issued_year"))
    assert years == {first.pk: 2026, other.pk: 2026, later.pk: 2027, twice.pk: None}
    assert Report.objects.get(pk=twice.pk).number == "5/bc-snv"
