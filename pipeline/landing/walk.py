"""What lies in `exports/`: every file, in an order that is the same everywhere."""

import os
import re
import stat
from pathlib import Path


def export_files(exports: Path) -> list[Path]:
    """Files below `exports/`, in an order that is the same everywhere.

    Left out: hidden files, and the `~$` twin that Excel keeps beside a workbook that is open. A
    folder that cannot be looked into, or is a link to another, is named as if it were a file, so
    that reading it is refused and nobody takes its content for loaded.
    """
    found: list[Path] = []

    def closed(wrong: OSError) -> None:
        if exports.exists():
            found.append(Path(wrong.filename))

    for folder, folders, names in os.walk(exports, onerror=closed):
        here = Path(folder)
        folders[:] = [f for f in folders if not f.startswith((".", "~$"))]
        found += [here / f for f in folders if (here / f).is_symlink()]
        found += [
            here / n
            for n in names
            if not n.startswith((".", "~$"))
            and n.lower() not in ("thumbs.db", "desktop.ini")
            and not _is_device(here / n)
        ]
    return sorted(found, key=_place)


def _place(path: Path) -> tuple[str, str]:
    """Without its ending, so that `a (corrected).csv` comes after `a.csv`, which it corrects.

    Numbers count as numbers: `marks v10` comes after `marks v9`.
    """
    name = path.with_suffix("").as_posix().casefold()
    return re.sub(r"\d+", lambda number: number[0].zfill(12), name), path.as_posix()


def _is_device(path: Path) -> bool:
    """A pipe, a socket: opening one could wait for ever."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def name_of(path: Path, exports: Path) -> str:
    """The path of a file as it was sent; bytes that are no text are told by their numbers."""
    name = path.relative_to(exports).as_posix()
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
