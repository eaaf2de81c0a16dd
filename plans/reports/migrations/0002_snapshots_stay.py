"""Let the database itself refuse to change a frozen snapshot.

Django's constraints know no triggers. SQLite drops the trigger when a later migration rebuilds
the table; such a migration has to make it again, which a test watches.
"""

from django.db import migrations

NAME = "reports_snapshot_stays"
MAKE = {
    "sqlite": [
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON reports_snapshot "
        "BEGIN SELECT RAISE(ABORT, 'a snapshot is never changed'); END"
    ],
    "postgresql": [
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a snapshot is never changed' USING ERRCODE = 'check_violation'; "
        "END $$",
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON reports_snapshot "
        f"FOR EACH ROW EXECUTE FUNCTION {NAME}()",
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {NAME}"],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS {NAME} ON reports_snapshot",
        f"DROP FUNCTION IF EXISTS {NAME}()",
    ],
}


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def make(apps, schema_editor):
    drop(apps, schema_editor)
    for statement in MAKE[schema_editor.connection.vendor]:
        # Parameters would make the driver look for placeholders in the text.
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_reports")]
    operations = [migrations.RunPython(make, drop)]
