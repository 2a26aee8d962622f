"""Invented schools, one of which has sent nothing, as exports small enough to see."""

import csv
from pathlib import Path

from pipeline.programme import Programme
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse

INVENTED, PRETEND, SILENT, TESTED = 990101, 990102, 990103, 990104
TERM = "2025-26-autumn"
SUBJECTS = ("maths", "reading", "writing")
HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0")

# surname, forename, class, year group, outcomes in maths, reading, writing (teacher assessment);
# None: no row at all
PUPILS = [
    ("Nettlewick", "Zoë", "Y3/4", "3", ("EXS", "EXS", "EXS")),
    ("Mosscombe", "Idris", "Y3/4", "4", ("EXS", "GDS", "WTS")),
    (*HOSTILE, "Y3/4", "3", ("EXS", "WTS", "EXS")),
    ("Thistledyke", "Una", "Y3/4", "4", ("WTS", "WTS", "WTS")),
    ("Vetchby", "Pavel", "Y3/4", "3", ("PK4", "WTS", "BLW")),
    ("Larchrigg", "Amina", "Y3/4", "4", ("A", "EXS", "EXS")),
    ("Jorrelby", "Kofi", "Y3/4", "3", (None, "EXS", "EXS")),
    ("Wrengate", "Seán", "Y3/4", "4", ("EXP", "EXS", "EXS")),
    ("Fennelrigg", "Maja", "Owls", "5", ("EXS", "EXS", "EXS")),
    ("Umberby", "Ravi", "Owls", "6", ("EXS", "WTS", "EXS")),
]
# Writing is known of too few for a ring.
PRETEND_PUPILS = [
    ("Crumbrigg", "Hana", "Larks", "5", ("EXS", "EXS", None)),
    ("Dapplelow", "Tomos", "Larks", "5", ("WTS", "EXS", None)),
    ("Quillsnape", "Jude", "Larks", "5", ("EXS", "WTS", "EXS")),
]
COLUMNS = [
    *("academic_year", "term", "school", "admission_number", "surname", "forename"),
    *("date_of_birth", "year_group", "class_name"),
]
SETTINGS = f"""
[reports]
workers = 1

[[school]]
urn = {INVENTED}
name = "Made-up & Sons' Primary"

[[school]]
urn = {PRETEND}
name = "Pretend Primary"

[[school]]
urn = {SILENT}
name = "Silent Imaginary Primary"
"""


def programme(folder: Path) -> Programme:
    """A programme folder with the invented schools, ingested and flagged."""
    (folder / "exports").mkdir(parents=True)
    (folder / "pipeline.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "teams.csv").write_text(
        f"school,class_name,team\n{INVENTED},Y3/4,Y3/4\n{INVENTED},Owls,Upper <b>team</b>\n",
        encoding="utf-8",
    )
    for school, pupils in ((INVENTED, PUPILS), (PRETEND, PRETEND_PUPILS)):
        send(folder, school, "autumn", pupils)
    made = Programme(folder)
    run(made, stages=("ingest", "flag"))
    return made


def school_of_tests(folder: Path, papers: str = "") -> Programme:
    """A school with 32 pupils in Year 5 and one in Reception, in which nothing is due.

    Pupil n of Year 5 has n raw marks in maths; nearly all have 100 in reading and EXS in writing.
    `papers` is what the settings say of the tests.
    """
    (folder / "exports").mkdir(parents=True)
    school = f'[[school]]\nurn = {TESTED}\nname = "Imaginary Tests Primary"\n'
    (folder / "pipeline.toml").write_text(
        f"reports.workers = 1\n{papers}\n{school}", encoding="utf-8"
    )
    (folder / "teams.csv").write_text(
        f"school,class_name,team\n{TESTED},Ducklings,Youngest\n{TESTED},Herons,Herons\n",
        encoding="utf-8",
    )
    surnames = {1: "Overmarsh", 2: "Östlehurst", 32: "Ownstead"}
    reading = {1: "70", 20: "89", 30: None}
    writing = {2: "WTS", 30: "WTS", 32: "PK3"}
    roll = [[*_who(0, "Duckby", "2020", "R", "Ducklings"), ""]]
    results = []
    for n in range(1, 33):
        who = _who(n, surnames.get(n, f"Numberby-{n:02d}"), "2015", "5", "Herons")
        roll.append([*who, "own" if n == 32 else ""])
        results.append([*who, "maths", "raw", n])
        results.append([*who, "reading", "standardised", reading.get(n, "100")])
        results.append([*who, "writing", "ta", writing.get(n, "EXS")])
    _write(folder / "exports/roll.csv", [*COLUMNS, "expectation"], roll)
    sent = [row for row in results if row[-1] is not None]
    _write(folder / "exports/results.csv", [*COLUMNS, "subject", "scale", "outcome"], sent)
    made = Programme(folder)
    run(made, stages=("ingest", "flag"))
    return made


def _who(number: int, surname: str, born: str, year: str, class_name: str) -> list:
    name = [f"04{number:04d}", surname, "Nobody"]
    return ["2025-26", "autumn", TESTED, *name, f"{born}-10-01", year, class_name]


def send(folder: Path, school: int, term: str, pupils: list[tuple]) -> None:
    """A roll and results of a school for a term of 2025-26, into exports/."""
    roll, results = [], []
    for number, (surname, forename, class_name, year, outcomes) in enumerate(pupils, start=1):
        born = f"{2025 - 5 - int(year)}-10-{number:02d}"
        who = ["2025-26", term, school, f"{school % 100:02d}{number:04d}", surname, forename]
        who += [born, year, class_name]
        roll.append(who)
        results += [
            [*who, subject, "ta", outcome]
            for subject, outcome in zip(SUBJECTS, outcomes, strict=True)
            if outcome is not None
        ]
    _write(folder / f"exports/{school}-{term}-roll.csv", COLUMNS, roll)
    more = ["subject", "scale", "outcome"]
    _write(folder / f"exports/{school}-{term}-results.csv", [*COLUMNS, *more], results)


def _write(path: Path, names: list[str], rows: list[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([names, *rows])


def gate(made: Programme, school: int, errors: int) -> None:
    """Say that the accuracy check found this many outcomes that are not on their scale."""
    with open_warehouse(made) as con:
        con.execute("delete from accuracy.gate where school_id = ?", [school])
        con.execute("delete from accuracy.rule")
        con.execute("delete from accuracy.outcome")
        con.execute(
            "insert into accuracy.gate (school_id, academic_year, term, term_no, errors, warnings, "
            "notes, questions, accepted, rows_not_loaded, whole_errors, pupils_checked, "
            "pupils_with_errors, pupils_due, results_due, results_present, results_explained, "
            "complete_enough, accurate_enough, passed) values (?, '2025-26', 'autumn', 6075, ?, 0, "
            "0, 0, 0, 0, 0, 10, ?, 10, 30, 28, 0, true, ?, ?)",
            [school, errors, errors, errors == 0, errors == 0],
        )
        con.execute(
            "insert into accuracy.rule values ('outcome_not_on_scale', "
            "'Each outcome is on its scale', 'error', 'row', 'class teacher', "
            "'assessment tracker or markbook', 'fix list', 'result', 'not on the scale', "
            "'{count} are not on the scale', 'Correct the outcome in the markbook.', 'why', "
            "0, null, null)"
        )
        con.execute(
            "insert into accuracy.outcome values ('outcome_not_on_scale', ?, '2025-26', "
            "'autumn', 'error', 28, ?, 0, ?)",
            [school, errors, errors == 0],
        )
