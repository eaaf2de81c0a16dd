"""Begin a new edition from the one before: what a report changes is then edited by hand."""

from __future__ import annotations

from django.db import transaction

from indicators.models import Edition, EditionComponent


@transaction.atomic
def copy_to_next_year(edition: Edition) -> Edition | None:
    """The edition of the next year with the same components; None if there is one already.

    It has a structure of its own, the year: nothing is compared over the two until somebody has
    read the report and written the structure of the old one there.
    """
    year = edition.year + 1
    copy, is_new = Edition.objects.get_or_create(
        index=edition.index,
        year=year,
        defaults={
            "structure": str(year),
            "score_min": edition.score_min,
            "score_max": edition.score_max,
        },
    )
    if not is_new:
        return None
    EditionComponent.objects.bulk_create(
        EditionComponent(
            edition=copy,
            component=row.component,
            code=row.code,
            name=row.name,
            score_min=row.score_min,
            score_max=row.score_max,
        )
        for row in edition.components.select_related("component")
    )
    return copy
