"""Two invented schools, and a third that has sent nothing, as exports small enough to see."""

import csv
from pathlib import Path

from pipeline.programme import Programme
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse

INVENTED, PRETEND, SILENT = 990101, 990102, 990103
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
    names = ["academic_year", "term", "school", "admission_number", "surname", "forename"]
    names += ["date_of_birth", "year_group", "class_name"]
    _write(folder / f"exports/{school}-{term}-roll.csv", names, roll)
    more = ["subject", "scale", "outcome"]
    _write(folder / f"exports/{school}-{term}-results.csv", names + more, results)


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
            "insert into accuracy.gate "
            "values (?, '2025-26', 'autumn', 6075, ?, 0, 0, 10, 30, 28, ?)",
            [school, errors, errors == 0],
        )
        con.execute(
            "insert into accuracy.rule values ('outcome_not_on_scale', "
            "'Each outcome is on its scale', 'error', 'row', 'class teacher', 'result', "
            "'not on the scale', 'Correct the outcome in the markbook.', 'why')"
        )
        con.execute(
            "insert into accuracy.outcome values ('outcome_not_on_scale', ?, '2025-26', "
            "'autumn', 'error', 28, ?, ?)",
            [school, errors, errors == 0],
        )
