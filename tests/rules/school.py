"""An invented school of three pupils and two terms that breaks no rule, and changes made to it.

Each example of a rule has a school of its own, and all are taken in and checked together. Its
Year 3 has Ada, Ben and Cleo; roll and results of autumn and spring 2025-26 are a file each, with
a row for each pupil, and in the results one for each of maths, reading and writing.
"""

import csv
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
    *("entry_date", "leaving_date", "enrol_status"),
]
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
            found.append(Example(path.stem, one.pop("says"), len(found), changes, where))
            assert not one, f"{path.name}: {sorted(one)}"
    return found


def upn(number: int, pupil: str) -> str:
    """A UPN of the local authority 999, which there is not, with the letter that fits."""
    body = f"999{number:04d}25{PUPILS.index(pupil):03d}"
    return upn_check_letter(body) + body


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
            self.files[f"{term} roll"] = [self._pupil(term, p) for p in PUPILS]
            self.files[f"{term} results"] = [
                self._pupil(term, p)
                | {"subject": s, "scale": "ta", "outcome": "EXS", "assessment_date": day}
                for p in PUPILS
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
            "admission_number": f"00{PUPILS.index(pupil) + 1}",
            "surname": f"Invented{PUPILS.index(pupil)}",
            "forename": pupil,
            "date_of_birth": f"2018-03-1{PUPILS.index(pupil)}",
            "sex": "F",
            "year_group": "3",
            "class_name": "Kestrel",
            "sen": "N",
            "pupil_premium": "N",
            "entry_date": "2023-09-04",
        }

    def _apply(self, change: dict[str, Any]) -> None:
        name = change.pop("file")
        to = {k: self._meant(v) for k, v in change.pop("set", {}).items()}
        like = change.pop("like", name)
        where = {k: change.pop(k) for k in ("forename", "subject") if k in change}
        how = change.pop("how", "set")
        assert not change, f"{self.example}: {sorted(change)}"
        rows = self.files.setdefault(name, [])
        chosen = [row for row in self.files[like] if where.items() <= row.items()]
        assert chosen, f"{self.example}: nothing to change"
        if how == "drop":
            rows[:] = [row for row in rows if row not in chosen]
        elif how == "add":
            rows += [row | to for row in chosen]
        else:
            for row in chosen:
                row |= to

    def _meant(self, value: str) -> str:
        """Words that stand for a number of this example's own, so that schools share no pupil."""
        number = self.example.number
        words = {
            "this school": str(self.example.urn),
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
