"""What every view that takes a form does: once, with files before rows, and never a 500."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from plans import evidence, submissions, workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agencies.models import User
    from agencies.request import PortalRequest
    from plans.forms import EvidenceForm, OnceForm


def send(
    request: PortalRequest, form: OnceForm, act: Callable[[], str], *, by: User | None = None
) -> str | None:
    """Do `act` once for this form; return where to go, None if the rules refused.

    What the rules say is put on the form, so that the page can show it beside what was typed.
    The form is that of `by`, if it is not whoever is signed in.
    """
    try:
        return submissions.once(
            by or request.user,
            # A page shows one form for many rows: its token counts once for each address.
            uuid5(form.cleaned_data["token"], request.path),
            submissions.digest_of(request.POST, request.FILES),
            now=timezone.now(),
            act=act,
        )
    except workflow.StaleError:
        raise
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
    except submissions.SentDifferentlyError:
        form.add_error(
            None, _("Biểu mẫu này đã được gửi với nội dung khác: hãy tải lại trang rồi gửi lại.")
        )
    return None


def sent_before(request: PortalRequest, *, by: User | None = None) -> str:
    """Where this form led when it was sent before, for forms that what they wrote makes invalid.

    A number, for one, is taken once the plan is there: the second copy is not to be told so.
    """
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        return ""
    digest = submissions.digest_of(request.POST, request.FILES)
    return submissions.answer_of(by or request.user, uuid5(token, request.path), digest)


def send_with_evidence(
    request: PortalRequest,
    form: EvidenceForm,
    act: Callable[[Sequence[workflow.NewEvidence]], str],
    *,
    by: User | None = None,
) -> str | None:
    """As `send`, with the form's file stored first; it is taken back if nothing was written."""
    upload = form.cleaned_data.get("file")
    number = form.cleaned_data.get("document_number", "")
    stored: list[workflow.NewEvidence] = []
    was_written = False

    def write() -> str:
        nonlocal was_written
        url = act(stored)
        was_written = True
        return url

    if upload:
        stored.append(evidence.store(upload, upload.evidence_type, number))
    elif number:
        stored.append(workflow.NewEvidence(document_number=number))
    try:
        return send(request, form, write, by=by)
    finally:
        if not was_written:
            for item in stored:
                evidence.discard(item)
