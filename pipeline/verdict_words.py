"""The verdict on a school and term in words, from a row of `accuracy.gate`, wherever it is told."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb


class Judged(Protocol):
    """A row of `accuracy.gate`, as far as words are made of it."""

    @property
    def whole_errors(self) -> int: ...
    @property
    def pupils_checked(self) -> int: ...
    @property
    def pupils_with_errors(self) -> int: ...
    @property
    def results_due(self) -> int: ...
    @property
    def results_present(self) -> int: ...
    @property
    def results_explained(self) -> int: ...
    @property
    def complete_enough(self) -> bool: ...


@dataclass(frozen=True)
class Limits:
    """The thresholds of the gate, as shares."""

    pupils_with_errors: float
    results_accounted_for: float


def read_limits(con: duckdb.DuckDBPyConnection) -> Limits:
    """The thresholds by which the gate was last judged."""
    found: dict[str, Any] = dict(
        con.execute(
            "select name, number from reference.setting where name like 'gate.%'"
        ).fetchall()
    )
    return Limits(found["gate.pupils_with_errors"], found["gate.results_accounted_for"])


def share(part: int, whole: int) -> str:
    """A percentage, rounded down, so that what fell short never looks like enough."""
    return (
        f"{math.floor(1000 * part / whole + 1e-9) / 10:.1f}%".replace(".0%", "%") if whole else "–"
    )


def limit(value: float) -> str:
    """A threshold as a percentage."""
    return f"{100 * value:.4g}%"


def complete(gate: Judged) -> str:
    """How many of the results due are there: `213 of 216 (98.6%), 2 more explained`."""
    if not gate.results_due:
        return "no result is due"
    more = f", {gate.results_explained:,} more explained" if gate.results_explained else ""
    part = share(gate.results_present, gate.results_due)
    return f"{gate.results_present:,} of {gate.results_due:,} ({part}){more}"


def accurate(gate: Judged) -> str:
    """How many of the pupils looked at have no error: `69 of 72 (95.8%)`."""
    if not gate.pupils_checked:
        return "no pupil was loaded"
    sound = gate.pupils_checked - gate.pupils_with_errors
    return f"{sound:,} of {gate.pupils_checked:,} ({share(sound, gate.pupils_checked)})"


def why_closed(gate: Judged, limits: Limits) -> list[str]:
    """Why the gate is closed; nothing where it is open."""
    why = []
    if gate.whole_errors:
        errors = "1 error of" if gate.whole_errors == 1 else f"{gate.whole_errors:,} errors of"
        why.append(f"{errors} a whole file, class, year group or school")
    if gate.pupils_with_errors > limits.pupils_with_errors * gate.pupils_checked:
        have = "has" if gate.pupils_with_errors == 1 else "have"
        part = share(gate.pupils_with_errors, gate.pupils_checked)
        why.append(
            f"{gate.pupils_with_errors:,} of {gate.pupils_checked:,} pupils {have} an error "
            f"({part}; up to {limit(limits.pupils_with_errors)} may)"
        )
    if not gate.complete_enough:
        there = gate.results_present + gate.results_explained
        part = share(there, gate.results_due)
        why.append(
            f"{there:,} of {gate.results_due:,} results due are there or explained "
            f"({part}; {limit(limits.results_accounted_for)} are needed)"
        )
    return why
