"""What a grid shows and says of one row: for the tasks of a plan and for those under review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from agencies.paging import int_key
from plans.grid import CELLS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agencies.request import PortalRequest
    from plans.grid import Reading

# Cells as columns of the table: name, heading, width class.
COLUMNS = (
    ("number", gettext_lazy("Số"), "w-n"),
    ("name", gettext_lazy("Nhiệm vụ"), "w-l"),
    ("dimensions", gettext_lazy("Nội dung PAPI"), "w-s"),
    ("lead", gettext_lazy("Chủ trì"), "w-m"),
    ("supporters", gettext_lazy("Phối hợp"), "w-m"),
    ("deadline", gettext_lazy("Thời hạn như trong văn bản"), "w-m"),
    ("product", gettext_lazy("Sản phẩm"), "w-m"),
)


def headings() -> dict[str, str]:
    """The cells of a row with what stands above them."""
    return {name: str(heading) for name, heading, _css_class in COLUMNS}


def shown_cells(values: Mapping[str, str], seen: Reading | None) -> list[dict[str, Any]]:
    """What the template of a row needs for each cell; `seen` None is the empty row."""
    return [
        {
            "name": name,
            "heading": heading,
            "css_class": css_class,
            "value": values.get(name, ""),
            "max_length": CELLS[name][1],
            "problem": (seen.refused.get(name) or seen.problems.get(name, "")) if seen else "",
            "question": seen.questions.get(name, "") if seen else "",
            "echo": seen.echoes.get(name, "") if seen else "",
            "members": seen.members if seen and name == "lead" else [],
            "offers": seen.offers.get(name, []) if seen else [],
        }
        for name, heading, css_class in COLUMNS
    ]


def meaning_json(seen: Reading) -> dict[str, Any]:
    """What the script puts under the cells of a row that was saved."""
    return {
        "problems": {**seen.problems, **seen.refused},
        "questions": seen.questions,
        "echoes": seen.echoes,
        "offers": seen.offers,
        "members": seen.members,
    }


def wants_json(request: PortalRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def sent_number(request: PortalRequest, name: str) -> int | None:
    """A key or a version that a form sent; None if it is none."""
    try:
        return int_key(request.POST.get(name, ""))
    except ValueError:
        return None


def not_saved(request: PortalRequest, message: str, status: int, *, back_url: str) -> HttpResponse:
    """Say why nothing was saved, with what was typed: nobody types it twice."""
    if wants_json(request):
        return JsonResponse({"message": message}, status=status)
    typed = [
        (heading, request.POST[name])
        for name, heading in headings().items()
        if name in request.POST
    ]
    context = {"message": message, "typed": typed, "back_url": back_url}
    return render(request, "plans/row_refused.html", context, status=status)


def refused(
    request: PortalRequest,
    why: Mapping[str, str],
    *,
    labels: Mapping[str, str] | None = None,
    back_url: str,
) -> HttpResponse:
    """Name each cell that cannot be kept, or each field, if `labels` of fields are given."""
    if wants_json(request):
        return JsonResponse({"refused": why}, status=422)
    known = labels or headings()
    lines = (f"{known[name]}: {told}" if name in known else told for name, told in why.items())
    return not_saved(request, "\n".join(lines), 422, back_url=back_url)


def conflict(
    request: PortalRequest,
    mine: Mapping[str, str],
    theirs: Mapping[str, str],
    *,
    message: str,
    version: int,
    boxes: tuple[str, ...],
    back_url: str,
) -> HttpResponse:
    """409 with both texts: of each cell what was typed and what another person saved.

    `boxes` are the boxes of the form, which keep their ticks.
    """
    if wants_json(request):
        answer = {"message": message, **differing(mine, theirs), "version": version}
        return JsonResponse(answer, status=409)
    context = {
        "rows": [
            {"name": name, "label": heading, "mine": mine[name], "theirs": theirs[name]}
            for name, heading in headings().items()
        ],
        "message": message,
        "version": version,
        "action": request.path,
        "kept": {name: "1" for name in boxes if request.POST.get(name)},
        "back_url": back_url,
    }
    return render(request, "plans/row_conflict.html", context, status=409)


def differing(mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What another person saved in the cells in which this one typed something else."""
    return {"theirs": {name: value for name, value in theirs.items() if value != mine[name]}}
