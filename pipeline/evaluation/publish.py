"""Publishing: the evaluators' file built aside, searched, and only then put in its place."""

import contextlib
import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline.calendar import Term
from pipeline.errors import Defect, Mendable, SurroundingsWrong
from pipeline.evaluation.about import Release, Row, dictionary_rows, release_row
from pipeline.evaluation.allow_list import PROGRAM, AllowList, read_allow_list
from pipeline.evaluation.gather import CATALOG
from pipeline.evaluation.key import Key, key_for_publishing
from pipeline.evaluation.known import make_known
from pipeline.evaluation.own_words import refuse_names
from pipeline.evaluation.release_name import check_release_name, refuse_existing, refuse_known
from pipeline.evaluation.search import search_finished
from pipeline.evaluation.sieve import make_sieve
from pipeline.programme import Programme
from pipeline.warehouse.connection import open_warehouse, wipe_private
from pipeline.warehouse.query import first_row
from pipeline.warehouse.tables import create_table, quoted

MODELS = Path(__file__).parent / "models"
STORAGE_VERSION = "v1.2.0"  # what DuckDB 1.2 and later can open
FILE_NAME = "evaluators.duckdb"

Tick = Callable[[int], None]


def publish(
    programme: Programme, release: str, known_fingerprint: str | None, tick: Tick | None = None
) -> Release:
    """Make the release `evaluators/<release>/evaluators.duckdb`.

    `known_fingerprint` is the pseudonym key's in the ledger; where it is None the caller records
    that of the release. `tick` is called with the rows of each table. The caller holds the
    folder's lock. Raises WrongUsage (the name, an existing release), SettingsWrong (the key, the
    allow-list, no warehouse, a name among the programme's own words), SurroundingsWrong, and
    Defect where the finished file holds what it may not; then there is no release.
    """
    check_release_name(release)
    refuse_existing(programme, release)
    allowed = read_allow_list()
    key = key_for_publishing(programme, known_fingerprint)
    folder = programme.release(release)
    building = folder.parent / f".building-{release}"
    try:
        with _told_in_our_words():
            wipe_private(programme)
            programme.private.mkdir(mode=0o700)
            _start_building(folder.parent, building)
            with open_warehouse(programme, read_only=True) as con:
                make_known(con, key.secret.hex())
                refuse_known(con, release, allowed)
                refuse_names(con, programme, allowed)
                make_sieve(con, allowed, key)
                made = _build(con, programme, release, key, allowed, building / FILE_NAME, tick)
            folder.mkdir(exist_ok=True, mode=0o700)
            _replace(building / FILE_NAME, made.file)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        wipe_private(programme)
    return made


def _start_building(evaluators: Path, building: Path) -> None:
    evaluators.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left_over in evaluators.glob(".building-*"):
        shutil.rmtree(left_over)
    building.mkdir(mode=0o700)


def _build(
    con: duckdb.DuckDBPyConnection,
    programme: Programme,
    name: str,
    key: Key,
    allowed: AllowList,
    file: Path,
    tick: Tick | None,
) -> Release:
    con.execute(
        f"attach {quoted(str(file))} as {CATALOG} (read_write, storage_version '{STORAGE_VERSION}')"
    )
    for table in allowed.tables:
        create_table(con, table.in_catalog(CATALOG))
    rows = {}
    for path in sorted(MODELS.glob("*.sql")):
        rows[_table_of(path)] = _fill(con, path, allowed)
        if tick:
            tick(rows[_table_of(path)])
    dictionary = dictionary_rows(allowed)
    rows["data_dictionary"] = len(dictionary)
    found = con.execute(
        f"select distinct term_no from {CATALOG}.main.enrolment order by term_no"
    ).fetchall()
    made = Release(
        name=name,
        file=programme.release(name) / FILE_NAME,
        made_on=dt.datetime.now(dt.UTC).date(),
        terms=tuple(Term(term_no) for (term_no,) in found),
        key_fingerprint=key.fingerprint,
        rows=rows,
    )
    program_rows = {
        "data_dictionary": dictionary,
        "release": [release_row(made, allowed, key.stands_for(programme.settings.as_json()))],
    }
    for table_name, content in program_rows.items():
        _insert(con, table_name, content)
    con.execute(f"detach {CATALOG}")
    con.execute(f"attach {quoted(str(file))} as {CATALOG} (read_only)")
    search_finished(con, allowed, program_rows)
    con.execute(f"detach {CATALOG}")
    file.chmod(0o600)
    return made


def _table_of(model: Path) -> str:
    """Table that a model fills: `20_pupil.sql` fills `pupil`."""
    return model.stem.split("_", 1)[1]


def _fill(con: duckdb.DuckDBPyConnection, path: Path, allowed: AllowList) -> int:
    """Fill the table of a model, in the order of its key. Returns its rows."""
    query = path.read_text(encoding="utf-8")
    table = next(t for t in allowed.tables if t.name == _table_of(path))
    if "warehouse." in query or "pseudonyms." in query:
        raise Defect(f"{path.name}: reads past the sieve. Nothing was published.")
    order = ", ".join(f'"{column}"' for column in table.key)
    con.execute(
        f"insert into {CATALOG}.main.{table.name} by name\n"
        f"select * from (\n{query}\n)\norder by {order}"
    )
    counted = first_row(
        con,
        f"select (select count(*) from {CATALOG}.main.{table.name}), "
        f"(select count(*) from warehouse.{table.source})",
    )
    assert counted and table.source != PROGRAM
    if counted[0] != counted[1]:
        raise Defect(
            f"table {table.name}: {counted[0]} rows, made from {counted[1]} rows of "
            f"{table.source}. Nothing was published."
        )
    rows: int = counted[0]
    return rows


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    places = ", ".join("?" for _ in rows[0])
    values: list[list[Any]] = [list(row) for row in rows]
    con.executemany(f"insert into {CATALOG}.main.{table} values ({places})", values)


def _replace(source: Path, target: Path) -> None:
    """Put the file in its place; a virus scanner may hold it for a moment on Windows."""
    for wait in (0.1, 0.3, 1.0, 3.0, None):
        try:
            source.replace(target)
            return
        except PermissionError:
            if wait is None:
                raise
            time.sleep(wait)


@contextlib.contextmanager
def _told_in_our_words() -> Iterator[None]:
    """Errors of DuckDB quote values, so they are told without their own text."""
    try:
        yield
    except (Mendable, Defect):
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException) as wrong:
        raise SurroundingsWrong(
            f"evaluators/: the file could not be written ({type(wrong).__name__}). Expected free "
            f"space for a file about as large as the warehouse, and 'memory_limit' in "
            f"pipeline.toml within what the computer has. Make room and publish again."
        ) from None
    except duckdb.Error as wrong:
        raise Defect(
            f"evaluators/: a query of the program failed ({type(wrong).__name__}). "
            f"Nothing was published."
        ) from None
    except OSError as wrong:
        raise SurroundingsWrong(
            f"evaluators/: the release could not be put in its place ({wrong.strerror}). Expected "
            f"a folder that this user may write to, with no file of it open elsewhere."
        ) from None
