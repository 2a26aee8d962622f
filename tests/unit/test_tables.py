"""Tables as data: each column is described once, stands in a table once, and has a known class."""

from pathlib import Path

import pytest

from pipeline.errors import Defect
from pipeline.warehouse.tables import DISCLOSURE_CLASSES, Table, read_tables, tables

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
