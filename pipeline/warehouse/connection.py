"""The only place where DuckDB files are opened."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from pipeline import __version__
from pipeline.errors import SettingsWrong, SurroundingsWrong, WarehouseInUse
from pipeline.programme import Programme
from pipeline.warehouse.functions import register
from pipeline.warehouse.query import first_row, first_value
from pipeline.warehouse.tables import SCHEMA_VERSION, create_all


@contextmanager
def open_warehouse(
    programme: Programme, read_only: bool = False, aside: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse, or to one made `aside`, made if it is not there; closed at
    the end.

    Raises WarehouseInUse where another process has the file open, SettingsWrong where another
    version of the program made it, SurroundingsWrong where it cannot be opened.
    """
    file = aside or programme.warehouse
    if "?" in str(file):
        raise SurroundingsWrong(
            f"{file}: the path holds a question mark, which DuckDB does not take for part of a "
            f"name. Move the folder to a path without one."
        )
    if read_only and not file.exists():
        raise SettingsWrong(
            f"{file.name}: not there yet in {programme.folder}. "
            f"Put exports into {programme.exports.name}/ and run: achievement run FOLDER"
        )
    con = _connect(file, programme.private, programme.settings.memory_limit, read_only)
    try:
        register(con)
        _check_schema(con, file, read_only)
        yield con
    finally:
        con.close()


@contextmanager
def open_earlier(programme: Programme) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse as it is, whichever version of the program made it.

    Opened to be written to, so that what a killed run left in its log is in the file itself when
    it is closed. Raises SettingsWrong where it holds another program's tables.
    """
    file = programme.warehouse
    con = _connect(file, programme.private, programme.settings.memory_limit, False)
    try:
        _check_ours(con, file)
        yield con
        con.execute("checkpoint")
    finally:
        con.close()


@contextmanager
def in_transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: committed at the end, rolled back where anything is raised."""
    con.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # a full disk has ended the transaction already
            con.rollback()
        raise
    con.commit()


@contextmanager
def for_loading(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Settings with which much is loaded: rows may be written in whatever order they come, which
    is faster and takes half the room; and a list of words within a CASE is looked at where it is
    reached, not joined to every row beforehand.
    """
    con.execute("set preserve_insertion_order = false")
    con.execute("set disabled_optimizers = 'in_clause'")
    try:
        yield
    finally:
        con.execute("reset disabled_optimizers")
        con.execute("reset preserve_insertion_order")


def open_scratch(programme: Programme) -> duckdb.DuckDBPyConnection:
    """A connection without a file of its own; the caller closes it."""
    con = _connect(None, programme.private, programme.settings.memory_limit, False)
    register(con)
    return con


def wipe_private(programme: Programme) -> None:
    """Remove what an earlier run, ended half-way, may have left readable."""
    shutil.rmtree(programme.private, ignore_errors=True)


def _connect(
    file: Path | None, private: Path, memory_limit: str, read_only: bool
) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(private / "spill"),
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        # Groups of rows that are not full would be joined, which writes them twice; those that
        # were deleted whole go all the same.
        "max_vacuum_tasks": 0,
    }
    try:
        return duckdb.connect(str(file or ":memory:"), read_only=read_only, config=config)
    except duckdb.IOException as wrong:
        text = str(wrong).lower()
        if "lock" in text or "used by another process" in text:
            raise WarehouseInUse(
                f"{file.name if file else 'memory'}: another program has the file open. Close it "
                f"there (a database browser, another run) and run the command again."
            ) from None
        raise SurroundingsWrong(
            f"{file}: cannot be opened as a DuckDB file. It may be damaged or not readable for "
            f"this user. Move it aside and make it anew from the archive: achievement rebuild"
        ) from None


def _check_schema(con: duckdb.DuckDBPyConnection, file: Path, read_only: bool) -> None:
    made = _check_ours(con, file)
    if not made and not read_only:
        with in_transaction(con):
            create_all(con)
            con.execute(
                "insert into audit.schema_version values (?, ?)", [SCHEMA_VERSION, __version__]
            )
        return
    found = made and first_row(con, "select schema_version, version from audit.schema_version")
    if not found or found[0] != SCHEMA_VERSION:
        raise SettingsWrong(
            f"{file.name}: made by version {found[1] if found else 'unknown'} of the program, "
            f"with other tables than version {__version__} has. It is made anew from the archive "
            f"with: achievement rebuild FOLDER"
        )


def _check_ours(con: duckdb.DuckDBPyConnection, file: Path) -> bool:
    """Whether the program has made its tables in a file yet. Raises SettingsWrong where another
    program has."""
    made = first_value(
        con,
        "select count(*) from duckdb_tables() where schema_name = 'audit' "
        "and table_name = 'schema_version'",
    )
    if not made and first_value(con, "select count(*) from duckdb_tables()"):
        raise SettingsWrong(
            f"{file.name}: holds tables that are not this program's. Move the file to another "
            f"folder and run again: the warehouse is made anew from the archive."
        )
    return bool(made)
