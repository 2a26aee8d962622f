"""One lock a programme folder: who holds the warehouse, since when."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import filelock

from pipeline.errors import SettingsWrong, SurroundingsWrong, WarehouseInUse
from pipeline.programme import Programme


@contextmanager
def held(programme: Programme) -> Iterator[None]:
    """Hold the folder for this process. Raises WarehouseInUse where another one does,
    SettingsWrong where there is no folder.

    The operating system frees the lock when a process dies, so a killed run blocks nobody; the
    note beside it only says who holds it.
    """
    if not programme.folder.is_dir():
        raise SettingsWrong(
            f"{programme.folder}: there is no such folder. Expected a programme folder. "
            f"To make one: achievement init FOLDER"
        )
    lock = filelock.FileLock(programme.folder / "warehouse.lock")
    note = programme.folder / "warehouse.held.json"
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise WarehouseInUse(
            f"{programme.warehouse.name}: another run {_holder(note)}holds this folder. "
            f"Wait until it is done, or end that process, and run the command again."
        ) from None
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{programme.folder}: cannot be written to ({wrong.strerror}). "
            f"The folder must belong to the user who runs the program."
        ) from None
    try:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        note.write_text(json.dumps({"pid": os.getpid(), "since": now}), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _holder(note) -> str:  # type: ignore[no-untyped-def]
    try:
        held_by = json.loads(note.read_text(encoding="utf-8"))
        return f"(process {held_by['pid']}, since {held_by['since']}) "
    except (OSError, ValueError, KeyError):
        return ""
