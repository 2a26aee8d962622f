"""Finished files put in the place of older ones, each at once, so that nobody reads half a file."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import SurroundingsWrong

TRIES, PAUSE_SECONDS = 6, 0.25


def swap_in(new: Path, place: Path) -> None:
    """Move a file to its place over what is there. Raises SurroundingsWrong where it is held."""

    def move() -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(new, place)  # noqa: PTH105

    _patiently(move, place, "replaced")


def take_away(place: Path) -> None:
    """Remove a file, and its folder if that is then empty. Raises SurroundingsWrong."""
    _patiently(lambda: place.unlink(missing_ok=True), place, "removed")
    if place.parent.is_dir() and not any(place.parent.iterdir()):
        place.parent.rmdir()


def _patiently(act: Callable[[], None], place: Path, done: str) -> None:
    """On Windows a scanner or a browser may hold a file for a moment."""
    for attempt in range(1, TRIES + 1):
        try:
            return act()
        except PermissionError:
            if attempt == TRIES:
                raise SurroundingsWrong(
                    f"{place.parent.name}/{place.name}: cannot be {done}. It may be open in "
                    f"another program, or belong to another user. Close it there and run the "
                    f"command again: achievement report FOLDER"
                ) from None
            time.sleep(PAUSE_SECONDS)
        except OSError as wrong:
            raise SurroundingsWrong(
                f"{place.parent.name}/{place.name}: cannot be {done} ({wrong.strerror}). Look at "
                f"the disk and the folder's permissions, and run the command again."
            ) from None
