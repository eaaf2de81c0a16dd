"""Old reports become documents: what was printed is kept as its PDF and can be told by a code.

Their frozen content has the form that nobody prints any more, so a report that was made counts as
frozen and is shown by its file; it can never be issued or made again. One that was still waiting
is made in the new way.
"""

import secrets

from django.core.files.storage import default_storage
from django.db import migrations

# As plans.reports.codes draws them.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def adopt(apps, schema_editor):
    Report = apps.get_model("reports", "Report")
    ReportFile = apps.get_model("reports", "ReportFile")
    for report in Report.objects.filter(code=None).select_related("plan").iterator():
        is_done = report.state == "done"
        report.code = "".join(secrets.choice(LETTERS) for _letter in range(10))
        # Of its own, so that asking for the same days makes a new report.
        report.key = f"old:{report.pk}"
        report.first_day = min(report.plan.activated_on or report.as_of, report.as_of)
        report.period_year = report.as_of.year
        report.stage = "frozen" if is_done else "draft"
        # Told of copies made later, not of papers that were signed.
        report.supersedes = None
        report.save()
        if is_done:
            ReportFile.objects.get_or_create(
                snapshot=report.snapshot,
                format="pdf",
                defaults={
                    "report": report,
                    "file": report.pdf.name,
                    "sha256": report.pdf_sha256,
                    "byte_count": size_of(report.pdf.name),
                    "page_count": report.page_count,
                },
            )


def size_of(name):
    """Bytes of a stored file; 0 if it is lost, which its page tells."""
    try:
        return default_storage.size(name)
    except OSError:
        return 0


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_documents")]
    operations = [migrations.RunPython(adopt, migrations.RunPython.noop)]
