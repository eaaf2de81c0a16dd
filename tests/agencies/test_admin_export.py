"""What the administrator's tables export holds no formula either."""

import io

import openpyxl
import pytest
import tablib

from agencies.export_formats import SafeCsv, SafeXlsx
from tests import factories

DANGEROUS = ("=1+1", "+84 912", "-5", "@SUM(1)", "\t=1")


@pytest.mark.embedded
def test_no_cell_of_an_export_is_a_formula():
    dataset = tablib.Dataset(*[[value, "x"] for value in DANGEROUS], headers=["Tên", "Mã"])
    sheet = openpyxl.load_workbook(io.BytesIO(SafeXlsx().export_data(dataset))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == list(DANGEROUS)
    assert {row[0].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}
    lines = SafeCsv().export_data(dataset).decode("utf-8-sig").splitlines()
    assert not any(line.lstrip('"')[:1] in "=+-@\t" for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "1"])
def test_the_table_of_agencies_is_exported_by_the_portal_s_own_writers(client_of, number):
    agency = factories.make_agency(name="=HYPERLINK(1)")
    client = client_of(factories.make_user(is_superuser=True, is_staff=True))
    answer = client.post(
        "/quan-tri/agencies/agency/export/",
        {
            "format": number,
            "resource": "",
            **{f"agencyresource_{name}": "on" for name in ("id", "name")},
        },
    )
    assert answer.status_code == 200
    if number == "1":
        assert f"{agency.pk};'=HYPERLINK(1)" in answer.content.decode("utf-8-sig")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert "=HYPERLINK(1)" in [cell.value for cell in sheet[2]]
        assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
