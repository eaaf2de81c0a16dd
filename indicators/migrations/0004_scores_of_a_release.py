"""Every score belongs to a release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_first_release")]
    operations = [
        migrations.AlterField(
            model_name="score",
            name="release",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scores",
                to="indicators.release",
            ),
        ),
    ]
