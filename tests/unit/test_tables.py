"""Tables as data: each column is described once, stands in a table once, and has a known class."""

from pathlib import Path

import duckdb
import pytest

from pipeline.calendar import ACADEMIC_YEARS
from pipeline.errors import Defect
from pipeline.warehouse.tables import DISCLOSURE_CLASSES, Table, read_tables, tables
from pipeline.warehouse.words import GROWING, create_word_types, word_lists, word_type

SHARED = 'colour = { type = "varchar", meaning = "Colour of the marrow", disclosure = "measure" }\n'
MARROW = '[tables.marrow]\nrow = "A marrow"\ncolumns = ["colour", "weight"]\nkey = ["colour"]\n'
WEIGHT = 'local.weight = { type = "double", unit = "kg", meaning = "Weight", disclosure = "group" }'


def described(folder: Path, table: str, shared: str = SHARED) -> dict[str, Table]:
    (folder / "columns.toml").write_text(shared, encoding="utf-8")
    (folder / "garden.toml").write_text(table, encoding="utf-8")
    return read_tables(folder, ("garden",))


def test_a_table_has_shared_columns_and_its_own_in_order(tmp_path: Path) -> None:
    marrow = described(tmp_path, MARROW + WEIGHT)["garden.marrow"]
    assert [(c.name, c.required, c.comment) for c in marrow.columns] == [
        ("colour", True, "Colour of the marrow"),
        ("weight", False, "Weight [kg]"),
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (MARROW, "garden.toml, table marrow: nothing describes the column 'weight'"),
        (MARROW.replace('"weight"', '"colour"') + WEIGHT, "'colour' is there twice"),
        (MARROW + WEIGHT.replace("group", "gruop"), "'weight' has the disclosure class 'gruop'"),
    ],
)
def test_a_column_described_wrongly_stops_the_program(
    tmp_path: Path, table: str, told: str
) -> None:
    with pytest.raises(Defect, match=told):
        described(tmp_path, table)


def test_every_table_of_the_warehouse_is_described_and_every_class_is_used() -> None:
    classes = {column.disclosure for table in tables().values() for column in table.columns}
    assert classes == set(DISCLOSURE_CLASSES)


def test_a_column_with_words_of_a_list_that_there_is_not_stops_the_program(tmp_path: Path) -> None:
    with pytest.raises(Defect, match="'colour' holds words of no list, 'colours'"):
        described(
            tmp_path, MARROW + WEIGHT, SHARED.replace("meaning", 'words = "colours", meaning')
        )


@pytest.mark.parametrize(
    ("head", "stored"), [("", "varchar"), ("stores_words = true\n", "words.sex")]
)
def test_words_are_stored_as_such_where_the_schema_says_so(
    tmp_path: Path, head: str, stored: str
) -> None:
    shared = SHARED.replace("meaning", 'words = "sex", meaning', 1)
    colour = described(tmp_path, head + MARROW + WEIGHT, shared)["garden.marrow"].columns[0]
    assert (colour.type, colour.stored_type) == ("varchar", stored)


def test_words_sort_and_compare_as_texts_do() -> None:
    with duckdb.connect() as con:
        create_word_types(con)
        for name, words in word_lists().items():
            kind = word_type(name)
            in_order = con.execute(
                f"select list(word::{kind} order by word::{kind}), min(word::{kind}), "
                f"max(word::{kind}), list(word order by word), count(distinct word) "
                f"from unnest(?) as one(word)",
                [list(words)],
            ).fetchall()[0]
            assert in_order == (
                sorted(words), min(words), max(words), sorted(words), len(words)
            ), name  # fmt: skip


def test_the_academic_years_are_those_of_the_calendar_of_the_warehouse() -> None:
    assert ACADEMIC_YEARS[:1] + ACADEMIC_YEARS[-1:] == ("1980-81", "2079-80")
    assert len(set(ACADEMIC_YEARS)) == 100


def test_every_list_of_words_is_of_a_column() -> None:
    used = {column.words for table in tables().values() for column in table.columns}
    assert used - {None} == {*word_lists(), *GROWING}
