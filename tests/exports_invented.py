"""Invented pupils in every layout, as tables, with what must be landed of each row.

Written out by `exports_written.py`; read back by the round trips, spoilt by the mutations.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.conftest import a_upn

Cell = str | dt.date
SUBJECTS = ("maths", "reading", "writing")
TERMS = ("autumn", "spring")


@dataclass(frozen=True)
class Child:
    """An invented pupil; `outcomes` by subject and term, in the text of a scale, blank if none."""

    number: int
    surname: str
    forename: str
    born: dt.date
    admission_number: str
    year_group: str = "4"
    class_name: str = "4 Elm"
    outcomes: tuple[str, ...] = ("EXS", "GDS", "WTS", "EXS", "", "EXS")

    @property
    def upn(self) -> str:
        return a_upn(self.number)

    def outcome(self, subject: str, term: str = "autumn") -> str:
        return self.outcomes[TERMS.index(term) * len(SUBJECTS) + SUBJECTS.index(subject)]


@dataclass(frozen=True)
class Result:
    """One result of a child, as a row of a long layout or a cell of a wide one has it."""

    child: Child
    subject: str
    term: str
    outcome: str


# A landed row as the round trips compare it: names of columns of landing.export_row to values.
Landed = dict[str, object]


@dataclass(frozen=True)
class Row:
    """A row of an export, and all that has to be landed of it."""

    cells: list[Cell]
    landed: list[Landed]


@dataclass(frozen=True)
class Table:
    """An export: rows of headings, then rows. `name` is its path below exports/, without ending."""

    layout: str
    name: str
    headings: list[list[str]]
    rows: list[Row]


Of = Callable[[Result], Cell]
FIELDS: dict[str, Of] = {
    "academic_year": lambda r: "2025-26",
    "term": lambda r: r.term,
    "school": lambda r: "990001",
    "upn": lambda r: r.child.upn,
    "admission_number": lambda r: r.child.admission_number,
    "surname": lambda r: r.child.surname,
    "forename": lambda r: r.child.forename,
    "date_of_birth": lambda r: r.child.born,
    "year_group": lambda r: r.child.year_group,
    "class_name": lambda r: r.child.class_name,
    "subject": lambda r: r.subject,
    "outcome": lambda r: r.outcome,
}


def _told(text: object) -> object:
    """A text as it is landed: spaces around it, tabs and hard spaces do not count."""
    if not isinstance(text, str):
        return text
    return text.replace("\u00a0", " ").replace("\t", " ").strip(" ") or None


def _landed(result: Result, columns: Sequence[str], **said: object) -> Landed:
    facts: Landed = {name: _told(FIELDS[name](result)) for name in columns if name in FIELDS}
    facts.pop("outcome", None)
    facts.pop("academic_year", None)
    facts["school_id"] = int(str(facts.pop("school", 990001)))
    facts |= {"academic_year": "2025-26", "term": result.term, **said}
    if result.outcome:
        facts["outcome_as_sent"] = result.outcome
    return facts


def _long(
    layout: str,
    name: str,
    columns: dict[str, str | tuple[Of, str]],
    results: list[Result],
    **said: object,
) -> Table:
    """A table of a row a result, or a pupil. `columns` says of each heading what stands there."""
    rows = []
    known = [c for c in columns.values() if isinstance(c, str)]
    known += [c[1] for c in columns.values() if not isinstance(c, str)]
    for result in results:
        cells = [
            (FIELDS[c] if isinstance(c, str) else c[0])(result) if c else ""
            for c in columns.values()
        ]
        rows.append(Row(cells, [_landed(result, known, **said)]))
    return Table(layout, name, [list(columns)], rows)


def _wide(
    layout: str,
    name: str,
    about: dict[str, str],
    results: list[tuple[str, str, str]],
    children: Sequence[Child],
    headings: list[list[str]] | None = None,
    **said: object,
) -> Table:
    """A table of a row a pupil; `results` are heading, subject and term of the others."""
    rows = []
    for child in children:
        held = [Result(child, s, t, child.outcome(s, t)) for _, s, t in results]
        cells: list[Cell] = [FIELDS[c](held[0]) for c in about.values()]
        cells += [r.outcome for r in held]
        known = [*about.values(), "subject"]
        landed = [_landed(r, known, scale="ta", **said) for r in held if r.outcome.strip(" ")]
        rows.append(Row(cells, landed or [{"item": 0}]))
    return Table(layout, name, headings or [[*about, *(h for h, _, _ in results)]], rows)


def _score(outcome: str, lowest: int) -> str:
    """A number for an outcome, the same for the same text."""
    return str(lowest + sum(map(ord, outcome)) % 40) if outcome.strip() else ""


def _scored(results: list[Result], lowest: int) -> list[Result]:
    return [Result(r.child, r.subject, r.term, _score(r.outcome, lowest)) for r in results]


def tables(children: Sequence[Child]) -> list[Table]:
    """These children in every layout; the folders say what the headings do not."""
    autumn = [
        Result(c, s, "autumn", c.outcome(s)) for c in children for s in SUBJECTS if c.outcome(s)
    ]
    pupils = [Result(c, "", "autumn", "") for c in children]
    here = "2025-26-autumn/990001"
    standard = {
        name: name
        for name in (
            *("academic_year", "term", "school", "upn", "admission_number", "surname"),
            *("forename", "date_of_birth", "year_group", "class_name"),
        )
    }
    ta: tuple[Of, str] = (lambda r: "ta", "scale")
    sims = {
        "Adno": "admission_number",
        "UPN": "upn",
        "Legal Surname": "surname",
        "Legal Forename": "forename",
        "DOB": "date_of_birth",
        "Year  Group": "year_group",
        "Reg Group": "class_name",
    }
    both = [(f"{s.title()} {t.title()}", s, t) for t in TERMS for s in SUBJECTS]
    in_two = [
        [*[""] * len(sims), "Autumn", "", "", "Spring", "", ""],
        [*sims, *(s.title() for _ in TERMS for s in SUBJECTS)],
    ]
    scored = _scored(autumn, 80)
    numbered = [r for r in scored if r.outcome]
    return [
        _long(
            "standard-results",
            "standard",
            standard | {"subject": "subject", "scale": ta, "outcome": "outcome"},
            autumn,
            scale="ta",
        ),
        _long("standard-roll", "roll", dict(standard), pupils),
        _long(
            "results",
            f"{here}/results",
            sims | {"Subject Name": "subject", "Grade Set": ta, "Judgement": "outcome"},
            autumn,
            scale="ta",
        ),
        _wide(
            "marksheet",
            f"{here}/marksheet",
            sims,
            [(f"{s.title()} TA", s, "autumn") for s in SUBJECTS],
            children,
        ),
        _wide("marksheet", "2025-26/990001/marksheet of terms", sims, both, children),
        _wide("marksheet", "2025-26/990001/two rows", sims, both, children, in_two),
        _wide(
            "subject-sheet",
            "2025-26/990001/maths",
            sims,
            [("Autumn", "maths", "autumn"), ("Spring", "maths", "spring")],
            children,
        ),
        _long("pupil-list", f"{here}/class list", sims, pupils),
        _long(
            "trust-long",
            "2025-26-autumn/trust",
            {
                "student_id": "admission_number",
                "school_id": "school",
                "class_id": "class_name",
                "cohort": (lambda r: f"Y{r.child.year_group} in 2025/2026", ""),
                "date": (lambda r: dt.date(2025, 11, 3), ""),
                "assessment_type": (lambda r: "Autumn  Attainment", ""),
                "subject": "subject",
                "score": "outcome",
            },
            autumn,
            scale="ta",
            assessment="Autumn Attainment",
            assessment_date=dt.date(2025, 11, 3),
        ),
        _long(
            "standardised-tests",
            "990001/tests",
            {
                "UPN": "upn",
                "First Name": "forename",
                "Last Name": "surname",
                "Date of Birth": "date_of_birth",
                "Year": "year_group",
                "Test date": (lambda r: dt.date(2025, 11, 3), ""),
                "Subject": "subject",
                "Test name": (lambda r: "Test 4", ""),
                "Raw score": (lambda r: "17", ""),
                "Standardised score": "outcome",
            },
            numbered,
            scale="standardised",
            assessment="Test 4",
            assessment_date=dt.date(2025, 11, 3),
        ),
        _key_stage_2(children),
        _long(
            "pupil-premium",
            f"{here}/premium",
            {
                "UPN": "upn",
                "Surname": "surname",
                "Forename": "forename",
                "DOB": "date_of_birth",
                "PupilPremiumFTE": (lambda r: "1.000", ""),
            },
            pupils,
            pupil_premium=True,
        ),
    ]


def _key_stage_2(children: Sequence[Child]) -> Table:
    """Scores in columns of their own; dates with two digits of the year."""
    rows = []
    columns = ["LAESTAB", "UPN", "SURNAME", "FORENAME", "DOB", "READSCORE", "MATSCORE"]
    known = ("upn", "surname", "forename", "date_of_birth", "subject")
    said = {"scale": "scaled", "assessment": "KS2", "year_group": "6", "school_id": 9992001}
    for child in children:
        held = [
            Result(child, s, "summer", _score(child.outcome(s), 80)) for s in ("reading", "maths")
        ]
        cells: list[Cell] = ["9992001", child.upn, child.surname, child.forename]
        cells += [child.born.strftime("%d/%m/%y"), *(r.outcome for r in held)]
        landed = [_landed(r, known, **said) for r in held if r.outcome]
        rows.append(Row(cells, landed or [{"item": 0}]))
    return Table("key-stage-2", "2025-26/ks2", [columns], rows)
