"""What holds of documents once the old reports are among them; what has moved to files goes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0004_old_reports'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='report',
            name='page_count',
        ),
        migrations.RemoveField(
            model_name='report',
            name='pdf',
        ),
        migrations.RemoveField(
            model_name='report',
            name='pdf_sha256',
        ),
        migrations.RemoveField(
            model_name='snapshot',
            name='plan',
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='sha256',
            field=models.CharField(db_index=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='report',
            name='code',
            field=models.CharField(max_length=10, unique=True, verbose_name='mã xác minh'),
        ),
        migrations.AlterField(
            model_name='report',
            name='first_day',
            field=models.DateField(verbose_name='từ ngày'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'issued'), _negated=True), fields=('key',), name='reports_report_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', False)), fields=('supersedes',), name='reports_report_one_correction'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['progress', 'agency', 'province', 'leader', 'urging', 'plan'])), name='reports_report_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['draft', 'frozen', 'issued'])), name='reports_report_stage_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'cancelled'])), name='reports_report_state_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['leader', 'plan', 'progress', 'urging']), ('plan__isnull', False)), models.Q(models.Q(('kind__in', ['leader', 'plan', 'progress', 'urging']), _negated=True), ('plan__isnull', True)), _connector='OR'), name='reports_report_has_its_plan'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('as_of'))), name='reports_report_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('stage', 'draft'), ('snapshot__isnull', False), _connector='OR'), name='reports_report_frozen_has_snapshot'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'issued'), _negated=True), models.Q(models.Q(('number', ''), _negated=True), ('issued_on__isnull', False), models.Q(('signer_name', ''), _negated=True)), _connector='OR'), name='reports_report_issued_is_signed'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('finished_at__isnull', False), ('snapshot__isnull', False)), _connector='OR'), name='reports_report_done_is_whole'),
        ),
    ]
