"""Scales as data: `data_schemas/scales/*.toml`, and a programme's own in its `scales/` folder."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from pipeline.errors import SettingsWrong
from pipeline.resources import resource
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
        if (self.kind == "ladder") != bool(self.outcomes):
            raise ValueError("a ladder has 'outcomes', other kinds have none")
        if self.kind == "cohort" and (self.mean is None or not self.spread):
            raise ValueError("a cohort scale has 'mean' and 'spread' to which marks are ranked")
        self._check_rungs()
        self._check_texts()
        self._check_expected()
        return self

    def _check_rungs(self) -> None:
        points: dict[str, float] = {}
        highest: Outcome | None = None
        for here in self.outcomes:
            if here.beside is not None and here.beside not in points:
                raise ValueError(f"'outcomes': {here.outcome} is beside no outcome above it here")
            if here.beside is not None and here.points != points[here.beside]:
                raise ValueError(f"'outcomes': {here.outcome} has other points than {here.beside}")
            if here.beside is None and highest and here.points <= highest.points:
                raise ValueError(
                    f"'outcomes': {here.outcome} ({here.points:g} points) does not stand above "
                    f"{highest.outcome} ({highest.points:g} points)"
                )
            points[here.outcome] = here.points
            highest = here if here.beside is None else highest

    def _check_texts(self) -> None:
        texts = [text_key(t) for o in self.outcomes for t in (o.outcome, *o.also)]
        texts += [text_key(t) for t in (*self.too_low_for_points, *self.no_result)]
        twice = sorted({t for t in texts if texts.count(t) > 1})
        if twice:
            raise ValueError(f"'{twice[0]}' stands for two things")

    def _check_expected(self) -> None:
        names = {o.outcome for o in self.outcomes}
        named = {
            f"expected.{year_group}.{term}": outcome
            for year_group, by_term in self.expected.items()
            for term, outcome in by_term.items()
        }
        if self.higher:
            named["higher"] = self.higher
        for key, outcome in named.items():
            if outcome not in names:
                raise ValueError(f"'{key}' = '{outcome}' is not an outcome")

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
    try:
        scale = Scale.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(f"{where}: {wrong}. Expected TOML in UTF-8.") from None
    except ValidationError as wrong:
        told = "; ".join(
            f"'{'.'.join(map(str, e['loc'])) or 'scale'}': {e['msg'].removeprefix('Value error, ')}"
            for e in wrong.errors()
        )
        raise SettingsWrong(
            f"{where}: {told}. Compare data_schemas/scales/nc-level.toml."
        ) from None
    if scale.scale != path.stem:
        raise SettingsWrong(
            f"{where}: 'scale' = '{scale.scale}'; expected the name of the file, '{path.stem}'"
        )
    return scale


def no_result_words() -> dict[str, list[str]]:
    """Texts that say on any scale why there is no result, by reason (data_schemas/words.toml)."""
    path = resource("data_schemas", "words.toml")
    found: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))["no_result"]
    return found
