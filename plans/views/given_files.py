"""Files that people gave, always as a download: what they contain is a stranger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from plans import access

if TYPE_CHECKING:
    from agencies.request import PortalRequest
    from plans.models import Evidence, Reading


@require_safe
def evidence(request: PortalRequest, pk: int) -> FileResponse:
    row = access.readable_evidence(request.user, pk)
    return _download(row, row.content_type)


@require_safe
def reading_file(request: PortalRequest, pk: int) -> FileResponse:
    """The document as it was given."""
    return _download(access.readable_reading(request.user, pk), "application/octet-stream")


def _download(row: Evidence | Reading, content_type: str) -> FileResponse:
    """404 for a row without a file, or whose file is gone."""
    if not row.file:
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=row.file_name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
