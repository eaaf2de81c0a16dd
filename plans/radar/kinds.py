"""What kind of thing a task brings about, told from its words: only talk, a paper, a system."""

from __future__ import annotations

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProductKind(TextChoices):
    MEDIA = "media", _("tin bài, tờ rơi")
    PAPER = "paper", _("văn bản")
    REPORT = "report", _("báo cáo, số liệu")
    EVENT = "event", _("hội nghị, tập huấn")
    SYSTEM = "system", _("hệ thống, công trình")
    OTHER = "other", _("khác")
    UNSAID = "unsaid", _("chưa ghi")


# Marks are kept: without them "truyền thông" would be "truyền thống".
_PRODUCTS = {
    ProductKind.MEDIA: (
        r"tin,? bài|phóng sự|chuyên mục|chuyên trang|phát thanh|phát sóng|tờ (?:rơi|gấp)|"
        r"pa ?nô|áp phích|bài viết|video|truyền thông|tuyên truyền"
    ),
    ProductKind.PAPER: (
        r"văn bản|kế hoạch|quyết định|hướng dẫn|công văn|danh mục|danh sách|quy chế|quy trình|"
        r"quy định|chỉ thị|đề án|chương trình|nghị quyết|sổ tay|mẫu|tài liệu|lịch"
    ),
    ProductKind.REPORT: r"báo cáo|biên bản|thông báo|kết luận|số liệu|kết quả|tổng hợp|bảng|phiếu",
    ProductKind.EVENT: r"hội nghị|hội thảo|tập huấn|lớp|đối thoại|cuộc|buổi|tọa đàm|hội thi",
    ProductKind.SYSTEM: (
        r"hệ thống|phần mềm|ứng dụng|cơ sở dữ liệu|cổng|trang|ki-ốt|camera|công trình|thiết bị|"
        r"dịch vụ công|bản đồ|lớp bản đồ|đường dây nóng"
    ),
}
_PRODUCT = {
    kind: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    for kind, words in _PRODUCTS.items()
}

# How a sentence begins before it says what is done.
_OPENING = re.compile(
    r"(?:đẩy mạnh|tăng cường|tiếp tục|thường xuyên|chú trọng|tổ chức|triển khai|thực hiện|"
    r"duy trì|mở|xây dựng|sản xuất|biên soạn|in ấn|phát hành|đăng tải|"
    r"nâng cao (?:chất lượng|hiệu quả)|làm tốt|đổi mới|đa dạng hóa|phối hợp|"
    r"(?:các )?(?:hình thức|hoạt động)|công tác|thông tin|tốt|loạt|và|,)\s*",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:tuyên truyền|truyền thông|phổ biến|quán triệt|vận động|quảng bá|nâng cao nhận thức|"
    r"chuyên mục|chuyên trang|phóng sự|tin,? bài|phát thanh|tờ (?:rơi|gấp)|pa ?nô|áp phích)"
    r"(?!\w)",
    re.IGNORECASE,
)
# A second thing that is done beside the talk.
_DEED = re.compile(
    r"(?:;|,|(?<!\w)và|đồng thời|gắn với)\s+(?:tổ chức |thực hiện )?"
    r"(?:giải quyết|xử lý|rút ngắn|cắt giảm|kiểm tra|thanh tra|giám sát|rà soát|đầu tư|nâng cấp|"
    r"sửa chữa|lắp đặt|trang bị|bố trí|cấp|tiếp công dân|đối thoại|công khai|niêm yết|ban hành|"
    r"khắc phục|hỗ trợ|tiếp nhận|trả lời|khảo sát)(?!\w)",
    re.IGNORECASE,
)


def product_kind(product: str) -> ProductKind:
    """The kind whose words come first in what the plan promises."""
    if not product.strip():
        return ProductKind.UNSAID
    places = {
        kind: found.start() for kind, words in _PRODUCT.items() if (found := words.search(product))
    }
    return min(places, key=lambda kind: places[kind]) if places else ProductKind.OTHER


def is_talk_only(name: str, product: str) -> bool:
    """Whether a task only tells people things: "Đẩy mạnh tuyên truyền ...", a broadcast.

    Told from how the sentence begins or, failing that, from what is to come of it; a task that
    does something besides is not only talk.
    """
    if _DEED.search(name):
        return False
    rest = name.strip()
    while opening := _OPENING.match(rest):
        rest = rest[opening.end() :]
    return bool(_TALK.match(rest)) or product_kind(product) is ProductKind.MEDIA
