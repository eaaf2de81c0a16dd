"""The process that lays out papers and nothing else: HTML comes in, objects of a PDF go out.

python -m plans.reports.printing.child

An order is a line of JSON, followed by as many bytes as its "size" says; so is an answer.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from papi_portal import confinement
from plans.reports.printing.packing import Shift, pack

MEMORY = 900 * confinement.MEGABYTE
# Of the whole life of the process.
CPU_SECONDS = 900


def main(orders: BinaryIO, answers: BinaryIO) -> int:
    # Imported here: what cannot be found ends this process and no other.
    from plans.reports.printing import layout

    prepared: layout.Prepared | None = None
    laid: layout.Laid | None = None
    for line in orders:
        order = json.loads(line)
        match order["do"]:
            case "prepare":
                prepared = laid = None
                prepared = layout.prepare(orders.read(order["size"]).decode())
            case "lay_out" if prepared:
                laid = layout.lay_out(
                    prepared, order["first"], order["first_page"], is_last=order["is_last"]
                )
                _answer(answers, pages=len(laid.document.pages), following=laid.following)
            case "draw" if laid:
                bookmarks = layout.bookmarks(laid.document)
                place = layout.signature_place(laid.document)
                shift = Shift(order["objects"], order["keys"])
                packed = asdict(pack(layout.draw(laid.document), shift, is_first=order["is_first"]))
                prepared = laid = None
                data: bytes = packed.pop("data")
                _answer(
                    answers,
                    data,
                    packed=packed,
                    bookmarks=bookmarks,
                    signature=place,
                )
    return 0


def _answer(answers: BinaryIO, data: bytes = b"", **told: Any) -> None:
    answers.write(json.dumps({**told, "size": len(data)}).encode() + b"\n" + data)
    answers.flush()


if __name__ == "__main__":
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    confinement.confine(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))
