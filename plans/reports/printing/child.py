"""The process that lays out papers and nothing else: HTML comes in, objects of a PDF go out.

python -m plans.reports.printing.child

An order is a line of JSON, followed by as many bytes as its "size" says; so is an answer.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import sys
import traceback
from dataclasses import asdict
from typing import Any, BinaryIO

from papi_portal import confinement
from plans.reports.printing import layout
from plans.reports.printing.packing import Shift, pack

MEMORY = 900 * confinement.MEGABYTE
# For one part, which takes some seconds.
CPU_SECONDS = 180
DRAWN, FAILED, ENDED = range(3)


def main(orders: BinaryIO, answers: BinaryIO) -> int:
    """Each part has a process of its own, which begins with all modules read.

    So no part leaves anything behind, and looking for garbage, a quarter of the time, is not
    needed: what a part takes goes back with its process.
    """
    gc.disable()
    gc.freeze()
    while True:
        ended, end = os.pipe()
        process = os.fork()
        if process == 0:
            os._exit(print_part(orders, answers))
        os.close(end)
        if not _ends_by_itself(ended, orders):
            os.kill(process, signal.SIGKILL)
        os.close(ended)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if status != DRAWN:
            return 0 if status == ENDED else 1


def _ends_by_itself(ended: int, orders: BinaryIO) -> bool:
    """Wait for the end of a part; False if who ordered it is gone before."""
    watched = select.poll()
    for end in (ended, orders.fileno()):
        # Hanging up is told even if nothing is asked for.
        watched.register(end, 0)
    return any(end == ended for end, _event in watched.poll())


def print_part(orders: BinaryIO, answers: BinaryIO) -> int:
    """Carry out orders until a part is drawn."""
    try:
        return _carry_out(orders, answers)
    except Exception:  # noqa: BLE001 - the process ends with it, and who ordered is told
        _answer(answers, failure=traceback.format_exc())
        return FAILED


def _carry_out(orders: BinaryIO, answers: BinaryIO) -> int:
    prepared: layout.Prepared
    laid: layout.Laid
    while line := orders.readline():
        order = json.loads(line)
        match order["do"]:
            case "prepare":
                prepared = layout.prepare(orders.read(order["size"]).decode())
            case "lay_out":
                first, first_page = order["first"], order["first_page"]
                laid = layout.lay_out(prepared, first, first_page, is_last=order["is_last"])
                _answer(answers, pages=laid.page_count, following=laid.following)
            case "draw":
                shift = Shift(order["objects"], order["keys"])
                document = layout.finish(laid)
                _draw(answers, document, shift, is_first=order["is_first"], table=order["table"])
                return DRAWN
    return ENDED


def _draw(answers: BinaryIO, document: Any, shift: Shift, *, is_first: bool, table: int) -> None:
    bookmarks = layout.bookmarks(document)
    place = layout.signature_place(document)
    pdf, tags = layout.draw(document, goes_on=bool(table))
    packed = asdict(pack(pdf, tags, shift, is_first=is_first, table=table))
    data: bytes = packed.pop("data")
    _answer(answers, data, packed=packed, bookmarks=bookmarks, signature=place)


def _answer(answers: BinaryIO, data: bytes = b"", **told: Any) -> None:
    answers.write(json.dumps({**told, "size": len(data)}).encode() + b"\n" + data)
    answers.flush()


if __name__ == "__main__":
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    confinement.confine(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))
