"""Risk: the probability of being below expectation at the next summer, from earlier results.

`risks` and `cross_validated_risks` take a table of results; `Risk` holds their limits; `Bins`,
`auc` and `error_by_chance` judge what they say. Beneath them, `Model`, `Joint`, `Ranks`,
`fit_logistic` and `school_folds` are plain too. docs/risk.md explains it.
"""

from pipeline.progress.risk.folds import school_folds
from pipeline.progress.risk.judged import Bins, auc, error_by_chance
from pipeline.progress.risk.logistic import fit_logistic
from pipeline.progress.risk.missing import Joint
from pipeline.progress.risk.model import Model
from pipeline.progress.risk.risks import Risk, cross_validated_risks, risks
from pipeline.progress.risk.standard import Ranks

__all__ = [
    "Bins",
    "Joint",
    "Model",
    "Ranks",
    "Risk",
    "auc",
    "cross_validated_risks",
    "error_by_chance",
    "fit_logistic",
    "risks",
    "school_folds",
]
