"""The command `read_plan` speaks to a person in one line."""

import io

import pytest
from django.core.management import call_command

# The reader knows no database.
pytestmark = pytest.mark.embedded


def test_the_command_prints_one_line_and_ends_with_2(tmp_path, capsys):
    path = tmp_path / "a.docx"
    path.write_bytes(b"")
    errors = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("read_plan", path, stderr=errors)
    assert ended.value.code == 2
    assert errors.getvalue() == "Tệp rỗng (0 byte). Hãy chọn lại tệp.\n"
