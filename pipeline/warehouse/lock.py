"""One lock a programme folder: who holds the warehouse, since when."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    note = _note(programme)
    with _locked(programme):
        try:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            note.write_text(json.dumps({"pid": os.getpid(), "since": now}), encoding="utf-8")
            yield
        finally:
            note.unlink(missing_ok=True)


def look(programme: Programme) -> None:
    """Raise WarehouseInUse where another process holds the folder; leave the folder as it is."""
    if _lock_file(programme).exists():
        with _locked(programme):
            pass


@contextmanager
def _locked(programme: Programme) -> Iterator[None]:
    lock = filelock.FileLock(_lock_file(programme))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        holder = _holder(_note(programme))
        raise WarehouseInUse(
            f"{programme.warehouse.name}: another run {holder}holds this folder. "
            f"Wait until it is done, or end that process, and run the command again."
        ) from None
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{programme.folder}: cannot be written to ({wrong.strerror}). "
            f"The folder must belong to the user who runs the program."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _lock_file(programme: Programme) -> Path:
    return programme.folder / "warehouse.lock"


def _note(programme: Programme) -> Path:
    return programme.folder / "warehouse.held.json"


def _holder(note: Path) -> str:
    try:
        held_by = json.loads(note.read_text(encoding="utf-8"))
        return f"(process {held_by['pid']}, since {held_by['since']}) "
    except (OSError, ValueError, KeyError):
        return ""
