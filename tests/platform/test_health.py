"""What the portal answers to load balancers."""

from pathlib import Path

import pytest
from django.db import DatabaseError

from papi_portal import health


def fail():
    raise DatabaseError("could not connect to db.internal as papi")


def test_livez_answers_without_the_database(client):
    # No database mark: a query here would fail the test.
    response = client.get("/livez")
    assert response.status_code == 200
    assert response.content == b"ok"


@pytest.mark.django_db
def test_readyz_is_200_when_everything_answers(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "failed": []}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "migrations", "broker"])
def test_readyz_names_what_fails_and_tells_strangers_nothing_more(client, monkeypatch, name):
    monkeypatch.setitem(health.CHECKS, name, fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "failed": [name]}
    assert "internal" not in response.content.decode()


@pytest.mark.django_db
def test_readyz_is_503_while_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["0002_more"])
    assert client.get("/readyz").json()["failed"] == ["migrations"]


@pytest.mark.django_db
def test_readyz_is_503_when_the_folder_of_messages_is_gone(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "gone")}
    assert client.get("/readyz").json()["failed"] == ["broker"]
    Path(tmp_path / "gone").mkdir()
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_answers_only_to_reading(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_asked_without_https_and_without_a_host_name(client, settings, path, monkeypatch):
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(health, "CHECKS", {})
    assert client.get(path, headers={"host": "127.0.0.1"}).status_code == 200
