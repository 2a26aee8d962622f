"""What a layout file may say; `docs/adding-a-layout.md` tells it to users."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipeline.landing.layouts.columns import PARTS, RESULT_COLUMNS, standard_columns

PLACEHOLDERS = ("subject", "term", "academic_year", "scale", "year_group", "assessment")
FROM_PATH = ("school", "academic_year", "term", "subject", "scale", "assessment", "year_group")


def _column(name: str) -> str:
    if name not in standard_columns() and name not in PARTS:
        raise ValueError(
            f"'{name}' is not a standard column nor one of {', '.join(PARTS)}; "
            f"docs/adding-a-layout.md lists them"
        )
    return name


def _pattern(text: str) -> str:
    unknown = [p for p in re.findall(r"\{(\w*)\}", text) if p not in PLACEHOLDERS]
    if unknown or not text.strip():
        raise ValueError(
            f"'{text}': expected a heading, in which {', '.join(f'{{{p}}}' for p in PLACEHOLDERS)} "
            f"may stand"
        )
    return text


def _date_form(text: str) -> str:
    try:
        there = datetime(2017, 3, 14)
        fits = datetime.strptime(there.strftime(text), text) == there
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"'{text}' is not the form of a date, such as %d/%m/%y")
    return text


def _from_path(name: str) -> str:
    if name not in FROM_PATH:
        raise ValueError(f"'{name}': expected one of {', '.join(FROM_PATH)}")
    return name


Column = Annotated[str, AfterValidator(_column)]
Pattern = Annotated[str, AfterValidator(_pattern)]
DateForm = Annotated[str, AfterValidator(_date_form)]
PathColumn = Annotated[str, AfterValidator(_from_path)]


class Part(BaseModel):
    """A table of a layout file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ResultColumns(Part):
    """Columns that each hold a result. What `headings` leave open, the other keys say.

    Where the text is blank or one of `blank`, the column headed as `or_else` is looked at.
    """

    headings: tuple[Pattern, ...] = Field(min_length=1)
    or_else: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    subject: str | None = None
    term: Literal["autumn", "spring", "summer"] | None = None
    academic_year: str | None = None
    scale: str | None = None
    assessment: str | None = None
    assessment_kind: Literal["teacher", "test"] | None = None

    def constants(self) -> dict[str, str]:
        """What is the same for every such column."""
        said = self.model_dump(include=set(RESULT_COLUMNS))
        return {name: value for name, value in said.items() if value is not None}


class Derived(Part):
    """A column whose value follows from another column: patterns with `*`, tried in order."""

    source: Column
    values: dict[str, str] = Field(min_length=1)


class LeaveAside(Part):
    """Rows that are passed over, with the reason: where `column` is like one of `values`."""

    column: Column
    values: tuple[str, ...] = Field(min_length=1)
    reason: str


class LayoutFile(Part):
    """One kind of export."""

    layout: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[int, Field(ge=1)] = 1
    title: str
    kind: Literal["roll", "pupils", "facts", "results"]
    required: tuple[Column, ...] = ()
    one_of: tuple[tuple[Column, ...], ...] = ()
    optional: tuple[Column, ...] | None = None
    never: tuple[Column, ...] = ()
    never_results: bool = False
    never_subjects: bool = False
    must_have: tuple[str, ...] = ()
    exact_headings: bool = False
    headings: dict[Column, tuple[str, ...]] = {}
    fixed: dict[Column, str] = {}
    from_path: tuple[PathColumn, ...] = ()
    files: tuple[str, ...] = ()
    goes_before: tuple[str, ...] = ()
    results: tuple[ResultColumns, ...] = ()
    values: dict[Column, dict[str, str]] = {}
    derived: dict[Column, Derived] = {}
    leave_aside: tuple[LeaveAside, ...] = ()
    dates: tuple[DateForm, ...] = ()
    scale_from_values: tuple[str, ...] = ()
    one_scale_of: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    term_from_date: bool = False
    names: Literal["surname, forename", "forename surname"] = "surname, forename"
    repeats_ignore: tuple[Column, ...] = ()
    outcome_at_most: Annotated[int, Field(ge=1)] | None = None
    year_group_required: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> "LayoutFile":
        if self.kind != "results" and (self.results or self.scale_from_values):
            raise ValueError(
                f"kind is '{self.kind}', so there can be no 'results' and no 'scale_from_values'"
            )
        for name in ("sex", "subject", "term"):
            if name in self.fixed and name in self.headings:
                raise ValueError(f"'{name}' is both in 'fixed' and in 'headings'; expected one")
        return self

    @property
    def name(self) -> str:
        """Name and version, as the ledger has it."""
        return f"{self.layout}/{self.version}"
