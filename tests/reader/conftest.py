"""Plans written in the markup of the labelled documents, printed and read in one step."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plans.reader import Draft, worker
from tests.reader.labelled import build
from tests.reader.labelled.markup import read_source

HEAD = """[[pair]]
ỦY BAN NHÂN DÂN // TỈNH GIA LAI | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM // Độc lập - Tự do - Hạnh phúc
Số: 1412/KH-UBND | Gia Lai, ngày 12 tháng 3 năm 2026
[[/]]
= KẾ HOẠCH
= Nâng cao Chỉ số PAPI tỉnh Gia Lai năm 2026
"""


@pytest.fixture
def printed(tmp_path: Path) -> Callable[..., Draft]:
    """Return what prints a body below a letterhead of 2026 and reads it in this process."""

    def read(body: str, form: str = "docx", options: str = "") -> Draft:
        source = tmp_path / "plan.txt"
        source.write_text(f"format: {form}\n{options}---\n{HEAD}{body}", "utf-8")
        folder = tmp_path / "printed"
        folder.mkdir(exist_ok=True)
        return Draft.load(worker.read_here(str(build.print_source(read_source(source), folder))))

    return read
