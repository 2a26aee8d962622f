"""Risk beside two plain rules, on Project STAR and on simulated cohorts quite unlike it.

`python -m benchmarks.risk star` and `… simulated` are what the parts measure, each in a process of
its own; they print one JSON object.
"""

import csv
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.growth import GRADES, STAR
from benchmarks.measure import measure

LINE, REPEATS, SEED = 90.0, 400, 20251
SUBJECTS = {"maths": "math", "reading": "read", "language": "lang"}
SIZES, DRAWS, TESTED_SCHOOLS, TESTED_PUPILS = ((5, 50), (80, 60)), 5, 150, 60
COHORTS = {
    "steady": "scores on a bell curve",
    "ladder": "three earlier and later outcomes a subject: four rungs",
    "ceiling": "half of the pupils share the highest mark",
    "floor": "a third of the pupils share the lowest mark",
    "outliers": "one score in thirty is wild",
    "schools": "schools differ and move, each by itself",
    "gaps": "half of all results missing, the low ones more often",
    "ladder, gaps": "both",
}


def rows(work: Path) -> list[tuple[str, str]]:
    """The rows of the part `risk`."""
    del work
    star = measure(["-m", "benchmarks.risk", "star"])
    told = json.loads(star.output)
    simulated = json.loads(measure(["-m", "benchmarks.risk", "simulated"]).output)
    groups = [(f"STAR, {what}", figure) for what, figure in told["rows"]]
    return [*groups, ("  time, peak memory", f"{told['seconds']:.0f} s, {star.peak_mb:.0f} MB")] + [
        (f"simulated: {what}", figure) for what, figure in simulated
    ]


def star_table() -> Any:
    """STAR's results as the pipeline makes them comparable: ranks within grade, below under 90."""
    import pyarrow as pa

    from pipeline.progress.risk import Ranks

    with gzip.open(STAR, "rt", encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    grade = np.array([GRADES[r["grade"]] for r in told])
    parts = []
    for subject, column in SUBJECTS.items():
        marks = np.array([float(r[column]) if r[column] else np.nan for r in told])
        by_grade = marks[:, np.newaxis], grade[:, np.newaxis]
        points = 100 + 15 * Ranks.of(*by_grade, 30).normal_scores(*by_grade)[:, 0]
        below = pa.array(points < LINE, mask=np.isnan(points))
        parts.append(
            pa.table(
                {
                    "pupil_id": [int(r["stdntid"]) for r in told],
                    "school_id": [r["schid"] or None for r in told],
                    "term_no": [3 * int(r["school_year"][:4]) + 2 for r in told],
                    "year_group": grade,
                    "subject": [subject] * len(told),
                    "score": pa.array(points, from_pandas=True),
                    "below": below,
                }
            )
        )
    return pa.concat_tables(parts)


def star() -> dict[str, Any]:
    """Risks of STAR's pupils by models of other schools; every grade and subject by itself."""
    import pyarrow.compute as pc

    from pipeline.progress.risk import cross_validated_risks

    results = star_table()
    started = time.perf_counter()
    found = cross_validated_risks(results)
    seconds = time.perf_counter() - started
    found = found.filter(pc.is_valid(found["risk"]))
    now = results.select(["pupil_id", "term_no", "subject", "score"])
    found = found.join(now, ["pupil_id", "term_no", "subject"]).sort_by(
        [("subject", "ascending"), ("year_group", "ascending"), ("pupil_id", "ascending")]
    )
    lines = []
    for subject in SUBJECTS:
        for grade in range(8):
            ours = pc.and_(
                pc.equal(found["subject"], subject), pc.equal(found["year_group"], grade)
            )
            these = found.filter(ours)
            if len(these):
                only_now = _by_score_alone(results, subject, grade)
                name = "kindergarten" if grade == 0 else f"grade {grade}"
                lines.append((f"{subject}, {name} to grade {grade + 1}", _judged(these, only_now)))
    lines.append(("all of them together", _judged(found, None)))
    return {"rows": lines, "seconds": seconds}


def _by_score_alone(results: Any, subject: str, grade: int) -> Any:
    """The same with no result but that of now: a logistic curve of the score."""
    import pyarrow.compute as pc

    from pipeline.progress.risk import cross_validated_risks

    of_grade = pc.equal(results["year_group"], grade)
    year = pc.or_(of_grade, pc.equal(results["year_group"], grade + 1))
    few = results.filter(pc.and_(pc.equal(results["subject"], subject), year))
    terms = few.filter(pc.equal(few["year_group"], grade))["term_no"].to_pylist()
    return cross_validated_risks(few, terms[0])


def _judged(these: Any, only_now: Any) -> str:
    """AUC beside the two rules, and calibration, with 95 % intervals by drawing schools anew."""
    from pipeline.progress.risk import Bins, auc, error_by_chance

    risk, below = these["risk"].to_numpy(), these["below_next"].to_numpy().astype(float)
    score = these["score"].to_numpy()
    seen = ~np.isnan(score)
    bins = Bins.of(risk, below)
    chance = error_by_chance(risk)
    schools = these["school_id"].combine_chunks().dictionary_encode().indices
    school = schools.fill_null(-1).to_numpy()

    def beside(rows: Any) -> float:
        return auc(risk[rows], below[rows]) - auc(-score[rows], below[rows])

    text = f"{len(risk):,} pupils; "
    if seen.any():
        under = (score[seen] < LINE).astype(float)
        spread = _intervals(school[seen], lambda r: beside(np.flatnonzero(seen)[r]))
        text += (
            f"AUC {auc(risk[seen], below[seen]):.3f}, score now "
            f"{auc(-score[seen], below[seen]):.3f}, below now "
            f"{auc(under, below[seen]):.3f}; more than score now by "
            f"{beside(seen):+.4f} ({spread}); "
        )
    else:
        text += f"AUC {auc(risk, below):.3f}, no score now; "
    errors = _intervals(school, lambda r: Bins.of(risk[r], below[r]).error, sign="")
    text += f"calibration error {bins.error:.4f} ({errors}), {bins.error / chance:.2f} times chance"
    if only_now is not None and seen.any():
        alone = only_now["risk"].to_numpy().astype(float)
        known = ~np.isnan(alone)
        outcome = only_now["below_next"].to_numpy().astype(float)[known]
        text += f"; of score now {Bins.of(alone[known], outcome).error:.4f}"
    return text


def _intervals(school: Any, figure: Any, sign: str = "+") -> str:
    """2.5 and 97.5 % of a figure over schools drawn with replacement."""
    dice = np.random.default_rng(SEED)
    names, which = np.unique(school, return_inverse=True)
    order = np.argsort(which, kind="stable")
    pieces = np.split(order, np.cumsum(np.bincount(which))[:-1])
    drawn = [
        figure(np.concatenate([pieces[k] for k in dice.integers(0, len(names), len(names))]))
        for _ in range(REPEATS)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{low:{sign}.4f} to {high:{sign}.4f}"


def cohort(kind: str, schools: int, each: int, seed: int) -> tuple[Any, Any, Any]:
    """Invented results (pupils × twelve, the latest first), whether below next, and the school.

    Three subjects at four earlier occasions and one later; true attainment drifts.
    """
    dice = np.random.default_rng(seed)
    pupils = schools * each
    school = np.repeat(np.arange(schools), each)
    apart = 0.5 if "schools" in kind else 0.25
    ability = dice.normal(0, apart, schools)[school] + dice.normal(0, 1, pupils)
    true = 0.85 * ability[:, np.newaxis] + 0.5 * dice.normal(0, 1, (pupils, 3))
    seen = []
    for _ in range(5):
        true = 0.93 * true + 0.36 * dice.normal(0, 1, true.shape)
        if "schools" in kind:
            true = true + dice.normal(0, 0.3, (schools, 3))[school]
        seen.append(true + 0.4 * dice.normal(0, 1, true.shape))
    results = np.stack(seen, axis=1)
    line = -0.75
    if "outliers" in kind:
        results += (dice.random(results.shape) < 1 / 30) * dice.normal(0, 4, results.shape)
    if "ladder" in kind:
        results, line = np.digitize(results, [-1.5, -0.7, 0.8]).astype(float), 2
    if "ceiling" in kind:
        results = np.minimum(np.round(results * 5) / 5, 0.0)
    if "floor" in kind:
        results, line = np.maximum(np.round(results * 5) / 5, -0.5), -0.3
    below = (results[:, 4, 0] < line).astype(float)
    history = results[:, 3::-1].reshape(pupils, 12)
    if "gaps" in kind:
        history[dice.random(history.shape) < 0.5] = np.nan
        history[(dice.random(pupils) < 0.3) & (ability < -1), 0] = np.nan
    known = ~np.isnan(history[:, ::3]).all(axis=1)
    return history[known], below[known], school[known]


def simulated() -> list[tuple[str, str]]:
    """Models of small and large cohorts, tried on fresh pupils of other schools."""
    from pipeline.progress.risk import Bins, Model, auc, error_by_chance

    lines = []
    for kind, meaning in COHORTS.items():
        told = []
        for schools, each in SIZES:
            figures = []
            for draw in range(DRAWS):
                history, below, school = cohort(kind, schools, each, 100 + draw)
                one_scale = np.zeros(history.shape, dtype=int)
                model = Model.of(history, one_scale, below, school)
                fresh, after, _ = cohort(kind, TESTED_SCHOOLS, TESTED_PUPILS, 900 + draw)
                risk = model.risk(fresh, np.zeros(fresh.shape, dtype=int))
                seen = ~np.isnan(fresh[:, 0])
                more = auc(risk[seen], after[seen]) - auc(-fresh[seen, 0], after[seen])
                error = Bins.of(risk, after).error
                figures.append((error, error_by_chance(risk, 50), more))
            error, chance, more = np.mean(figures, axis=0)
            told.append(
                f"{schools} schools of {each}: calibration error {error:.3f} (chance "
                f"{chance:.3f}), AUC more than score now by {more:+.3f}"
            )
        lines.append((f"{kind} ({meaning})", "; ".join(told)))
    return lines


if __name__ == "__main__":
    print(json.dumps({"star": star, "simulated": simulated}[sys.argv[1]]()))
