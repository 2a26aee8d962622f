"""What schools' systems, test publishers, trusts and the DfE make of the same rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from invention.calendar import TERMS
from invention.standard import is_yes
from invention.tables import Cell, Export, Line, Row, Table, by_pupil, day_of, title

SUBJECTS = ("maths", "reading", "writing")
# A heading of Bramblecote's class lists, and the standard column that it stands for.
CLASS_LIST = {
    "Legal Surname": "surname", "Legal Forename": "forename", "UPN": "upn",
    "Admission No": "admission_number", "DOB": "date_of_birth", "Gender": "sex",
    "NC Year": "year_group", "Reg Group": "class_name", "Pupil Premium": "pupil_premium",
    "Ever 6 FSM": "fsm6", "SEN Status": "sen", "EAL": "eal",
    "Proficiency in English": "english_proficiency", "Ethnicity Code": "ethnicity",
    "Admission Date": "entry_date", "Date of Leaving": "leaving_date",
    "% Attendance": "attendance_percent", "Expectation": "expectation",
}  # fmt: skip


def marksheet(export: Export) -> Table:
    """A marksheet of a school's system: titles, a column a subject, a row of totals.

    In autumn 2025 the term stands above the subjects, in a row of headings of its own.
    """
    when = TERMS[export.term]
    who = ("Adno", "Legal Surname", "Legal Forename", "Reg Group", "Year")
    lines = [
        title(export.school.name),
        title(f"Assessment marksheet, {when.name} term {when.academic_year}"),
        title(),
    ]
    if export.term == 3:
        lines.append(title("Pupil", *[""] * (len(who) - 1), "Autumn", "", ""))
    lines.append(title(*who, "Maths", "Reading", "Writing"))
    entered = dict.fromkeys(SUBJECTS, 0)
    for group in by_pupil(export.rows):
        first = next(iter(group.values()))
        said = [first.cells[c] for c in ("admission_number", "surname", "forename", "class_name")]
        outcomes = [group[s].cells["outcome"] if s in group else "" for s in SUBJECTS]
        for subject, outcome in zip(SUBJECTS, outcomes, strict=True):
            entered[subject] += bool(outcome.strip())
        lines.append(Line([*said, f"Year  {first.year}", *outcomes], list(group.values())))
    lines.append(Line(["Total", "", "", "", "", *entered.values()]))
    return Table("marksheet/1", lines, "Marksheet")


def class_lists(export: Export) -> list[Table]:
    """A sheet for each class, with a title above and the number of pupils below."""
    tables = []
    for name in dict.fromkeys(row.cells["class_name"] for row in export.rows):
        rows = [row for row in export.rows if row.cells["class_name"] == name]
        lines = [title(f"Class list: {name}"), title(), title(*CLASS_LIST)]
        for row in rows:
            values: list[Cell] = [row.cells.get(c, "") for c in CLASS_LIST.values()]
            lines.append(Line([day_of(str(v)) or v for v in values], [row]))
        lines.append(Line(["Number of pupils", *[""] * 5, len(rows)]))
        tables.append(Table("pupil-list/1", lines, name))
    return tables


def test_results(export: Export) -> Table:
    """A test publisher's file: the standardised score beside the age and the raw mark."""
    lines = [
        title(
            *("Surname", "Forename", "UPN", "Date of birth", "Year", "Class", "DfE Number"),
            *("Subject", "Test", "Test date", "Age at test", "Raw score", "Standardised score"),
        )
    ]
    for row in export.rows:
        said = row.cells
        born, sat = day_of(said["date_of_birth"]), day_of(said["assessment_date"])
        score = said["outcome"]
        marks = str(int(score) // 2 - 22) if score.isdigit() else ""
        about = [said[c] for c in ("surname", "forename", "upn")]
        when = [f"{day:%d/%m/%Y}" if day else "" for day in (born, sat)]
        test = ["Mathematics" if said["subject"] == "maths" else "Reading", said["assessment"]]
        cells = [*about, when[0], row.year, said["class_name"], said["school"], *test, when[1]]
        lines.append(Line([*cells, _age(born, sat), marks, score], [row]))
    return Table("standardised-tests/1", lines)


def _age(born: dt.date | None, on: dt.date | None) -> str:
    if not born or not on:
        return ""
    months = 12 * (on.year - born.year) + on.month - born.month - (on.day < born.day)
    return f"{months // 12}:{months % 12:02}"


def trust_extract(export: Export) -> Table:
    """A trust's long extract: an attainment once for every class, progress and remarks between."""
    lines = [
        title(
            *("student_id", "school_id", "cohort", "class_id", "teacher_id", "subject", "date"),
            *("assessment_type", "score"),
        )
    ]
    for row in export.rows:
        lines += [Line(cells, [row] if n == 0 else []) for n, cells in enumerate(_told(row))]
    return Table("trust-long/1", lines)


def _told(row: Row) -> Iterator[list[Cell]]:
    said = row.cells
    year = said["academic_year"]
    cohort = f"Y{row.year} in {year[:4]}/20{year[-2:]}"
    subject = {"maths": "Pri: Mathematics"}.get(said["subject"], f"Pri: {said['subject'].title()}")
    is_test = said["scale"] == "standardised"
    about = [said["admission_number"], said["school"], cohort]
    class_id, day = said["class_name"], said["assessment_date"]
    what = f"{said['assessment']} - {'Standardised' if is_test else 'Attainment'}"
    yield [*about, class_id, "", subject, day, what, said["outcome"]]
    if row.year == 6 and said["subject"] == "maths":
        # Pupils of Year 6 are in a set for mathematics as well as in their class.
        yield [*about, "Y6 maths set", "", subject, day, what, said["outcome"]]
        if not is_test and said["outcome"] == "WTS":
            remark = "Invented remark: practise times tables"
            yield [*about, class_id, "", subject, day, f"{said['assessment']} - Progress", "EXP+"]
            yield [*about, class_id, "", subject, day, f"{said['assessment']} - Comment", remark]


def key_stage_2(export: Export) -> Table:
    """The DfE's pupil file of key stage 2: a row a pupil, days as DD/MM/YY."""
    lines = [
        title(
            *("LAESTAB", "UPN", "SURNAME", "FORENAME", "DOB", "READSCORE", "READOUTCOME"),
            *("MATSCORE", "MATOUTCOME", "WRITTAOUTCOME"),
        )
    ]
    for group in by_pupil(export.rows):
        first = next(iter(group.values())).cells
        born = day_of(first["date_of_birth"])
        about = [str(export.school.laestab), first["upn"], first["surname"], first["forename"]]
        results: list[Cell] = []
        for subject in ("reading", "maths"):
            results += _scaled(group[subject].cells["outcome"] if subject in group else "")
        results.append(group["writing"].cells["outcome"] if "writing" in group else "")
        when = f"{born:%d/%m/%y}" if born else ""
        lines.append(Line([*about, when, *results], list(group.values())))
    return Table("key-stage-2/1", lines)


def _scaled(outcome: str) -> tuple[str, str]:
    """Score and outcome: AS and NS for achieved and not; a code stands for an outcome."""
    if outcome.isdigit():
        return outcome, "AS" if int(outcome) >= 100 else "NS"
    return ("N", outcome) if outcome else ("", "")


def pupil_premium(roll: Export) -> Table:
    """The DfE's pupil premium list of a school, made from its roll."""
    starting_year = TERMS[roll.term].starting_year
    lines = [
        title(
            *("UPN", "Surname", "Forename", "Sex", "DOB", "NCYear", "PupilPremiumFTE"),
            *("PupilPremiumFYStartDate", "PupilPremiumFYEndDate"),
        )
    ]
    for row in roll.rows:
        said = row.cells
        born = day_of(said["date_of_birth"])
        about = [said[c] for c in ("upn", "surname", "forename", "sex")]
        year = "R" if row.year == 0 else str(row.year)
        share = "1.000" if is_yes(roll.school, said["pupil_premium"]) else "0.000"
        days = [f"01/04/{starting_year}", f"31/03/{starting_year + 1}"]
        lines.append(Line([*about, f"{born:%d/%m/%Y}" if born else "", year, share, *days]))
    return Table("pupil-premium/1", lines)
