"""Worker processes that make pages, started early so that their imports cost no waiting."""

import atexit
import gc
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.errors import Mendable
from pipeline.programme import Programme

Tick = Callable[[int], None]
# A template that is no notebook: a page and a workbook made from one content.
FIX_LIST = "fix_list"


@dataclass(frozen=True)
class Job:
    """A page to make: its template, the name for links to it, its title, parameters and file.

    `beside` is a second file with the same content, which the page links to.
    """

    template: str
    name: str
    title: str
    parameters: dict[str, Any]
    file: Path
    isolated: bool = False
    beside: Path | None = None

    @property
    def files(self) -> list[Path]:
        return [self.file, self.beside] if self.beside else [self.file]

    @property
    def about(self) -> str:
        """Which page, in words that name nobody."""
        team = f", team {self.parameters['team_no']}" if "team_no" in self.parameters else ""
        return f"school {self.parameters['school_id']}{team}"


@dataclass(frozen=True)
class Failure:
    """A page that could not be made, and why, without any value of a pupil."""

    job: Job
    why: str


class Workers:
    """Worker processes for the pages of one report; they end when its pages are made.

    They are started anew rather than copied (`spawn`), which is the only way on Windows and gives
    the same behaviour everywhere.
    """

    def __init__(self, number: int) -> None:
        self.pool = ProcessPoolExecutor(
            number, multiprocessing.get_context("spawn"), initializer=_end_with_parent
        )
        self.warming: list[Future[None]] = [self.pool.submit(_warm) for _ in range(number)]

    def make_pages(self, jobs: Iterable[Job], tick: Tick | None = None) -> list[Failure]:
        """Make every page; `tick` is told how many are done. Returns those that failed.

        Raises what a worker met that the user can mend, such as a full disk.
        """
        for warmed in self.warming:
            warmed.result()
        started = {self.pool.submit(_make, job): job for job in jobs}
        failures: list[Failure] = []
        for done, future in enumerate(as_completed(started), start=1):
            why = future.result()
            if why:
                failures.append(Failure(started[future], why))
            if tick:
                tick(done)
        self.close()
        return failures

    def close(self) -> None:
        """End the processes; what they have open is let go."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self,
        sort: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def start_workers(number: int) -> Workers:
    """Start the processes and return at once; they import what they need meanwhile."""
    return Workers(number)


def _end_with_parent() -> None:
    """Watch the process that started this one: were it killed, nobody else would end this one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive_never, args=(parent.sentinel,), daemon=True).start()


def _outlive_never(parent: int) -> None:
    multiprocessing.connection.wait([parent])
    # The warehouse stays shut to every other program for as long as this process has it open.
    os._exit(1)


def _warm() -> None:
    from pipeline.reports import engine, page, render  # noqa: F401

    engine.warm_shell()
    render.exporter()
    # What is imported stays, so the collector need not walk through it for each notebook.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def _make(job: Job) -> str | None:
    from pipeline.reports.render import as_page, run_notebook
    from pipeline.reports.source import connection

    try:
        connection(Programme(Path(job.parameters["folder"])))
        if job.template == FIX_LIST:
            _make_fix_list(job)
            return None
        notebook = run_notebook(job.template, job.parameters, job.isolated)
        text = as_page(notebook, job.title)
        job.file.parent.mkdir(parents=True, exist_ok=True)
        job.file.write_text(text, encoding="utf-8", newline="\n")
    except (Mendable, OSError):
        raise
    except Exception as wrong:
        return _in_our_words(wrong)
    return None


def _make_fix_list(job: Job) -> None:
    from pipeline.reports.fix_list import FixList
    from pipeline.reports.fix_list_book import fix_list_book
    from pipeline.reports.fix_list_page import fix_list_page
    from pipeline.reports.scope import scope

    fixes = FixList(scope(team_no=0, **job.parameters))
    job.file.parent.mkdir(parents=True, exist_ok=True)
    job.file.write_text(fix_list_page(fixes), encoding="utf-8", newline="\n")
    if job.beside:
        job.beside.write_bytes(fix_list_book(fixes))


def _in_our_words(wrong: Exception) -> str:
    from pipeline.reports.render import NotebookFailed

    return str(wrong) if isinstance(wrong, NotebookFailed) else type(wrong).__name__
