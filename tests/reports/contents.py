"""The frozen content around figures, as it is made when a report is built."""

import json

from plans.reports.content import FORM, TEMPLATE, canonical
from plans.reports.kinds import KINDS
from plans.reports.letterhead import letterhead
from plans.reports.states import Stage


def content_of(scope, now, *, texts=None, stage=Stage.DRAFT, issue=None, **parts):
    """What compose gets: the figures of `scope` in their envelope, as read back from JSON."""
    figures = KINDS[scope.kind].read(scope, now)
    content = {
        "form": FORM,
        "template": TEMPLATE,
        "kind": scope.kind.value,
        "stage": stage.value,
        "period": {
            "code": scope.period.code,
            "label": scope.period.label,
            "first": scope.period.first.isoformat(),
            "last": scope.period.last.isoformat(),
        },
        "as_of": figures["as_of"],
        "head": letterhead(scope, now.year),
        "issue": issue,
        "seal": {"code": "ABCD-2345", "address": "https://papi.example/xac-minh/ABCD-2345/"},
        "supersedes": "",
        "is_illustrative": bool(scope.plan and scope.plan.is_illustrative),
        "texts": texts or {},
        "figures": figures,
        **parts,
    }
    return json.loads(canonical(content))


def paper_of(scope, now, **parts):
    return KINDS[scope.kind].compose(content_of(scope, now, **parts))


def words_of(paper):
    """Everything a reader of the body and the appendices meets, in order."""
    found = []
    for block in [*paper.body, *(block for part in paper.appendices for block in part.blocks)]:
        if hasattr(block, "columns"):
            found += [block.caption, block.unit]
            found += [column.title for column in block.columns]
            found += [
                part for row in block.rows for cell in row.cells for part in (cell.text, cell.note)
            ]
            found.append(block.note)
        elif hasattr(block, "svg"):
            found.append(block.caption)
        else:
            found.append(block.text)
    return [words for words in found if words]
