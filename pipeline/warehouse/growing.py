"""Words that settings and scales add to the lists of the warehouse: subjects and scales."""

from collections.abc import Iterable

import duckdb

from pipeline.warehouse.query import first_value
from pipeline.warehouse.tables import tables
from pipeline.warehouse.words import create_word_type, word_type


def take_up_words(con: duckdb.DuckDBPyConnection, name: str, words: Iterable[str]) -> None:
    """Let columns of a growing list hold these words too. Call it within a transaction.

    A type cannot be added to, so where there is a new word it is made anew, and its columns with
    it. What a column may still hold is never taken out.
    """
    stored = word_type(name)
    known: list[str] = first_value(con, f"select enum_range(null::{stored})")
    new = set(words) - set(known)
    if not new:
        return
    columns = [
        f'alter table {table.full_name} alter column "{column.name}" type'
        for table in tables().values()
        for column in table.columns
        if column.words == name and not table.is_view
    ]
    for column in columns:
        con.execute(f"{column} varchar")
    con.execute(f"drop type {stored}")
    create_word_type(con, name, [*known, *new])
    for column in columns:
        con.execute(f"{column} {stored}")
