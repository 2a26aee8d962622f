"""The six schools: what they are, how they assess, and how each writes its exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

FIRST_YEAR = -2  # N1 is -2, N2 is -1, Reception is 0
WHOLE_ROLL = (
    *("academic_year", "term", "school", "school_name", "upn", "admission_number", "surname"),
    *("forename", "date_of_birth", "sex", "year_group", "class_name", "teacher", "pupil_premium"),
    *("fsm6", "sen", "sen_need", "eal", "english_proficiency", "looked_after", "ethnicity"),
    *("entry_date", "leaving_date", "attendance_percent", "expectation"),
)
WHOLE_RESULTS = (
    *("academic_year", "term", "school", "upn", "admission_number", "surname", "forename"),
    *("date_of_birth", "year_group", "class_name", "subject", "scale", "outcome"),
    *("assessment", "assessment_date"),
)


def without(columns: tuple[str, ...], *names: str) -> tuple[str, ...]:
    """``columns`` without some of them."""
    return tuple(column for column in columns if column not in names)


def as_it_is(header: str) -> str:
    """academic_year."""
    return header


def with_spaces(header: str) -> str:
    """Academic Year."""
    return header.replace("_", " ").title().replace("Upn", "UPN").replace("Sen", "SEN")


def run_together(header: str) -> str:
    """AcademicYear."""
    return with_spaces(header).replace(" ", "")


def in_capitals(header: str) -> str:
    """ACADEMIC_YEAR."""
    return header.upper()


@dataclass(frozen=True)
class Style:
    """How a school writes what it sends, within what the standard columns allow."""

    header: Callable[[str], str] = as_it_is
    roll: tuple[str, ...] = WHOLE_ROLL
    results: tuple[str, ...] = WHOLE_RESULTS
    date_format: str = "%Y-%m-%d"
    academic_year: str = "{0}-{2:02d}"  # 0 first year, 1 second year, 2 its last two digits
    year_group: str = "{0}"
    yes_no: tuple[str, str] = ("Y", "N")
    by_laestab: bool = False
    capital_term: bool = False


@dataclass(frozen=True)
class School:
    """A fictional school. ``classes`` are the classes of a year, from Reception on."""

    key: str
    urn: int
    name: str
    pupils_a_year: int
    reports: str
    classes: tuple[tuple[str, ...], ...]
    has_nursery: bool = False
    sits_ks2: bool = True
    # Whether its results of key stage 2 come in the file of the DfE.
    ks2_from_dfe: bool = False
    # Number of the first term in which its roll leaves pupil premium to the list of the DfE.
    premium_apart_from: int = 99
    pupil_premium_share: float = 0.25
    eal_share: float = 0.15
    ability_offset: float = 0.0
    style: Style = field(default_factory=Style)

    @property
    def laestab(self) -> int:
        return 9_992_000 + self.urn % 10

    @property
    def youngest(self) -> int:
        """First year of the school: 0 for Reception, -1 where there is a nursery."""
        return -1 if self.has_nursery else 0

    def class_name(self, year: int, half: int) -> str:
        """Class of a pupil in a year; ``half`` (0 or 1) chooses where a year has two."""
        if year < 0:
            return "Nursery"
        return self.classes[year][half % len(self.classes[year])]


def one_a_year(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Seven classes named by a pattern of the year, such as ``3A``."""
    return tuple((pattern.format("R" if year == 0 else year),) for year in range(7))


SCHOOLS = (
    School(
        "marrowby", 990001, "Marrowby Invented Primary", 27, "ta", one_a_year("{}A"),
        has_nursery=True, ks2_from_dfe=True, pupil_premium_share=0.28,
        style=Style(roll=without(WHOLE_ROLL, "english_proficiency")),
    ),
    School(
        "thornlow", 990002, "Thornlow Imaginary Primary", 12, "ta",
        (("Acorns",), ("Y1/2",), ("Y1/2",), ("Y3/4",), ("Y3/4",), ("Y5/6",), ("Y5/6",)),
        ks2_from_dfe=True, premium_apart_from=3, pupil_premium_share=0.16, eal_share=0.04,
        style=Style(
            header=with_spaces,
            roll=without(WHOLE_ROLL, "fsm6", "sen_need", "english_proficiency", "ethnicity"),
            results=(*without(WHOLE_RESULTS, "assessment_date"), "teacher"),
            year_group="Y{0}", capital_term=True,
        ),
    ),
    School(
        "quillmere", 990003, "Quillmere Fictional Primary", 29, "nc-level",
        one_a_year("Class {}"), sits_ks2=False, pupil_premium_share=0.22,
        style=Style(
            header=run_together,
            roll=("admission_number", *without(WHOLE_ROLL, "admission_number", "fsm6", "teacher")),
            results=(
                *("admission_number", *without(WHOLE_RESULTS, "admission_number", "assessment")),
                *("target", "target_term"),
            ),
            date_format="%d/%m/%Y", year_group="Year {0}",
        ),
    ),
    School(
        "pebblewick", 990004, "Pebblewick Pretend Primary", 28, "ta+standardised",
        one_a_year("{}B"), ks2_from_dfe=True, pupil_premium_share=0.24, eal_share=0.3,
        style=Style(
            header=in_capitals,
            results=(*WHOLE_RESULTS, "assessment_kind"),
        ),
    ),
    School(
        "bramblecote", 990005, "Bramblecote Made-Up Primary", 22, "standardised",
        (("Hazel",), ("Willow",), ("Rowan",), ("Birch",), ("Alder",), ("Maple",), ("Oak",)),
        sits_ks2=False, pupil_premium_share=0.33, ability_offset=0.15,
        style=Style(
            roll=without(WHOLE_ROLL, "teacher", "sen_need", "looked_after"),
            results=without(WHOLE_RESULTS, "class_name"),
            academic_year="{0}/{2:02d}", yes_no=("1", "0"), by_laestab=True,
        ),
    ),
    School(
        "sallowfen", 990006, "Sallowfen Unreal Primary", 54, "raw",
        (
            *(("Robin", "Wren"), ("Finch", "Linnet"), ("Dunnock", "Siskin"), ("Martin", "Swift")),
            *(("Kestrel", "Merlin"), ("Curlew", "Heron"), ("Harrier", "Osprey")),
        ),
        pupil_premium_share=0.25, eal_share=0.2,
        style=Style(
            roll=(
                *("school", *without(WHOLE_ROLL, "school", "fsm6", "english_proficiency")),
                "enrol_status",
            ),
            results=("school", *without(WHOLE_RESULTS, "school"), "assessment_kind"),
            academic_year="{0}/{1}",
        ),
    ),
)  # fmt: skip
BY_KEY = {school.key: school for school in SCHOOLS}


def year_group(year: int) -> str:
    """N1, N2, R, 1 … 6 for the year -2, -1, 0, 1 … 6."""
    return ("N1", "N2", "R")[year - FIRST_YEAR] if year <= 0 else str(year)
