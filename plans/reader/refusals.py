"""Why the reader does not read a file, in one line for the person who gave it."""


class ReaderRefusedError(Exception):
    """The file is not read; `message` says in one line why and what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
