"""A process of its own in which a workbook is read, so that a damaged one cannot end the run.

The library aborts, or asks for more memory than there is, on some damaged files; what it then says
may quote a cell, so nobody hears it. Run by `workbook.py`, which gives the paths to import from.
"""

import contextlib
import json
import os
import sys
import threading
from typing import BinaryIO

# Linux only keeps to it; elsewhere the checks made beforehand have to do.
MEMORY = 4 * 1024**3
REFUSED, LOCKED = 3, 4
# Rows in a line of the answer.
BATCH = 1_000
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def read(path: str) -> int:
    """Write each sheet to standard output: a line about it, then its rows, many to a line.

    Returns the exit code.
    """
    import python_calamine as calamine

    from pipeline.landing.reading.values import text_of

    out = sys.stdout.buffer
    try:
        with open(path, "rb") as file:  # noqa: PTH123  (pathlib costs a third of the start)
            book = calamine.load_workbook(file)
            for number, about in enumerate(book.sheets_metadata):
                if about.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_index(number)
                rows = sheet.to_python(skip_empty_area=True)
                start = sheet.start or (0, 0)
                hidden = about.visible != calamine.SheetVisibleEnum.Visible
                _line(
                    out,
                    {
                        "sheet": number,
                        "name": about.name,
                        "hidden": hidden,
                        "start": start,
                        "rows": len(rows),
                        "merged": sheet.merged_cell_ranges or [],
                    },
                )
                for at in range(0, len(rows), BATCH):
                    _line(
                        out,
                        [
                            [v if type(v) is str else text_of(v) for v in row]
                            for row in rows[at : at + BATCH]
                        ],
                    )
    except calamine.PasswordError:
        return LOCKED
    except BaseException:  # the library's own panics are no Exception
        return REFUSED
    out.flush()
    return 0


def _line(out: BinaryIO, value: object) -> None:
    out.write(ENCODER.encode(value).encode("utf-8", "replace") + b"\n")


def _end_with_parent() -> None:
    """Nothing is ever written to standard input; it ends when the parent does, however it does."""
    os.read(0, 1)
    os._exit(REFUSED)


def _limit_memory() -> None:
    """No more than MEMORY, and no core file; a system that refuses the limits goes without."""
    if sys.platform != "linux":
        return
    import resource

    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, hard))


def main() -> int:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory()
    return read(sys.argv[-1])
