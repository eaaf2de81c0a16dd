"""A column that keeps other columns of the row in the folded form that search compares with."""

from typing import Any

from django.db import models

from papi_portal.text import fold


class FoldedField(models.TextField):
    """Text of `sources`, folded (no marks, đ to d, lower case) whenever the row is saved.

    `save(update_fields=...)` must name this column when it names one of the sources.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        parts = (getattr(model_instance, source, "") or "" for source in self.sources)
        folded = fold(" ".join(str(part) for part in parts))
        setattr(model_instance, self.attname, folded)
        return folded
