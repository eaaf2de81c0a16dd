"""Provinces, agencies and groups with their dates; people and the posts they hold."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.fields import FoldedField
from agencies.querysets import (
    AgencyGroupQuerySet,
    AgencyQuerySet,
    MembershipQuerySet,
    ProvinceQuerySet,
)
from agencies.states import AgencyKind, ProvinceKind, Role, SuccessionKind


class Province(models.Model):
    """A province or centrally run city between two dates.

    Its statistics code was given to another province in 2025 (15 was Yên Bái, is Lào Cai), so
    a row is a name, a code and dates; nothing is keyed by code alone.
    """

    code = models.CharField(_("mã thống kê"), max_length=2)
    name = models.CharField(_("tên"), max_length=60)
    kind = models.CharField(_("loại"), max_length=10, choices=ProvinceKind)
    region = models.CharField(_("vùng"), max_length=60, blank=True)
    valid_from = models.DateField(_("có từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    sort_text = models.CharField(max_length=120, default="", editable=False)

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        verbose_name = _("tỉnh, thành phố")
        verbose_name_plural = _("tỉnh, thành phố")
        ordering: ClassVar = ["sort_text", "valid_from"]
        constraints: ClassVar = [
            # Tuyên Quang grew in 2025 and kept its code and its name.
            models.UniqueConstraint(
                fields=["code", "name", "kind", "valid_from"], name="agencies_province_unique"
            ),
            # NULL never equals NULL in a unique index, so an open beginning needs its own.
            models.UniqueConstraint(
                fields=["code", "name", "kind"],
                condition=Q(valid_from__isnull=True),
                name="agencies_province_unique_since_ever",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="agencies_province_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class Agency(models.Model):
    """A body that can be given work, between two dates, in one province."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="agencies")
    name = models.CharField(_("tên"), max_length=200)
    short_name = models.CharField(_("tên ngắn"), max_length=80, blank=True)
    code = models.CharField(
        _("ký hiệu"), max_length=20, blank=True, help_text=_("Như trong số văn bản: SNV, STTTT.")
    )
    kind = models.CharField(_("loại"), max_length=12, choices=AgencyKind)
    gso_code = models.CharField(_("mã thống kê"), max_length=5, blank=True)
    is_requested = models.BooleanField(
        _("chỉ đề nghị"),
        default=False,
        help_text=_("Mặt trận, Tòa án, cơ quan Đảng: được đề nghị, không bị nêu tên quá hạn."),
    )
    valid_from = models.DateField(_("có từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    # Filled by services.save_agency: every form of the name people type, folded.
    search_text = models.TextField(default="", editable=False)
    sort_text = models.CharField(max_length=400, default="", editable=False)

    objects = AgencyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        ordering: ClassVar = ["sort_text", "pk"]
        constraints: ClassVar = [
            # A commune and a ward of one province may bear one name; their codes differ.
            models.UniqueConstraint(
                fields=["province", "name", "gso_code", "valid_from"],
                name="agencies_agency_unique",
            ),
            # NULL never equals NULL in a unique index, so an open beginning needs its own.
            models.UniqueConstraint(
                fields=["province", "name", "gso_code"],
                condition=Q(valid_from__isnull=True),
                name="agencies_agency_unique_since_ever",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="agencies_agency_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("agencies:agency", args=[self.pk])

    @property
    def label(self) -> str:
        """The short name where there is one: what fits into a table."""
        return self.short_name or self.name


class AgencyAlias(models.Model):
    """Another way in which documents write the name of an agency."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="aliases")
    name = models.CharField(_("tên khác"), max_length=200)

    class Meta:
        verbose_name = _("tên khác")
        verbose_name_plural = _("tên khác")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "name"], name="agencies_alias_unique")
        ]

    def __str__(self) -> str:
        return self.name


class AgencyGroup(models.Model):
    """A phrase that stands for many agencies: "các sở, ban, ngành", "UBND các xã, phường"."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="agency_groups")
    name = models.CharField(_("tên nhóm"), max_length=200)
    phrases = models.TextField(
        _("cách viết khác"), blank=True, help_text=_("Mỗi dòng một cách viết.")
    )
    members = models.ManyToManyField(Agency, related_name="groups", verbose_name=_("thành viên"))
    search_text = FoldedField(sources=("name", "phrases"))

    objects = AgencyGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhóm cơ quan")
        verbose_name_plural = _("nhóm cơ quan")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["province", "name"], name="agencies_group_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """What became of provinces or agencies on one day, and on what legal ground."""

    kind = models.CharField(_("hình thức"), max_length=10, choices=SuccessionKind)
    happened_on = models.DateField(_("từ ngày"))
    ground = models.CharField(_("căn cứ pháp lý"), max_length=300)
    old_provinces = models.ManyToManyField(Province, related_name="successions_from", blank=True)
    new_provinces = models.ManyToManyField(Province, related_name="successions_to", blank=True)
    old_agencies = models.ManyToManyField(Agency, related_name="successions_from", blank=True)
    new_agencies = models.ManyToManyField(Agency, related_name="successions_to", blank=True)

    class Meta:
        verbose_name = _("kế thừa")
        verbose_name_plural = _("kế thừa")
        ordering: ClassVar = ["happened_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on:%d/%m/%Y}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; the address is kept in lower case, so that it is unique."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make the administrator of the whole installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What the person may do comes from the posts held, not from the account."""

    email = models.EmailField(_("thư điện tử"), unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=100)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    is_staff = models.BooleanField(_("vào trang quản trị"), default=False)
    must_change_password = models.BooleanField(_("phải đổi mật khẩu"), default=False)
    date_joined = models.DateTimeField(_("tạo lúc"), default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="agencies_user_email_unique")
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class Membership(models.Model):
    """A post: what a user is in an agency, from a day, perhaps until a day.

    Work belongs to the agency, so nothing is assigned anew when the head changes.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(_("vai trò"), max_length=15, choices=Role)
    title = models.CharField(_("chức vụ"), max_length=100, blank=True)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("chức vụ")
        verbose_name_plural = _("chức vụ")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=Q(ends_on__isnull=True),
                name="agencies_membership_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="agencies_membership_dates_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "role"], name="agencies_membership_agency")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.title or self.get_role_display()}, {self.agency}"
