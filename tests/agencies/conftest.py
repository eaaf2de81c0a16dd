"""People of two provinces, signed in."""

import pytest

from agencies.states import Role
from tests.factories import make_agency, make_post, make_province


@pytest.fixture
def province(db):
    return make_province(name="Lào Cai", code="15")


@pytest.fixture
def foreign_province(db):
    return make_province(name="Đắk Lắk", code="66")


@pytest.fixture
def agency(province):
    return make_agency(province=province, name="Sở Nội vụ", short_name="SNV", code="SNV")


@pytest.fixture
def admin(agency):
    return make_post(role=Role.ADMINISTRATOR, agency=agency).user


@pytest.fixture
def head(agency):
    return make_post(role=Role.HEAD, agency=agency).user


@pytest.fixture
def foreign_admin(foreign_province):
    agency = make_agency(province=foreign_province, name="Sở Nội vụ Đắk Lắk")
    return make_post(role=Role.ADMINISTRATOR, agency=agency).user
