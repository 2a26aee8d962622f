"""The check: every rule once, its issues and counts, then Great Expectations, then the gate."""

import re
from pathlib import Path
from typing import Any

import duckdb

from pipeline.accuracy.history import keep_history
from pipeline.accuracy.loading import BackgroundImport
from pipeline.accuracy.rules import ISSUE_COLUMNS, Rule, compile_rules, read_rules, rules_folder
from pipeline.accuracy.verdicts import Verdicts, read_verdicts, write_validation
from pipeline.errors import Defect, SettingsWrong
from pipeline.programme import Programme
from pipeline.warehouse.connection import in_transaction
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import insert_rows
from pipeline.warehouse.tables import create_table, tables

HERE = Path(__file__).parent
# Tables are asked several times, views by a few rules that want few of their rows.
LENSES = {
    "current_row": "view",
    "current_rejected_row": "view",
    "due_result": "table",
    "due_class": "table",
    "aged_pupil": "table",
    "lacking_value": "table",
    "carried_pupil": "table",
    "expected_pupil": "table",
    "class_outcome": "table",
    "class_result": "table",
    "carried_result": "table",
    "class_carry": "table",
    "judged_twice": "table",
}
WORKING_TABLES = ("found_issue", "explanation", "listed_issue", "earlier_issue", "this_run")


def check(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    programme: Programme,
    term_no: int | None,
    great_expectations: BackgroundImport,
    rules: Path | None = None,
) -> Verdicts:
    """Check all that is loaded; the verdicts given back are those of one term, or of all.

    Works in transactions of its own: the issues, counts and gates are there even where Great
    Expectations then finds the program at fault. Raises SettingsWrong where a rule is broken,
    Defect where verdicts disagree.
    """
    known = read_rules(rules or rules_folder())
    with in_transaction(con):
        find_issues(con, run_id, known)
        _describe(con, known)
        _leave_out_explained(con, known)
        run_models(con, HERE / "models")
        keep_history(con)
        _clear(con)
    _ask_great_expectations(con, known, great_expectations)
    write_validation(con, run_id, programme.folder / "logs")
    return read_verdicts(con, term_no)


def find_issues(con: duckdb.DuckDBPyConnection, run_id: str, rules: tuple[Rule, ...]) -> None:
    """Fill `found_issue` with what breaks the rules, once all of them are known to be sound."""
    _make_lenses(con, rules)
    compile_rules(con, rules)
    _find_issues(con, run_id, rules)


def _make_lenses(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    queries = {
        name: (HERE / "lenses" / f"{name}.sql").read_text(encoding="utf-8") for name in LENSES
    }
    asked = [rule.query for rule in rules]
    asked += [path.read_text(encoding="utf-8") for path in (HERE / "models").glob("*.sql")]
    needed: set[str] = set()
    # A lens may look through those before it.
    for name in reversed(LENSES):
        if any(re.search(rf"\b{name}\b", text) for text in asked):
            needed.add(name)
            asked.append(queries[name])
    for name, kind in LENSES.items():
        if name in needed:
            con.execute(f"create or replace temp {kind} {name} as\n{queries[name]}")


def _describe(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    table = tables()["accuracy.rule"]
    create_table(con, table)
    insert_rows(con, table.full_name, [c.name for c in table.columns], map(_told, rules))


def _told(rule: Rule) -> tuple[Any, ...]:
    """A row of `accuracy.rule`, in the order of its columns."""
    told = rule.header.model_dump() | {
        "rule_code": rule.code,
        "least": ", ".join(f"{n} {name}" for name, n in rule.header.least.items()) or None,
        "explains": ", ".join(rule.header.explains) or None,
    }
    return tuple(told[column.name] for column in tables()["accuracy.rule"].columns)


def _find_issues(con: duckdb.DuckDBPyConnection, run_id: str, rules: tuple[Rule, ...]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in ISSUE_COLUMNS.items())
    con.execute(f"create or replace temp table found_issue (rule_code varchar, {columns})")
    con.execute(
        "create or replace temp table earlier_issue as "
        "select issue_key, first_run from accuracy.issue"
    )
    con.execute("create or replace temp table this_run as select ? as run_id", [run_id])
    for rule in rules:
        try:
            con.execute(
                f"insert into found_issue by name "
                f"select '{rule.code}' as rule_code, broken.* "
                f"from (\n{rule.bound_query}\n) as broken"
            )
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            # A full disk, or too little memory, is no fault of the rule.
            raise
        except duckdb.Error as wrong:
            # DuckDB quotes values of the data here, so only the kind of error is told.
            raise SettingsWrong(
                f"{rule.file_name}: the query fails on the data ({type(wrong).__name__}); "
                f"expected one that can read any value, for instance with try_cast"
            ) from None


def _leave_out_explained(con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    """Of found issues those that are listed; those that others explain are counted there."""
    con.execute(
        "create or replace temp table explanation (rule_code varchar, explained_code varchar)"
    )
    pairs = [(rule.code, code) for rule in rules for code in rule.header.explains]
    insert_rows(con, "explanation", ["rule_code", "explained_code"], pairs)
    query = (HERE / "listed_issue.sql").read_text(encoding="utf-8")
    con.execute(f"create or replace temp table listed_issue as\n{query}")


def _clear(con: duckdb.DuckDBPyConnection) -> None:
    for table in WORKING_TABLES:
        con.execute(f"drop table {table}")
    for name, kind in reversed(LENSES.items()):
        con.execute(f"drop {kind} if exists {name}")


def _ask_great_expectations(
    con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], great_expectations: BackgroundImport
) -> None:
    judged = great_expectations.ready().judge(con, rules)
    failed = con.execute(
        "select rule_code from accuracy.outcome group by rule_code having not bool_and(passed)"
    ).fetchall()
    differ = disagreements({j.rule_code: j.passed for j in judged}, {row[0] for row in failed})
    if differ:
        raise Defect(f"Great Expectations and accuracy.outcome differ on: {', '.join(differ)}")
    with in_transaction(con):
        create_table(con, tables()["accuracy.verdict"])
        con.executemany(
            "insert into accuracy.verdict (check_name, table_name, rule_code, severity, passed) "
            "values (?, ?, ?, ?, ?)",
            [[j.check_name, j.table_name, j.rule_code, j.severity, j.passed] for j in judged],
        )


def disagreements(verdicts: dict[str | None, bool], failed: set[str]) -> list[str]:
    """Rules on which the verdicts (passed, by rule) are not what the counts say."""
    return sorted(code for code, passed in verdicts.items() if code and passed == (code in failed))
