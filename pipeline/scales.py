"""Scales as data: `data_schemas/scales/*.toml`, and a programme's own in its `scales/` folder."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from pipeline.errors import SettingsWrong
from pipeline.resources import resource
from pipeline.scale_faults import WrongTable, faults_of
from pipeline.settings import AcademicYear, Kind, Meaning, Section, Subject, TermName, YearGroup


class Outcome(Section):
    """A rung of a ladder; `also` are other spellings, `beside` the rung it is level with.

    A ladder whose outcomes have an order and no published points leaves `points` out of all.
    """

    outcome: str
    points: float | None = None
    also: tuple[str, ...] = ()
    beside: str | None = None


class ScalePaper(Section):
    """A named paper that the scale itself knows, under any of its names."""

    assessment: tuple[str, ...] = ()
    subject: Subject | None = None
    judged: bool = True
    year_group: YearGroup | None = None
    term: TermName | None = None
    academic_year: tuple[AcademicYear, ...] = ()
    expected_score: float | None = None
    higher_score: float | None = None
    source: str | None = None


class Framework(Section):
    """Outcomes that a national framework had in some academic years or year groups only."""

    outcomes: tuple[str, ...]
    since: AcademicYear | None = None
    until: AcademicYear | None = None
    year_groups: tuple[YearGroup, ...] = ()
    source: str


class GoodLevel(Section):
    """The goals (subjects) that make a good level of development together, and in which years."""

    goals: tuple[str, ...] = Field(min_length=1)
    since: AcademicYear | None = None
    until: AcademicYear | None = None
    source: str


class Band(Section):
    """A band of a publisher, from its lowest score on."""

    band: str
    from_score: float


class PublisherBands(Section):
    """A publisher's bands, the lowest first, and the one from which on a score is expected."""

    name: str
    source: str
    expected: str
    bands: tuple[Band, ...] = Field(min_length=2)

    def line(self) -> float:
        """The lowest score of the band that is expected."""
        return next(b.from_score for b in self.bands if b.band == self.expected)


class Scale(Section):
    """A scale: ladder (ordered outcomes), score (published mean and spread) or cohort (marks)."""

    scale: str
    title: str
    kind: Literal["ladder", "score", "cohort"]
    assessment_kind: Kind
    judged: bool = True
    climbs: bool = False
    meaning: Meaning | None = None
    outcomes: tuple[Outcome, ...] = ()
    higher: str | None = None
    too_low_for_points: tuple[str, ...] = ()
    low_steps: tuple[str, ...] = ()
    not_met_without_points: tuple[str, ...] = ()
    met_without_points: tuple[str, ...] = ()
    no_result: dict[str, str] = Field(default_factory=dict)
    expected: dict[YearGroup, dict[TermName, str]] = Field(default_factory=dict)
    paper: tuple[ScalePaper, ...] = ()
    framework: tuple[Framework, ...] = ()
    publisher: tuple[PublisherBands, ...] = ()
    good_level: tuple[GoodLevel, ...] = ()
    mean: float | None = None
    spread: float | None = None
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Scale":
        faults = faults_of(self)
        if faults:
            raise WrongTable(faults)
        return self

    def points(self) -> dict[str, float]:
        """Points of each outcome; where the scale publishes none, its rung, which is the order."""
        steps = self.steps()
        return {
            o.outcome: float(steps[o.outcome]) if o.points is None else o.points
            for o in self.outcomes
        }

    def codes(self) -> tuple[str, ...]:
        """Texts of the scale that stand for an outcome without points, or for no result."""
        low = (*self.too_low_for_points, *self.not_met_without_points)
        return *low, *self.met_without_points, *self.no_result

    def steps(self) -> dict[str, int]:
        """Rung of each outcome, from 1 upwards; outcomes beside each other share one."""
        found: dict[str, int] = {}
        for outcome in self.outcomes:
            rung = found[outcome.beside] if outcome.beside else max(found.values(), default=0) + 1
            found[outcome.outcome] = rung
        return found


def text_key(text: str) -> str:
    """How texts are compared: upper case, without spaces."""
    return "".join(text.upper().split())


def read_scales(own: Path | None = None) -> dict[str, Scale]:
    """Scales by name: those shipped, then those of `own`, which replace one of the same name.

    Raises SettingsWrong naming the file and the key.
    """
    scales: dict[str, Scale] = {}
    for folder in (resource("data_schemas", "scales"), own):
        for path in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
            scale = _read_scale(path)
            scales[scale.scale] = scale
    return scales


def _read_scale(path: Path) -> Scale:
    where = f"scales/{path.name}"
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        scale = Scale.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(f"{where}: {wrong}. Expected TOML in UTF-8.") from None
    except ValidationError as wrong:
        told = "; ".join(t for e in wrong.errors() for t in _told(e, text))
        raise SettingsWrong(
            f"{where}: {told}. Correct the file and run again; compare "
            f"data_schemas/scales/nc-level.toml."
        ) from None
    if scale.scale != path.stem:
        raise SettingsWrong(
            f"{where}: 'scale' = '{scale.scale}'; expected the name of the file, '{path.stem}'"
        )
    return scale


def _told(error: Mapping[str, Any], text: str) -> list[str]:
    """A fault in words, with its line where it is one of the table."""
    wrong = error.get("ctx", {}).get("error")
    if isinstance(wrong, WrongTable):
        return [fault.told(text) for fault in wrong.faults]
    # Rows of a list are counted from 1; pydantic marks a wrong key by a part of its own.
    parts = [p + 1 if isinstance(p, int) else p for p in error["loc"] if p != "[key]"]
    key = ".".join(map(str, parts)) or "scale"
    said = error["msg"].removeprefix("Value error, ").replace("Input should be", "expected", 1)
    if error["type"] == "extra_forbidden":
        said = "is not a key of a scale; take it out or correct its spelling"
    return [f"'{key}': {said}"]


def no_result_words() -> dict[str, list[str]]:
    """Texts that say on any scale why there is no result, by reason (data_schemas/words.toml)."""
    path = resource("data_schemas", "words.toml")
    found: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))["no_result"]
    return found
