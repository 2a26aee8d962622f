"""Growth percentiles: where a score stands among pupils with the same earlier scores.

`growth_percentiles` takes a table of (pupil, year, year group, score); `Growth` holds its knots,
boundaries and limits. Beneath it, `Spline`, `Design`, `Model` and `fit_quantiles` are plain too.
docs/growth.md explains it.
"""

from pipeline.progress.growth.model import QUANTILES, Model
from pipeline.progress.growth.percentiles import Growth, growth_percentiles
from pipeline.progress.growth.quantile_regression import fit_quantiles, quantile_loss
from pipeline.progress.growth.splines import Design, Spline

__all__ = [
    "QUANTILES",
    "Design",
    "Growth",
    "Model",
    "Spline",
    "fit_quantiles",
    "growth_percentiles",
    "quantile_loss",
]
