"""The report stage: a page for each team and head teacher, fix lists, and a first page."""

import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.calendar import Term
from pipeline.errors import Defect, SurroundingsWrong
from pipeline.programme import Programme
from pipeline.reports.contents import Contents, jobs, read_contents
from pipeline.reports.index import Entry, index_page
from pipeline.reports.issues import FILE, Issued, is_below, read_issued
from pipeline.reports.swap import swap_in, take_away
from pipeline.reports.workers import Failure, Job, Workers, start_workers

Tick = Callable[[int], None]
FAILURES_TOLD = 5
ASIDE = re.compile(r"\.[0-9]{4}-[0-9]{2}-[a-z]+\.new")


@dataclass(frozen=True)
class Report:
    """What was made: pages of how many schools, the first page excepted, and the first page."""

    pages: int
    schools: int
    index: Path


def report(
    programme: Programme,
    term: Term,
    pool: Workers | None = None,
    tick: Tick | None = None,
    isolated: bool = False,
) -> Report:
    """Make every page of a term aside, then put them in place, the first page last.

    `pool` may have been started earlier with `start_workers`; it ends with the pages. `tick` is
    told how many pages are done. `isolated` gives each notebook a kernel of its own. The warehouse
    is opened read-only, so nobody may have it open for writing.

    Raises SurroundingsWrong where the disk or a page open elsewhere is in the way, and Defect,
    after all else is in place, where pages could not be made.
    """
    folder = programme.reports(term)
    aside = folder.with_name(f".{term.label}.new")
    # The workers end before what they made is cleared away, so that they add nothing to it.
    with _cleared(folder), pool or start_workers(programme.settings.reports.workers) as workers:
        issued, contents = read_issued(folder), read_contents(programme, term)
        todo = jobs(programme, term, contents, issued, aside, isolated)
        try:
            aside.mkdir(parents=True)
            failures = _made(workers, todo, tick)
            failed = {failure.job.file for failure in failures}
            made = {
                file.relative_to(aside).as_posix()
                for job in todo
                if job.file not in failed
                for file in job.files
            }
            entries = _entries(contents, todo, failed, aside)
            (aside / "index.html").write_text(
                index_page(term, entries, contents.unplaced), encoding="utf-8", newline="\n"
            )
            _put_in_place(aside, folder, issued, made)
        except OSError as wrong:
            raise SurroundingsWrong(
                f"{folder}: the pages cannot be written ({wrong.strerror}). Look at the disk and "
                f"the folder's permissions, and run: achievement report FOLDER"
            ) from None
    if failures:
        raise Defect(_told(failures, len(todo)))
    return Report(len(todo), sum(1 for e in entries if e.pages), folder / "index.html")


@contextmanager
def _cleared(folder: Path) -> Iterator[None]:
    """No half-made pages beside the term's folder, of this or an ended run, before and after."""
    _clear(folder)
    try:
        yield
    finally:
        _clear(folder)


def _clear(folder: Path) -> None:
    with suppress(OSError):
        for left in list(folder.parent.iterdir()):
            if not ASIDE.fullmatch(left.name):
                continue
            if left.is_symlink():
                left.unlink()
            else:
                shutil.rmtree(left, ignore_errors=True)


def _made(workers: Workers, todo: list[Job], tick: Tick | None) -> list[Failure]:
    try:
        return workers.make_pages(todo, tick)
    except BrokenProcessPool:
        raise Defect(
            "a worker process ended while it made pages, perhaps for want of memory; the pages in "
            "place are those of the last report. 'workers = 1' under [reports] needs less memory."
        ) from None


def _entries(contents: Contents, todo: list[Job], failed: set[Path], aside: Path) -> list[Entry]:
    entries = {school.school_id: Entry(school) for school in contents.schools}
    for job in todo:
        address = None if job.file in failed else job.file.relative_to(aside).as_posix()
        pages = entries[job.parameters["school_id"]].pages
        pages.append((job.name, address))
        if job.beside and address:
            pages.append((f"{job.name} (Excel)", job.beside.relative_to(aside).as_posix()))
    return list(entries.values())


def _put_in_place(aside: Path, folder: Path, issued: Issued, made: set[str]) -> None:
    """The note names old and new pages until the old ones are gone, so that none is forgotten."""
    before = set(issued.pages)
    for page in sorted(made):
        if not is_below(folder, page):
            raise SurroundingsWrong(
                f"{folder.name}/{page}: a link that leads out of the folder {folder.name}. Pages "
                f"are written below it only. Remove the link and run: achievement report FOLDER"
            )
    _note(aside, folder, issued, before | made)
    for page in sorted(made):
        swap_in(aside / page, folder / page)
    swap_in(aside / "index.html", folder / "index.html")
    for stale in sorted(before - made):
        take_away(folder / stale)
    _note(aside, folder, issued, made)


def _note(aside: Path, folder: Path, issued: Issued, pages: set[str]) -> None:
    issued.pages = pages
    issued.write(aside / FILE)
    swap_in(aside / FILE, folder / FILE)


def _told(failures: list[Failure], pages: int) -> str:
    told = [f"{f.job.about} ({f.why})" for f in failures]
    more = f"; and {len(told) - FAILURES_TOLD} more" if len(told) > FAILURES_TOLD else ""
    return (
        f"{len(told)} of {pages} pages could not be made: {'; '.join(told[:FAILURES_TOLD])}{more}. "
        f"The other pages are in place."
    )
