"""Scales as data: `data_schemas/scales/*.toml`, and a programme's own in its `scales/` folder."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from pipeline.errors import SettingsWrong
from pipeline.resources import resource
from pipeline.scale_faults import WrongTable, faults_of
from pipeline.settings import Kind, Meaning, Section, TermName, YearGroup


class Outcome(Section):
    """A rung of a ladder; `also` are other spellings, `beside` the rung it is level with."""

    outcome: str
    points: float
    also: tuple[str, ...] = ()
    beside: str | None = None


class ScalePaper(Section):
    """A named paper that the scale itself knows, under any of its names."""

    assessment: tuple[str, ...]
    year_group: YearGroup | None = None
    term: TermName | None = None
    expected_score: float | None = None
    higher_score: float | None = None


class Scale(Section):
    """A scale: ladder (ordered outcomes), score (published mean and spread) or cohort (marks)."""

    scale: str
    title: str
    kind: Literal["ladder", "score", "cohort"]
    assessment_kind: Kind
    climbs: bool = False
    meaning: Meaning | None = None
    outcomes: tuple[Outcome, ...] = ()
    higher: str | None = None
    too_low_for_points: tuple[str, ...] = ()
    no_result: dict[str, str] = Field(default_factory=dict)
    expected: dict[YearGroup, dict[TermName, str]] = Field(default_factory=dict)
    paper: tuple[ScalePaper, ...] = ()
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


def _told(error: ErrorDetails, text: str) -> list[str]:
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
