"""What a browser loads for the dashboard: the page alone, and all of a first visit."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import brotli
from django.conf import settings
from django.urls import reverse

from tests.bench import data, measure
from tests.bench.pages import Visit

LINKED = re.compile(r'<(?:link|script|img|use)\b[^>]*?\b(?:href|src)="([^"#]+)')
IN_CSS = re.compile(r"""url\(["']?([^"')]+)""")
KINDS = {".css": "CSS", ".js": "JavaScript", ".woff2": "fonts", ".svg": "icons"}


def measure_weight(today: date) -> None:
    url = reverse("plans:overview")
    html = Visit("/tong-quan/", "leader", url, data.demo().leader).client().get(url).content
    rows: list[tuple[str, ...]] = [("page", "1", *_sizes(html))]
    files: dict[str, list[Path]] = {}
    for path in sorted(_files_of(html.decode(), url)):
        files.setdefault(KINDS.get(path.suffix, path.suffix), []).append(path)
    totals = [len(html), len(gzip.compress(html)), len(brotli.compress(html, quality=5))]
    for kind, paths in files.items():
        sizes = [sum(column) for column in zip(*map(_served, paths), strict=True)]
        totals = [total + size for total, size in zip(totals, sizes, strict=True)]
        rows.append((kind, str(len(paths)), *map(_kb, sizes)))
    rows.append(("first visit", str(1 + sum(map(len, files.values()))), *map(_kb, totals)))
    measure.say("### Weight of the dashboard, KB")
    measure.say()
    measure.table(("what", "files", "raw", "gzip", "brotli"), rows)


def _sizes(content: bytes) -> tuple[str, str, str]:
    packed = len(gzip.compress(content)), len(brotli.compress(content, quality=5))
    return _kb(len(content)), _kb(packed[0]), _kb(packed[1])


def _files_of(html: str, url: str) -> set[Path]:
    """The static files the page names, and those their style sheets name."""
    found = {_path(urljoin(url, name)) for name in LINKED.findall(html)}
    paths = {path for path in found if path is not None}
    for sheet in [path for path in paths if path.suffix == ".css"]:
        named = IN_CSS.findall(sheet.read_text())
        paths |= {sheet.parent.joinpath(name).resolve() for name in named if ":" not in name}
    return paths


def _path(address: str) -> Path | None:
    path = unquote(urlsplit(address).path)
    if not path.startswith(settings.STATIC_URL):
        return None
    return (Path(settings.STATIC_ROOT) / path.removeprefix(settings.STATIC_URL)).resolve()


def _served(path: Path) -> tuple[int, int, int]:
    """Size as it is and as WhiteNoise serves it to browsers that take gzip or brotli."""
    raw = path.stat().st_size
    packed = (path.with_name(f"{path.name}{end}") for end in (".gz", ".br"))
    gz, br = (each.stat().st_size if each.exists() else raw for each in packed)
    return raw, gz, br


def _kb(size: float) -> str:
    return f"{size / 1024:.1f}"
