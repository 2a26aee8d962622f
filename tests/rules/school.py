"""An invented school of three pupils and two terms that breaks no rule, and changes made to it.

Each example of a rule has a school of its own, and all are taken in and checked together. Its
Year 3 has Ada, Ben and Cleo; roll and results of autumn and spring 2025-26 are a file each, with
a row for each pupil, and in the results one for each of maths, reading and writing. An example
may ask for more `pupils` in several `classes`, and for outcomes on a `scale` that tell pupils
apart: then each pupil has an ability, a bent for a subject and, each term, some luck.
"""

import csv
import random
import tomllib
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from pipeline.identifiers import upn_check_letter

EXAMPLES = Path(__file__).parent / "examples"
PUPILS = ("Ada", "Ben", "Cleo")
SUBJECTS = ("maths", "reading", "writing")
DAYS = {"autumn": "2025-11-20", "spring": "2026-02-20"}
ROLL_COLUMNS = [
    *("academic_year", "term", "school", "upn", "former_upn", "admission_number", "surname"),
    *("forename", "date_of_birth", "sex", "year_group", "class_name", "sen", "pupil_premium"),
    *("entry_date", "leaving_date", "enrol_status", "teacher", "eal", "school_name", "expectation"),
]
CLASSES = ("Kestrel", "Merlin", "Hobby", "Harrier")
LEVELS = ("1a", "2c", "2b", "2a", "3c", "3b")
RESULT_COLUMNS = [*ROLL_COLUMNS, "subject", "scale", "outcome", "assessment", "assessment_date"]
FACT_COLUMNS = [
    *("academic_year", "term", "school", "upn", "surname", "forename", "date_of_birth"),
    "PupilPremiumFTE",
]
Row = dict[str, str]


@dataclass(frozen=True)
class Example:
    """A rule, what the example says, changes to the sound school, and where the rule finds it."""

    rule_code: str
    says: str
    number: int
    changes: tuple[dict[str, Any], ...] = ()
    found: tuple[str, ...] = ()
    pupils: int = len(PUPILS)
    classes: int = 1
    scale: str | None = None

    @property
    def forenames(self) -> list[str]:
        return [*PUPILS, *(f"Child{n}" for n in range(len(PUPILS), self.pupils))]

    @property
    def urn(self) -> int:
        return 990100 + 2 * self.number

    def __str__(self) -> str:
        return f"{self.rule_code}: {self.says}"


def read_examples() -> list[Example]:
    """Every example of `examples/*.toml`; `found` lists `term file line`, or `term`."""
    found: list[Example] = []
    for path in sorted(EXAMPLES.glob("*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
            changes, where = tuple(one.pop("change", ())), tuple(one.pop("found", ()))
            more = {k: one.pop(k) for k in ("pupils", "classes", "scale") if k in one}
            says = one.pop("says")
            found.append(Example(path.stem, says, len(found), changes, where, **more))
            assert not one, f"{path.name}: {sorted(one)}"
    return found


def upn(number: int, pupil: str) -> str:
    """A UPN of the local authority 999, which there is not, with the letter that fits."""
    body = f"999{number:04d}25{place(pupil):03d}"
    return upn_check_letter(body) + body


def place(pupil: str) -> int:
    """Where the pupil stands in the class list."""
    return PUPILS.index(pupil) if pupil in PUPILS else int(pupil.removeprefix("Child"))


def temporary_upn(number: int) -> str:
    """A temporary UPN, which ends in a letter."""
    body = f"999{number:04d}2500A"
    return upn_check_letter(body) + body


@dataclass
class School:
    """The files of a school as rows, each with text to append to its line."""

    example: Example
    files: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for term, day in DAYS.items():
            pupils = self.example.forenames
            self.files[f"{term} roll"] = [self._pupil(term, p) for p in pupils]
            self.files[f"{term} results"] = [
                self._pupil(term, p)
                | {"subject": s, "scale": self.example.scale or "ta", "assessment_date": day}
                | {"outcome": self._outcome(self.example.scale, term, p, s)}
                for p in pupils
                for s in SUBJECTS
            ]
        for change in self.example.changes:
            self._apply(dict(change))

    def _pupil(self, term: str, pupil: str) -> Row:
        return {
            "academic_year": "2025-26",
            "term": term,
            "school": str(self.example.urn),
            "upn": upn(self.example.number, pupil),
            "admission_number": f"{place(pupil) + 1:03d}",
            "surname": f"Invented{place(pupil)}",
            "forename": pupil,
            "date_of_birth": f"2018-03-{10 + place(pupil) % 20}",
            "sex": "F",
            "year_group": "3",
            "class_name": CLASSES[place(pupil) % self.example.classes],
            "sen": "N",
            "pupil_premium": "N",
            "entry_date": "2023-09-04",
        }

    def _score(self, term: str, pupil: str, subject: str) -> int:
        """A standardised score, the same in every run."""
        who = f"{self.example.rule_code} {self.example.says} {pupil}"
        ability = random.Random(who).gauss(100, 12)
        bent = random.Random(f"{who} {subject}").gauss(0, 9)
        luck = random.Random(f"{who} {subject} {term}").gauss(0, 4)
        return round(max(60, min(140, ability + bent + luck)))

    def _outcome(self, scale: str | None, term: str, pupil: str, subject: str) -> str:
        score = self._score(term, pupil, subject)
        if scale == "standardised":
            return str(score)
        if scale == "nc-level":
            return LEVELS[max(0, min(len(LEVELS) - 1, (score - 75) // 10))]
        if scale == "ta":
            return "WTS" if score < 92 else "EXS" if score < 110 else "GDS"
        return "EXS"

    def _apply(self, change: dict[str, Any]) -> None:
        name = change.pop("file")
        to = change.pop("set", {})
        like = change.pop("like", name)
        how = change.pop("how", "set")
        first = change.pop("first", None)
        where = {k: change.pop(k) for k in ("forename", "subject", "class_name") if k in change}
        assert not change, f"{self.example}: {sorted(change)}"
        rows = self.files.setdefault(name, [])
        chosen = [row for row in self.files[like] if where.items() <= row.items()]
        if first:
            names = list(dict.fromkeys(row["forename"] for row in chosen))[:first]
            chosen = [row for row in chosen if row["forename"] in names]
        assert chosen, f"{self.example}: nothing to change"
        changed = [row | {k: self._meant(v, row) for k, v in to.items()} for row in chosen]
        if how == "drop":
            rows[:] = [row for row in rows if row not in chosen]
        elif how == "add":
            rows += changed
        else:
            for row, new in zip(chosen, changed, strict=True):
                row |= new

    def _meant(self, value: str, row: Row) -> str:
        """Words that stand for a number of this example's own, so that schools share no pupil."""
        number = self.example.number
        who = row["forename"], row.get("subject", "")
        if value == "as in autumn":
            same = [r for r in self.files["autumn results"] if (r["forename"], r["subject"]) == who]
            return same[0]["outcome"]
        if value == "a score":
            return str(self._score(row["term"], *who))
        if value == "a mark":
            return str(self._score(row["term"], *who) // 3)
        if value.startswith("percent of "):
            marks = int(value.removeprefix("percent of "))
            right = min(1.0, (self._score(row["term"], *who) - 20) / 100)
            return str(round(100 * round(right * marks) / marks))
        if value.startswith("plus "):
            return str(int(row["outcome"]) + int(value.removeprefix("plus ")))
        words = {
            "this school": str(self.example.urn),
            "this number": str(number),
            "the next school": str(self.example.urn + 1),
            "a temporary UPN": temporary_upn(number),
            "another UPN": upn(number + 5000, "Ada"),
            **{f"UPN of {pupil}": upn(number, pupil) for pupil in PUPILS},
        }
        words["a UPN that has lost a digit"] = words["another UPN"][:-1]
        words["a UPN with a letter for a digit"] = f"{words['another UPN'][:5]}O2525000"[:13]
        words["a UPN whose letter does not fit"] = next(
            letter + words["another UPN"][1:]
            for letter in "AB"
            if letter != words["another UPN"][0]
        )
        for meant, number_meant in words.items():
            value = value.replace(meant, number_meant)
        return value

    def write(self, exports: Path) -> None:
        """Write the files into a folder of the school's own.

        Facts are a pupil premium list; a partial file has only the columns that its rows fill.
        """
        folder = exports / str(self.example.urn)
        folder.mkdir(parents=True)
        for name, rows in self.files.items():
            if not rows:
                continue
            columns = RESULT_COLUMNS if "results" in name else ROLL_COLUMNS
            if "partial" in name:
                columns = [c for c in columns if any(row.get(c) for row in rows)]
            if "facts" in name:
                columns = FACT_COLUMNS
            text = StringIO()
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(columns)
            for row in rows:
                more = [row["one more"]] if "one more" in row else []
                lines.writerow([row.get(c, "") for c in columns] + more)
            path = folder / f"{name}.csv"
            path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
