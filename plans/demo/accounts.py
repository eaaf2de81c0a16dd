"""People of the invented plan: fictional names, one password, posts in today's Lào Cai."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from agencies.models import Agency, Membership, Province, User
from agencies.states import AgencyKind, Role
from papi_portal import text

PASSWORD = "cong-papi-demo"
DOMAIN = "laocai.example"
POSTS_SINCE = date(2025, 7, 1)


@dataclass(frozen=True)
class Account:
    """An account the sign-in page offers; `hint` says what to try with it.

    `title` names the post with its agency, `post` without it.
    """

    email: str
    name: str
    role: str
    post: str
    title: str | Promise
    province_code: str
    agency: str
    hint: str | Promise


ACCOUNTS = (
    Account(
        f"van-phong@{DOMAIN}",
        "Lê Thị Hạnh",
        Role.OFFICE,
        "Chuyên viên",
        _("Chuyên viên Sở Nội vụ, đầu mối theo dõi"),
        "15",
        "Sở Nội vụ",
        _("Nhập kế hoạch, xác nhận kết quả đang chờ, lập báo cáo tiến độ"),
    ),
    Account(
        f"giam-doc@{DOMAIN}",
        "Vũ Minh Quân",
        Role.HEAD,
        "Giám đốc",
        _("Giám đốc Sở Khoa học và Công nghệ"),
        "15",
        "Sở Khoa học và Công nghệ",
        _("Xem Việc của tôi, báo cáo tiến độ, xin gia hạn, trả lời chỉ đạo"),
    ),
    Account(
        f"can-bo@{DOMAIN}",
        "Hoàng Thu Trang",
        Role.OFFICER,
        "Chuyên viên",
        _("Chuyên viên Sở Khoa học và Công nghệ"),
        "15",
        "Sở Khoa học và Công nghệ",
        _("Cập nhật tiến độ thay cơ quan, đính kèm tài liệu"),
    ),
    Account(
        f"so-tai-chinh@{DOMAIN}",
        "Phạm Đức Long",
        Role.HEAD,
        "Giám đốc",
        _("Giám đốc Sở Tài chính"),
        "15",
        "Sở Tài chính",
        _("Một cơ quan khác: chỉ thấy việc của mình và việc mình phối hợp"),
    ),
    Account(
        f"chu-tich-xa@{DOMAIN}",
        "Lý A Páo",
        Role.HEAD,
        "Chủ tịch",
        _("Chủ tịch UBND xã Bát Xát"),
        "15",
        "UBND xã Bát Xát",
        _("Cấp xã: ba việc, dùng tốt trên điện thoại"),
    ),
    Account(
        f"lanh-dao@{DOMAIN}",
        "Đỗ Quang Vinh",
        Role.LEADER,
        "Phó Chủ tịch",
        _("Phó Chủ tịch UBND tỉnh"),
        "15",
        "UBND tỉnh Lào Cai",
        _("Xem tổng quan, quyết định gia hạn, cho ý kiến chỉ đạo"),
    ),
    Account(
        f"quan-tri@{DOMAIN}",
        "Nguyễn Thanh Bình",
        Role.ADMINISTRATOR,
        "Quản trị hệ thống",
        _("Quản trị hệ thống"),
        "15",
        "Văn phòng UBND tỉnh",
        _("Quản lý người dùng, cơ quan; xem cả các kế hoạch thật của năm tỉnh"),
    ),
    Account(
        "van-phong@daklak.example",
        "Trần Mai Anh",
        Role.OFFICE,
        "Chuyên viên",
        _("Chuyên viên Sở Nội vụ Đắk Lắk"),
        "66",
        "Sở Nội vụ",
        _("Tỉnh khác: không thấy gì của Lào Cai"),
    ),
)
# Besides Lào Cai the administrator looks after today's provinces of the other real plans.
ALSO_ADMINISTERED = ("14", "56", "66", "96")

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vàng", "Giàng", "Lò", "Bùi", "Đặng", "Lù")
MIDDLE_NAMES = ("Văn", "Thị", "Đức", "Thu", "Minh", "Hồng", "Xuân")
GIVEN_NAMES = (
    *("An", "Bắc", "Chi", "Dung", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc"),
    *("Quý", "Sơn", "Thảo", "Tùng", "Uyên", "Việt", "Yến"),
)


@transaction.atomic
def load_accounts(today: date) -> dict[str, User]:
    """Make the offered accounts that are missing; those there keep their passwords and posts.

    Return all of them by the part of the address before "@", those of Lào Cai.
    """
    password = make_password(PASSWORD)
    for account in ACCOUNTS:
        if User.objects.filter(email=account.email).exists():
            continue
        user = User.objects.create(email=account.email, full_name=account.name, password=password)
        posts = [(account.role, account.post, _agency(account, account.province_code, today))]
        if account.role == Role.ADMINISTRATOR:
            posts += [
                (account.role, account.post, _agency(account, code, today))
                for code in ALSO_ADMINISTERED
            ]
        for role, title, agency in posts:
            _post(user, agency, role, title).save()
    known = User.objects.filter(email__in=[account.email for account in ACCOUNTS])
    return {
        user.email.partition("@")[0]: user for user in known if user.email.endswith(f"@{DOMAIN}")
    }


@transaction.atomic
def load_heads(agencies: list[Agency]) -> dict[int, User]:
    """A head for every agency, found or made; return them by agency."""
    heads = {
        post.agency_id: post.user
        for post in Membership.objects.filter(agency__in=agencies, role=Role.HEAD).select_related(
            "user"
        )
    }
    without = [agency for agency in agencies if agency.pk not in heads]
    addresses = [_address(agency) for agency in without]
    users = {user.email: user for user in User.objects.filter(email__in=addresses)}
    password = make_password(PASSWORD)
    made = User.objects.bulk_create(
        User(email=address, full_name=_name(number), password=password)
        for number, address in enumerate(addresses)
        if address not in users
    )
    users.update({user.email: user for user in made})
    posts = [
        _post(users[address], agency, Role.HEAD, _title(agency))
        for address, agency in zip(addresses, without, strict=True)
    ]
    bulk_create_with_history(posts, Membership, batch_size=500)
    heads.update({post.agency_id: post.user for post in posts})
    return heads


def _agency(account: Account, province_code: str, today: date) -> Agency:
    province = Province.objects.valid_on(today).get(code=province_code)
    agencies = Agency.objects.filter(province=province).valid_on(today)
    return agencies.get(name=account.agency)


def _post(user: User, agency: Agency, role: str, title: str) -> Membership:
    return Membership(user=user, agency=agency, role=role, title=title[:100], starts_on=POSTS_SINCE)


def _address(agency: Agency) -> str:
    folded = text.fold(agency.name).removeprefix("ubnd ").replace(" ", "-")
    return f"{folded}@{DOMAIN}"


def _title(agency: Agency) -> str:
    if agency.kind == AgencyKind.COMMUNE:
        return "Chủ tịch"
    if agency.kind == AgencyKind.OFFICE:
        return "Chánh Văn phòng"
    return "Giám đốc" if agency.name.startswith("Sở ") else "Thủ trưởng"


def _name(number: int) -> str:
    """A fictional name, another one for each of the first thousand numbers."""
    family = FAMILY_NAMES[number % len(FAMILY_NAMES)]
    middle = MIDDLE_NAMES[number // 3 % len(MIDDLE_NAMES)]
    return f"{family} {middle} {GIVEN_NAMES[number % len(GIVEN_NAMES)]}"
