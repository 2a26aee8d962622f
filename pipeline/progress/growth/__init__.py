"""Growth percentiles: where a score stands among pupils with the same earlier scores.

`growth_percentiles` takes a table of (pupil, year, year group, score), `cohort_percentiles` a year
group whose earlier scores stand beside its scores; `Growth` holds knots, boundaries and limits.
Beneath them, `Spline`, `Design`, `Model` and `fit_quantiles` are plain too. docs/growth.md explains
it.
"""

from pipeline.progress.growth.history import Cohort
from pipeline.progress.growth.model import QUANTILES, Model
from pipeline.progress.growth.percentiles import Growth, cohort_percentiles, growth_percentiles
from pipeline.progress.growth.quantile_regression import fit_quantiles, quantile_loss
from pipeline.progress.growth.splines import Design, Spline

__all__ = [
    "QUANTILES",
    "Cohort",
    "Design",
    "Growth",
    "Model",
    "Spline",
    "cohort_percentiles",
    "fit_quantiles",
    "growth_percentiles",
    "quantile_loss",
]
