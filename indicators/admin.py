"""The administrator's plain tables of indices, editions, components and scores."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from import_export import resources
from import_export.admin import ImportExportModelAdmin

from indicators.models import Component, Edition, EditionComponent, Index, Score


class ScoreResource(resources.ModelResource):
    class Meta:
        model = Score
        import_id_fields = ("edition", "component", "province")
        fields: ClassVar = [
            "edition",
            "component",
            "province",
            "value",
            "as_printed",
            "group",
            "rank",
            "source",
        ]


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


@admin.register(Component)
class ComponentAdmin(admin.ModelAdmin):
    list_display = ("stable_key", "name", "level", "index", "position")
    list_filter = ("index", "level")
    list_select_related = ("index",)
    search_fields = ("stable_key", "name")
    autocomplete_fields = ("parent",)


@admin.register(Score)
class ScoreAdmin(ImportExportModelAdmin):
    resource_classes: ClassVar = [ScoreResource]
    list_display = ("edition", "component", "province", "value", "group", "rank")
    list_filter = ("edition", "group")
    list_select_related = ("edition__index", "component", "province")
    search_fields = ("province__name", "component__stable_key")
    autocomplete_fields = ("edition", "component", "province")
