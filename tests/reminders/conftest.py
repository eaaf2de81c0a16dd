"""Fixtures of the tests of reminders."""

from datetime import date

import pytest
import time_machine as clocks

from agencies.states import Role
from plans.states import PlanStatus
from tests.factories import at, make_agency, make_plan, make_post, make_province

# A Monday; no public holiday is near.
MONDAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _on_a_monday():
    """Whatever day it is where the tests run."""
    with clocks.travel(at(2026, 10, 12, 9)):
        yield


@pytest.fixture
def monday():
    return MONDAY


@pytest.fixture
def head(db):
    """The head of an agency of Lào Cai; a Membership."""
    return make_post(agency=make_agency(name="Sở Nội vụ"), title="Giám đốc")


@pytest.fixture
def office(db):
    return make_post(role=Role.OFFICE, agency=make_agency(name="Văn phòng UBND tỉnh"))


@pytest.fixture
def leader(db):
    return make_post(role=Role.LEADER, agency=make_agency(name="UBND tỉnh"))


@pytest.fixture
def administrator(db):
    return make_post(role=Role.ADMINISTRATOR, agency=make_agency(name="Trung tâm CNTT"))


@pytest.fixture
def stranger(db):
    """The administrator of another province."""
    elsewhere = make_agency(name="Trung tâm khác", province=make_province(name="Sơn La", code="14"))
    return make_post(role=Role.ADMINISTRATOR, agency=elsewhere)


@pytest.fixture
def plan(db):
    return make_plan(
        number="149/KH-UBND",
        year=2026,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        status=PlanStatus.ACTIVE,
    )
