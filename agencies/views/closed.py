"""The answer of pages that the portal does not have."""

from typing import Any, NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest


@login_not_required
def not_here(request: HttpRequest, **kwargs: Any) -> NoReturn:
    raise Http404
