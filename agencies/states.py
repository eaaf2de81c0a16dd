"""The fixed vocabularies of provinces, agencies and posts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProvinceKind(TextChoices):
    PROVINCE = "province", _("Tỉnh")
    CITY = "city", _("Thành phố")


class AgencyKind(TextChoices):
    COMMITTEE = "committee", _("Ủy ban nhân dân tỉnh")
    OFFICE = "office", _("Văn phòng UBND tỉnh")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    VERTICAL = "vertical", _("Cơ quan trung ương trên địa bàn")
    DISTRICT = "district", _("UBND cấp huyện")
    COMMUNE = "commune", _("UBND cấp xã")
    PARTY = "party", _("Cơ quan Đảng")
    FRONT = "front", _("Mặt trận và đoàn thể")
    COURT = "court", _("Tòa án, Viện kiểm sát")
    PRESS = "press", _("Báo, đài, cổng thông tin")
    COMPANY = "company", _("Doanh nghiệp")
    OTHER = "other", _("Cơ quan khác")


# Bodies outside the order of the People's Committee: they are asked, never ordered, so they
# are never named as late.
REQUESTED_KINDS = frozenset({AgencyKind.PARTY, AgencyKind.FRONT, AgencyKind.COURT})


class SuccessionKind(TextChoices):
    RENAME = "rename", _("Đổi tên")
    MERGE = "merge", _("Hợp nhất")
    SPLIT = "split", _("Chia tách")
    ABOLISH = "abolish", _("Giải thể")
    UPGRADE = "upgrade", _("Nâng cấp đơn vị hành chính")


class Role(TextChoices):
    OFFICE = "office", _("Chuyên viên đầu mối")
    HEAD = "head", _("Thủ trưởng cơ quan")
    OFFICER = "officer", _("Cán bộ cơ quan")
    LEADER = "leader", _("Lãnh đạo tỉnh")
    ADMINISTRATOR = "administrator", _("Quản trị hệ thống")


# Who may report on what was assigned to his own agency. Office staff sit in an agency that
# has work of its own.
REPORTING_ROLES = frozenset({Role.HEAD, Role.OFFICER, Role.OFFICE})
# Who sees everything of a province; others see what their agency leads or supports.
OVERSEEING_ROLES = frozenset({Role.OFFICE, Role.LEADER, Role.ADMINISTRATOR})
