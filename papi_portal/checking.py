"""What must hold in the database and on the disk at any time, whatever has broken meanwhile.

Each app brings its own rules in a module `invariants`: CHECKS, a function for each rule, which
takes the moment and whether it has to be quick, and yields a line for each breach.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.module_loading import module_has_submodule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    Checks = Mapping[str, Callable[[datetime, bool], Iterator[str]]]


@dataclass(frozen=True)
class Breach:
    """Which rule does not hold, and where."""

    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"


def all_checks() -> Iterator[Checks]:
    """The rules of every app that has some."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "invariants"):
            yield import_module(f"{config.name}.invariants").CHECKS


def breaches(now: datetime, *, is_quick: bool) -> Iterator[Breach]:
    """All that does not hold; `is_quick` leaves out reading every file that people gave."""
    for checks in all_checks():
        for rule, check in checks.items():
            for text in check(now, is_quick):
                yield Breach(rule, text)
