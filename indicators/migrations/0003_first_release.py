"""Put the scores typed in by hand before there were releases into one release per index."""

from django.db import migrations
from django.utils import timezone


def gather(apps, schema_editor):
    index_model = apps.get_model("indicators", "Index")
    release_model = apps.get_model("indicators", "Release")
    score_model = apps.get_model("indicators", "Score")
    for index in index_model.objects.all():
        scores = score_model.objects.filter(edition__index=index, release__isnull=True)
        count = scores.count()
        if count:
            release = release_model.objects.create(
                index=index,
                source="Nhập tay trong Quản trị",
                file_name="",
                sha256="",
                imported_at=timezone.now(),
                score_count=count,
            )
            scores.update(release=release)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_releases")]
    operations = [migrations.RunPython(gather, migrations.RunPython.noop)]
