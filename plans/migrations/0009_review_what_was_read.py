"""Documents read before there was a review are read again, so that their rows can be reviewed."""

from django.db import migrations


def queue_again(apps, schema_editor):
    readings = apps.get_model("plans", "Reading").objects.using(schema_editor.connection.alias)
    readings.filter(state="done", plan=None, rows=None).update(
        state="queued", attempt=0, lease_until=None, finished_at=None
    )


class Migration(migrations.Migration):
    dependencies = [("plans", "0008_review")]

    operations = [migrations.RunPython(queue_again, migrations.RunPython.noop)]
