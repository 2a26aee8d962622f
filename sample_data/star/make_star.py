"""Turn the public file of Project STAR into a programme folder.

    python sample_data/star/make_star.py OUT_FOLDER [--as-released]

Source: C. M. Achilles and others (2008), "Tennessee's Student Teacher Achievement Ratio (STAR)
project", Harvard Dataverse, doi:10.7910/DVN/SIWH9F, CC0 1.0. The README beside this file says
what each column becomes and which names and identifiers are placeholders.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "star_long_k8.csv.gz"

YEAR_GROUPS = {"k": 1, "1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9}
FIRST_GRADE_WITH_LANGUAGE = "3"
MONTHS = {
    "JANUARY": 1,
    "FEBRUARY": 2,
    "MARCH": 3,
    "ARPIL": 4,  # as the source spells it
    "MAY": 5,
    "JUNE": 6,
    "JULY": 7,
    "AUGUST": 8,
    "SEPTEMBER": 9,
    "OCTOBER": 10,
    "NOVEMBER": 11,
    "DECEMBER": 12,
}
SEXES = {"MALE": "M", "FEMALE": "F", "": ""}
FREE_LUNCH = {"FREE LUNCH": "Y", "NON-FREE LUNCH": "N", "": ""}
NO_SCHOOL_URN = "999999"
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

HEADER = [
    *("academic_year", "term", "school", "school_name", "upn", "admission_number"),
    *("surname", "forename", "date_of_birth", "sex", "year_group", "class_name", "teacher"),
    *("fsm6", "subject", "scale", "outcome", "assessment", "assessment_kind"),
]

SETTINGS = """\
# Project STAR as a programme folder: one test a year, in the summer term.
# Grade K is Year 1, grade 8 is Year 9.

# Language takes the place of writing, which the study did not test.
subjects = ["maths", "reading", "language"]

# Pupils in Tennessee repeated grades, and birthdays do not divide grades as in England.
years_from_age = 5

[[due]]
year_groups = ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
subjects = ["maths", "reading"]
terms = ["summer"]

# Language was not tested in grades K to 2.
[[due]]
year_groups = ["4", "5", "6", "7", "8", "9"]
subjects = ["language"]
terms = ["summer"]
"""


class SourceDiffers(Exception):
    """The source file, or what was made of it, is not what the study published."""


@dataclass(frozen=True)
class Published:
    """Figures of the study that the folder must give."""

    pupils: int = 11_601
    pupil_years: int = 53_653
    pupil_years_without_school: int = 1_661
    both_subjects_in_all_of_k_to_3: int = 2_619
    schools_by_grade: tuple[int, ...] = (79, 76, 75, 75, 76, 56, 525, 181, 406)
    outcomes: int = 123_888
    outcomes_as_released: int = 129_893


@dataclass
class Written:
    """What went into the folder, counted row by row as it was written."""

    files: int = 0
    rows: int = 0
    outcomes: int = 0
    pupil_years: set[tuple[str, str]] = field(default_factory=set)
    without_school: int = 0
    schools: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    scores: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def count(self, grade: str, pupil: str, urn: str, results: list[tuple[str, str]]) -> None:
        """Count one pupil-year; ``results`` are its (subject, outcome) pairs."""
        self.pupil_years.add((pupil, grade))
        if urn == NO_SCHOOL_URN:
            self.without_school += 1
        else:
            self.schools[grade].add(urn)
        self.rows += len(results)
        for subject, outcome in results:
            if outcome:
                self.outcomes += 1
                self.scores[pupil].add((grade, subject))

    def figures(self) -> dict[str, object]:
        """The figures that the study publishes, as they came out here."""
        early = {(grade, subject) for grade in "k123" for subject in ("maths", "reading")}
        return {
            "pupils": len({pupil for pupil, _ in self.pupil_years}),
            "pupil-years": len(self.pupil_years),
            "pupil-years without a school": self.without_school,
            "schools in grades K-8": tuple(len(self.schools[grade]) for grade in YEAR_GROUPS),
            "pupils with maths and reading in all of K-3": sum(
                early <= scores for scores in self.scores.values()
            ),
            "outcomes": self.outcomes,
        }


def upn_of(study_id: str) -> str:
    """A valid UPN of the invented LA 999 that no other ``study_id`` (five digits) has."""
    body = f"99920{study_id[:2]}85{study_id[2:]}"
    total = sum(weight * int(digit) for weight, digit in zip(range(2, 14), body, strict=True))
    return UPN_LETTERS[total % 23] + body


def whole(number: str) -> str:
    """``"478.0"`` as ``"478"``; blank stays blank. Raises SourceDiffers on a fraction."""
    digits, _, fraction = number.partition(".")
    if fraction.strip("0"):
        raise SourceDiffers(f"A whole number was expected, but one ends in '.{fraction}'.")
    return digits


def read_source(path: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The pupil-years of the source by (school year, URN), both in order."""
    by_file: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as source:
        for pupil_year in csv.DictReader(source):
            urn = whole(pupil_year["schid"]) or NO_SCHOOL_URN
            by_file[pupil_year["school_year"], urn].append(pupil_year)
    return dict(sorted(by_file.items()))


def results_of(pupil_year: dict[str, str], reading_column: str) -> list[tuple[str, str]]:
    """(subject, outcome) of a pupil-year, blank outcomes too so that nobody is lost."""
    results = [
        ("maths", whole(pupil_year["math"])),
        ("reading", whole(pupil_year[reading_column])),
    ]
    first = YEAR_GROUPS[FIRST_GRADE_WITH_LANGUAGE]
    if YEAR_GROUPS[pupil_year["grade"]] >= first:
        results.append(("language", whole(pupil_year["lang"])))
    elif pupil_year["lang"]:
        raise SourceDiffers("A language score was found below grade 3, where none was tested.")
    return results


def rows_of(
    pupil_year: dict[str, str], urn: str, results: list[tuple[str, str]]
) -> Iterator[list[str]]:
    """The rows of the standard results export for one pupil-year, one a subject."""
    study_id, grade = pupil_year["stdntid"], pupil_year["grade"]
    birth_year, teacher = whole(pupil_year["birthyear"]), whole(pupil_year["tchid"])
    month = MONTHS.get(pupil_year["birthmonth"])
    school_name = "School not recorded" if urn == NO_SCHOOL_URN else f"STAR school {urn}"
    pupil = [
        pupil_year["school_year"],
        "summer",
        urn,
        school_name,
        upn_of(study_id),
        study_id,
        "Star",
        f"P{study_id}",
        f"{birth_year}-{month:02}-01" if birth_year and month else "",
        SEXES[pupil_year["gender"]],
        str(YEAR_GROUPS[grade]),
        f"Class {teacher[-2:]}" if teacher else "",
        teacher,
        FREE_LUNCH[pupil_year["freelunch"]],
    ]
    test = [f"{pupil_year['battery']} grade {grade.upper()}", "test"]
    for subject, outcome in results:
        yield [*pupil, subject, "raw", outcome, *test]


def write_folder(out: Path, reading_column: str) -> Written:
    """Write the settings and one results export per school and school year into ``out``."""
    written = Written()
    by_file = read_source(SOURCE)
    for year in sorted({year for year, _ in by_file}):
        (out / "exports" / year).mkdir(parents=True, exist_ok=True)
    for (year, urn), pupil_years in by_file.items():
        path = out / "exports" / year / f"{urn}-{year}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            for pupil_year in sorted(pupil_years, key=lambda row: row["stdntid"]):
                results = results_of(pupil_year, reading_column)
                written.count(pupil_year["grade"], pupil_year["stdntid"], urn, results)
                writer.writerows(rows_of(pupil_year, urn, results))
        written.files += 1
    # Last, so that an interrupted folder is not taken for a whole one.
    (out / "pipeline.toml").write_text(SETTINGS, encoding="utf-8", newline="\n")
    return written


def verify(figures: dict[str, object], as_released: bool) -> None:
    """Raise SourceDiffers, naming every figure that is not the published one."""
    published = Published()
    expected: dict[str, object] = {
        "pupils": published.pupils,
        "pupil-years": published.pupil_years,
        "pupil-years without a school": published.pupil_years_without_school,
        "schools in grades K-8": published.schools_by_grade,
        "pupils with maths and reading in all of K-3": published.both_subjects_in_all_of_k_to_3,
        "outcomes": published.outcomes_as_released if as_released else published.outcomes,
    }
    wrong = [
        f"{name}: {figures[name]} found, {value} published"
        for name, value in expected.items()
        if figures[name] != value
    ]
    if wrong:
        raise SourceDiffers("; ".join(wrong))


def main() -> int:
    """Make the folder, print the counts, and fail when they are not the published ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_FOLDER")
    parser.add_argument(
        "--as-released",
        action="store_true",
        help="keep the official file's grade 4 reading, a copy of grade 3",
    )
    options = parser.parse_args()
    if (options.out / "pipeline.toml").exists():
        print(f"{options.out} is a programme folder already: choose another.", file=sys.stderr)
        return 2
    try:
        written = write_folder(options.out, "read_as_released" if options.as_released else "read")
        figures = written.figures()
        verify(figures, options.as_released)
    except SourceDiffers as error:
        print(f"{SOURCE.name} is not the file that was expected: {error}", file=sys.stderr)
        return 1
    print(f"{written.files} files, {written.rows} rows; {len(written.scores)} pupils have a score")
    for name, value in figures.items():
        print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
