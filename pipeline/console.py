"""What people see: text and progress bars on standard error, JSON on standard output."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import Mendable

Tick = Callable[[int], None]


def make_safe() -> None:
    """A console that lacks a character shows `?` for it instead of ending the program.

    A scheduler may give a program no streams at all: what is said then goes nowhere.
    """
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(text: str = "") -> None:
    """Text for people."""
    print(text, file=sys.stderr, flush=True)


def say_json(values: dict[str, Any]) -> None:
    """One JSON object for programs."""
    print(json.dumps(values, ensure_ascii=True, default=str), flush=True)


def tell(problem: Mendable) -> None:
    """A problem that the user can mend, with what to do."""
    say(f"Not done: {problem}")


class Bar:
    """A bar for one stage; silent where standard error is not a terminal."""

    def __init__(self, progress: Any, task: Any) -> None:
        self._progress, self._task = progress, task

    def total(self, number: int) -> None:
        if self._progress:
            self._progress.update(self._task, total=number)

    def advance(self, number: int) -> None:
        if self._progress:
            self._progress.advance(self._task, number)

    def reached(self, number: int) -> None:
        if self._progress:
            self._progress.update(self._task, completed=number)


@contextmanager
def bar(title: str, stream: TextIO | None = None) -> Iterator[Bar]:
    """Show a bar while a stage works."""
    if not (stream or sys.stderr).isatty():
        yield Bar(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=stream or sys.stderr)
    with Progress(
        TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        yield Bar(progress, progress.add_task(title, total=None))
