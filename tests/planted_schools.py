"""Invented schools over four terms in which nothing is wrong: the ground of the planted errors.

Each year group has two classes. A pupil has an ability and a bent for a subject; a school, and a
class in a term, move all their pupils a little; a test adds its error (reliability 0.90) and a
teacher some strictness. Pupils join, leave and are absent, as they do. All from one seed.
"""

import csv
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from pipeline.calendar import TERMS as TERM_NAMES
from pipeline.identifiers import upn_check_letter
from pipeline.scales import read_scales

TERMS = (("2024-25", "autumn"), ("2024-25", "spring"), ("2025-26", "autumn"), ("2025-26", "spring"))
DAYS = ("2024-11-21", "2025-02-20", "2025-11-20", "2026-02-19")
SUBJECTS = ("maths", "reading", "writing")
TESTED = ("maths", "reading")
FIRST_URN = 990300
ROLL = [
    *("academic_year", "term", "school", "school_name", "upn", "former_upn", "admission_number"),
    *("surname", "forename", "date_of_birth", "sex", "year_group", "class_name", "teacher"),
    *("pupil_premium", "sen", "eal", "entry_date", "leaving_date", "expectation"),
]
RESULTS = [
    *(*ROLL, "subject", "scale", "outcome", "assessment", "assessment_kind", "assessment_date"),
]
SYLLABLES = ("bra", "cle", "dri", "fo", "gu", "hal", "ke", "lim", "mo", "nar", "pe", "quo", "ru")
LEVELS = read_scales(None)["nc-level"]
STEPS = [o.outcome for o in LEVELS.outcomes]


@dataclass(frozen=True)
class Size:
    """How many schools, of which year groups (in the latest year), and pupils in a class."""

    schools: int
    year_groups: tuple[int, ...]
    per_class: int


@dataclass(eq=False)
class Pupil:
    """An invented pupil of one school."""

    number: int
    school: int
    year_group: int
    letter: str
    cells: dict[str, str]
    ability: float
    bents: dict[str, float]
    terms: range

    def year_in(self, t: int) -> int:
        """Year group in the t-th term."""
        return self.year_group - (1 if t < 2 else 0)

    def class_in(self, t: int) -> str:
        return f"{self.year_in(t)}{self.letter}"


@dataclass(eq=False)
class Row:
    """A row of a file: its cells by column, whose it is, fields too many at its end."""

    cells: dict[str, str]
    pupil: Pupil | None
    too_many: int = 0


Files = dict[tuple[int, int, str], list[Row]]


@dataclass
class World:
    """All files, by school, term and kind (`roll`, `results`), and the pupils."""

    size: Size
    seed: int
    files: Files = field(default_factory=dict)
    pupils: list[Pupil] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        for school in range(self.size.schools):
            pupils = list(self._pupils(school))
            self.pupils += pupils
            for t in range(len(TERMS)):
                self._term(school, t, [p for p in pupils if t in p.terms])

    def rows(self, pupil: Pupil, t: int, kind: str) -> list[Row]:
        """The pupil's rows in a file of a term."""
        return [r for r in self.files[pupil.school, t, kind] if r.pupil is pupil]

    def tests_on(self, school: int) -> str:
        return "raw" if school % 4 == 3 else "standardised"

    def judged_on(self, school: int) -> str:
        return "nc-level" if school % 2 else "ta"

    def _pupils(self, school: int) -> Iterator[Pupil]:
        # Those who have left after the top year, and those who start, are in half of the terms.
        youngest, oldest = min(self.size.year_groups), max(self.size.year_groups)
        serial = 0
        for year_group in range(youngest, oldest + 2):
            here = range(0 if year_group > youngest else 2, 4 if year_group <= oldest else 2)
            for letter in "AB":
                for _ in range(self.size.per_class):
                    serial += 1
                    yield self._pupil(school, year_group, letter, here, serial)

    def _pupil(self, school: int, year_group: int, letter: str, here: range, serial: int) -> Pupil:
        dice, number = self.dice, 1000 * school + serial
        born = dt.date(2020 - year_group, 9, 1) + dt.timedelta(days=dice.randrange(365))
        body = f"999{school:04d}{(25 - year_group) % 100:02d}{serial:03d}"
        here, entered, left = self._stay(here)
        cells = {
            "school": str(FIRST_URN + school),
            "school_name": f"{name_of(school)} Primary School",
            "upn": upn_check_letter(body) + body,
            "admission_number": f"{serial:06d}",
            "surname": _word(number, 5) + "stead",
            "forename": _word(number * 7, 3),
            "date_of_birth": born.isoformat(),
            "sex": dice.choice("MF"),
            "pupil_premium": "Y" if dice.random() < 0.25 else "N",
            "sen": dice.choices("NKE", (80, 16, 4))[0],
            "eal": "Y" if dice.random() < 0.22 else "N",
            "entry_date": entered,
            "leaving_date": left,
        }
        bents = {subject: dice.gauss(0, 0.5) for subject in SUBJECTS}
        return Pupil(number, school, year_group, letter, cells, dice.gauss(0, 0.8), bents, here)

    def _stay(self, here: range) -> tuple[range, str, str]:
        """Terms, day of entry, day of leaving: one in a hundred joins in spring, or leaves then."""
        chance = self.dice.random()
        if chance < 0.01 and 1 in here:
            return range(1, here.stop), "2025-01-06", ""
        if chance < 0.02 and here.stop == 4:
            return range(here.start, 4), "2021-09-06", "2026-03-27"
        return here, "2021-09-06", ""

    def _term(self, school: int, t: int, pupils: list[Pupil]) -> None:
        self.files[school, t, "roll"] = [Row(_told(p, t, ROLL), p) for p in pupils]
        dice = self.dice
        drift = {
            (p.class_in(t), s, kind): dice.gauss(0, 0.2)
            for p in pupils
            for s in SUBJECTS
            for kind in ("teacher", "test")
        }
        rows = self.files[school, t, "results"] = []
        for p in pupils:
            for subject in SUBJECTS:
                z = p.ability + p.bents[subject] + drift[p.class_in(t), subject, "test"]
                rows.append(
                    self._judged(p, t, subject, z + drift[p.class_in(t), subject, "teacher"])
                )
                if subject in TESTED:
                    rows.append(self._tested(p, t, subject, z))

    def _judged(self, p: Pupil, t: int, subject: str, z: float) -> Row:
        scale = self.judged_on(p.school)
        z += self.dice.gauss(0, 0.3)
        if scale == "ta":
            outcome = "WTS" if z < -0.6 else "EXS" if z < 0.9 else "GDS"
        else:
            expected = LEVELS.expected[str(p.year_in(t))][TERMS[t][1]]  # type: ignore[index]
            step = STEPS.index(expected) + round(1.5 * z)
            outcome = STEPS[max(0, min(len(STEPS) - 1, step))]
        return self._result(p, t, subject, scale, outcome, "Data drop", "teacher")

    def _tested(self, p: Pupil, t: int, subject: str, z: float) -> Row:
        scale = self.tests_on(p.school)
        z += self.dice.gauss(0, 0.32)
        score = round(100 + 15 * z) if scale == "standardised" else round(32 + 8 * z)
        low, high = (60, 140) if scale == "standardised" else (0, 60)
        name = f"Invented Test Year {p.year_in(t)} {TERMS[t][1]}"
        return self._result(p, t, subject, scale, str(max(low, min(high, score))), name, "test")

    def _result(
        self, p: Pupil, t: int, subject: str, scale: str, outcome: str, name: str, kind: str
    ) -> Row:
        cells = _told(p, t, RESULTS) | {
            "subject": subject,
            "scale": scale,
            "outcome": "A" if self.dice.random() < 0.02 else outcome,
            "assessment": name,
            "assessment_kind": kind,
            "assessment_date": DAYS[t],
        }
        return Row(cells, p)


def name_of(school: int) -> str:
    """An invented name that no other school of the world has."""
    return _word(school + 31, 3).capitalize()


def _word(number: int, syllables: int) -> str:
    text = ""
    for _ in range(syllables):
        number, at = divmod(number, len(SYLLABLES))
        text += SYLLABLES[at]
    return text.capitalize()


def _told(p: Pupil, t: int, columns: list[str]) -> dict[str, str]:
    year, term = TERMS[t]
    assert term in TERM_NAMES
    return (
        dict.fromkeys(columns, "")
        | p.cells
        | {
            "academic_year": year,
            "term": term,
            "year_group": str(p.year_in(t)),
            "class_name": p.class_in(t),
            "teacher": f"Teacher of {p.class_in(t)}",
        }
    )


def file_name(school: int, t: int, kind: str) -> str:
    year, term = TERMS[t]
    return f"{year}-{term}/{FIRST_URN + school}-{kind}.csv"


def write(world: World, exports: Path) -> dict[int, tuple[str, int]]:
    """Write every file; the file and line of each row, by its id."""
    places: dict[int, tuple[str, int]] = {}
    for (school, t, kind), rows in world.files.items():
        if not rows:
            continue
        name = file_name(school, t, kind)
        columns = RESULTS if kind.startswith("results") else ROLL
        if kind == "results of one":
            columns = [c for c in columns if any(row.cells.get(c) for row in rows)]
        text = StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(columns)
        for line, row in enumerate(rows, start=2):
            places[id(row)] = name, line
            cells = [row.cells.get(c, "") for c in columns]
            lines.writerow(
                cells[: row.too_many] if row.too_many < 0 else cells + ["?"] * row.too_many
            )
        path = exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return places
