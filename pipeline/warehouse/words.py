"""Lists of words that columns hold, and the types as which the warehouse stores them.

Most lists are closed. Those of GROWING take up what settings and scales name, and let nothing go.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

import duckdb

from pipeline.calendar import ACADEMIC_YEARS, TERMS
from pipeline.resources import resource
from pipeline.settings import YEAR_GROUPS, Settings

SCHEMA = "words"
GROWING = ("subject", "scale")


@cache
def word_lists() -> dict[str, tuple[str, ...]]:
    """Each closed list by its name, in the order in which people give it."""
    told = tomllib.loads(
        resource("data_schemas", "tables", "words.toml").read_text(encoding="utf-8")
    )
    counted = {"academic_year": ACADEMIC_YEARS, "term": TERMS, "year_group": YEAR_GROUPS}
    return counted | {name: tuple(words) for name, words in told.items()}


def word_type(name: str) -> str:
    """The type of a column that holds words of a list."""
    return f"{SCHEMA}.{name}"


def create_word_types(con: duckdb.DuckDBPyConnection) -> None:
    """Make the type of each list, of a growing one with the words that the program brings."""
    con.execute(f"create schema if not exists {SCHEMA}")
    shipped = {
        "subject": Settings().subjects,
        "scale": tuple(path.stem for path in resource("data_schemas", "scales").glob("*.toml")),
    }
    for name, words in (word_lists() | shipped).items():
        create_word_type(con, name, words)


def create_word_type(con: duckdb.DuckDBPyConnection, name: str, words: Iterable[str]) -> None:
    """Make the type of a list. Its words are in the order of the alphabet, so that `order by`,
    `min` and `<` say of them what they say of texts."""
    values = ", ".join("'" + word.replace("'", "''") + "'" for word in sorted(words))
    con.execute(f"create type {word_type(name)} as enum ({values})")


def as_texts(rows: Any) -> Any:
    """An Arrow table in which words of such a list, which come as a dictionary, are texts."""
    import pyarrow as pa

    for at, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            texts = rows.column(at).cast(field.type.value_type)
            rows = rows.set_column(at, field.name, texts)
    return rows
