"""Writing the paragraphs of a report beside the sentences that its figures say themselves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans.reports import access, jobs
from plans.reports.content import FORM
from plans.reports.forms import TextsForm
from plans.reports.kinds import KINDS
from plans.reports.services import ReportError, StaleError
from plans.reports.services import texts as services
from plans.reports.states import ReportKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agencies.models import User
    from agencies.request import PortalRequest
    from plans.reports.models import Report

# A button that puts a sentence into a text: its value is "section:place".
INSERT = "insert"


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.changeable_report(request.user, pk)
    sections = KINDS[ReportKind(row.kind)].sections
    offered = _offered(row)
    if request.method != "POST":
        return _page(request, row, TextsForm(initial=_initial(row), sections=sections), offered)
    if INSERT in request.POST:
        # Nothing is saved: what was typed comes back with the sentence behind it.
        typed = _with_sentence(request, offered)
        return _page(request, row, TextsForm(typed, sections=sections), offered)

    form = TextsForm(request.POST, sections=sections)
    if not form.is_valid():
        return _page(request, row, form, offered, status=422)
    try:
        is_new = _save(row, form, by=request.user)
    except StaleError as error:
        return _conflict(request, error.current, form, offered)
    except ReportError as error:
        form.add_error(None, error.message)
        return _page(request, row, form, offered, status=422)
    row.refresh_from_db()
    if is_new:
        jobs.wake(row)
        messages.success(request, _("Đã lưu phần tự viết, đang lập lại các tệp."))
    else:
        messages.success(request, _("Phần tự viết không có gì mới nên các tệp giữ nguyên."))
    return redirect(row)


def _save(row: Report, form: TextsForm, *, by: User) -> bool:
    """Two who write in different sections do not disturb each other."""
    save = partial(services.save, row, now=timezone.now(), by=by)
    try:
        return save(form.texts(), version=form.cleaned_data["version"])
    except StaleError as error:
        current = error.current
        if form.disputed(current.texts):
            raise
        merged = {**current.texts, **form.mine()}
        return save(merged, version=current.version)


def _initial(row: Report) -> dict[str, Any]:
    return {**row.texts, "version": row.version}


def _offered(row: Report) -> dict[str, list[tuple[str, str]]]:
    """By section, sentences to insert, each with where it comes from."""
    frozen = row.snapshot.data() if row.snapshot else {}
    offered = {
        key: [(sentence, _("Theo số liệu")) for sentence in sentences]
        for key, sentences in suggested(row, frozen).items()
    }
    for key, text in services.of_the_time_before(row).items():
        if text not in row.texts.get(key, ""):
            offered.setdefault(key, []).append((text, _("Báo cáo trước viết")))
    return offered


def suggested(row: Report, frozen: dict[str, Any]) -> Mapping[str, list[str]]:
    """By section, what the frozen figures say themselves; nothing before there are any."""
    if frozen.get("form") != FORM:
        return {}
    return KINDS[ReportKind(row.kind)].suggest(frozen)


def _with_sentence(
    request: PortalRequest, offered: Mapping[str, list[tuple[str, str]]]
) -> dict[str, Any]:
    """What was typed, with the chosen sentence on a line of its own behind its section's text."""
    typed: dict[str, Any] = {key: request.POST[key] for key in request.POST}
    key, _colon, place = request.POST[INSERT].partition(":")
    places = enumerate(sentence for sentence, _source in offered.get(key, ()))
    chosen = {str(number): sentence for number, sentence in places}.get(place)
    text = typed.get(key, "").replace("\r\n", "\n").rstrip()
    if chosen and chosen not in text:
        typed[key] = f"{text}\n{chosen}".lstrip()
    return typed


def _conflict(
    request: PortalRequest,
    current: Report,
    form: TextsForm,
    offered: Mapping[str, list[tuple[str, str]]],
) -> HttpResponse:
    """409 with both texts; sent once more, this person's own is kept."""
    theirs = {key: current.texts.get(key, "") for key in form.texts()}
    rows = [
        {"label": form.fields[key].label, "mine": text, "theirs": theirs[key]}
        for key, text in form.disputed(theirs).items()
    ]
    before = {form.add_initial_prefix(key): text for key, text in theirs.items()}
    typed = {**theirs, **form.mine(), **before, "version": str(current.version)}
    again = TextsForm(typed, sections=KINDS[ReportKind(current.kind)].sections)
    return _page(request, current, again, offered, status=409, conflict=rows)


def _page(
    request: PortalRequest,
    row: Report,
    form: TextsForm,
    offered: Mapping[str, list[tuple[str, str]]],
    *,
    status: int = 200,
    conflict: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    sections = KINDS[ReportKind(row.kind)].sections
    context = {
        "report": row,
        "form": form,
        "sections": [(form[section.key], offered.get(section.key, [])) for section in sections],
        "conflict": conflict,
        # Saved by a command or before names were kept, nobody is named.
        "conflict_by": row.texts_by if conflict else None,
    }
    return render(request, "reports/texts.html", context, status=status)
