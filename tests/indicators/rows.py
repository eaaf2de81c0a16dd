"""Made-up results for the arithmetic of targets: small enough to reckon with a pencil."""

from decimal import Decimal

from indicators.panel import WHOLE, Panel, Results


def made_results(year, scores, *, structure="S", score_max="80", population=None, **fields):
    """Results of provinces 1, 2, 3 … in the order of `scores`; None is a missing score."""
    given = {key: Decimal(str(s)) for key, s in enumerate(scores, 1) if s is not None}
    return Results(year, structure, Decimal(score_max), given, population or len(scores), **fields)


def made_panel(*results, component=WHOLE):
    return Panel({component: {row.year: row for row in results}})
