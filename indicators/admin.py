"""The administrator's plain tables of indices, editions, components and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from agencies.admin import ReadOnlyAdmin
from indicators.editions import copy_to_next_year
from indicators.models import Component, Edition, EditionComponent, Index, Release, Score

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Index)
class IndexAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "publisher", "first_year")
    search_fields = ("code", "name")


class EditionComponentInline(admin.TabularInline):
    model = EditionComponent
    extra = 0
    autocomplete_fields = ("component",)


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ("index", "year", "structure", "score_min", "score_max", "published_on")
    list_filter = ("index",)
    list_select_related = ("index",)
    search_fields = ("index__code", "year")
    inlines = (EditionComponentInline,)
    actions = ("copy_to_next_year",)

    @admin.action(description=_("Chép thành kỳ năm sau, để sửa theo báo cáo"), permissions=["add"])
    def copy_to_next_year(self, request: HttpRequest, editions: QuerySet[Edition]) -> None:
        for edition in editions.select_related("index"):
            copy = copy_to_next_year(edition)
            values = {"index": edition.index, "year": edition.year + 1}
            if copy is None:
                message = _("Kỳ %(index)s %(year)s đã có, không chép đè.")
                self.message_user(request, message % values, messages.WARNING)
                continue
            message = _(
                "Đã chép thành kỳ %(index)s %(year)s. Hãy mở kỳ ấy, đối chiếu từng mã và thang "
                "điểm với báo cáo; chỉ ghi cấu trúc giống kỳ trước khi báo cáo cho so sánh hai kỳ."
            )
            self.message_user(request, message % values)


@admin.register(Component)
class ComponentAdmin(admin.ModelAdmin):
    list_display = ("stable_key", "name", "level", "index", "position")
    list_filter = ("index", "level")
    list_select_related = ("index",)
    search_fields = ("stable_key", "name")
    autocomplete_fields = ("parent",)


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "index", "source", "score_count", "imported_by", "imported_at")
    list_filter = ("index",)
    list_select_related = ("index", "imported_by")
    search_fields = ("file_name", "source", "sha256")


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ("edition", "component", "province", "value", "group", "rank", "release")
    list_filter = ("edition", "group")
    list_select_related = ("edition__index", "component", "province", "release__index")
    search_fields = ("province__name", "component__stable_key")
