"""A warehouse whose landed rows a test writes itself, so that only what is made of them is tested.

`warehouse_of([row(...), ...], [...])` has a file for each list, numbered from 1 in their order; a
row stands on the line after the one before it, and further results of it are its items.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipeline.accuracy import check
from pipeline.accuracy.rules import read_rules, rules_folder
from pipeline.calendar import Term
from pipeline.identifiers import upn_check_letter, upn_kind
from pipeline.landing import ingest
from pipeline.landing.books import check_sums, count_results
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_scratch
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import insert_rows
from pipeline.warehouse.tables import create_all, tables

LANDING = Path(ingest.__file__).parent
SCHOOL, OTHER_SCHOOL = 990001, 990002
PUPIL: dict[str, Any] = {
    "kind": "results",
    "school_id": SCHOOL,
    "academic_year": "2025-26",
    "term": "autumn",
    "surname": "Thistlewick",
    "forename": "Ada",
    "date_of_birth": "2017-04-03",
    "year_group": "3",
}
RESULT = {
    "subject": "maths",
    "scale": "ta",
    "assessment_kind": "teacher",
    "assessment": "",
    "outcome": "EXS",
    "outcome_as_sent": "EXS",
    "outcome_on_scale": True,
}
Row = dict[str, Any]
File = list[Row]


def permanent(number: int) -> str:
    """A UPN of the local authority 999, which there is not."""
    body = f"9990001{number:05d}"
    return upn_check_letter(body) + body


def temporary(number: int) -> str:
    """A temporary UPN, which ends in a letter."""
    body = f"9990001{number:04d}A"
    return upn_check_letter(body) + body


def row(kind: str = "results", *more_results: Row, **facts: Any) -> Row:
    """A row of Ada but for what is given; `more_results` make a result wider, one item each."""
    return (
        PUPIL | (RESULT if kind == "results" else {}) | facts | {"kind": kind, "more": more_results}
    )


@contextmanager
def warehouse_of(
    *files: File, withdrawn: tuple[int, ...] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse that is made of these files; its sums have been checked."""
    with tempfile.TemporaryDirectory() as folder:
        programme = Programme(Path(folder))
        programme.settings_file.touch()
        con = open_scratch(programme)
        try:
            create_all(con)
            load_reference(con, programme)
            for number, rows in enumerate(files, start=1):
                _land(con, number, rows, number in withdrawn)
            derive(con)
            yield con
        finally:
            con.close()


def derive(con: duckdb.DuckDBPyConnection) -> None:
    """Make core.* of what is landed, as an ingest does, and check the sums."""
    run_models(con, LANDING / "views")
    run_models(con, LANDING / "models")
    count_results(con)
    check_sums(con)


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """All rows of the answer."""
    return con.execute(sql).fetchall()


def broken(con: duckdb.DuckDBPyConnection, rule_code: str) -> list[tuple[int, int]]:
    """File and line of each thing that a rule finds wrong."""
    folder = Path(check.__file__).parent / "lenses"
    for name, kind in check.LENSES.items():
        query = (folder / f"{name}.sql").read_text(encoding="utf-8")
        con.execute(f"create or replace temp {kind} {name} as\n{query}")
    rule = next(r for r in read_rules(rules_folder()) if r.code == rule_code)
    return ask(con, f"select file_id, line from ({rule.query}) order by all")


def _land(con: duckdb.DuckDBPyConnection, file_id: int, rows: File, withdrawn: bool) -> None:
    landed = [
        _typed(one, file_id, line, item)
        for line, sent in enumerate(rows, start=2)
        for item, one in _items(sent)
    ]
    for table in ("landing.export_pupil", "landing.export_item"):
        columns = [c.name for c in tables()[table].columns]
        insert_rows(con, table, columns, [tuple(r.get(c) for c in columns) for r in landed])
    results = sum(r["of_result"] for r in landed)
    con.execute(
        "insert into landing.export_file (file_id, file_sha256, file_name, status, rows_read, "
        "rows_loaded, rows_rejected, rows_skipped, results_read, withdrawn_by) "
        "values (?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
        [
            *(file_id, str(file_id), f"{file_id}.csv", "withdrawn" if withdrawn else "loaded"),
            *(len(rows), len(rows), results, 99 if withdrawn else None),
        ],
    )


def _items(sent: Row) -> list[tuple[int, Row]]:
    facts = {k: v for k, v in sent.items() if k != "more"}
    if sent["kind"] != "results":
        return [(0, facts)]
    return [(1, facts), *((n, facts | more) for n, more in enumerate(sent["more"], start=2))]


def _typed(sent: Row, file_id: int, line: int, item: int) -> Row:
    label = f"{sent['academic_year']}-{sent['term']}"
    kind = upn_kind(sent["upn"]) if sent.get("upn") else None
    given = {"file_id": file_id, "line": line, "item": item, "upn_kind": kind, "not_understood": ""}
    given |= {"pupil_line": line, "pupil_item": item, "of_result": sent["kind"] == "results"}
    if sent.get("outcome", "") is None:
        given |= {"outcome_as_sent": None, "outcome_on_scale": None, "no_result_reason": "blank"}
    return sent | given | {"term_no": Term.from_label(label).term_no}
