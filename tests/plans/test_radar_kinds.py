"""What a task is, told from its words: only talk, and what comes of it."""

import pytest

from plans.radar.kinds import ProductKind, is_talk_only, product_kind

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    "name",
    [
        "Đẩy mạnh công tác thông tin, tuyên truyền về dịch vụ công trực tuyến",
        "Tăng cường tuyên truyền, phổ biến pháp luật đất đai đến người dân",
        "Tổ chức phổ biến quyền và nghĩa vụ của công dân",
        "Mở chuyên mục hỏi đáp về quyền bầu trưởng thôn",
        "Nâng cao nhận thức của cán bộ, công chức về Chỉ số PAPI",
        "Quán triệt Chỉ thị đến toàn thể công chức",
    ],
)
def test_a_task_that_only_tells_people_things_is_talk(name):
    assert is_talk_only(name, "")


@pytest.mark.parametrize(
    "name",
    [
        "Rút ngắn thời gian cấp giấy chứng nhận quyền sử dụng đất",
        "Kiểm tra công tác tuyên truyền tại các xã, phường",
        "Tuyên truyền, hướng dẫn người dân và giải quyết dứt điểm hồ sơ quá hạn",
        "Phối hợp với Sở Thông tin và Truyền thông nâng cấp cổng dịch vụ công",
        "Xây dựng nếp sống văn hóa truyền thống ở khu dân cư",
        "Tổ chức tiếp công dân định kỳ",
        "Niêm yết công khai bảng giá đất",
    ],
)
def test_a_task_that_does_something_is_not_only_talk(name):
    assert not is_talk_only(name, "Báo cáo kết quả")


def test_what_is_promised_tells_talk_where_the_sentence_does_not():
    assert is_talk_only("Thông tin kịp thời kết quả xử lý vi phạm", "Tin, bài đã đăng")
    assert not is_talk_only("Xử lý vi phạm và kiểm tra lại kết quả", "Quyết định xử lý")


@pytest.mark.parametrize(
    ("product", "kind"),
    [
        ("Kế hoạch kiểm tra", ProductKind.PAPER),
        ("Báo cáo sáu tháng", ProductKind.REPORT),
        ("Phần mềm lấy số", ProductKind.SYSTEM),
        ("Hội nghị đối thoại", ProductKind.EVENT),
        ("Bốn phóng sự đã phát sóng", ProductKind.MEDIA),
        ("Nhà văn hóa thôn", ProductKind.OTHER),
        ("  ", ProductKind.UNSAID),
    ],
)
def test_the_kind_of_a_product_is_that_of_its_first_word_that_tells(product, kind):
    assert product_kind(product) is kind
