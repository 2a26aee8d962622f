"""Points, scores below the test, spreads, bands: `data_schemas/value-added.toml` and one's own."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from pipeline.errors import SettingsWrong, WrongUsage
from pipeline.resources import resource
from pipeline.scales import read_scales, text_key
from pipeline.settings import AcademicYear, Section, Subject


class Sourced(Section):
    """An entry that says where it is from; one of a programme's own is `supplied`."""

    source: str
    certainty: Literal["published", "computed", "supplied"]


class PriorScheme(Sourced):
    """What each key stage 1 outcome is worth, and which are disregarded."""

    scheme: str
    points_of_scale: str | None = None
    outcomes: tuple[str, ...] = ()
    points: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    no_points: tuple[str, ...] = ()
    middle_from: float | None = None
    high_from: float | None = None

    @model_validator(mode="after")
    def _whole(self) -> "PriorScheme":
        if bool(self.points) == bool(self.points_of_scale and self.outcomes):
            raise ValueError("give either 'points' or 'points_of_scale' with 'outcomes'")
        if (self.middle_from is None) != (self.high_from is None) or (
            self.middle_from is not None and self.middle_from >= (self.high_from or 0)
        ):
            raise ValueError("'middle_from' is to be under 'high_from', or neither given")
        keys = [text_key(t) for t in (*self.points, *self.outcomes, *self.no_points)]
        twice = sorted({k for k in keys if keys.count(k) > 1})
        if twice:
            raise ValueError(f"'{twice[0]}' stands twice")
        self.by_text()
        return self

    def by_text(self) -> dict[str, float]:
        """Points by outcome, as texts are compared. Raises ValueError for an unknown outcome."""
        if not self.points_of_scale:
            return {text_key(o): points for o, points in self.points.items()}
        scale = read_scales().get(self.points_of_scale)
        if scale is None:
            raise ValueError(f"'{self.points_of_scale}' is not the name of a scale")
        points = scale.points()
        texts = [(t, o.outcome) for o in scale.outcomes for t in (o.outcome, *o.also)]
        known = {text_key(text): points[outcome] for text, outcome in texts}
        unknown = [o for o in self.outcomes if text_key(o) not in known]
        if unknown:
            raise ValueError(f"'{unknown[0]}' is no outcome of the scale {self.points_of_scale}")
        return {text_key(o): known[text_key(o)] for o in self.outcomes}


class BelowTest(Sourced):
    """Scores that count for outcomes which are no scaled score."""

    academic_years: tuple[AcademicYear, ...] = Field(min_length=1)
    subjects: tuple[Subject, ...] = Field(min_length=1)
    scores: dict[str, Annotated[float, Field(gt=0, le=120)]]


class Measure(Sourced):
    """What turns pupils' progress into a school's measure in one subject and year."""

    academic_year: AcademicYear
    subject: Subject
    pupil_sd: float = Field(gt=0)
    well_above_from: float | None = Field(default=None, gt=0)
    well_below_to: float | None = Field(default=None, lt=0)

    @model_validator(mode="after")
    def _both(self) -> "Measure":
        if (self.well_above_from is None) != (self.well_below_to is None):
            raise ValueError("give both 'well_above_from' and 'well_below_to', or neither")
        return self


class NoMeasure(Section):
    """Years for which the DfE publishes no measure, and why."""

    academic_years: tuple[AcademicYear, ...] = Field(min_length=1)
    reason: str
    source: str


class ValueAdded(Section):
    """All entries of a file."""

    prior: tuple[PriorScheme, ...] = ()
    below_test: tuple[BelowTest, ...] = ()
    measure: tuple[Measure, ...] = ()
    no_measure: tuple[NoMeasure, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "ValueAdded":
        for kind, keys in (
            ("prior", [p.scheme for p in self.prior]),
            ("below_test", [f"{y}, {s}" for y, s, _ in self._below()]),
            ("measure", [f"{m.academic_year}, {m.subject}" for m in self.measure]),
        ):
            twice = sorted({k for k in keys if keys.count(k) > 1})
            if twice:
                raise ValueError(f"'{kind}' has two entries for {'; '.join(twice)}")
        return self

    def _below(self) -> list[tuple[str, str, BelowTest]]:
        return [(y, s, b) for b in self.below_test for y in b.academic_years for s in b.subjects]

    def scheme(self, name: str) -> PriorScheme:
        """A scheme of key stage 1 points. Raises WrongUsage where there is none of the name."""
        found = {p.scheme: p for p in self.prior}
        if name not in found:
            raise WrongUsage(
                f"'{name}' is no scheme of key stage 1 points; expected one of "
                f"{', '.join(sorted(found))}. A file of your own may add one as [[prior]]."
            )
        return found[name]

    def scores_below_test(self, academic_year: str, subject: str) -> dict[str, float]:
        """Scores by outcome, as texts are compared; empty where none are known."""
        for year, named, entry in self._below():
            if (year, named) == (academic_year, subject):
                return {text_key(o): score for o, score in entry.scores.items()}
        return {}

    def measure_of(self, academic_year: str, subject: str) -> Measure | None:
        """The spread and bands of a subject and year; None where they are not known."""
        wanted = (academic_year, subject)
        return next((m for m in self.measure if (m.academic_year, m.subject) == wanted), None)

    def why_none(self, academic_year: str) -> str | None:
        """Why the DfE publishes no measure for a year; None where nothing says so."""
        return next((n.reason for n in self.no_measure if academic_year in n.academic_years), None)


def read_value_added(own: Path | None = None) -> ValueAdded:
    """The entries shipped, and those of a file of one's own, which replace those of the same key.

    Raises SettingsWrong naming the file and every wrong entry and key.
    """
    shipped = _read(resource("data_schemas", "value-added.toml"))
    if own is None:
        return shipped
    ours = _read(own)
    schemes = {p.scheme for p in ours.prior}
    below = {(y, s) for y, s, _ in ours._below()}
    measures = {(m.academic_year, m.subject) for m in ours.measure}
    left = [
        b.model_copy(update={"academic_years": (y,), "subjects": (s,)})
        for y, s, b in shipped._below()
        if (y, s) not in below
    ]
    kept = [m for m in shipped.measure if (m.academic_year, m.subject) not in measures]
    return ValueAdded(
        prior=(*(p for p in shipped.prior if p.scheme not in schemes), *ours.prior),
        below_test=(*left, *ours.below_test),
        measure=(*kept, *ours.measure),
        no_measure=(*shipped.no_measure, *ours.no_measure),
    )


def _read(path: Path) -> ValueAdded:
    try:
        return ValueAdded.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError:
        raise SettingsWrong(f"{path.name}: cannot be read. Expected a file at this path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(f"{path.name}: {wrong}. Expected TOML in UTF-8.") from None
    except ValidationError as wrong:
        lines = []
        for error in wrong.errors():
            place = ".".join(str(p + 1) if isinstance(p, int) else p for p in error["loc"])
            said = error["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
            if error["type"] == "extra_forbidden":
                said = "is not a key that it has; take it out or correct its spelling"
            lines.append(f"'{place}': {said}" if place else said)
        raise SettingsWrong(
            f"{path.name}: {'; '.join(lines)}. Compare data_schemas/value-added.toml."
        ) from None
