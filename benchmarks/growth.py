"""Growth percentiles of a large cohort, and those of Project STAR.

`python -m benchmarks.growth cohort` and `… star` are what the parts measure, each in a process of
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

from benchmarks.measure import ROOT, measure

PUPILS, ERROR, RELIABLE, SEED = 35_000, 5.0, 0.9, 20251
# Of the pupils, the shares that lack the result of one, two or three years ago.
MISSING = 0.08
SAMPLE_FOR_EXACT, QUANTILES_FOR_EXACT = 2_000, (0.05, 0.25, 0.5, 0.75, 0.95)
STAR = ROOT / "sample_data" / "star" / "star_long_k8.csv.gz"
GRADES = {"k": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8}


def percentiles(work: Path) -> list[tuple[str, str]]:
    """The rows of the part `growth`."""
    del work
    run = measure(["-m", "benchmarks.growth", "cohort"])
    cohort = json.loads(run.output)
    star = json.loads(measure(["-m", "benchmarks.growth", "star"]).output)
    return [
        (
            f"{PUPILS:,} pupils with three earlier scores: 99 quantiles",
            f"{cohort['fit']:.1f} s",
        ),
        (
            f"{PUPILS:,} pupils with up to three, each by those there are "
            f"({cohort['models']} models): percentiles and intervals",
            f"{cohort['all']:.1f} s",
        ),
        ("  peak memory", f"{run.peak_mb:.0f} MB"),
        (
            f"loss beside linear programming (HiGHS), {SAMPLE_FOR_EXACT:,} of them, "
            f"{len(QUANTILES_FOR_EXACT)} quantiles: worst, relative",
            f"{cohort['worst']:.0e}",
        ),
        ("pupils whose quantiles cross before they are put in order", f"{cohort['cross']:.1%}"),
        (
            "mean percentile of the truly lowest and highest fifth a year before, where growth is "
            "the same: as measured",
            _told(cohort["bias"]),
        ),
        ("  with SIMEX, 5 rounds", f"{_told(cohort['bias_simex'])}, {cohort['simex']:.0f} s"),
        ("Project STAR, maths and reading, grades 1 to 8", f"{star['seconds']:.1f} s"),
        (
            "  results with a percentile; too few pupils; without an earlier score",
            ", ".join(f"{star[k]:,}" for k in ("given", "too_few_pupils", "no_earlier_score")),
        ),
        ("  share in each tenth of the percentiles, least and most", star["tenths"]),
    ]


def _told(bias: list[float]) -> str:
    return f"{bias[0]:.1f} and {bias[1]:.1f}"


def simulated() -> tuple[Any, Any]:
    """True and tested scores, occasions × pupils; true ones grow alike wherever they stand."""
    dice = np.random.default_rng(SEED)
    true = [dice.normal(100, 14, PUPILS)]
    for _ in range(3):
        spread = 14 * (1 - RELIABLE**2) ** 0.5
        true.append(100 + RELIABLE * (true[-1] - 100) + dice.normal(0, spread, PUPILS))
    return np.array(true), np.round([t + dice.normal(0, ERROR, PUPILS) for t in true])


def _table(scores: Any) -> Any:
    import pyarrow as pa

    years, pupils = scores.shape
    return pa.table(
        {
            "pupil_id": np.tile(np.arange(pupils), years),
            "year": np.repeat(np.arange(years), pupils),
            "year_group": np.repeat(np.arange(years), pupils),
            "score": scores.ravel(),
        }
    )


def cohort() -> dict[str, Any]:
    """What is measured on simulated pupils."""
    from pipeline.progress.growth import QUANTILES, Design, Growth, Spline, growth_percentiles
    from pipeline.progress.growth import fit_quantiles as fit

    true, tested = simulated()
    before, now = tested[2::-1].T, tested[3]
    started = time.perf_counter()
    design = Design.of(tuple(Spline.of(before[:, k]) for k in range(3)), before)
    matrix = design.matrix(before)
    coefficients = fit(matrix, now, QUANTILES)
    fitted = time.perf_counter() - started
    crossing = (np.diff(matrix @ coefficients.T, axis=1) < 0).any(axis=1).mean()

    some = tested.copy()
    some[:3][np.random.default_rng(SEED).random((3, PUPILS)) < MISSING] = np.nan
    errors = {(y, y): ERROR for y in range(4)}
    started = time.perf_counter()
    found = growth_percentiles(_table(some), 3, standard_errors=errors)
    seconds = time.perf_counter() - started

    few = _table(tested[:, :8_000])
    rank = np.argsort(true[2][:8_000])
    bias, simex = [], 0.0
    for rounds in (0, 5):
        started = time.perf_counter()
        told = growth_percentiles(few, 3, Growth(simex_rounds=rounds), errors)
        simex = time.perf_counter() - started
        percentile = told.column("percentile").to_numpy()
        bias.append([float(percentile[part].mean()) for part in (rank[:1_600], rank[-1_600:])])
    return {
        "fit": fitted,
        "cross": float(crossing),
        "all": seconds,
        "models": len(set(found.column("priors").to_pylist()) - {None}),
        "worst": _worst(matrix[:SAMPLE_FOR_EXACT], now[:SAMPLE_FOR_EXACT]),
        "bias": bias[0],
        "bias_simex": bias[1],
        "simex": simex,
    }


def _worst(matrix: Any, now: Any) -> float:
    """How far the loss is over the least there is, relative to it."""
    from scipy.optimize import linprog
    from scipy.sparse import eye, hstack

    from pipeline.progress.growth import QUANTILES, fit_quantiles, quantile_loss

    found = fit_quantiles(matrix, now, QUANTILES)
    pupils, columns = matrix.shape
    rows = hstack([matrix, -matrix, eye(pupils), -eye(pupils)], format="csc")
    worst = 0.0
    for quantile in QUANTILES_FOR_EXACT:
        above, below = np.full(pupils, quantile), np.full(pupils, 1 - quantile)
        cost = np.r_[np.zeros(2 * columns), above, below]
        least = linprog(cost, A_eq=rows, b_eq=now, method="highs").fun
        at = int(np.abs(QUANTILES - quantile).argmin())
        worst = max(worst, quantile_loss(matrix, now, found[at], quantile) / least - 1)
    return worst


def star() -> dict[str, Any]:
    """What is measured on real pupils: one test a year, on another scale from grade 4 on."""
    import pyarrow as pa

    from pipeline.progress.growth import growth_percentiles

    with gzip.open(STAR, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {
        "pupil_id": [int(r["stdntid"]) for r in rows],
        "year": [int(r["school_year"][:4]) for r in rows],
        "year_group": [GRADES[r["grade"]] for r in rows],
    }
    started, reasons, given = time.perf_counter(), [], []
    for subject in ("math", "read"):
        scores = [float(r[subject]) if r[subject] else None for r in rows]
        table = pa.table({**columns, "score": pa.array(scores, pa.float64())})
        found = growth_percentiles(table)
        reasons += found.column("reason").to_pylist()
        given += [p for p in found.column("percentile").to_pylist() if p is not None]
    seconds = time.perf_counter() - started
    tenths = np.histogram(given, bins=np.arange(0, 101, 10))[0] / len(given)
    return {
        "seconds": seconds,
        "given": len(given),
        "too_few_pupils": reasons.count("too_few_pupils"),
        "no_earlier_score": reasons.count("no_earlier_score"),
        "tenths": f"{tenths.min():.1%}, {tenths.max():.1%}",
    }


if __name__ == "__main__":
    print(json.dumps({"cohort": cohort, "star": star}[sys.argv[1]]()))
