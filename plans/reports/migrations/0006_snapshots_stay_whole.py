"""Let the database itself refuse to change or to delete a frozen snapshot.

Made again after 0005, for SQLite drops the triggers of a table that is remade; a later migration
that remakes the table has to make them once more, which a test watches.
"""

from django.db import migrations

NAME = "reports_snapshot_stays"
ACTS = ("UPDATE", "DELETE")
WORDS = "a snapshot is never changed or deleted"
MAKE = {
    "sqlite": [
        f"CREATE TRIGGER {NAME}_{act.lower()} BEFORE {act} ON reports_snapshot "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for act in ACTS
    ],
    "postgresql": [
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END $$",
        f"CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON reports_snapshot "
        f"FOR EACH ROW EXECUTE FUNCTION {NAME}()",
    ],
}
DROP = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {NAME}",
        *(f"DROP TRIGGER IF EXISTS {NAME}_{act.lower()}" for act in ACTS),
    ],
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
    dependencies = [("reports", "0005_document_rules")]
    operations = [migrations.RunPython(make, drop)]
