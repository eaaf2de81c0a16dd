"""Office files whose bytes depend on what is in them alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The first moment that a zip file can name.
NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
# What XML 1.0 has no way to write, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class FixedZip(ZipFile):
    """A zip file to be written: no entry carries a time or the rights of a file on this machine."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)

    def open(self, name: Any, *args: Any, **options: Any) -> Any:
        # All ways to write an entry come through here.
        entry = name if isinstance(name, ZipInfo) else ZipInfo(name)
        entry.date_time = NO_TIME.timetuple()[:6]
        entry.external_attr, entry.create_system = 0o600 << 16, 3
        entry.compress_type = ZIP_DEFLATED
        return super().open(entry, *args, **options)


def xml_text(text: str) -> str:
    """The text without the characters that no XML file may hold."""
    return _NOT_XML.sub("", text)
