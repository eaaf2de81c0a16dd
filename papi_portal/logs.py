"""Keeps out of the log what opens something to whoever reads it."""

import logging
import re

# A long part of an address is a token: of a calendar, of a link in a letter, of a lost password.
_TOKEN = re.compile(r"(?<=/)[\w:.=-]{40,}")


class SecretsFormatter(logging.Formatter):
    """Shortens every token in an address, such as that of a page that was not found."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("…", super().format(record))
