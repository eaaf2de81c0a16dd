"""Fixtures shared by all tests: people in posts of one province, their clients, and Chromium."""

import importlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.states import AgencyKind, Role
from tests import factories, servers


def count_queries(act):
    """How many queries `act` makes."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def count_page_queries(client, url):
    """How many queries a page makes, without what only the first visit of a session needs."""
    client.get(url)
    return count_queries(lambda: client.get(url))


def signed_in(user, **options):
    """A browser of `user`; `options` are those of Django's test client."""
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture(name="count_queries")
def _count_queries():
    return count_queries


@pytest.fixture
def client_of():
    return signed_in


@pytest.fixture
def province(db):
    return factories.make_province()


@pytest.fixture
def office(province):
    """The post of an office clerk in the province's Sở Nội vụ."""
    agency = factories.make_agency(province=province, name="Sở Nội vụ", code="SNV")
    return factories.make_post(role=Role.OFFICE, agency=agency)


@pytest.fixture
def head(province):
    agency = factories.make_agency(
        province=province, name="Sở Thông tin và Truyền thông", code="STTTT"
    )
    return factories.make_post(role=Role.HEAD, agency=agency)


@pytest.fixture
def leader(province):
    agency = factories.make_agency(province=province, name="UBND tỉnh", kind=AgencyKind.COMMITTEE)
    return factories.make_post(role=Role.LEADER, agency=agency)


@pytest.fixture
def stranger(db):
    """An office clerk of another province: sees nothing of ours."""
    elsewhere = factories.make_province(name="Đắk Lắk", code="66")
    agency = factories.make_agency(province=elsewhere, name="Sở Nội vụ", code="SNV")
    return factories.make_post(role=Role.OFFICE, agency=agency)


@pytest.fixture
def office_client(office):
    return signed_in(office.user)


@pytest.fixture
def head_client(head):
    return signed_in(head.user)


@pytest.fixture
def leader_client(leader):
    return signed_in(leader.user)


@pytest.fixture
def stranger_client(stranger):
    return signed_in(stranger.user)


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """The one browser of the run: a process can hold a single Playwright."""
    path = servers.chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
    ]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied():
    """Let a test with real transactions empty the table whose rows the database never lets go."""
    name = {"sqlite": "0006_snapshots_stay_whole", "postgresql": "0008_snapshots_are_not_emptied"}
    trigger = importlib.import_module(f"plans.reports.migrations.{name[connection.vendor]}")
    operations = type(connection.ops)
    real = operations.sql_flush

    def sql_flush(self, *args, **options):
        statements = real(self, *args, **options)
        made = trigger.MAKE[connection.vendor] if statements else []
        return [*trigger.DROP[connection.vendor], *statements, *made]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield
