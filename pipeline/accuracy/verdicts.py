"""What a check found, for whoever asked: gates by school and term, and what belongs to none."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import SurroundingsWrong
from pipeline.verdict_words import Limits, read_limits

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Gate:
    """A school and term: how complete and accurate its data is, and whether to rely on it."""

    school_id: int
    academic_year: str
    term: str
    term_no: int
    errors: int
    warnings: int
    notes: int
    questions: int
    accepted: int
    rows_not_loaded: int
    whole_errors: int
    pupils_checked: int
    pupils_with_errors: int
    pupils_due: int
    results_due: int
    results_present: int
    results_explained: int
    complete_enough: bool
    accurate_enough: bool
    passed: bool


@dataclass(frozen=True)
class Verdicts:
    """The gates asked for, and the issues of rows that name no school or term (by severity).

    `accepted_notes` tells of entries of accepted issues that are past or match nothing.
    """

    gates: tuple[Gate, ...]
    unassigned: dict[str, int]
    rules: int
    expectations: int
    accepted_notes: tuple[str, ...]
    limits: Limits

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

    @property
    def questions(self) -> int:
        return sum(gate.questions for gate in self.gates)


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
    return Verdicts(
        gates=tuple(Gate(*row) for row in gates),
        unassigned=unassigned,
        rules=counted[0],
        expectations=counted[1],
        accepted_notes=tuple(accepted_notes(con)),
        limits=read_limits(con),
    )


def accepted_notes(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A line for each entry of accepted issues that is past or matches nothing, without a pupil."""
    sql = (Path(__file__).parent / "queries" / "accepted_entry.sql").read_text(encoding="utf-8")
    notes = []
    for number, rule_code, unknown, until, in_force, issues in con.execute(sql).fetchall():
        rule = f" ({rule_code})" if rule_code else ""
        about = f"corrections.toml: accepted issue {number}{rule}"
        if unknown:
            notes.append(
                f"{about} names a rule that there is not; docs/accuracy.md lists the codes."
            )
        elif not issues:
            notes.append(
                f"{about} matches nothing any longer: it was mended, or it names another school, "
                f"term or pupil. Take it out, or correct it."
            )
        elif not in_force:
            counts = "1 issue counts" if issues == 1 else f"{issues:,} issues count"
            notes.append(
                f"{about} held until {until:%d/%m/%Y}: {counts} again. Have it mended, or give a "
                f"later day and the reason."
            )
    return notes


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
