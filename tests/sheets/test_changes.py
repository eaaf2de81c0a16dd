"""Previews travel as JSON, and a fault says where it is as people look for it."""

import json

import pytest

from papi_portal.sheets import Fault, Preview, Question, RowChange, Verdict

pytestmark = pytest.mark.embedded


def test_a_fault_names_row_column_value_and_what_is_wrong():
    fault = Fault("không phải là ngày có thật", "Trang 1", 14, 5, "Hạn hoàn thành", "31/02/2022")
    assert fault.cell == "E14"
    assert fault.text == (
        "Dòng 14, cột “Hạn hoàn thành” (E): “31/02/2022” không phải là ngày có thật."
    )
    assert Fault("tệp trống").text == "Tệp trống."


def test_a_preview_comes_back_from_json_as_it_was():
    row = RowChange(
        "Trang 1", 2, Verdict.CHANGED, "1 Việc", {"name": ("cũ", "mới")}, data={"pk": 7}
    )
    row.questions.append(Fault("xem lại", row=2, column=1))
    question = Question("struck", "Nhập không?", (("yes", "Nhập"), ("no", "Bỏ")), ("Dòng 2",))
    bad = RowChange("Trang 1", 3, Verdict.ERROR, "2", faults=[Fault("thiếu tên", row=3)])
    preview = Preview([row, bad], [Fault("a")], ["ghi chú"], [question], {"name": "Nhiệm vụ"})
    again = Preview.load(json.loads(json.dumps(preview.dump())))
    assert again == preview
    assert again.counts == {"new": 0, "changed": 1, "same": 0, "error": 1}
    assert (again.fault_count, again.doubt_count, again.has_changes) == (2, 1, True)
