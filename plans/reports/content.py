"""The frozen content of a report: one canonical JSON text and its fingerprint.

The content holds everything that is printed, every label resolved:

- `form`, `template`: numbers of the shape of this JSON and of the layout that prints it;
- `kind`, `stage`: values of `ReportKind` and `Stage`;
- `period`: `code`, `label`, `first`, `last`; `as_of`: the day of the figures (days are ISO);
- `head`: see `letterhead.Letterhead`;
- `issue`: `number` ("12/BC-SNV"), `day`, `signer` of the signed paper, or null;
- `seal`: `code` and `address` of the page that verifies the paper;
- `supersedes`: the paper that this one corrects, in words, or "";
- `is_illustrative`: whether the plan was made up;
- `texts`: by section of the kind, what was written in the portal, one paragraph per line;
- `figures`: of the kind, see its module in plans.reports.kinds.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

FORM = 2
TEMPLATE = 3

Content = dict[str, Any]


class ContentError(Exception):
    """There is nothing to report; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def canonical(content: Content) -> str:
    """The one JSON text of this content: sorted keys, no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
