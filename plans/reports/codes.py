"""Codes printed on papers: short enough to type, too many to guess."""

from __future__ import annotations

import secrets

# Without 0 O 1 I L, which print alike. 30 letters, 10 places: 49 bits.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def draw() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))


def as_printed(code: str) -> str:
    """ABCDE-FGHJK."""
    return f"{code[:5]}-{code[5:]}"


def as_kept(typed: str) -> str:
    """The code that people typed in any case, with spaces or dashes; "" if it can be none."""
    code = "".join(letter for letter in typed.upper() if letter not in " -–.")
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""
