"""Reports become documents with stages, files in several formats and schedules."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_province_dates_in_key'),
        ('plans', '0011_flag_answer'),
        ('reports', '0002_snapshots_stay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('signed', 'PDF đã ký số'), ('docx', 'Word'), ('xlsx', 'Excel'), ('json', 'Bản chốt số liệu (JSON)')], max_length=6, verbose_name='định dạng')),
                ('file', models.FileField(max_length=200, upload_to='', verbose_name='tệp')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('byte_count', models.PositiveBigIntegerField(verbose_name='kích thước, byte')),
                ('page_count', models.PositiveIntegerField(default=0, verbose_name='số trang')),
            ],
            options={
                'verbose_name': 'tệp báo cáo',
                'verbose_name_plural': 'tệp báo cáo',
            },
        ),
        migrations.CreateModel(
            name='ReportSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period_kind', models.CharField(choices=[('month', 'Tháng'), ('quarter', 'Quý'), ('half', '6 tháng'), ('year', 'Năm')], max_length=8, verbose_name='kỳ báo cáo')),
                ('made_at', models.DateTimeField(verbose_name='đặt lúc')),
                ('asked_until', models.DateField(verbose_name='đã lập đến kỳ chốt ngày')),
            ],
            options={
                'verbose_name': 'lịch báo cáo',
                'verbose_name_plural': 'lịch báo cáo',
            },
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='reports_report_one_open',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='reports_report_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='reports_report_done_is_whole',
        ),
        migrations.AddField(
            model_name='report',
            name='agencies',
            field=models.ManyToManyField(blank=True, related_name='reports', to='agencies.agency'),
        ),
        migrations.AddField(
            model_name='report',
            name='announced_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='code',
            field=models.CharField(max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='first_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='is_large',
            field=models.BooleanField(default=False, verbose_name='báo cáo lớn'),
        ),
        migrations.AddField(
            model_name='report',
            name='issued_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi phát hành'),
        ),
        migrations.AddField(
            model_name='report',
            name='issued_on',
            field=models.DateField(blank=True, null=True, verbose_name='ngày ban hành'),
        ),
        migrations.AddField(
            model_name='report',
            name='key',
            field=models.CharField(default='', max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='report',
            name='kind',
            field=models.CharField(choices=[('progress', 'Báo cáo tiến độ kế hoạch'), ('agency', 'Báo cáo của một cơ quan'), ('province', 'Báo cáo tổng hợp của tỉnh'), ('leader', 'Tóm tắt một trang cho lãnh đạo'), ('urging', 'Công văn đôn đốc'), ('plan', 'Kế hoạch kèm phụ lục nhiệm vụ')], default='progress', max_length=8, verbose_name='loại'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='report',
            name='number',
            field=models.CharField(blank=True, max_length=50, verbose_name='số, ký hiệu'),
        ),
        migrations.AddField(
            model_name='report',
            name='period_kind',
            field=models.CharField(choices=[('month', 'Tháng'), ('quarter', 'Quý'), ('half', '6 tháng'), ('year', 'Năm'), ('custom', 'Khoảng ngày tự chọn')], default='custom', max_length=8, verbose_name='kỳ báo cáo'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='report',
            name='period_number',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='số của kỳ'),
        ),
        migrations.AddField(
            model_name='report',
            name='period_year',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='năm'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='report',
            name='signer_name',
            field=models.CharField(blank=True, max_length=100, verbose_name='người ký'),
        ),
        migrations.AddField(
            model_name='report',
            name='stage',
            field=models.CharField(choices=[('draft', 'Dự thảo'), ('frozen', 'Đã chốt số liệu'), ('issued', 'Đã phát hành')], default='draft', max_length=6, verbose_name='giai đoạn'),
        ),
        migrations.AddField(
            model_name='report',
            name='texts',
            field=models.JSONField(blank=True, default=dict, verbose_name='phần tự viết'),
        ),
        migrations.AddField(
            model_name='report',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='report',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='plans.plan'),
        ),
        migrations.AlterField(
            model_name='report',
            name='requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người yêu cầu'),
        ),
        migrations.AlterField(
            model_name='report',
            name='state',
            field=models.CharField(choices=[('queued', 'Đang chờ'), ('running', 'Đang lập'), ('done', 'Đã xong'), ('failed', 'Không lập được'), ('cancelled', 'Đã hủy')], default='queued', max_length=9, verbose_name='tình trạng'),
        ),
        migrations.AlterField(
            model_name='report',
            name='step',
            field=models.CharField(blank=True, choices=[('', 'Chờ đến lượt'), ('freeze', 'Đang chốt số liệu'), ('lay_out', 'Đang dàn trang PDF'), ('write', 'Đang soạn bản Word và Excel'), ('store', 'Đang lưu')], max_length=8, verbose_name='bước'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='reports.report'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.snapshot'),
        ),
        migrations.AddField(
            model_name='reportschedule',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đặt'),
        ),
        migrations.AddField(
            model_name='reportschedule',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_schedules', to='plans.plan'),
        ),
        migrations.AddField(
            model_name='reportschedule',
            name='readers',
            field=models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người chờ báo cáo'),
        ),
        migrations.AddField(
            model_name='report',
            name='schedule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='reports.reportschedule'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.UniqueConstraint(fields=('snapshot', 'format'), name='reports_file_one_per_format'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['pdf', 'signed', 'docx', 'xlsx', 'json'])), name='reports_file_format_known'),
        ),
        migrations.AddConstraint(
            model_name='reportschedule',
            constraint=models.UniqueConstraint(fields=('plan', 'period_kind'), name='reports_schedule_one_per_period'),
        ),
    ]
