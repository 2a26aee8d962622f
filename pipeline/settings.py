"""`pipeline.toml` as typed settings. An empty file is valid; every wrong key is named."""

import datetime as dt
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipeline.calendar import TERMS
from pipeline.errors import SettingsWrong

YEAR_GROUPS = ("N1", "N2", "R", *(str(n) for n in range(1, 15)))
TermName = Literal["autumn", "spring", "summer"]
Kind = Literal["teacher", "test"]
Meaning = Literal["this_point_in_year", "end_of_key_stage"]


def _year_group(value: str) -> str:
    if value not in YEAR_GROUPS:
        raise ValueError(f"expected one of {', '.join(YEAR_GROUPS)}")
    return value


def _academic_year(value: str) -> str:
    starts, _, ends = value.partition("-")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", value) or (int(starts) + 1) % 100 != int(ends):
        raise ValueError("expected an academic year such as 2025-26")
    return value


def _month_day(value: str) -> str:
    wrong = "is not a day of every year; expected MM-DD, such as 04-15 (no 02-29)"
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", value):
        raise ValueError(wrong)
    try:
        dt.date(2001, int(value[:2]), int(value[3:]))
    except ValueError:
        raise ValueError(wrong) from None
    return value


def _subject(value: str) -> str:
    if value != value.strip().lower() or not value:
        raise ValueError("expected a subject in lower case without spaces around it")
    return value


YearGroup = Annotated[str, AfterValidator(_year_group)]
AcademicYear = Annotated[str, AfterValidator(_academic_year)]
MonthDay = Annotated[str, AfterValidator(_month_day)]
Subject = Annotated[str, AfterValidator(_subject)]


class Section(BaseModel):
    """A part of the settings; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Due(Section):
    """Which year groups are assessed in which subjects in which terms, by which kind."""

    year_groups: tuple[YearGroup, ...]
    subjects: tuple[Subject, ...] | None = None
    terms: tuple[TermName, ...] = TERMS  # type: ignore[assignment]
    kind: Kind | None = None


class School(Section):
    """A school: either number may be left out, but not both. Files may name it as `also` does."""

    urn: int | None = Field(default=None, ge=100000, le=999999)
    laestab: int | None = Field(default=None, ge=1000000, le=9999999)
    name: str | None = None
    also: tuple[str, ...] = ()
    meaning: dict[str, Meaning] = {}


class Paper(Section):
    """What is known of a named test: what it expects, and how noisy it is."""

    scale: str
    assessment: str | None = None
    subject: Subject | None = None
    year_group: YearGroup | None = None
    term: TermName | None = None
    academic_year: AcademicYear | None = None
    bands: str | None = None
    expected_score: float | None = None
    higher_score: float | None = None
    standard_error: float | None = Field(default=None, gt=0)
    reliability: float | None = Field(default=None, gt=0, lt=1)


class TermDays(Section):
    """Days `MM-DD` of a term; a pupil on roll on `counts_on` counts in the term."""

    starts_on: MonthDay
    ends_on: MonthDay
    counts_on: MonthDay


class Calendar(Section):
    """The three terms; they may not overlap. Easter moves, so spring ends late here."""

    autumn: TermDays = TermDays(starts_on="09-01", ends_on="12-30", counts_on="12-01")
    spring: TermDays = TermDays(starts_on="01-01", ends_on="04-15", counts_on="03-15")
    summer: TermDays = TermDays(starts_on="04-16", ends_on="08-30", counts_on="07-01")


class Gate(Section):
    """When the data of a school and term may be relied on; shares are from 0 to 1.

    An error of a whole file, class, year group or school always closes the gate.
    """

    pupils_with_errors: float = Field(default=0.02, ge=0, lt=1)
    results_accounted_for: float = Field(default=0.9, ge=0, le=1)


class TermWindow(Section):
    """Days `MM-DD` of one term, in the place of numbers of days."""

    send_by: MonthDay | None = None
    mend_by: MonthDay | None = None


class Window(Section):
    """By when schools send, and by when they mend what was sent back."""

    send_days: int = Field(default=14, ge=0, le=120)
    mend_days: int = Field(default=14, ge=0, le=120)
    autumn: TermWindow = TermWindow()
    spring: TermWindow = TermWindow()
    summer: TermWindow = TermWindow()


class Risk(Section):
    """Whether pages show risks, and what they need; shares are from 0 to 1."""

    shown: bool = False
    least_pupils: int = Field(default=200, ge=50)
    least_each: int = Field(default=20, ge=5)
    least_tested: int = Field(default=100, ge=50)
    most_calibration_error: float = Field(default=0.05, gt=0, le=0.2)


class Reports(Section):
    """How reports are made."""

    workers: int = Field(default=2, ge=1, le=16)


class Privacy(Section):
    """Where the pseudonym key lies."""

    key_file: Path | None = None

    def key_path(self) -> Path:
        """The setting, else the key in the user's own configuration directory."""
        if self.key_file:
            return self.key_file.expanduser()
        return Path(platformdirs.user_config_dir("achievement-pipeline")) / "pseudonym.key"


DEFAULT_DUE = (
    Due(year_groups=tuple("123456")),
    Due(year_groups=("R",), terms=("summer",)),
)


class Settings(Section):
    """All settings of a programme folder, with their defaults."""

    subjects: tuple[Subject, ...] = Field(default=("maths", "reading", "writing"), min_length=1)
    venn_subjects: tuple[Subject, ...] | None = Field(default=None, min_length=2, max_length=3)
    venn_basis: Literal["attainment", "progress", "both"] = "attainment"
    decides: Kind = "teacher"
    expected_standard_score: float = Field(default=90, gt=0)
    norm_minimum_pupils: int = Field(default=30, ge=2)
    bridge_minimum_pupils: int = Field(default=10, ge=2)
    borderline_under: float = Field(default=0.8, gt=0.5, lt=1)
    noise_factor: float = Field(default=1.96, ge=1, le=5)
    noise_steps: int = Field(default=2, ge=1, le=10)
    few_outcomes: int = Field(default=5, ge=1, le=20)
    low_growth_under: int = Field(default=10, ge=0, le=49)
    growth_minimum_pupils: int = Field(default=200, ge=100)
    settling_terms: int = Field(default=2, ge=0, le=9)
    most_below_share: float = Field(default=0.6, gt=0, le=1)
    years_from_age: int = Field(default=1, ge=1, le=5)
    memory_limit: str = Field(default="500MB", pattern=r"^\d+(\.\d+)?\s?(MB|GB)$")
    due: tuple[Due, ...] = DEFAULT_DUE
    school: tuple[School, ...] = ()
    paper: tuple[Paper, ...] = ()
    calendar: Calendar = Calendar()
    gate: Gate = Gate()
    window: Window = Window()
    risk: Risk = Risk()
    reports: Reports = Reports()
    privacy: Privacy = Privacy()

    @property
    def rings(self) -> tuple[str, ...]:
        """Subjects of the Venn diagram: two or three."""
        return self.venn_subjects or self.subjects[:3]

    def sha256(self) -> str:
        """Fingerprint of the settings in force."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """The settings in force, without where the key lies."""
        return self.model_dump_json(exclude={"privacy"})


def read_settings(path: Path) -> Settings:
    """Settings from a TOML file. Raises SettingsWrong naming every wrong key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsWrong(
            f"{path.name}: not found in {path.parent}. Expected a programme folder with a file "
            f"of this name (it may be empty). To make one: achievement init FOLDER"
        ) from None
    except UnicodeDecodeError:
        raise SettingsWrong(
            f"{path.name}: the file is not UTF-8 text. Save it again with the encoding UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsWrong(
            f"{path.name}: {wrong}. Expected TOML: one `key = value` a line, texts in quotes."
        ) from None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as wrong:
        raise SettingsWrong(f"{path.name}: {_wrong_keys(wrong)}") from None
    _check_together(path.name, settings)
    _check_key_outside(path, settings)
    return settings


def _check_key_outside(path: Path, settings: Settings) -> None:
    """The key is not in the folder that it protects, and is the same from wherever one runs."""
    key = settings.privacy.key_file
    if key is None:
        return
    key = key.expanduser()
    if not key.is_absolute() or key.resolve().is_relative_to(path.parent.resolve()):
        raise SettingsWrong(
            f"{path.name}: 'privacy.key_file' is a path within the programme folder or not a whole "
            f"path. Expected a whole path outside the folder, such as ~/keys/pseudonym.key."
        )


def _wrong_keys(wrong: ValidationError) -> str:
    lines = []
    for error in wrong.errors():
        key = ".".join(str(p + 1) if isinstance(p, int) else p for p in error["loc"])
        if error["type"] == "extra_forbidden":
            lines.append(f"'{key}' is not a setting; take it out or correct its spelling")
        else:
            text = error["msg"].removeprefix("Value error, ")
            text = text.replace("Input should be", "expected", 1)
            given = "" if error["type"] == "missing" else f" = {error['input']!r}"
            words = "is missing" if error["type"] == "missing" else text
            lines.append(f"'{key}'{given}: {words}")
    return "; ".join(lines) + ". docs/data-leads.md lists the settings."


def _wrong_days(calendar: Calendar) -> list[str]:
    """Terms follow each other from September to August, and `counts_on` lies within its term."""

    def place(day: str) -> str:
        return ("0" if day >= "09-01" else "1") + day

    wrong, before = [], ""
    for term in TERMS:
        days = getattr(calendar, term)
        starts, counts, ends = (place(d) for d in (days.starts_on, days.counts_on, days.ends_on))
        if not starts < ends:
            wrong.append(f"'calendar.{term}' ends before it starts, in a year from September")
        elif not starts <= counts <= ends:
            wrong.append(f"'calendar.{term}.counts_on' is not a day of the term")
        elif starts <= before:
            wrong.append(f"'calendar.{term}' starts before the term before it has ended")
        before = max(before, ends)
    return wrong


def _check_together(file_name: str, settings: Settings) -> None:
    wrong = _wrong_days(settings.calendar)
    for name, subjects in (
        ("subjects", settings.subjects),
        ("venn_subjects", settings.venn_subjects or ()),
    ):
        if len(set(subjects)) < len(subjects):
            wrong.append(f"'{name}' names a subject twice")
    for at, due in enumerate(settings.due):
        unknown = sorted(set(due.subjects or ()) - set(settings.subjects))
        if unknown:
            wrong.append(f"'due.{at + 1}.subjects' names {unknown}, which 'subjects' does not")
    unknown = sorted(set(settings.rings) - set(settings.subjects))
    if unknown:
        wrong.append(f"'venn_subjects' names {unknown}, which 'subjects' does not")
    for at, school in enumerate(settings.school):
        if school.urn is None and school.laestab is None:
            wrong.append(f"'school.{at + 1}' has neither 'urn' nor 'laestab'; give at least one")
    numbers = [n for s in settings.school for n in (s.urn, s.laestab) if n]
    twice = sorted({n for n in numbers if numbers.count(n) > 1})
    if twice:
        wrong.append(f"'school' gives the number {twice[0]} to more than one school")
    if wrong:
        raise SettingsWrong(
            f"{file_name}: {'; '.join(wrong)}. docs/data-leads.md lists the settings."
        )
