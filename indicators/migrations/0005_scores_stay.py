"""Let the database itself refuse to change a score or a release that was imported.

Django's constraints know no triggers. SQLite drops a trigger when a later migration rebuilds its
table; such a migration has to make it again, which a test watches.
"""

from django.db import migrations

TABLES = ("score", "release")


def statements(vendor, table):
    name = f"indicators_{table}_stays"
    said = f"a {table} is never changed"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE UPDATE ON indicators_{table} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        ]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON indicators_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def drop(apps, schema_editor):
    for table in TABLES:
        name = f"indicators_{table}_stays"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON indicators_{table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def make(apps, schema_editor):
    drop(apps, schema_editor)
    for table in TABLES:
        for statement in statements(schema_editor.connection.vendor, table):
            # Parameters would make the driver look for placeholders in the text.
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_scores_of_a_release")]
    operations = [migrations.RunPython(make, drop)]
