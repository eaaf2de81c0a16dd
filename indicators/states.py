"""The fixed vocabularies of indices and their structure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    COMPOSITE = "composite", _("Chỉ số tổng hợp")
    DIMENSION = "dimension", _("Chỉ số nội dung")
    SUBDIMENSION = "subdimension", _("Nội dung thành phần")
    INDICATOR = "indicator", _("Chỉ tiêu")


class ScoreGroup(TextChoices):
    """The four groups in which PAPI publishes provinces."""

    HIGHEST = "highest", _("Cao nhất")
    UPPER_MIDDLE = "upper_middle", _("Trung bình cao")
    LOWER_MIDDLE = "lower_middle", _("Trung bình thấp")
    LOWEST = "lowest", _("Thấp nhất")
