"""What is wrong with the table of a scale: each fault with its row of the file."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.calendar import TERMS
from pipeline.settings import YEAR_GROUPS

if TYPE_CHECKING:
    from pipeline.scales import Scale

# A sub-level of the national curriculum, and the points of each: a whole level n is 6n + 3 (DCSF
# point scores 2008), and its sub-levels stand 2 points to either side.
SUB_LEVEL = re.compile(r"([1-9])([ABC])")
RUNG = 2
POINTS_OVER_LEVEL = {"C": -RUNG, "B": 0, "A": RUNG}


@dataclass(frozen=True)
class Fault:
    """What is wrong, in words, and a pattern that finds its row in the file (the `nth` of them)."""

    text: str
    row: str = ""
    nth: int = 1

    def told(self, file_text: str) -> str:
        """The fault with the line of the file, where it is found."""
        lines = file_text.splitlines() if self.row else []
        found = [
            number
            for number, line in enumerate(lines, start=1)
            for _ in re.finditer(self.row, line.partition("#")[0])
        ]
        where = f"line {found[self.nth - 1]}: " if len(found) >= self.nth else ""
        return where + self.text


class WrongTable(ValueError):
    """The faults of a scale's table, all together."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f.text for f in faults))
        self.faults = faults


def faults_of(scale: "Scale") -> list[Fault]:
    """Every fault of a scale's table, in the order of the file; none where it is sound."""
    first = [*_kind(scale), *_points(scale)]
    if first:
        return first
    faults = [*_rungs(scale), *_texts(scale), *_levels(scale), *_figures(scale)]
    faults += [*_expected(scale), *_order_of_expected(scale), *_papers(scale)]
    return [
        *faults,
        *_low_steps(scale),
        *_never_judged(scale),
        *_frameworks(scale),
        *_publishers(scale),
    ]


def _outcome_row(outcome: str) -> str:
    return rf"""outcome\s*=\s*["']{re.escape(outcome)}["']"""


def _expected_row(year_group: str) -> str:
    key = rf"""["']?{re.escape(year_group)}["']?"""
    return rf"""^\s*(expected\.)?{key}\s*[.=]|^\s*\[expected\.{key}\]"""


def _kind(scale: "Scale") -> Iterator[Fault]:
    if (scale.kind == "ladder") != bool(scale.outcomes):
        yield Fault("a ladder has 'outcomes', other kinds have none")
    if scale.kind != "ladder" and scale.expected:
        yield Fault("'expected' names outcomes, and only a ladder has them")
    if scale.kind == "cohort" and (scale.mean is None or not scale.spread):
        yield Fault("a cohort scale has 'mean' and 'spread' to which marks are ranked")


def _points(scale: "Scale") -> Iterator[Fault]:
    """All outcomes have points, or none has: then their order alone counts."""
    without = [o.outcome for o in scale.outcomes if o.points is None]
    if without and len(without) < len(scale.outcomes):
        yield Fault(
            f"'outcomes': {without[0]} has no points, and others have; expected points for every "
            f"outcome, or for none where only the order is known",
            _outcome_row(without[0]),
        )


def _figures_of(scale: "Scale") -> list[float]:
    """The points of each outcome; where the scale has none, its place, or that of `beside`."""
    places: dict[str, float] = {}
    for place, o in enumerate(scale.outcomes):
        figure = places.get(o.beside, float(place)) if o.beside else float(place)
        places.setdefault(o.outcome, figure if o.points is None else o.points)
    return [places[o.outcome] if o.points is None else o.points for o in scale.outcomes]


def _rungs(scale: "Scale") -> Iterator[Fault]:
    """Points rise from outcome to outcome; beside another one they are the same."""
    points: dict[str, float] = {}
    highest: tuple[str, float] | None = None
    for here, figure in zip(scale.outcomes, _figures_of(scale), strict=True):
        row = _outcome_row(here.outcome)
        if here.beside is not None and here.beside not in points:
            yield Fault(f"'outcomes': {here.outcome} is beside no outcome above it here", row)
        elif here.beside is not None and figure != points[here.beside]:
            yield Fault(
                f"'outcomes': {here.outcome} ({figure:g} points) has other points than "
                f"{here.beside} ({points[here.beside]:g} points), beside which it stands",
                row,
            )
        elif here.beside is None and highest and figure <= highest[1]:
            yield Fault(
                f"'outcomes': {here.outcome} ({figure:g} points) does not stand above "
                f"{highest[0]} ({highest[1]:g} points); expected the lowest outcome first and more "
                f"points in each row, or 'beside' for two that are level",
                row,
            )
        points.setdefault(here.outcome, figure)
        highest = (here.outcome, figure) if here.beside is None else highest


def _texts(scale: "Scale") -> Iterator[Fault]:
    """A text stands for one thing only."""
    from pipeline.scales import text_key

    rows = [(text_key(t), o.outcome) for o in scale.outcomes for t in (o.outcome, *o.also)]
    rows += [(text_key(t), "") for t in scale.codes()]
    seen: set[str] = set()
    for text, outcome in rows:
        if text in seen:
            again = sum(o.outcome == outcome for o in scale.outcomes) if outcome else 1
            row = _outcome_row(outcome) if outcome else rf"""["']?{re.escape(text)}["']?"""
            yield Fault(f"'{text}' stands for two things; expected it once", row, max(again, 1))
        seen.add(text)


def _levels(scale: "Scale") -> Iterator[Fault]:
    """National curriculum levels have their own points and not those of a neighbour.

    Tables go round in which 3c has the 21 points of 3b. Other points altogether (1, 2, 3, …) are a
    scheme of the school's own, and not compared.
    """
    levels = {o.outcome: m for o in scale.outcomes if (m := SUB_LEVEL.fullmatch(o.outcome.upper()))}
    if {m[2] for m in levels.values()} != set(POINTS_OVER_LEVEL):
        return
    national = {o: 6 * int(m[1]) + 3 + POINTS_OVER_LEVEL[m[2]] for o, m in levels.items()}
    of_points: dict[float, str] = {p: o for o, p in national.items()}
    points = {o.outcome: o.points for o in scale.outcomes if o.points is not None}
    if not levels.keys() <= points.keys():
        return
    near = [o for o in levels if abs(points[o] - national[o]) <= RUNG]
    for outcome in levels if 2 * len(near) > len(levels) else ():
        found, expected = points[outcome], national[outcome]
        if found != expected:
            like = f", which are those of {of_points[found]}" if found in of_points else ""
            yield Fault(
                f"'outcomes': {outcome} has {found:g} points{like}; expected {expected:g} (a whole "
                f"level n is 6n + 3, its c two less, its a two more). Compare the table with the "
                f"one that your averages are made from: the rows after it may be out as well",
                _outcome_row(outcome),
            )
            return


def _figures(scale: "Scale") -> Iterator[Fault]:
    low, high = scale.minimum, scale.maximum
    if low is not None and high is not None and low >= high:
        yield Fault(f"'minimum' = {low:g} is not under 'maximum' = {high:g}", r"^\s*minimum\s*=")
    if scale.spread is not None and scale.spread <= 0:
        yield Fault(f"'spread' = {scale.spread:g}; expected more than 0", r"^\s*spread\s*=")


def _expected(scale: "Scale") -> Iterator[Fault]:
    """What is expected is an outcome of the scale, not one too low for it or a text for it."""
    names = {o.outcome for o in scale.outcomes}
    for year_group, by_term in scale.expected.items():
        if not by_term:
            yield Fault(
                f"'expected.{year_group}' names no term; expected an outcome for each",
                _expected_row(year_group),
            )
        for term, outcome in by_term.items():
            if outcome not in names:
                yield Fault(
                    f"'expected.{year_group}.{term}' = '{outcome}' is not an outcome; expected one "
                    f"of {', '.join(names_in_order(scale))}",
                    _expected_row(year_group),
                )
    if scale.higher and scale.higher not in names:
        yield Fault(
            f"'higher' = '{scale.higher}' is not an outcome; expected one of "
            f"{', '.join(names_in_order(scale))}",
            r"^\s*higher\s*=",
        )


def names_in_order(scale: "Scale") -> list[str]:
    """Outcomes as the file writes them, the lowest first."""
    return [o.outcome for o in scale.outcomes]


def _order_of_expected(scale: "Scale") -> Iterator[Fault]:
    """The table has no gap, and what is expected never falls, within a year or to the next.

    Before the first term and after the last one nothing need be expected. A standard for the end of
    a key stage stands in its own summers only.
    """
    points = {o.outcome: p for o, p in zip(scale.outcomes, _figures_of(scale), strict=True)}
    told = {
        3 * YEAR_GROUPS.index(y) + TERMS.index(t): (y, t, outcome)
        for y, by_term in scale.expected.items()
        for t, outcome in by_term.items()
        if outcome in points
    }
    if not told:
        return
    whole = scale.meaning != "end_of_key_stage"
    for at in range(min(told), max(told) + 1) if whole else ():
        year_group, term = YEAR_GROUPS[at // 3], TERMS[at % 3]
        if at not in told and term not in [*scale.expected.get(year_group, ())]:
            yield Fault(
                f"'expected.{year_group}.{term}' is missing, between terms that are there; "
                f"expected an outcome for every term from the first to the last, as results of "
                f"that term would be compared with nothing",
                _expected_row(year_group),
            )
    before: tuple[str, str, str] | None = None
    for at in sorted(told):
        here = told[at]
        if before and points[here[2]] < points[before[2]]:
            yield Fault(
                f"'expected.{here[0]}.{here[1]}' = '{here[2]}' is lower than "
                f"'expected.{before[0]}.{before[1]}' = '{before[2]}'; expected the same or more "
                f"from term to term and from year to year",
                _expected_row(here[0]),
            )
        before = here


def _papers(scale: "Scale") -> Iterator[Fault]:
    """Scores that a paper expects are scores of the scale."""
    low = float("-inf") if scale.minimum is None else scale.minimum
    high = float("inf") if scale.maximum is None else scale.maximum
    for number, paper in enumerate(scale.paper, start=1):
        for key in ("expected_score", "higher_score"):
            score = getattr(paper, key)
            if score is not None and not low <= score <= high:
                yield Fault(
                    f"'paper.{number}.{key}' = {score:g}; expected {low:g} to {high:g}",
                    rf"^\s*{key}\s*=\s*{score:g}\b",
                )


def _low_steps(scale: "Scale") -> Iterator[Fault]:
    """Steps below the scale are codes too low for points, each once."""
    row = r"^\s*low_steps\s*="
    for step in dict.fromkeys(scale.low_steps):
        if step not in scale.too_low_for_points:
            yield Fault(f"'low_steps' names {step}; expected one of 'too_low_for_points'", row)
        if scale.low_steps.count(step) > 1:
            yield Fault(f"'low_steps' names {step} twice; expected each once, lowest first", row)


def _never_judged(scale: "Scale") -> Iterator[Fault]:
    """A scale that is only shown expects nothing."""
    if scale.judged:
        return
    row = r"^\s*judged\s*="
    if scale.kind != "score" or scale.mean is not None:
        yield Fault("'judged' = false; expected only of a score without 'mean'", row)
    if any(p.expected_score is not None for p in scale.paper):
        yield Fault("'judged' = false, but a paper has an 'expected_score'; take one out", row)


def _frameworks(scale: "Scale") -> Iterator[Fault]:
    """Years are told of outcomes and codes that the scale has, and end after they begin."""
    names = {o.outcome for o in scale.outcomes}
    names |= {*scale.codes()}
    for number, told in enumerate(scale.framework, start=1):
        for unknown in [o for o in told.outcomes if o not in names][:1]:
            yield Fault(f"'framework.{number}.outcomes' names {unknown}, which is no outcome")
        if told.since and told.until and told.since > told.until:
            yield Fault(f"'framework.{number}' ends ({told.until}) before it begins ({told.since})")


def _publishers(scale: "Scale") -> Iterator[Fault]:
    """Bands rise and lie within the scale, and one of them is expected."""
    names = [p.name for p in scale.publisher]
    for number, publisher in enumerate(scale.publisher, start=1):
        where = f"'publisher.{number}'"
        starts = [b.from_score for b in publisher.bands]
        if names.count(publisher.name) > 1:
            yield Fault(f"{where}: two are called '{publisher.name}'; expected different names")
        if scale.kind == "ladder":
            yield Fault(f"{where}: bands of scores on a ladder; expected a scale of scores")
        for lower, upper in itertools.pairwise(publisher.bands):
            if upper.from_score <= lower.from_score:
                yield Fault(
                    f"{where}: '{upper.band}' begins at {upper.from_score:g}, not above "
                    f"'{lower.band}' at {lower.from_score:g}; expected the lowest band first",
                    rf"""band\s*=\s*["']{re.escape(upper.band)}["']""",
                )
        if publisher.expected not in [b.band for b in publisher.bands]:
            yield Fault(f"{where}: 'expected' = '{publisher.expected}' is none of its bands")
        low, high = scale.minimum, scale.maximum
        if (low is not None and min(starts) < low) or (high is not None and max(starts) > high):
            yield Fault(f"{where}: a band begins outside the scale")
