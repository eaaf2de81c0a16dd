"""Imports go one way: between the rooms of the project, and down the modules of one app."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = "papi_portal.text"
# What every app's own template tags may build on: how a date, a number, a picture is written.
TAGS = "papi_portal.templatetags"
# Spreadsheets in and out, and the process apart in which files of strangers are opened.
SHEETS = "papi_portal.sheets"
CONFINEMENT = "papi_portal.confinement"
CACHING = "papi_portal.caching"
# What finds the rules of all apps and runs them.
CHECKING = "papi_portal.checking"
MAY_IMPORT = {
    "papi_portal": {CHECKING},
    TEXT: set(),
    TAGS: {TEXT},
    CONFINEMENT: set(),
    CACHING: set(),
    CHECKING: set(),
    SHEETS: {TEXT, CONFINEMENT},
    "agencies": {TEXT, TAGS, SHEETS},
    "indicators": {TEXT, TAGS, SHEETS, "agencies"},
    "plans": {TEXT, TAGS, SHEETS, "agencies", "indicators", "plans.reader"},
    "plans.reader": {TEXT, CONFINEMENT},
    "plans.reminders": {TEXT, TAGS, CACHING, CHECKING, "agencies", "indicators", "plans"},
    "plans.reports": {
        *(TEXT, TAGS, CACHING, SHEETS, CONFINEMENT),
        *("agencies", "indicators", "plans", "plans.reminders"),
    },
}
# A module imports only from those before it. What is not named here has no fixed place.
ORDER = ["states", "querysets", "models", "workflow", "access", "services", "forms", "jobs"]
ORDER += ["views", "urls", "admin", "apps", "templatetags", "management"]


def room_of(module: str) -> str | None:
    """The innermost room a dotted module name lies in."""
    parts = module.split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((name for name in names if name in MAY_IMPORT), None)


def place_of(module: str) -> int | None:
    """The place of a module in the order of its app."""
    room = room_of(module)
    assert room is not None
    rest = module[len(room) + 1 :].split(".")[0]
    return ORDER.index(rest) if rest in ORDER else None


def modules() -> Iterator[tuple[str, Path]]:
    for folder in ("agencies", "indicators", "papi_portal", "plans"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts:
                continue
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def imports(module: str, path: Path, *, at_start_only: bool = False) -> Iterator[tuple[int, str]]:
    """Every module of ours that `module` imports at run time, with the line."""
    tree = ast.parse(path.read_text())
    passed_over = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    if at_start_only:
        passed_over |= {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            for inner in ast.walk(node)
        }
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if node in passed_over:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            inner = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if is_module(name) else base for name in inner]
        else:
            continue
        yield from ((node.lineno, name) for name in names if room_of(name))


def test_rooms_import_only_what_the_design_allows():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for module, path in modules()
        for line, name in imports(module, path)
        if room_of(name) != room_of(module) and room_of(name) not in MAY_IMPORT[room_of(module)]
    ]
    assert wrong == []


def test_modules_of_an_app_import_only_from_those_above_them():
    """A queryset may reach for its models inside a method: a subquery has no other way to them."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for module, path in modules()
        for line, name in imports(module, path, at_start_only="querysets" in module.split("."))
        if room_of(name) == room_of(module)
        and place_of(name) is not None
        and place_of(module) is not None
        and place_of(name) > place_of(module)
    ]
    assert wrong == []


def test_no_module_has_a_name_that_says_nothing():
    banned = {"utils", "helpers", "common", "managers", "signals"}
    wrong = [module for module, _path in modules() if module.rpartition(".")[2] in banned]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from plans.models import Plan", ["plans.models"]),
        ("def late():\n    import plans.reports.jobs", ["plans.reports.jobs"]),
        ("from . import models", ["agencies.models"]),
        ("if TYPE_CHECKING:\n    from plans.models import Plan", []),
        ("import django", []),
    ],
)
def test_imports_are_found_wherever_they_stand(tmp_path, code, found):
    path = tmp_path / "models.py"
    path.write_text(code)
    assert [name for _line, name in imports("agencies.models", path)] == found
