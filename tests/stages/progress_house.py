"""A warehouse for tests of the flags: enrolments and results in, statuses out."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.progress.flag import flag
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_scratch
from pipeline.warehouse.tables import create_all, tables

Row = dict[str, Any]
MARROWBY, THORNLOW, QUILLMERE, PEBBLEWICK = 990001, 990002, 990003, 990004
AUTUMN, SPRING, SUMMER = 3 * 2025, 3 * 2025 + 1, 3 * 2025 + 2


def enrolled(pupil: int, term_no: int = SUMMER, year_group: str = "5", **other: Any) -> Row:
    """A pupil on roll in Marrowby in a term, unless told otherwise."""
    term = Term(term_no)
    row = {
        "pupil_id": pupil,
        "school_id": MARROWBY,
        "academic_year": term.academic_year,
        "term": term.term,
        "term_no": term_no,
        "year_group": year_group,
        "class_name": "Kestrel",
        "team": "Whole school",
        "english_proficiency": None,
        "entry_date": dt.date(2020, 9, 1),
        "expectation": None,
        "from_roll": True,
        "on_roll": True,
        "file_id": 1,
        "line": pupil + 1,
        "item": 1,
    }
    return row | other


def result(pupil: int, outcome: str | None, term_no: int = SUMMER, **other: Any) -> Row:
    """A teacher assessment in maths on the scale `ta`, unless told otherwise."""
    term = Term(term_no)
    row = {
        "pupil_id": pupil,
        "school_id": MARROWBY,
        "academic_year": term.academic_year,
        "term": term.term,
        "term_no": term_no,
        "subject": "maths",
        "scale": "ta",
        "assessment_kind": "teacher",
        "assessment": "",
        "attempt": 1,
        "assessment_date": None,
        "outcome": outcome,
        "outcome_as_sent": outcome,
        "outcome_on_scale": None if outcome is None else True,
        "no_result_reason": "absent" if outcome is None else None,
        "target": None,
        "target_term": None,
        "file_id": 2,
        "line": pupil + 1,
        "item": 1,
    }
    return row | other


def score(pupil: int, mark: float, **other: Any) -> Row:
    """A standardised score in maths, unless told otherwise."""
    return result(
        pupil, f"{mark:g}", **{"scale": "standardised", "assessment_kind": "test"} | other
    )


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """Put rows into a table; columns that no row names stay empty."""
    if not rows:
        return
    names = [c.name for c in tables()[table].columns if c.name in rows[0]]
    block = pa.table({n: [row[n] for row in rows] for n in names})
    con.register("rows_of_a_test", block)
    con.execute(f"insert into {table} by name select * from rows_of_a_test")
    con.unregister("rows_of_a_test")


class House:
    """A programme folder and a warehouse in memory, which a module of tests shares."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: tuple[str, dict[str, str]] | None = None
        self.tell("", {})
        (folder / ".private").mkdir(exist_ok=True)
        self.con = open_scratch(self.programme)
        create_all(self.con)

    @property
    def programme(self) -> Programme:
        return Programme(self.folder)

    def tell(self, settings: str, scales: dict[str, str]) -> bool:
        """Write settings and scales of its own; whether they are other than before."""
        if self.told == (settings, scales):
            return False
        self.told = (settings, scales)
        (self.folder / "pipeline.toml").write_text(settings, encoding="utf-8")
        own = self.folder / "scales"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        for name, text in scales.items():
            (own / f"{name}.toml").write_text(text, encoding="utf-8")
        return True


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    house = House(folder)
    load_reference(house.con, house.programme)
    yield house
    house.con.close()


def flagged(
    house: House,
    enrolments: list[Row],
    results: list[Row],
    settings: str = "",
    scales: dict[str, str] | None = None,
) -> duckdb.DuckDBPyConnection:
    """The warehouse of a programme that holds just these rows, flagged."""
    if house.tell(settings, scales or {}):
        load_reference(house.con, house.programme)
    for table, rows in (("core.enrolment", enrolments), ("core.result", each_its_place(results))):
        house.con.execute(f"delete from {table}")
        insert(house.con, table, rows)
    flag(house.con, house.programme)
    return house.con


def each_its_place(results: list[Row]) -> list[Row]:
    """The results as an ingest gives them: no two of one file, line and item."""
    taken: set[tuple[Any, ...]] = set()
    placed = []
    for row in results:
        item = row["item"]
        while (row["file_id"], row["line"], item) in taken:
            item += 1
        taken.add((row["file_id"], row["line"], item))
        placed.append(row | {"item": item})
    return placed


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Rows of a query, as dictionaries."""
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]
