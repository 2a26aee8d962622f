"""The ingest at the size of a country, over many small files, and beside pandas' `to_sql`.

Ours is the whole command `achievement ingest` in a new folder: start, copy, hash, count, read,
judge, identity, every table of `core`, and closing the file.
"""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.measure import Measured, measure
from benchmarks.national import SCHOOLS, SUBJECTS, make_national

Rows = list[tuple[str, str]]
# What DuckDB may use, so that the whole process stays under 4 GB.
NATIONAL_MEMORY = "2.5GB"
CURVE = (1, 10, 100, 1_000, SCHOOLS)
PEER_SCHOOLS = 1_259  # a million rows
FILES, PUPILS_A_FILE = 500, 300


def national(work: Path) -> Rows:
    """Ours beside the plain table, from one school to all of a country's."""
    found: Rows = []
    for schools in CURVE:
        export = work / "national.csv"
        rows = make_national(export, schools)
        # Twice, before and after, so that other work on the machine shows in both.
        before = measure(["-m", "benchmarks.plain_table", str(export), str(work / "plain.duckdb")])
        ours = _ingest(work, partial(_link, export))
        after = measure(["-m", "benchmarks.plain_table", str(export), str(work / "plain.duckdb")])
        plain = (before.seconds + after.seconds) / 2
        found.append(
            (
                f"a term of {schools:,} schools, {rows:,} rows, {export.stat().st_size >> 20:,} MB",
                f"ingest {ours.seconds:.1f} s, {ours.peak_mb:,.0f} MB; "
                f"plain table {plain:.1f} s; {ours.seconds / plain:.1f} times; "
                f"{rows / ours.seconds:,.0f} rows a second",
            )
        )
        export.unlink()
    return found


def files(work: Path) -> Rows:
    """Many small files: one school each."""
    whole = work / "files.csv"
    make_national(whole, FILES, FILES * PUPILS_A_FILE)
    ours = _ingest(work, partial(_cut, whole))
    what = f"{FILES} files of one school each ({PUPILS_A_FILE} pupils)"
    return [(what, f"{ours.seconds:.1f} s, {ours.peak_mb:,.0f} MB")]


def peer(work: Path) -> Rows:
    """The script that a user would write, at a million rows, into DuckDB and into SQLite."""
    export = work / "peer.csv"
    rows = make_national(export, PEER_SCHOOLS)
    ours = _ingest(work, partial(_link, export))
    found = [(f"{rows:,} rows, ingest", f"{ours.seconds:.1f} s, {ours.peak_mb:,.0f} MB")]
    for kind, name in (("sqlite", "SQLite"), ("duckdb", "DuckDB")):
        script = measure(
            ["-m", "benchmarks.peer_to_sql", str(export), str(work / f"peer.{kind}"), kind]
        )
        found.append(
            (
                f"  pandas `read_csv`, `merge`, `to_sql` into {name}",
                f"{script.seconds:.1f} s, {script.peak_mb:,.0f} MB; "
                f"{script.seconds / ours.seconds:.1f} times ours",
            )
        )
    return found


def _ingest(work: Path, fill: Callable[[Path], object]) -> Measured:
    folder = work / "programme"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "exports").mkdir(parents=True)
    settings = f'memory_limit = "{NATIONAL_MEMORY}"\n'
    (folder / "pipeline.toml").write_text(settings, encoding="utf-8")
    fill(folder / "exports")
    measured = measure(["-m", "pipeline", "ingest", str(folder)], accept=(0,))
    shutil.rmtree(folder)
    return measured


def _link(export: Path, exports: Path) -> None:
    os.link(export, exports / "term.csv")


def _cut(whole: Path, exports: Path) -> None:
    """One file a school, each with the header."""
    rows = PUPILS_A_FILE * SUBJECTS
    with whole.open(encoding="utf-8", newline="") as source:
        header = next(source)
        for number in range(1, FILES + 1):
            lines = [header, *(next(source) for _ in range(rows))]
            (exports / f"school-{number:03d}.csv").write_text(
                "".join(lines), encoding="utf-8", newline=""
            )
