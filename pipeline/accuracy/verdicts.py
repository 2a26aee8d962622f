"""What a check found, for whoever asked: gates by school and term, and what belongs to none."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import SurroundingsWrong

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Gate:
    """A school and term: issues by severity, and how complete its results are."""

    school_id: int
    academic_year: str
    term: str
    term_no: int
    errors: int
    warnings: int
    notes: int
    pupils_due: int
    results_due: int
    results_present: int
    passed: bool


@dataclass(frozen=True)
class Verdicts:
    """The gates asked for, and the issues of rows that name no school or term (by severity)."""

    gates: tuple[Gate, ...]
    unassigned: dict[str, int]
    rules: int
    expectations: int

    @property
    def failed(self) -> tuple[Gate, ...]:
        """Gates that did not pass."""
        return tuple(gate for gate in self.gates if not gate.passed)

    @property
    def errors(self) -> int:
        return sum(gate.errors for gate in self.gates) + self.unassigned["error"]

    @property
    def warnings(self) -> int:
        return sum(gate.warnings for gate in self.gates) + self.unassigned["warning"]

    @property
    def notes(self) -> int:
        return sum(gate.notes for gate in self.gates) + self.unassigned["note"]


def read_verdicts(con: duckdb.DuckDBPyConnection, term_no: int | None) -> Verdicts:
    """Verdicts of the latest check as the warehouse holds them; of one term where it is given."""
    columns = ", ".join(Gate.__dataclass_fields__)
    gates = con.execute(
        f"select {columns} from accuracy.gate where term_no = coalesce(?, term_no) "
        f"order by term_no, school_id",
        [term_no],
    ).fetchall()
    unassigned = dict.fromkeys(SEVERITIES, 0)
    unassigned.update(
        con.execute(
            "select r.severity, count(*) from accuracy.issue as i "
            "join accuracy.rule as r on r.rule_code = i.rule_code "
            "left join accuracy.gate as g on g.school_id = i.school_id "
            "and g.academic_year = i.academic_year and g.term = i.term "
            "where g.school_id is null group by r.severity"
        ).fetchall()
    )
    counted = con.execute(
        "select (select count(*) from accuracy.rule), (select count(*) from accuracy.verdict)"
    ).fetchone()
    assert counted
    return Verdicts(tuple(Gate(*row) for row in gates), unassigned, *counted)


def write_validation(con: duckdb.DuckDBPyConnection, run_id: str, logs: Path) -> Path:
    """Write `validation-<run_id>.json`: counts by rule, school and term, and each expectation.

    It holds no pupil. Raises SurroundingsWrong where it cannot be written.
    """
    verdicts = read_verdicts(con, None)
    found = {
        "run_id": run_id,
        "gates": _listed(con, "gate", "term_no, school_id"),
        "not_assigned_to_a_school": verdicts.unassigned,
        "expectations": _listed(con, "verdict", "check_name"),
        # Of rules that found something; those that did not are in `expectations` as passed.
        "outcomes": _listed(
            con, "outcome", "school_id, academic_year, term, rule_code", "rows_failed > 0"
        ),
    }
    path = logs / f"validation-{run_id}.json"
    try:
        logs.mkdir(parents=True, exist_ok=True)
        path.write_text(_lines(found), encoding="utf-8", newline="\n")
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{path}: cannot be written ({wrong.strerror}). The folder must belong to the user "
            f"who runs the program, and the disk must have room."
        ) from None
    return path


def _listed(
    con: duckdb.DuckDBPyConnection, table: str, order: str, where: str = "true"
) -> dict[str, list[Any]]:
    """A table of the check as names of columns and rows, which is a third of a list of objects."""
    answer = con.execute(f"select * from accuracy.{table} where {where} order by {order}")
    return {"columns": [c[0] for c in answer.description or ()], "rows": answer.fetchall()}


def _lines(found: dict[str, Any]) -> str:
    """JSON with a line for each row, so that two runs can be compared."""
    parts = []
    for name, value in found.items():
        if isinstance(value, dict) and "rows" in value:
            rows = ",\n".join(json.dumps(row) for row in value["rows"])
            value_text = f'{{"columns": {json.dumps(value["columns"])}, "rows": [\n{rows}\n]}}'
        else:
            value_text = json.dumps(value)
        parts.append(f"{json.dumps(name)}: {value_text}")
    return "{" + ",\n".join(parts) + "}\n"
