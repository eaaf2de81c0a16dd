"""Indices, their yearly editions, the concepts they measure and the scores they gave."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from indicators.querysets import (
    ComponentQuerySet,
    EditionComponentQuerySet,
    EditionQuerySet,
    ScoreQuerySet,
)
from indicators.states import Level, ScoreGroup


class Index(models.Model):
    """A published index such as PAPI or PAR INDEX."""

    code = models.CharField(_("ký hiệu"), max_length=20, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    publisher = models.CharField(_("cơ quan công bố"), max_length=200, blank=True)
    first_year = models.PositiveSmallIntegerField(_("năm đầu"), null=True, blank=True)

    class Meta:
        verbose_name = _("chỉ số")
        verbose_name_plural = _("chỉ số")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Edition(models.Model):
    """An index in one year, with the range its composite score can take.

    `structure` is equal for editions whose scores may be compared.
    """

    index = models.ForeignKey(Index, models.PROTECT, related_name="editions")
    year = models.PositiveSmallIntegerField(_("năm"))
    structure = models.CharField(_("cấu trúc"), max_length=20)
    score_min = models.DecimalField(_("điểm thấp nhất"), max_digits=7, decimal_places=4)
    score_max = models.DecimalField(_("điểm cao nhất"), max_digits=7, decimal_places=4)
    published_on = models.DateField(_("ngày công bố"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)
    provinces_on = models.DateField(
        _("địa giới ngày"),
        null=True,
        blank=True,
        help_text=_("Kỳ này tính cho các tỉnh có vào ngày đó; để trống: ngày 31/12 của năm."),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("kỳ công bố")
        verbose_name_plural = _("kỳ công bố")
        ordering: ClassVar = ["index", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["index", "year"], name="indicators_edition_unique"),
            models.CheckConstraint(
                condition=Q(score_max__gt=F("score_min")), name="indicators_edition_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.year}"

    @property
    def map_day(self) -> date:
        """The day whose provinces the edition scores: DTI 2024 counted those of July 2025."""
        return self.provinces_on or date(self.year, 12, 31)


class Component(models.Model):
    """A concept an index measures, whatever code an edition prints for it.

    Code 2.1 was lists of poor households until 2017 and is access to information since: only
    `stable_key` means one thing.
    """

    index = models.ForeignKey(Index, models.PROTECT, related_name="components")
    stable_key = models.CharField(_("khóa"), max_length=20)
    level = models.CharField(_("cấp"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        verbose_name = _("nội dung")
        verbose_name_plural = _("nội dung")
        ordering: ClassVar = ["index", "position", "stable_key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["index", "stable_key"], name="indicators_component_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stable_key} {self.name}"

    @property
    def label(self) -> str:
        """A dimension with its number, which no edition changed; a part by its name alone."""
        return f"{self.position}. {self.name}" if self.level == Level.DIMENSION else self.name


class EditionComponent(models.Model):
    """A component as one edition prints it: its code, its name and its range of scores."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="components")
    component = models.ForeignKey(Component, models.PROTECT, related_name="printed")
    code = models.CharField(_("mã"), max_length=10)
    name = models.CharField(_("tên trong kỳ"), max_length=200)
    score_min = models.DecimalField(_("điểm thấp nhất"), max_digits=7, decimal_places=4)
    score_max = models.DecimalField(_("điểm cao nhất"), max_digits=7, decimal_places=4)
    # Why the figures look as if measured anew since the edition before; empty if they do not.
    remeasured = models.CharField(_("đo khác kỳ trước"), max_length=300, blank=True)

    objects = EditionComponentQuerySet.as_manager()

    class Meta:
        verbose_name = _("nội dung trong kỳ")
        verbose_name_plural = _("nội dung trong kỳ")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "component"], name="indicators_printed_component_unique"
            ),
            models.UniqueConstraint(
                fields=["edition", "code"], name="indicators_printed_code_unique"
            ),
            models.CheckConstraint(
                condition=Q(score_max__gt=F("score_min")), name="indicators_printed_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Release(models.Model):
    """One imported file of scores; a correction is a new release (a trigger refuses changes)."""

    index = models.ForeignKey(Index, models.PROTECT, related_name="releases")
    source = models.CharField(_("nguồn"), max_length=300)
    file_name = models.CharField(_("tên tệp"), max_length=200)
    # Under a random name; what people download is named by `file_name`.
    file = models.FileField(_("tệp"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người nhập"),
    )
    imported_at = models.DateTimeField(_("nhập lúc"))
    score_count = models.PositiveIntegerField(_("số điểm"))
    # What the importer was asked and confirmed, one line each.
    doubts = models.TextField(_("điều đã xác nhận"), blank=True)

    class Meta:
        verbose_name = _("bản điểm")
        verbose_name_plural = _("bản điểm")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.index} {self.file_name}"


class Score(models.Model):
    """What a release says an edition gave a province for one component; never changed.

    `value` is a Decimal with four places on the component's own scale, None where the source
    has no figure; `as_printed` is the figure as the source prints it; group, rank and `rank_of`
    (of how many) are the published ones, never computed. What holds is `Score.objects.current()`.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="scores")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="scores")
    component = models.ForeignKey(Component, models.PROTECT, related_name="scores")
    province = models.ForeignKey(Province, models.PROTECT, related_name="scores")
    value = models.DecimalField(_("điểm"), max_digits=7, decimal_places=4, null=True, blank=True)
    as_printed = models.CharField(_("như công bố"), max_length=40, blank=True)
    group = models.CharField(_("nhóm"), max_length=12, choices=ScoreGroup, blank=True)
    rank = models.PositiveSmallIntegerField(_("thứ hạng"), null=True, blank=True)
    rank_of = models.PositiveSmallIntegerField(_("trên tổng số"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("điểm")
        verbose_name_plural = _("điểm")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "component", "province", "release"],
                name="indicators_score_once_a_release",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1), name="indicators_score_rank"
            ),
            models.CheckConstraint(
                condition=Q(rank_of__isnull=True) | Q(rank_of__gte=F("rank")),
                name="indicators_score_rank_of",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["province", "edition"], name="indicators_score_of_province")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.component_id} {self.province_id}: {self.value}"
