"""Whatever a document holds, it is read or refused, and each value says where it stands."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.reader.draft import Draft, Found
from plans.reader.html import read_html
from plans.reader.plain import read_plain
from plans.reader.reading import read_document
from plans.reader.refusals import ReaderRefusedError

# The reader knows no database.
pytestmark = pytest.mark.embedded

PIECES = (
    *("ỦY BAN NHÂN DÂN\n", "TỈNH GIA LAI\n", "Số: 14/KH-UBND\n", "KẾ HOẠCH\n", "QUYẾT ĐỊNH\n"),
    *("Gia Lai, ngày 12 tháng 3 năm 2026\n", "Nâng cao Chỉ số PAPI năm 2026\n", "Căn cứ "),
    *("I. MỤC TIÊU\n", "II. NHIỆM VỤ\n", "1. ", "a) ", "đ) ", "- ", "+ ", "Điều 1. ", "Phụ lục\n"),
    *("Sở Nội vụ", "các sở, ban, ngành", "UBND các xã, phường", "Sở A (chủ trì)", "Thanh tra tỉnh"),
    *(
        " chủ trì",
        ", phối hợp với ",
        " kiểm tra công vụ cấp xã",
        "; ",
        ". ",
        ": ",
        "\n",
        "\t",
        " | ",
    ),
    *("trước ngày 30/6/2026", "quý II/2026", "thường xuyên", "hằng quý", "31/02/2026", "quý V"),
    *("STT\tNhiệm vụ\tChủ trì\tThời hạn\n", "1\tThu gom rác\tSở X\tQuý II\n", "Tổng cộng\t\t\t\n"),
    *(
        "tăng ít nhất 05 bậc",
        "nhóm trung bình cao",
        "đạt 45,33 điểm",
        "Quản trị môi trường",
        "(",
        ")",
    ),
    *(
        "Cơ quan chủ trì: ",
        "Thời gian: ",
        "Sản phẩm: ",
        "\uf0b7",
        "\u00ad",
        "“",
        "\u0301",
        "\ud83d",
    ),
    *(
        "TM. ỦY BAN NHÂN DÂN\n",
        "CHỦ TỊCH\n",
        "Nguyễn Văn An\n",
        "Nơi nhận:\n",
        "<p>",
        "<table><tr><td>",
    ),
)
documents = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join)


def founds(value):
    if isinstance(value, Found):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from founds(each)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from founds(getattr(value, name))


def drafted(document) -> Draft | None:
    try:
        return read_document(document)
    except ReaderRefusedError:
        return None


@settings(max_examples=150, deadline=None)
@given(documents, st.sampled_from([read_plain, read_html]))
def test_any_text_is_read_or_refused_and_each_value_stands_where_it_says(text, reader):
    draft = drafted(reader(text))
    if draft is None:
        return
    for found in founds(draft):
        assert (found.value is None) == (found.start is None)
        if found.start is not None:
            assert 0 <= found.start < found.end <= len(draft.source)
            assert draft.source[found.start : found.end] == found.text
    assert Draft.load(json.loads(json.dumps(draft.dump()))) == draft
