"""A number is of one paper of a province and year, which the database now holds by itself.

And who wrote the texts is kept.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower


def write_years(apps, schema_editor):
    """Of two papers that bear one number already, the later keeps no year: both stay as issued."""
    Report = apps.get_model("reports", "Report")
    issued = Report.objects.filter(stage="issued", issued_year=None)
    known = set()
    for report in issued.order_by("issued_on", "pk").iterator():
        key = (report.province_id, report.number.lower(), report.issued_on.year)
        if key not in known:
            known.add(key)
            Report.objects.filter(pk=report.pk).update(issued_year=report.issued_on.year)


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_snapshots_stay_whole'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='texts_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người viết'),
        ),
        migrations.AddField(
            model_name='report',
            name='issued_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(write_years, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(models.F('province'), models.F('issued_year'), Lower('number'), name='reports_report_one_number_a_year'),
        ),
    ]
