"""The administrator's plain tables of provinces, agencies, people and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.utils.translation import gettext_lazy as _
from import_export import resources
from import_export.admin import ExportActionModelAdmin
from simple_history.admin import SimpleHistoryAdmin

from agencies.export_formats import SafeCsv, SafeXlsx
from agencies.models import (
    Agency,
    AgencyAlias,
    AgencyGroup,
    Membership,
    Province,
    Succession,
    User,
)
from agencies.services import save_agency

if TYPE_CHECKING:
    from django.forms import ModelForm
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """A table to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AgencyResource(resources.ModelResource):
    class Meta:
        model = Agency
        fields: ClassVar = [
            "id",
            "province__name",
            "name",
            "short_name",
            "code",
            "kind",
            "gso_code",
            "is_requested",
            "valid_from",
            "valid_to",
        ]


class AliasInline(admin.TabularInline):
    model = AgencyAlias
    extra = 0


@admin.register(Province)
class ProvinceAdmin(admin.ModelAdmin):
    list_display = ("name", "code", "kind", "region", "valid_from", "valid_to")
    list_filter = ("kind", "region")
    search_fields = ("name", "code")


@admin.register(Agency)
class AgencyAdmin(ExportActionModelAdmin, SimpleHistoryAdmin):
    resource_classes: ClassVar = [AgencyResource]
    formats: ClassVar = [SafeXlsx, SafeCsv]
    list_display = ("name", "code", "kind", "province", "valid_from", "valid_to")
    list_filter = ("kind", "is_requested")
    list_select_related = ("province",)
    search_fields = ("name", "code", "search_text")
    autocomplete_fields = ("province",)
    inlines = (AliasInline,)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """Aliases are saved by now, so the search column can name them all."""
        super().save_related(request, form, formsets, change)
        save_agency(form.instance)


@admin.register(AgencyGroup)
class AgencyGroupAdmin(admin.ModelAdmin):
    list_display = ("name", "province")
    list_select_related = ("province",)
    search_fields = ("name",)
    autocomplete_fields = ("province", "members")


@admin.register(Succession)
class SuccessionAdmin(admin.ModelAdmin):
    list_display = ("happened_on", "kind", "ground")
    list_filter = ("kind", "happened_on")
    autocomplete_fields = ("old_provinces", "new_provinces", "old_agencies", "new_agencies")


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    ordering = ("email",)
    list_display = ("email", "full_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "full_name")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name", "phone")}),
        (
            _("Quyền"),
            {"fields": ("is_active", "is_staff", "is_superuser", "must_change_password")},
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "full_name", "usable_password", "password1", "password2"),
            },
        ),
    )


@admin.register(Membership)
class MembershipAdmin(SimpleHistoryAdmin):
    list_display = ("user", "role", "title", "agency", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "agency")
    search_fields = ("user__email", "user__full_name", "agency__name")
    autocomplete_fields = ("user", "agency")
