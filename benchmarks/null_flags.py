"""How many pupils `below` flags when nothing is wrong: the program, run over simulated pupils.

`python -m benchmarks.null_flags` prints the table; with `--write` it also writes it into
docs/method.md. The seed is fixed, so the table is the same each time.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.programme import Programme
from pipeline.progress.flag import flag
from pipeline.reference import load_reference
from pipeline.warehouse.connection import open_scratch
from pipeline.warehouse.tables import create_all

PUPILS, SEED, LINE = 20_000, 20251, 90
SPRING, SUMMER = 3 * 2025 + 1, 3 * 2025 + 2
BEGIN, END = (
    "<!-- the table is written by `python -m benchmarks.null_flags --write` -->",
    "<!-- -->",
)
SETTINGS = """subjects = ["maths", "reading"]
[[due]]
year_groups = ["5"]
subjects = ["maths"]
[[paper]]
scale = "standardised"
assessment = "r 0.85"
reliability = 0.85
[[paper]]
scale = "standardised"
assessment = "r 0.90"
reliability = 0.90
[[paper]]
scale = "standardised"
assessment = "r 0.95"
reliability = 0.95
"""
# How often a judgement agrees with the true standard; the rest is half above, half below.
AGREEMENT = (0.85, 0.90)


@dataclass
class Group:
    """Simulated pupils who share a story: outcomes as sent, and who is truly under the line."""

    story: str
    scale: str
    paper: str
    outcomes: list[str]
    under: np.ndarray
    before: list[str] | None = None


def groups() -> list[Group]:
    """Every story, from one random generator in a fixed order."""
    dice = np.random.default_rng(SEED)
    found = []
    for reliability in (0.85, 0.90, 0.95):
        paper = f"r {reliability:.2f}"
        for true in (90, 95, 100):
            truth = np.full(PUPILS, float(true))
            story = f"test, reliability {reliability:.2f}: every pupil truly at {true}"
            found.append(sat(story, paper, truth, reliability, dice))
        truth = population(reliability, dice)
        story = f"test, reliability {reliability:.2f}: all pupils of the country"
        found.append(sat(story, paper, truth, reliability, dice))
    truth = population(0.90, dice)
    found.append(sat("test, no error published: all pupils of the country", "", truth, 0.90, dice))
    marks = np.clip(np.round(dice.normal(34, 5, PUPILS)), 0, 40).astype(int)
    told = [str(m) for m in marks]
    nobody = np.zeros(PUPILS, dtype=bool)
    found.append(Group("raw marks: a cohort in which every pupil is where it should be", "raw",
                       "Paper", told, nobody))  # fmt: skip
    for share in AGREEMENT:
        wrong = (1 - share) / 2
        told = dice.choice(["WTS", "EXS", "GDS"], PUPILS, p=[wrong, share, wrong]).tolist()
        story = f"teacher assessment, {share:.0%} right: every pupil truly at EXS"
        found.append(Group(story, "ta", "", told, nobody))
    return found


def population(reliability: float, dice: np.random.Generator) -> np.ndarray:
    """True scores whose observed scores have mean 100 and standard deviation 15."""
    return dice.normal(100, 15 * reliability**0.5, PUPILS)


def sat(
    story: str, paper: str, truth: np.ndarray, reliability: float, dice: np.random.Generator
) -> Group:
    """The same true scores, tested in two terms and given in whole numbers."""
    spring, summer = (
        np.clip(np.round(truth + dice.normal(0, 15 * (1 - reliability) ** 0.5, PUPILS)), 40, 160)
        for _ in range(2)
    )
    told = [f"{s:.0f}" for s in summer]
    return Group(story, "standardised", paper, told, truth < LINE, [f"{s:.0f}" for s in spring])


def fill(con: duckdb.DuckDBPyConnection, found: list[Group]) -> None:
    """Enrolments and results of the groups; the group's number is that of its school."""
    for number, group in enumerate(found, start=1):
        ids = [number * PUPILS + n for n in range(PUPILS)]
        for term_no, term, outcomes in (
            (SPRING, "spring", group.before),
            (SUMMER, "summer", group.outcomes),
        ):
            if outcomes is None:
                continue
            shared = f"{number} as school_id, '2025-26' as academic_year, '{term}' as term, " \
                f"{term_no} as term_no, 1 as file_id, pupil_id as line, 1 as item"  # fmt: skip
            con.register("simulated", pa.table({"pupil_id": ids, "outcome": outcomes}))
            con.execute(
                f"insert into core.enrolment by name select pupil_id, {shared}, '5' as year_group, "
                f"true as from_roll, true as on_roll from simulated"
            )
            kind = "teacher" if group.scale == "ta" else "test"
            con.execute(
                f"insert into core.result by name select pupil_id, {shared}, 'maths' as subject, "
                f"'{group.scale}' as scale, '{kind}' as assessment_kind, "
                f"'{group.paper}' as assessment, 1 as attempt, outcome, true as outcome_on_scale "
                f"from simulated"
            )


def shares(con: duckdb.DuckDBPyConnection, number: int, group: Group) -> list[float | None]:
    """Clear, borderline; flagged of those not under the line; missed of those under; new."""
    told = con.execute(
        "select s.pupil_id, f.certainty_band, s.change from progress.status as s "
        "left join progress.flag as f on f.pupil_id = s.pupil_id and f.term_no = s.term_no "
        "and f.reason = 'below' "
        f"where s.school_id = {number} and s.term_no = {SUMMER} order by s.pupil_id"
    ).fetchall()
    clear = np.array([band == "clear" for _, band, _ in told])
    borderline = np.array([band == "borderline" for _, band, _ in told])
    new = np.array([change == "new" for _, _, change in told])
    flagged, under = clear | borderline, group.under
    return [
        clear.mean(),
        borderline.mean(),
        clear[~under].mean() if under.any() else None,
        borderline[~under].mean() if under.any() else None,
        (~flagged)[under].mean() if under.any() else None,
        new.mean() if group.before else None,
    ]


def table() -> str:
    """The whole table, as Markdown."""
    found = groups()
    lines = [
        "| who | clear | borderline | clear, of those truly at 90 or more | borderline, of those "
        "truly at 90 or more | not flagged, of those truly under 90 | new against the term before, "
        "though nothing changed |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        programme = Programme(Path(folder))
        programme.settings_file.write_text(SETTINGS, encoding="utf-8")
        programme.private.mkdir()
        con = open_scratch(programme)
        try:
            create_all(con)
            load_reference(con, programme)
            fill(con, found)
            flag(con, programme)
            for number, group in enumerate(found, start=1):
                told = ("–" if s is None else f"{s:.1%}" for s in shares(con, number, group))
                lines.append(f"| {group.story} | {' | '.join(told)} |")
        finally:
            con.close()
    return "\n".join(lines)


def main() -> None:
    """Print the table; write it where it is asked for."""
    told = table()
    print(told)
    if "--write" in sys.argv:
        page = Path(__file__).resolve().parent.parent / "docs" / "method.md"
        text = page.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        tail = rest.split(END, 1)[1]
        written = f"{head}{BEGIN}\n\n{told}\n\n{END}{tail}"
        page.write_text(written, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
