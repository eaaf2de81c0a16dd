"""Let PostgreSQL refuse to empty the table of snapshots, which its triggers for rows never see.

SQLite knows no TRUNCATE. Made again with the function of 0006 if that is ever replaced.
"""

from django.db import migrations

NAME = "reports_snapshot_stays_full"
MAKE = {
    "sqlite": [],
    "postgresql": [
        f"CREATE TRIGGER {NAME} BEFORE TRUNCATE ON reports_snapshot "
        "FOR EACH STATEMENT EXECUTE FUNCTION reports_snapshot_stays()"
    ],
}
DROP = {
    "sqlite": [],
    "postgresql": [f"DROP TRIGGER IF EXISTS {NAME} ON reports_snapshot"],
}


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def make(apps, schema_editor):
    drop(apps, schema_editor)
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_one_number_a_year")]
    operations = [migrations.RunPython(make, drop)]
