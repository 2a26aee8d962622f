"""What the rules find in invented schools, first sound and then with errors at known places.

Used by the tests for a small world and by the benchmark for 200,000 results.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.accuracy.check import check
from pipeline.accuracy.loading import BackgroundImport
from pipeline.accuracy.rules import read_rules, rules_folder
from pipeline.landing.ingest import ingest
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_warehouse
from tests.planted_errors import BY_CLASS, BY_ROW, BY_SCHOOL, Planted, Planter
from tests.planted_schools import FIRST_URN, TERMS, Size, World, write

ALL = frozenset(BY_ROW) | frozenset(BY_SCHOOL) | frozenset(BY_CLASS)
# Rules about a class are given as many chances to be wrong as there are classes of this size.
LEAST_OF_A_CLASS = 15
LATEST = len(TERMS) - 1


@dataclass(frozen=True)
class Honest:
    """A sound world: rows, issues by rule, and of its classes those that a rule questions.

    Classes are those of the second year, for which all rules have earlier terms to compare with.
    """

    results: int
    rows: int
    issues: dict[str, int]
    classes: int
    classes_questioned: dict[str, int]


@dataclass(frozen=True)
class Recall:
    """Of a rule's planted errors, how many were found."""

    planted: int
    found: int


def honest(folder: Path, size: Size, seed: int, expectations: BackgroundImport) -> Honest:
    """Check a world in which nothing is wrong."""
    world = World(size, seed)
    programme = _programme(folder)
    write(world, programme.exports)
    with open_warehouse(programme) as con:
        _take_in(con, programme, expectations)
        issues = dict(
            con.execute("select rule_code, count(*) from accuracy.issue group by all").fetchall()
        )
        classes = con.execute(
            "select count(*) from (select 1 from core.enrolment "
            f"where on_roll and academic_year = '{TERMS[LATEST][0]}' "
            f"group by school_id, term_no, class_name having count(*) >= {LEAST_OF_A_CLASS})"
        ).fetchall()[0][0]
        questioned = con.execute(
            "select i.rule_code, count(distinct (school_id, academic_year, term, class_name)) "
            "from accuracy.issue as i join accuracy.rule as r using (rule_code) "
            "where r.audience = 'head and data lead' "
            f"and academic_year = '{TERMS[LATEST][0]}' group by i.rule_code"
        ).fetchall()
        rows, results = con.execute(
            "select (select count(*) from landing.export_row), (select count(*) from core.result)"
        ).fetchall()[0]
    return Honest(results, rows, issues, classes, dict(questioned))


def planted(
    folder: Path,
    size: Size,
    seed: int,
    errors: int,
    expectations: BackgroundImport,
    kinds: Collection[str] = ALL,
) -> dict[str, Recall]:
    """Plant errors of all kinds, or of some, and check: what was planted and found, by rule."""
    world = World(size, seed)
    planter = plant(world, errors, kinds)
    programme = _programme(folder)
    places = write(world, programme.exports)
    with open_warehouse(programme) as con:
        _take_in(con, programme, expectations)
        found = _found(con)
        numbers = set(
            con.execute(
                "select value, school_id, pupil_id from core.pupil_identifier "
                "where kind = 'admission_number'"
            ).fetchall()
        )
    counted: dict[str, list[bool]] = {}
    for one in planter.planted:
        is_found = any(_fits(one, issue, places, numbers) for issue in found[one.rule_code])
        counted.setdefault(one.rule_code, []).append(is_found)
    return {code: Recall(len(found), sum(found)) for code, found in sorted(counted.items())}


def plant(world: World, errors: int, kinds: Collection[str] = ALL) -> Planter:
    """Causes first, each in a school of its own; then row by row, in the schools left over."""
    planter = Planter(world)
    causes = [code for code in (*BY_SCHOOL, *BY_CLASS) if code in kinds]
    slips = [plant for code, plant in BY_ROW.items() if code in kinds]
    # Tests are standardised in three schools of four; the last school gives its pupils to others.
    schools = range(world.size.schools - 1)
    standardised = [s for s in schools if world.tests_on(s) == "standardised"]
    used = standardised[: len(causes)]
    for school, code in zip(used, causes, strict=True):
        if code in BY_SCHOOL:
            planter.planted.append(BY_SCHOOL[code](planter, school, LATEST))
            continue
        for year_group in world.size.year_groups:
            name = f"{year_group}A"
            planter.planted.append(BY_CLASS[code](planter, school, LATEST, name))
    free = [s for s in schools if s not in used]
    for number in range(errors - len(planter.planted)):
        function, school = slips[number % len(slips)], free[number % len(free)]
        planter.planted.append(function(planter, school, 1 + 2 * (number % 2)))
    return planter


def _programme(folder: Path) -> Programme:
    programme = Programme(folder)
    programme.exports.mkdir(parents=True)
    programme.settings_file.touch()
    return programme


def _take_in(
    con: duckdb.DuckDBPyConnection, programme: Programme, expectations: BackgroundImport
) -> None:
    load_reference(con, programme)
    told = ingest(con, programme)
    assert not told.refused, told.refused
    check(con, "a-run", programme, None, expectations)


Issue = tuple[int, str, str, int | None, str | None, str | None, str | None, int | None]


def _found(con: duckdb.DuckDBPyConnection) -> dict[str, list[Issue]]:
    rows = con.execute(
        "select rule_code, i.school_id, i.academic_year, i.term, pupil_id, subject, class_name, "
        "file_name, line from accuracy.issue as i left join landing.export_file using (file_id)"
    ).fetchall()
    found: dict[str, list[Issue]] = {code.code: [] for code in read_rules(rules_folder())}
    for code, *where in rows:
        found[code].append(tuple(where))  # type: ignore[arg-type]
    return found


def _fits(
    one: Planted,
    issue: Issue,
    places: dict[int, tuple[str, int]],
    numbers: set[tuple[str, int, int]],
) -> bool:
    school_id, academic_year, term, pupil_id, subject, class_name, file, line = issue
    if one.rows:
        return any(places[row] == (file, line) for row in one.rows)
    if one.pupil:
        number = one.pupil.cells["admission_number"]
        if (number, FIRST_URN + one.school, pupil_id) not in numbers:
            return False
    return (
        school_id == FIRST_URN + one.school
        and (one.t < 0 or (academic_year, term) == TERMS[one.t])
        and one.subject in (None, subject)
        and one.class_name in (None, class_name)
    )
