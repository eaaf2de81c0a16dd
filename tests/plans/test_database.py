"""What the database itself holds: the partial indexes of lists and the trigrams of the search."""

import pytest
from django.db import connection

from plans.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("plans_assignment_open_agency", ["agency_id", "due_on", "id"]),
        ("plans_assignment_open", ["due_on", "id"]),
        ("plans_assignment_open_prov", ["province_id", "due_on"]),
    ],
)
def test_open_assignments_have_an_index_of_their_own_for_each_list(name, columns):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Assignment._meta.db_table)[name]
    assert (found["index"], found["columns"]) == (True, columns)
    index = next(index for index in Assignment._meta.indexes if index.name == name)
    assert "not_started" in str(index.condition)
    assert "done" not in str(index.condition)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="trigrams are PostgreSQL's")
@pytest.mark.parametrize("table", ["plans_task", "plans_plan"])
def test_the_search_has_a_trigram_index_where_the_server_has_trigrams(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            pytest.skip("this PostgreSQL was built without pg_trgm")
        found = connection.introspection.get_constraints(cursor, table)
    assert f"{table}_search_trgm" in found
